"""Callers over HTTP: told in pieces and in any order, counted by queue and hour, opened to their rows, and erased."""

from itertools import permutations
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.conftest import Owner
from tests.ledger import broken_histories
from tests.make import Item, at, attempt, case, evaluation, form_item, inbound_call, lead

DAY = {"from": "2026-03-02", "to": "2026-03-03", "tz": "UTC"}
NUMBER, OTHER = "+14155550123", "+14155550124"


def offer(agent: str, minutes: float, **fields: Any) -> Item:
    return {"agent": agent, "from_at": at(minutes), **fields}


def wait(queue: str, minutes: float, **fields: Any) -> Item:
    return {"queue": queue, "queued_at": at(minutes), **fields}


# A call that rang at Bob, moved to another queue, and was answered by Ada: one piece an event.
PIECES: list[Item] = [
    inbound_call("call-1", from_number=NUMBER, menu_path="1 > 2", menu_seconds=6, observed_at=at(0.1)),
    inbound_call("call-1", segments=[wait("billing", 0.1)], offers=[offer("bob", 0.2)], observed_at=at(0.2)),
    inbound_call(
        "call-1",
        segments=[wait("billing", 0.1, left_at=at(0.6), outcome="moved"), wait("sales", 0.6)],
        offers=[offer("bob", 0.2, to_at=at(0.5), answered=False)],
        observed_at=at(0.6),
    ),
    inbound_call(
        "call-1",
        segments=[wait("sales", 0.6, outcome="answered", agent="ada")],
        offers=[offer("ada", 0.7, answered=True)],
        agent="ada",
        answered_at=at(0.8),
        outcome="answered",
        observed_at=at(0.8),
    ),
    inbound_call(
        "call-1",
        ended_at=at(3),
        talk_seconds=120,
        hold_seconds=10,
        wrap_seconds=30,
        topic="invoice",
        case="case-1",
        escalated_at=at(2),
        escalated_to="tier-2",
        observed_at=at(3.5),
    ),
]
COLUMNS = "segments, offers, outcome, agent, wrap_ms, topic, said_case, escalated_to, menu_path, answered_at, ended_at"


async def test_a_call_is_the_same_in_whatever_order_its_pieces_come(caller: Caller, owner: Owner) -> None:
    states: set[str] = set()
    for number, order in enumerate(list(permutations(range(5)))[::7]):
        pieces = [{**PIECES[place], "external_id": f"call-{number}"} for place in order]
        await caller.post("inbound-calls", pieces[:2])
        await caller.stream("inbound-calls", pieces[2:])
        assert (await caller.post("inbound-calls", pieces))["unchanged"] == 5
        query = f"SELECT {COLUMNS} FROM inbound_calls WHERE account_id = $1 AND external_id = $2"
        states.add(str(await owner.fetchrow(query, caller.account_id, f"call-{number}")))
    assert len(states) == 1
    assert await broken_histories(owner, caller.account_id) == []
    waiting = {item["code"] for item in (await caller.get("agents", confirmed="false"))["items"]}
    assert waiting == {"ada", "bob"}


async def test_what_a_caller_types_into_a_menu_is_not_stored(caller: Caller, owner: Owner) -> None:
    typed = ["1 > 2", "1 > 4155550123 > 2", "billing > (415) 555-0123", "2 > 98765"]
    calls = [inbound_call(f"call-{number}", menu_path=path) for number, path in enumerate(typed)]
    assert (await caller.post("inbound-calls", calls))["created"] == 4
    query = "SELECT menu_path FROM inbound_calls WHERE account_id = $1 ORDER BY external_id"
    stored = [row["menu_path"] for row in await owner.fetch(query, caller.account_id)]
    assert stored == ["1 > 2", "1 > digits > 2", "billing > digits", "2 > digits"]


async def furnish(caller: Caller) -> None:
    """Four callers of one hour: answered after a move, given up, called back, and still to be called back."""
    await caller.post("leads", lead("lead-1", phone_number=OTHER, owner="cy"), 201)
    given_up = {"queue": "billing", "queue_seconds": 40, "outcome": "abandoned", "ended_at": at(11)}
    await caller.post("inbound-calls", PIECES)
    await caller.post("inbound-calls", inbound_call("call-2", arrived_at=at(10), from_number=OTHER, **given_up), 201)
    late = {"arrived_at": at(70), "ended_at": at(71), "queue": "billing", "queue_seconds": 3, "outcome": "voicemail"}
    await caller.post("inbound-calls", inbound_call("call-3", from_number="+14155550125", **late), 201)
    await caller.post("attempts", attempt("back-1", to_number="(415) 555-0125", dialed_at=at(100)), 201)
    await caller.post(
        "cases", case("case-1", opened_at=at(1), resolved_at=at(5), topic="invoice", queue="billing"), 201
    )


async def test_the_report_on_service_answers_by_queue_and_hour_with_its_rows(caller: Caller) -> None:
    await furnish(caller)
    report = await caller.get("reports/service", by="queue,hour", **DAY)
    groups = {(group["group"]["queue"], group["group"]["hour"][11:13]): group["cells"] for group in report["groups"]}
    assert set(groups) == {("billing", "09"), ("billing", "10"), ("sales", "09")}
    total = report["total"]
    values = {
        name: total[name]["value"] for name in ("offered_calls", "answered_calls", "abandoned_calls", "voicemail_calls")
    }
    assert values == {"offered_calls": 3, "answered_calls": 1, "abandoned_calls": 1, "voicemail_calls": 1}
    # Waits: 30 s in billing before it moved, 12 s in sales until the answer, 40 s and 3 s.
    assert groups["sales", "09"]["avg_speed_of_answer"]["value"] == pytest.approx(12)
    assert (total["service_level"]["numerator"], total["service_level"]["denominator"]) == (1, 3)
    assert total["avg_handle_time"]["value"] == 160
    assert total["not_called_back"]["value"] == 1
    rows = await caller.get("reports/rows", metric="not_called_back", part="numerator", **DAY)
    [row] = rows["items"]
    assert (row["external_id"], row["lead"], row["lead_owner"], row["agent"]) == ("call-2", "lead-1", "cy", "cy")
    assert row["open_minutes"] > 0
    by_agent = await caller.get("reports", metrics="offer_answer_rate", by="agent", **DAY)
    rates = {group["group"]["agent"]: group["cells"]["offer_answer_rate"]["value"] for group in by_agent["groups"]}
    assert rates == {"ada": 1, "bob": 0}
    cases = await caller.get("reports", metrics="resolution_rate,first_contact_resolution", by="topic", **DAY)
    assert (cases["total"]["resolution_rate"]["value"], cases["total"]["first_contact_resolution"]["value"]) == (1, 0)


ANSWERED: Item = {"answered_at": at(1), "ended_at": at(3), "outcome": "answered", "queue": "sales"}
ADA_ANSWERED = {"offers": [offer("bob", 0.2, answered=False), offer("ada", 0.7, answered=True)]}
ADA_TOOK_THE_WAIT = {"segments": [wait("sales", 0.1, outcome="moved", agent="bob"), wait("sales", 0.5, agent="ada")]}
BOB_AND_CY = {"participants": [{"agent": "bob", "from_at": at(1), "to_at": at(2)}, {"agent": "cy", "from_at": at(2)}]}


@pytest.mark.parametrize(
    ("reported", "agent"),
    [
        ({"agent": "ada", **ADA_TOOK_THE_WAIT, **BOB_AND_CY}, "ada"),
        ({**ADA_ANSWERED, **BOB_AND_CY}, "ada"),
        ({**ADA_TOOK_THE_WAIT, **BOB_AND_CY}, "ada"),
        ({**ADA_ANSWERED, "segments": [wait("sales", 0.1, agent="cy")]}, "ada"),
        ({"participants": [{"agent": "ada"}]}, "ada"),
        (
            {"participants": [{"agent": "ada", "talk_seconds": 120}], "disposition": {"code": "A", "agent": "bob"}},
            "ada",
        ),
        ({"participants": [{"agent": "gus", "state": "left"}, {"agent": "ada", "from_at": at(1)}]}, "ada"),
        (BOB_AND_CY, "bob"),
        ({"disposition": {"code": "A", "agent": "ada"}}, "ada"),
        ({"offers": [offer("ada", 0.2, answered=False)], "segments": [wait("sales", 0.1)]}, None),
    ],
)
async def test_the_agent_who_answered_counts_wherever_the_dialer_reports_it(
    caller: Caller, reported: Item, agent: str | None
) -> None:
    await caller.post("inbound-calls", inbound_call("call-1", **ANSWERED, **reported), 201)
    judged = [form_item(), evaluation(call="call-1", agent=None)]
    await caller.post("form-items", judged[0], 201)
    await caller.post("evaluations", judged[1], 201)
    names = "offered_calls,answered_calls,evaluations"
    report = await caller.get("reports", metrics=names, by="agent", **{**DAY, "to": "2026-03-04"})
    [group] = [group for group in report["groups"] if group["cells"]["offered_calls"]["value"]]
    assert group["group"]["agent"] == agent
    assert {group["cells"][name]["value"] for name in names.split(",")} == {1}
    handled = await caller.get("reports", metrics="handled_calls,handle_time", by="agent", **DAY)
    times = {group["group"]["agent"]: group["cells"]["handle_time"]["value"] for group in handled["groups"]}
    assert times == ({"bob": 60, "cy": 60} if "bob" in str(reported.get("participants")) else {agent: 120})


async def test_what_a_dialer_never_reports_is_empty_and_not_none(caller: Caller) -> None:
    """Every call was answered and talked for 100 seconds; the first dialer reports nothing else."""
    names = "transfer_rate,escalation_rate,avg_inbound_hold,avg_inbound_wrap,avg_handle_time"
    talked: Item = {"outcome": "answered", "talk_seconds": 100, "agent": "ada"}

    async def values(**filters: str) -> list[float | None]:
        report = await caller.get("reports", metrics=names, **DAY, **filters)
        return [report["total"][name]["value"] for name in names.split(",")]

    await caller.post("inbound-calls", [inbound_call(f"call-{n}", dialer="silent", **talked) for n in range(2)])
    assert await values() == [None, None, None, None, 100]
    reported: list[Item] = [
        {"transferred": True, "escalated_at": at(1), "hold_seconds": 30, "campaign": "spring"},
        {"wrap_seconds": 20, "campaign": "summer"},
    ]
    calls = [inbound_call(f"call-{n}", dialer="open", **talked, **item) for n, item in enumerate(reported)]
    await caller.post("inbound-calls", calls)
    assert await values() == [0.5, 0.5, 30, 20, 112.5]
    # The dialer reports them, though not of this campaign.
    assert await values(campaign="summer") == [0, 0, None, 20, 120]
    await caller.post("inbound-calls", inbound_call("call-9", dialer="third", **talked, transferred=False), 201)
    assert (await values())[:2] == [pytest.approx(1 / 3), 0.5]


async def test_the_only_agent_who_took_part_in_an_attempt_counts(caller: Caller) -> None:
    talked = {"answered_at": at(1), "ended_at": at(3), "talk_seconds": 90}
    parts = {"one": ["ada"], "two": ["ada", "bob"], "named": ["bob"]}
    for name, agents in parts.items():
        named = {"agent": "cy"} if name == "named" else {}
        agents_in = [{"agent": agent} for agent in agents]
        await caller.post(
            "attempts", attempt(f"call-{name}", **{"agent": None, **named}, **talked, participants=agents_in), 201
        )
    report = await caller.get("reports", metrics="attempts,handled_attempts", by="agent", **DAY)
    counts = {
        group["group"]["agent"]: [cell["value"] for cell in group["cells"].values()] for group in report["groups"]
    }
    assert counts == {"ada": [1, 1], "cy": [1, 1], None: [1, 0]}


async def test_an_account_chooses_how_soon_a_call_should_be_answered(caller: Caller) -> None:
    """Waits of 30 s in billing before a move, 12 s in sales until the answer, 40 s and 3 s in billing."""
    await furnish(caller)
    usual = await caller.get("reports/service", **DAY)
    put = await caller.put("targets/service_level", {"value": 0.9, "within_seconds": 10, "from_on": "2026-03-02"}, 201)
    assert (put["within_seconds"], put["queue"]) == (10, None)
    await caller.put("targets/service_level", {"value": 0.8, "within_seconds": 30.5, "queue": "billing"}, 201)
    report = await caller.get("reports/service", by="queue", benchmarks="all", **DAY)
    titles = {metric["name"]: (metric["title"], metric["formula"]) for metric in report["metrics"]}
    assert titles["service_level"][0] == "Service level (10 s, billing 30.5 s, early hang-ups left out)"
    assert titles["service_level_answered_only"][1] == "answered within 10 s, billing 30.5 s / answered"
    cells = {group["group"]["queue"]: group["cells"]["service_level"] for group in report["groups"]}
    assert {queue: (cell["numerator"], cell["denominator"]) for queue, cell in cells.items()} == {
        "billing": (0, 1),
        "sales": (0, 1),
    }
    rows = await caller.get("reports/rows", metric="service_level", part="denominator", **DAY)
    assert sorted((row["wait_seconds"], row["threshold_seconds"]) for row in rows["items"]) == [(12, 10), (40, 30.5)]
    verdicts = {row["kind"]: row["verdict"] for row in report["benchmarks"] if row["metric"] == "service_level"}
    assert (verdicts["industry"], verdicts["target"]) == ("not_comparable", "below")
    # The day before, the target of the account did not count, and that of billing always did.
    before = await caller.get("reports/service", **{**DAY, "from": "2026-03-01", "to": "2026-03-02"})
    [title] = [metric["title"] for metric in before["metrics"] if metric["name"] == "service_level"]
    assert title == "Service level (20 s, billing 30.5 s, early hang-ups left out)"
    then = await caller.get("reports/service", as_of=usual["watermark"], **DAY)
    assert then["total"]["service_level"]["denominator"] == usual["total"]["service_level"]["denominator"] == 3


async def test_what_was_reported_stands_as_of_its_moment_and_an_erasure_leaves_the_counts(caller: Caller) -> None:
    await furnish(caller)
    before = await caller.get("reports/service", by="queue", **DAY)
    await caller.post(
        "inbound-calls", inbound_call("call-2", outcome="answered", talk_seconds=5, observed_at=at(20)), 200
    )
    after = await caller.get("reports/service", by="queue", **DAY)
    assert after["total"]["answered_calls"]["value"] == 2
    again = await caller.get("reports/service", by="queue", as_of=before["watermark"], **DAY)
    assert again["groups"] == before["groups"]
    await caller.post("erasures", {"phone_number": NUMBER})
    erased = await caller.get("reports/service", by="queue", **DAY)
    assert {name: cell["value"] for name, cell in erased["total"].items()} == {
        name: cell["value"] for name, cell in after["total"].items()
    }


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"segments": [wait("billing", 5, left_at=at(4))]}, "/segments/0/left_at"),
        ({"segments": [{"queue": "billing"}]}, "/segments/0/queued_at"),
        ({"segments": [wait("billing", 5, outcome="lost")]}, "/segments/0/outcome"),
        ({"offers": [offer("ada", 5), offer("ada", 6, to_at=at(5))]}, "/offers/1/to_at"),
        ({"offers": [{"from_at": at(5)}]}, "/offers/0/agent"),
        ({"callback_chosen_at": at(-5)}, "/callback_chosen_at"),
        ({"escalated_at": at(-5)}, "/escalated_at"),
        ({"ended_at": at(1), "queue_seconds": 90}, "/queue_seconds"),
    ],
)
async def test_a_call_that_contradicts_itself_is_refused_by_its_field(
    fields: Item, pointer: str, caller: Caller
) -> None:
    problem = await caller.post("inbound-calls", inbound_call(**fields), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    problem = await caller.post("cases", case(resolved_at=at(-1)), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == ["/resolved_at"]


async def test_an_answered_offer_or_wait_answers_the_call_and_its_end_is_the_answer(caller: Caller) -> None:
    calls = [
        inbound_call("offer", offers=[offer("ada", 0, to_at=at(0.5), answered=True)], ended_at=at(2.5)),
        inbound_call("wait", segments=[wait("q", 0, left_at=at(1), outcome="answered")], ended_at=at(2)),
        inbound_call("bare", offers=[offer("bob", 0, answered=True)], ended_at=at(2)),
        inbound_call("rang", offers=[offer("bob", 0, answered=False)], ended_at=at(2)),
        # The dialer says how it ended, and knows best.
        inbound_call("said", offers=[offer("bob", 0, answered=True)], ended_at=at(2), outcome="abandoned"),
    ]
    await caller.post("inbound-calls", calls)
    metrics = "offered_calls,answered_calls,abandoned_calls,avg_speed_of_answer,inbound_talk_time"
    total = (await caller.get("reports", metrics=metrics, **DAY))["total"]
    assert [total[name]["value"] for name in metrics.split(",")[:3]] == [5, 3, 2]
    # Answered after 30 and 60 s; the call without a moment of answer has no wait.
    assert (total["avg_speed_of_answer"]["value"], total["avg_speed_of_answer"]["n"]) == (45, 2)
    assert total["inbound_talk_time"]["value"] == 180


async def test_an_agent_who_only_stands_in_the_list_of_a_call_handled_none(caller: Caller) -> None:
    shares = [{"agent": name, "talk_seconds": seconds} for name, seconds in (("bob", 0), ("ada", 60), ("cy", 30))]
    silent = [{"agent": "bob", "talk_seconds": 0}, {"agent": "cy", "talk_seconds": 0}]
    await caller.post(
        "inbound-calls",
        [
            inbound_call(
                "call-1", participants=shares, agent="ada", talk_seconds=90, wrap_seconds=20, outcome="answered"
            ),
            inbound_call("call-2", participants=silent, agent="cy", talk_seconds=0, outcome="answered"),
        ],
    )
    report = await caller.get("reports", metrics="handled_calls,handle_time", by="agent", **DAY)
    counts = {group["group"]["agent"]: group["cells"]["handled_calls"]["value"] for group in report["groups"]}
    assert counts == {"ada": 1, "bob": 1, "cy": 2}


async def test_rates_of_cases_are_empty_where_no_case_reports_it(caller: Caller) -> None:
    async def rates() -> list[float | None]:
        report = await caller.get("reports", metrics="case_escalation_rate,reopen_rate", **DAY)
        return [cell["value"] for cell in report["total"].values()]

    cases = [case(f"case-{number}", opened_at=at(1), resolved_at=at(5)) for number in range(3)]
    await caller.post("cases", cases)
    assert await rates() == [None, None]
    older = {"opened_at": at(-3000), "resolved_at": at(-2900), "reopened_at": at(-2800), "escalated_at": at(-2850)}
    await caller.post("cases", case("case-9", **older), 201)
    assert await rates() == [0, 0]


async def test_a_named_report_leaves_out_what_lacks_a_dimension_and_says_so(caller: Caller) -> None:
    await furnish(caller)
    people = await caller.get("reports/people", by="day", **DAY)
    assert "attempts_per_day" in people["asked"]
    assert any(note.startswith("Not available by day: ") for note in people["notes"])
    quality = await caller.get("reports/quality", by="form,section", **DAY)
    assert any(note.startswith("Not available by section") for note in quality["notes"])
    # What was asked for by name is refused, and so is a report of which nothing would remain.
    by_name = {"metrics": "nps", "by": "section", **DAY}
    [fault] = (await caller.get("reports", 400, **by_name))["errors"]
    assert fault["pointer"] == "by"
    assert (await caller.get("reports/outbound", 400, by="section", **DAY))["errors"][0]["pointer"] == "by"

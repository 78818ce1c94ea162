"""This period against an earlier one of the same age: which dates are compared, and what counts by then."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.make import agent_state, appointment, attempt, disposition, follow_up, lead, spend, stage_change

SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}
LEADS_A_DAY, SOLD_A_DAY = 30, 3
Items = dict[str, list[dict[str, Any]]]


def today() -> date:
    return datetime.now(UTC).date()


def nine(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def wire(moment: datetime) -> str:
    return moment.isoformat()


def late(day: date) -> datetime:
    """Six days later, just before midnight."""
    return datetime.combine(day + timedelta(days=6), time(23, 59, 59), UTC)


def leads_of(day: date) -> Items:
    """Thirty leads of a day, received and called at nine."""
    names = [f"{day}-{number}" for number in range(LEADS_A_DAY)]
    called = {"dialed_at": wire(nine(day)), "agent": "ada", "talk_seconds": 40}
    return {
        "leads": [lead(f"lead-{name}", received_at=wire(nine(day)), source="web") for name in names],
        "attempts": [attempt(f"call-{name}", lead=f"lead-{name}", **called) for name in names],
    }


def past_days(first: int, last: int = 1) -> list[date]:
    """Some past days, by how many days they lie back."""
    return [today() - timedelta(days=back) for back in range(first, last - 1, -1)]


def merged(parts: Iterable[Items]) -> Items:
    items: Items = {}
    for part in parts:
        for resource, listed in part.items():
            items.setdefault(resource, []).extend(listed)
    return items


def sold_later(sell: Callable[[str, datetime], Items], days: int) -> Items:
    """What happens to three leads of every day six days later, as far as that day has come."""
    names = [(f"{day}-{number}", late(day)) for day in past_days(days, 7) for number in range(SOLD_A_DAY)]
    return merged(sell(name, at) for name, at in names)


def by_disposition(name: str, at: datetime) -> Items:
    return {"dispositions": [disposition(f"call-{name}", set_at=wire(at))]}


def by_second_call(name: str, at: datetime) -> Items:
    sold = {"disposition": {"code": "SALE", "set_at": wire(at)}}
    return {"attempts": [attempt(f"again-{name}", lead=f"lead-{name}", dialed_at=wire(at), agent="ada", **sold)]}


def by_deal(name: str, at: datetime) -> Items:
    begun = wire(nine(date.fromisoformat(name[:10])))
    deal = {"lead": f"lead-{name}", "opportunity": f"deal-{name}"}
    moves = {"qualified": begun, "won": wire(at)}
    return {
        "stage-changes": [stage_change(f"{to}-{name}", stage=to, changed_at=at, **deal) for to, at in moves.items()]
    }


def by_meeting(name: str, at: datetime) -> Items:
    begun = wire(nine(date.fromisoformat(name[:10])))
    meeting = {"lead": f"lead-{name}", "set_at": begun, "scheduled_at": begun, "status": "held", "status_at": wire(at)}
    return {"appointments": [appointment(f"meeting-{name}", **meeting)]}


async def send(caller: Caller, items: Items) -> None:
    await caller.put("disposition-codes/SALE", SALE)
    for resource, listed in items.items():
        _, counts = await caller.stream(resource, listed)
        assert not counts.get("rejected"), (resource, counts)


def compared(cell: dict[str, Any]) -> list[Any]:
    """Numerator and denominator of a rate, and what is said about the earlier one."""
    return [cell["numerator"], cell["denominator"], round(cell["previous"] * cell["previous_n"]), cell["previous_n"]]


async def test_sales_that_take_six_days_make_no_week_worse_than_the_week_before(caller: Caller) -> None:
    await send(caller, merged(map(leads_of, past_days(14))))
    await send(caller, sold_later(by_disposition, 14))
    report = await caller.get("reports", metrics="conv_per_lead,sales", compare="previous", matured="yes", by="day")
    cell = report["total"]["conv_per_lead"]
    assert compared(cell) == [3, 210, 3, 210]
    assert cell["verdict"] == "cannot_tell"
    assert cell["previous_matured"] == pytest.approx(21 / 210)
    assert cell["previous_matured_n"] == 210
    first, *others = report["groups"]
    assert [first["cells"]["conv_per_lead"][name] for name in ("value", "previous", "previous_matured")] == [0.1] * 3
    assert {other["cells"]["conv_per_lead"]["previous"] for other in others} == {0}
    assert {other["cells"]["conv_per_lead"]["previous_matured"] for other in others} == {0.1}


async def test_a_lead_sold_in_a_second_call_counts_at_the_same_age_too(caller: Caller) -> None:
    await send(caller, merged(map(leads_of, past_days(21))))
    await send(caller, sold_later(by_second_call, 21))
    cell = (await caller.get("reports", metrics="conv_per_lead", compare="previous"))["total"]["conv_per_lead"]
    # Of the 21 leads called again in a week, 18 came in the week before.
    assert compared(cell) == [21, 228, 21, 228]
    assert (cell["difference"], cell["verdict"]) == (0, "cannot_tell")


async def test_deals_and_meetings_are_compared_as_they_stood(caller: Caller) -> None:
    await send(caller, merged(map(leads_of, past_days(21))))
    for sell in (by_deal, by_meeting):
        await send(caller, sold_later(sell, 21))
    names = "won_deals,won_revenue,appointments_held,open_opportunities"
    total = (await caller.get("reports", metrics=names, compare="week", matured="yes"))["total"]
    # The deals of each day close six days later; a meeting counts when it was due, and was not held by then.
    assert (total["won_deals"]["value"], total["won_deals"]["previous"]) == (21, 21)
    assert (total["won_revenue"]["value"], total["won_revenue"]["previous"]) == (25_200, 25_200)
    held = total["appointments_held"]
    assert [held[name] for name in ("value", "previous", "previous_matured")] == [3, 3, 21]
    # Deals of this week that are not won yet were not sent: of the week before, all were open then.
    assert total["open_opportunities"]["previous"] == 39


async def test_every_answer_names_the_dates_that_it_compares(caller: Caller) -> None:
    await send(caller, merged(map(leads_of, past_days(14))))
    report = await caller.get("reports", metrics="attempts", compare="previous")
    day = timedelta(days=1)
    ends = f"{today() - 7 * day}T00:00:00+00:00"
    assert (report["from"], report["to"]) == (ends, f"{today()}T00:00:00+00:00")
    before = report["compared_with"]
    assert (before["from"], before["to"]) == (f"{today() - 14 * day}T00:00:00+00:00", ends)
    assert (before["kind"], before["cut"]) == ("previous", False)
    as_of = datetime.fromisoformat(report["as_of"])
    assert datetime.fromisoformat(before["until"]) == as_of - 7 * day
    assert (report["total"]["attempts"]["value"], report["total"]["attempts"]["previous"]) == (210, 210)
    assert any(note.startswith("Compared with ") for note in report["notes"])


async def test_a_day_that_is_not_over_is_compared_up_to_the_same_moment(caller: Caller) -> None:
    now = datetime.now(UTC)
    before, after = (now - timedelta(days=1, minutes=1), now - timedelta(days=1) + timedelta(minutes=10))
    calls = {"1": before, "2": after, "3": now}
    await send(caller, {"attempts": [attempt(name, dialed_at=wire(at)) for name, at in calls.items()]})
    report = await caller.get("reports", metrics="attempts", compare="previous", **{"from": f"{now.date()}"})
    assert report["compared_with"]["cut"]
    yesterday = [call for call in (before, after) if call.date() == now.date() - timedelta(days=1)]
    assert report["total"]["attempts"]["previous"] in ({1.0} if before in yesterday else {None})
    assert any("not over" in note for note in report["notes"])


async def test_beside_an_empty_day_stands_the_day_before_without_a_verdict(caller: Caller) -> None:
    day = today() - timedelta(days=3)
    await send(caller, {"attempts": [attempt("1", dialed_at=wire(nine(day - timedelta(days=1))))]})
    days = {"from": f"{day}", "to": f"{day + timedelta(days=1)}"}
    report = await caller.get("reports", metrics="attempts,answer_rate", compare="previous", by="agent", **days)
    cells = report["total"]
    assert [cells["attempts"][name] for name in ("value", "previous", "difference", "verdict")] == [0, 1, None, None]
    assert cells["answer_rate"]["verdict"] is None


async def test_a_period_that_has_not_begun_is_not_compared_and_faults_are_named(caller: Caller) -> None:
    coming = {"from": f"{today() + timedelta(days=3)}", "metrics": "attempts"}
    report = await caller.get("reports", compare="previous", **coming)
    assert report["compared_with"] is None
    assert "verdict" not in report["total"]["attempts"]
    assert any("not begun" in note for note in report["notes"])
    for compare, fault in {
        "lastweek": "must be one of none, previous, week, month, year",
        f"{today() - timedelta(days=8)}": "a whole period before",
        "1969-12-31": "between the years",
        "2026-02-30": "or the first day",
    }.items():
        answer = await caller.send("GET", "reports", params={"metrics": "attempts", "compare": compare})
        assert answer.status_code == 400, compare
        [error] = answer.json()["errors"]
        assert error["pointer"] == "compare"
        assert fault in error["message"]
    early = {"metrics": "attempts", "from": "1970-01-01", "to": "1970-01-08", "compare": "previous"}
    answer = await caller.send("GET", "reports", params=early)
    assert "before the year 1970" in answer.json()["errors"][0]["message"]


def steady_day(day: date) -> Items:
    """What every day starts: leads, calls, callbacks, appointments, deals, costs and agents' time, for eight days."""

    def at(days: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day + timedelta(days=days), time(hour, minute), UTC)

    def call(name: str, dialed_at: datetime, **fields: Any) -> dict[str, Any]:
        ends = {
            "answered_at": wire(dialed_at + timedelta(seconds=9)),
            "ended_at": wire(dialed_at + timedelta(minutes=3)),
        }
        times = ends | {"dialed_at": wire(dialed_at), "network_result": "answered", "talk_seconds": 90}
        return attempt(f"{name}-{day}", campaign="spring", agent="ada", lead=f"{name[0]}-{day}", **(times | fields))

    def outcome(code: str, set_at: datetime, name: str, **fields: Any) -> dict[str, Any]:
        return disposition(f"{name}-{day}", code=code, set_at=wire(set_at), agent="ada", **fields)

    a, b = f"a-{day}", f"b-{day}"
    deal = {"opportunity": f"deal-{day}", "lead": a}
    return {
        "leads": [
            lead(a, received_at=wire(at(0, 9)), source="web", owner="ada", assigned_at=wire(at(0, 9, 5))),
            lead(b, received_at=wire(at(0, 9)), source="fair", closed_at=wire(at(4, 12))),
        ],
        "attempts": [
            call("a1", at(0, 9, 30), network_result="busy", answered_at=None, talk_seconds=None),
            call("a2", at(1, 10)),
            call("a3", at(6, 15)),
            call("b1", at(0, 11)),
            call("b2", at(2, 16), handled="abandoned_by_us"),
        ],
        "dispositions": [
            outcome("LATER", at(1, 11), "a2", callback_at=wire(at(6, 15))),
            outcome("SALE", at(6, 16), "a3"),
            outcome("NO", at(3, 9), "b1"),
            outcome("SALE", at(8, 9), "b1"),
        ],
        "appointments": [
            appointment(f"visit-{day}", lead=a, agent="ada", set_at=wire(at(1, 11)), scheduled_at=wire(at(3, 14)),
                        status="held", status_at=wire(at(3, 15))),
        ],
        "follow-ups": [follow_up(f"mail-{day}", lead=b, channel="email", due_at=None, done_at=wire(at(1, 13)))],
        "stage-changes": [
            stage_change(f"q-{day}", stage="qualified", changed_at=wire(at(1, 12)), amount=900, **deal),
            stage_change(f"w-{day}", stage="won", changed_at=wire(at(6, 17)), amount=1_000, gross_profit=400, **deal),
        ],
        "spend": [spend(f"ads-{day}", source="web", amount=20, from_on=f"{day}", to_on=f"{day}")],
        "agent-states": [
            agent_state("ada", state="talking", from_at=wire(at(0, 9)), to_at=wire(at(0, 12))),
            agent_state("ada", state="waiting", from_at=wire(at(0, 12)), to_at=wire(at(0, 15))),
        ],
    }  # fmt: skip


# The time at which an item becomes known, by resource; a later one is still to come.
_KNOWN_AT = {
    "leads": "received_at", "attempts": "ended_at", "dispositions": "set_at", "appointments": "set_at",
    "follow-ups": "done_at", "stage-changes": "changed_at", "agent-states": "to_at",
}  # fmt: skip


def so_far(items: Items, now: datetime) -> Items:
    """The items that are known by now; leads are not closed, and meetings not held, before their time."""
    known: Items = {}
    for resource, listed in items.items():
        at = _KNOWN_AT.get(resource)
        known[resource] = [item for item in listed if at is None or item[at] <= wire(now)]
    for item in known["leads"]:
        if item.get("closed_at", "") > wire(now):
            del item["closed_at"]
    for item in known["appointments"]:
        if item["status_at"] > wire(now):
            item |= {"status": "set", "status_at": item["set_at"]}
    return known


async def test_nothing_is_better_or_worse_on_a_floor_where_every_day_is_the_same(caller: Caller) -> None:
    await caller.put("disposition-codes/NO", {**SALE, "result": "not_interested"})
    await caller.put("disposition-codes/LATER", {**SALE, "result": "callback_requested", "next_step": "callback"})
    now = datetime.now(UTC) - timedelta(minutes=1)
    # As many days as the longest memory of a rule takes, and two weeks; the last one is yesterday.
    await send(caller, so_far(merged(map(steady_day, past_days(60))), now))
    # What looks back over a year knows more of the later week.
    metrics = [row["name"] for row in (await caller.get("metrics"))["items"] if not row["trailing_days"]]
    for compare in ("previous", f"{today() - timedelta(days=21)}"):
        total = (await caller.get("reports", metrics=",".join(metrics), compare=compare))["total"]
        differing = {
            name: (cell["value"], cell["previous"])
            for name, cell in total.items()
            if cell["value"] != pytest.approx(cell["previous"]) and not name.endswith("_365")
        }
        assert differing == {}
        assert sum(cell["value"] is not None and cell["value"] > 0 for cell in total.values()) > 60

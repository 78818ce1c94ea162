"""A person who asks for it is gone from everything that can be read, and no number of any report moves."""

import asyncio
import csv
import re
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from tests.api.conftest import Caller, NewCaller
from tests.conftest import Owner
from tests.ledger import broken_histories, holding
from tests.make import Item, at, attempt, disposition, evaluation, follow_up, lead, shared_call, stage_change, survey

NUMBER, BEFORE, OTHER, LINE = "+14155550123", "+14155550124", "+14155550177", "+14155550100"
# What the person's rows hold of them, in any spelling; and what is other people's and must stay.
GONE = re.compile(r"4155550123|4155550124|hopper|gracehopper|cobol", re.IGNORECASE)
CLOCK = re.compile(r"as_of|watermark|\w+_time_ci_low")
DAYS = {"from": "2026-02-01", "to": "2026-04-01"}
REPORTS = {"outbound": "agent,source", "lead-response": "source"}


async def furnish(caller: Caller) -> None:
    """A floor that calls the person: under two leads of theirs, and under none; their number was another one before."""
    await caller.put(f"tracking-numbers/{LINE}", {}, 201)
    await caller.post(f"tracking-numbers/{LINE}/assignments", {"from_at": at(days=-9), "source": "radio"}, 201)
    await caller.post("leads", leads()[0] | {"phone_number": BEFORE, "observed_at": at(-40)}, 201)
    await caller.post("leads", leads())
    await caller.post("attempts", calls())
    await caller.post("attempts", calls()[0] | {"agent": "bob", "observed_at": at(30)}, 200)
    await caller.post("dispositions", outcomes())
    await caller.post("dispositions", outcomes()[0] | {"note": "Hopper again", "agent": "bob"}, 200)
    await caller.post("follow-ups", follow_up(lead="lead-1", done_at=at(days=1)), 201)
    await caller.post("stage-changes", stage_change(lead="lead-2"), 201)
    await caller.post("surveys", surveys())
    await caller.post("evaluations", evaluation(call="call-2", comment="Mrs Hopper interrupts"), 201)
    await caller.post("shared-calls", shared_call(call="call-2", note="how calmly Mrs Hopper was told"), 201)
    await caller.post("shared-calls", shared_call(call="call-2", note="Hopper again", observed_at=at(200)), 200)
    for item in rejected():
        await caller.post("leads", item, 422)
    await caller.post("surveys", survey(call="call-2", comment="Hopper was rude", score=99), 422)


def leads() -> list[Item]:
    known = {"name": "Grace Hopper", "wants": "COBOL"}
    return [
        lead("lead-1", phone_number="(415) 555-0123", source="web", attributes=known, close_reason="Hopper moved"),
        lead("lead-2", phone_number=NUMBER, source="fair", received_at=at(days=3)),
        lead("lead-3", phone_number=OTHER, source="web", attributes={"refers to": "415.555.0123", "size": "small"}),
        lead("lead-4", phone_number=OTHER, source="fair", received_at=at(days=2)),
        lead("lead-5", phone_number="unknown", source="fair", close_reason="wrong"),
    ]


def calls() -> list[Item]:
    recording = {"uri": "s3://calls/14155550123-hopper.wav", "seconds": 60, "consent": "Mrs Hopper said yes"}
    talk = {"answered_at": at(1), "agent_joined_at": at(1), "ended_at": at(4), "answered_by": "human"}
    talk |= {"network_result": "answered", "handled": "agent", "from_number": LINE}
    return [
        attempt("call-1", lead="lead-1", to_number=NUMBER, agent="ada", recording=recording, **talk),
        attempt("call-2", to_number="4155550123", agent="ada", **talk),
        attempt("call-3", lead="lead-1", to_number="sip:hopper@example.com", agent="bob"),
        attempt("call-4", to_number="sip:+1-415-555-0123@example.com", agent="bob"),
        attempt("call-5", from_number=NUMBER, to_number=LINE, agent="eve"),
        attempt("call-6", lead="lead-3", to_number=OTHER, agent="eve", recording={"uri": "s3://calls/6.wav"}, **talk),
    ]


def outcomes() -> list[Item]:
    return [
        disposition("call-1", note="Grace Hopper, call her again", code="SALE"),
        disposition("call-2", note="Mrs. Hopper is busy", code="BUSY"),
        disposition("call-6", note="ask his wife at 415 555 - 0123 (Hopper)", code="SALE"),
        disposition("call-6", note="knows what he wants", code="LATER", set_at=at(9)),
    ]


def surveys() -> list[Item]:
    return [
        survey("survey-1", lead="lead-1", comment="Hopper is happy"),
        survey("survey-2", call="call-2", comment="Hopper again"),
        survey("survey-3", call="call-6", comment="tell his wife at 415 555 0123 (Hopper)"),
        survey("survey-4", call="call-6", comment="all good"),
    ]


def rejected() -> list[Item]:
    bad: Item = {"received_at": "soon"}
    return [
        lead("lead-8", phone_number="1-415-555-0123", **bad),
        lead("lead-1", attributes={"name": "Hopper"}, **bad),
        lead("lead-9", phone_number=OTHER, **bad),
    ]


async def everything(owner: Owner, account_id: int) -> dict[str, list[str]]:
    """Every row of an account, in every table there is, as a text without what parts digits."""
    tables = await owner.fetch(
        "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " WHERE attname = 'account_id' AND relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    assert len(tables) > 35
    return {
        table: [_plain(row) for row in await owner.fetch(f"SELECT * FROM {table} WHERE account_id = $1", account_id)]
        for (table,) in tables
    }


def _plain(row: Any) -> str:
    texts = (value.decode("latin1") if isinstance(value, bytes) else str(value) for value in row.values())
    return " | ".join(re.sub(r"[\s().:+@/-]", "", text) for text in texts)


async def reports(caller: Caller, **when: str) -> list[Any]:
    """Every number of some reports, without what goes on with the clock: their moment, and how long leads wait."""
    person = {"format": "csv", **DAYS, **when}
    answers = [await caller.send("GET", f"reports/{name}", params=person | {"by": by}) for name, by in REPORTS.items()]
    rows = [row for answer in answers for row in csv.DictReader(answer.text.splitlines())]
    assert len(rows) > 8
    return [{name: value for name, value in row.items() if not CLOCK.fullmatch(name)} for row in rows]


async def now(owner: Owner) -> str:
    moment: datetime = await owner.fetchval("SELECT clock_timestamp()")
    return moment.isoformat()


@pytest.mark.parametrize("person", [{"phone_number": "415-555-0123"}, {"lead": "lead-2"}])
async def test_a_person_is_gone_and_no_number_moves(person: Item, caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    then = await now(owner)
    await caller.post("attempts", calls()[1] | {"agent": "eve", "observed_at": at(60)}, 200)
    before = await reports(caller), await reports(caller, as_of=then)
    assert any(GONE.search(row) for rows in (await everything(owner, caller.account_id)).values() for row in rows)

    erasure = await caller.post("erasures", person, 201)
    assert {name: erasure[name] for name in ("leads", "attempts", "dispositions", "rejected_items", "comments")} == {
        "leads": 3,
        "attempts": 5,
        "dispositions": 3,
        "rejected_items": 3,
        "comments": 5,
    }
    for table, rows in (await everything(owner, caller.account_id)).items():
        assert [row for row in rows if GONE.search(row)] == [], table
    assert (await reports(caller), await reports(caller, as_of=then)) == before
    assert await broken_histories(owner, caller.account_id) == []


async def test_what_is_other_peoples_stays(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    await caller.post("erasures", {"phone_number": NUMBER}, 201)
    rows = await owner.fetch(
        "SELECT external_id, phone_number, attributes::text, close_reason FROM leads WHERE account_id = $1"
        " AND external_id > 'lead-2' ORDER BY external_id",
        caller.account_id,
    )
    assert [tuple(row) for row in rows] == [
        ("lead-3", OTHER, '{"size": "small"}', None),
        ("lead-4", OTHER, None, None),
        ("lead-5", "unknown", None, "wrong"),
    ]
    call = "SELECT to_number, from_number, recording->>'uri' FROM attempts WHERE account_id = $1 AND external_id = $2"
    assert tuple(await owner.fetchrow(call, caller.account_id, "call-6") or ()) == (OTHER, LINE, "s3://calls/6.wav")
    assert (await owner.fetchrow(call, caller.account_id, "call-1") or ())[1:] == (LINE, "erased")
    [mendable] = [item for item in (await caller.get("rejected-items"))["items"] if item["item"]]
    assert mendable["item"]["phone_number"] == OTHER


def pairs(rows: list[asyncpg.Record]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows}


async def test_leads_of_one_number_share_a_token_and_only_they(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    await caller.post("erasures", {"lead": "lead-1"}, 201)
    tokens = "SELECT external_id, phone_number FROM leads WHERE account_id = $1 AND phone_number LIKE 'erased-%'"
    now = pairs(await owner.fetch(tokens, caller.account_id))
    before = pairs(await owner.fetch(tokens.replace("leads", "leads_history"), caller.account_id))
    assert set(now) == {"lead-1", "lead-2"}
    assert now["lead-1"] == now["lead-2"] != before["lead-1"]
    called = "SELECT external_id, to_number FROM attempts WHERE account_id = $1 AND to_number LIKE 'erased-%'"
    assert pairs(await owner.fetch(called, caller.account_id))["call-2"] == now["lead-1"]


async def test_copies_of_the_ledger_learn_of_it_and_beliefs_stay_as_old_as_they_were(
    caller: Caller, owner: Owner
) -> None:
    await furnish(caller)
    query = "SELECT external_id, recorded_at, changed_xid::text::bigint FROM attempts WHERE account_id = $1"
    before = {row[0]: row for row in await owner.fetch(query, caller.account_id)}
    seen = int(await owner.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
    await caller.post("erasures", {"phone_number": NUMBER}, 201)
    after = {row[0]: row for row in await owner.fetch(query, caller.account_id)}
    assert {key: row[1] for key, row in after.items()} == {key: row[1] for key, row in before.items()}
    assert {key for key, row in after.items() if row[2] >= seen} == {f"call-{n}" for n in range(1, 6)}
    assert after["call-6"] == before["call-6"]
    changed = "SELECT DISTINCT attempt FROM dispositions WHERE account_id = $1 AND changed_xid >= $2::text::xid8"
    noted = {row[0] for row in await owner.fetch(changed, caller.account_id, str(seen))}
    assert noted == {"call-1", "call-2", "call-6"}
    changed = "SELECT external_id FROM leads WHERE account_id = $1 AND changed_xid >= $2::text::xid8"
    assert {row[0] for row in await owner.fetch(changed, caller.account_id, str(seen))} == {
        "lead-1",
        "lead-2",
        "lead-3",
    }


async def test_asking_again_finds_nothing_and_is_answered_as_the_first_time(caller: Caller) -> None:
    await furnish(caller)
    first = await caller.post("erasures", {"phone_number": NUMBER}, 201)
    assert first.pop("status") == "created"
    for person in ({"phone_number": "415 555 0123"}, {"lead": "lead-2"}):
        assert await caller.post("erasures", person, 200) == first | {"status": "unchanged"}
    assert first["key_prefix"] == caller.key.split("_")[1]
    assert (await caller.get("erasures"))["items"] == [first]


async def test_what_was_sent_before_and_comes_again_changes_nothing(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    await caller.post("erasures", {"phone_number": NUMBER}, 201)
    before = await everything(owner, caller.account_id)
    first = leads()[0] | {"phone_number": BEFORE, "observed_at": at(-40)}
    assert (await caller.post("leads", [first, *leads()[:2]]))["unchanged"] == 3
    assert (await caller.post("attempts", calls()[:5]))["unchanged"] == 5
    assert (await caller.post("dispositions", outcomes()[:2]))["unchanged"] == 2
    assert (await caller.post("surveys", surveys()[:2]))["unchanged"] == 2
    assert await everything(owner, caller.account_id) == before


async def test_what_is_told_of_them_later_comes_without_number_and_words(caller: Caller, owner: Owner) -> None:
    await furnish(caller)
    await caller.post("erasures", {"phone_number": NUMBER}, 201)
    later: Item = {"observed_at": at(days=5)}
    known = {"attributes": {"name": "Hopper"}, "close_reason": "Hopper left"}
    await caller.post("leads", [leads()[0] | known | later, lead("lead-7", phone_number=NUMBER, **known)])
    await caller.post("leads", lead("lead-7", **known, **later), 200)
    recording = {"uri": "s3://hopper.wav", "seconds": 9}
    await caller.post(
        "attempts",
        [
            calls()[0] | later | {"talk_seconds": 77, "recording": recording, "to_number": "4155550124"},
            attempt("call-8", lead="lead-2", to_number=BEFORE, recording=recording),
            attempt("call-9", to_number=NUMBER),
            attempt("call-9", recording=recording, disposition={"code": "SALE", "note": "Hopper"}),
        ],
    )
    await caller.post("dispositions", disposition("call-3", note="Hopper", code="SALE"), 201)
    of_them: list[Item] = [survey("survey-8", call="call-3", comment="Hopper"), survey("survey-9", comment="Hopper")]
    await caller.post("surveys", [*of_them, survey("survey-9", lead="lead-7", **later)])
    for table, rows in (await everything(owner, caller.account_id)).items():
        assert [row for row in rows if GONE.search(row)] == [], table
    counted = "SELECT talk_ms, to_country, recording FROM attempts WHERE account_id = $1 AND external_id = $2"
    state = tuple(await owner.fetchrow(counted, caller.account_id, "call-1") or ())
    assert state[:2] == (77_000, "US")
    shared = "SELECT count(DISTINCT phone_number), count(*) FROM leads WHERE account_id = $1 AND external_id = ANY($2)"
    assert tuple(await owner.fetchrow(shared, caller.account_id, ["lead-1", "lead-2", "lead-7"]) or ()) == (1, 3)


async def test_comments_on_cases_of_the_person_go_in_any_order(caller: Caller, owner: Owner) -> None:
    await caller.post("leads", [lead("lead-1", phone_number=NUMBER), lead("lead-3", phone_number=OTHER)])
    cases: list[Item] = [
        {"external_id": "of the lead", "lead": "lead-1", "opened_at": at(1)},
        {"external_id": "of a call", "calls": [{"external_id": "came in"}], "opened_at": at(1)},
        {"external_id": "of another", "lead": "lead-3", "calls": [{"external_id": "other"}], "opened_at": at(1)},
    ]
    numbers = {"came in": NUMBER, "other": OTHER}
    came_in: list[Item] = [
        {"external_id": name, "arrived_at": at(0), "from_number": number, "to_number": LINE, "outcome": "answered"}
        for name, number in numbers.items()
    ]
    await caller.post("inbound-calls", came_in)
    await caller.post("cases", cases[:-1])

    async def comment(when: str) -> None:
        names = [case["external_id"] for case in cases]
        words: list[Item] = [{"case": name, "comment": f"words about {name}"} for name in names]
        await caller.post("surveys", [survey(f"{when} s{n}", **some) for n, some in enumerate(words)])
        await caller.post("evaluations", [evaluation(f"{when} e{n}", **some) for n, some in enumerate(words)])

    await comment("before")
    await caller.post("cases", cases[-1], 201)
    assert (await caller.post("erasures", {"phone_number": NUMBER}, 201))["comments"] == 4
    await comment("after")
    late = {"external_id": "late", "opened_at": at(1)}
    await caller.post("surveys", survey("first words", case="late", comment="words about late"), 201)
    await caller.post("cases", late | {"lead": "lead-1"}, 201)
    left = await owner.fetch(
        """
        SELECT DISTINCT comment FROM surveys_versions WHERE account_id = $1
        UNION SELECT comment FROM evaluations_versions WHERE account_id = $1
        """,
        caller.account_id,
    )
    assert {row["comment"] for row in left} == {None, "words about of another"}


async def test_a_lead_whose_number_only_the_dialer_knows_is_found_by_its_calls(caller: Caller, owner: Owner) -> None:
    known = {"attributes": {"name": "Hopper"}}
    await caller.post("leads", [lead("lead-1", **known), lead("lead-2", **known)])
    calls = [attempt("call-1", lead="lead-1"), attempt("call-2", lead="lead-2", to_number=OTHER)]
    calls += [attempt(f"call-{n + 2}", lead=f"lead-{n}", to_number=NUMBER) for n in (1, 2)]
    await caller.post("attempts", calls)
    erasure = await caller.post("erasures", {"phone_number": NUMBER}, 201)
    assert (erasure["leads"], erasure["attempts"]) == (1, 2)
    left = "SELECT external_id FROM leads WHERE account_id = $1 AND attributes IS NOT NULL"
    assert [row[0] for row in await owner.fetch(left, caller.account_id)] == ["lead-2"]  # called at another's, too
    assert (await caller.post("leads", lead("lead-1", **known), 200))["status"] == "unchanged"


async def test_the_same_number_in_another_account_is_somebody_elses(new_caller: NewCaller, owner: Owner) -> None:
    ours, theirs = await new_caller(), await new_caller()
    await furnish(ours)
    await furnish(theirs)
    before = await everything(owner, theirs.account_id)
    await ours.post("erasures", {"phone_number": NUMBER}, 201)
    assert await everything(owner, theirs.account_id) == before
    assert (await theirs.get("erasures"))["items"] == []
    await theirs.post("leads", lead("lead-6", phone_number=NUMBER), 201)
    number_query = "SELECT phone_number FROM leads WHERE account_id = $1 AND external_id = 'lead-6'"
    assert await owner.fetchval(number_query, theirs.account_id) == NUMBER


async def test_a_number_nobody_knows_yet_is_kept_out_from_then_on(caller: Caller, owner: Owner) -> None:
    erasure = await caller.post("erasures", {"phone_number": NUMBER}, 201)
    assert erasure["leads"] == erasure["attempts"] == 0
    await furnish(caller)
    count_query = "SELECT count(*) FROM attempts WHERE account_id = $1 AND to_number = $2"
    assert await owner.fetchval(count_query, caller.account_id, NUMBER) == 0


@pytest.mark.parametrize(
    ("person", "pointer"),
    [
        ({"phone_number": "anonymous"}, "/phone_number"),
        ({"phone_number": "555-0123"}, "/phone_number"),
        ({"phone_number": LINE}, "/phone_number"),
        ({"lead": "nobody"}, "/lead"),
        ({"lead": "lead-1", "phone_number": NUMBER}, ""),
        ({}, ""),
    ],
)
async def test_a_wish_that_names_nobody_says_which_field(person: Item, pointer: str, caller: Caller) -> None:
    await caller.put(f"tracking-numbers/{LINE}", {}, 201)
    problem = await caller.post("erasures", person, 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


async def test_a_number_of_a_hundred_leads_is_not_one_person(caller: Caller) -> None:
    await caller.post("leads", [lead(f"lead-{n}", phone_number=NUMBER) for n in range(101)])
    problem = await caller.post("erasures", {"phone_number": NUMBER}, 422)
    assert problem["errors"][0]["message"].startswith("belongs to 101 leads")


async def test_erasures_are_listed_a_page_at_a_time(caller: Caller) -> None:
    ids = [(await caller.post("erasures", {"phone_number": f"+1415555012{n}"}, 201))["id"] for n in range(3)]
    first = await caller.get("erasures", limit=2)
    assert [item["id"] for item in first["items"]] == ids[:2]
    rest = await caller.get("erasures", limit=2, after=first["next"])
    assert ([item["id"] for item in rest["items"]], rest["next"]) == (ids[2:], None)


async def test_a_call_that_is_being_captured_meanwhile_is_found_too(
    caller: Caller, owner: Owner, ledger_url: str
) -> None:
    capture = (
        "INSERT INTO attempts (account_id, dialer, external_id, to_number, observed_at)"
        f" SELECT {caller.account_id}, 'main', 'call-1', '{NUMBER}', now()"
        f" FROM (SELECT enter_account({caller.account_id}, false)) entered"
    )
    async with holding(ledger_url, capture) as waiters:
        asking = asyncio.create_task(caller.post("erasures", {"phone_number": NUMBER}, 201))
        await waiters.arrive()
    assert (await asking)["attempts"] == 1
    assert not any(GONE.search(row) for rows in (await everything(owner, caller.account_id)).values() for row in rows)

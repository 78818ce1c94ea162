"""What the ledger finds out about a call is the same for every order of leads, calls, outcomes, parts and meanings.

The oracle works over the whole set of observations at once, in Python.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.accounts import Accounts
from service.ingest.capture import Capture
from service.ingest.configuration import DISPOSITION_CODE
from service.ingest.parsing import read_item
from service.ingest.resources import Resource, Sender
from service.ingest.resources.attempts import RESOURCE as ATTEMPT
from service.ingest.resources.leads import RESOURCE as LEAD
from service.platform.db import Pool
from tests.conftest import Owner, make_account
from tests.proof import examples

DAY = datetime(2026, 3, 2, tzinfo=UTC)
DIALED = DAY + timedelta(hours=9)
NUMBERS = ("+14155550101", "+14155550102")
RESULTS = ("unmapped", "none", "callback_requested", "appointment", "sale")
CODES = ("a", "b", "c", "d", "é")

Sent = tuple[Resource, dict[str, Any]]


def written(moment: datetime) -> str:
    return moment.isoformat()


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


hours = st.integers(-30, 10 * 24).map(lambda hour: DIALED + timedelta(hours=hour))
seconds = st.integers(0, 40).map(lambda second: DIALED + timedelta(seconds=10 * second))


@st.composite
def leads(draw: st.DrawFn) -> Sent:
    item = {
        "external_id": draw(st.sampled_from(["L1", "L2", "L3"])),
        "received_at": written(draw(hours)),
        "phone_number": draw(some(st.sampled_from(NUMBERS))),
        "observed_at": written(draw(hours)),
    }
    return LEAD, {name: value for name, value in item.items() if value is not None}


@st.composite
def outcomes(draw: st.DrawFn) -> list[dict[str, Any]]:
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=3))
    times = [draw(some(seconds)) for _ in codes]
    return [{"code": code} | ({"set_at": written(at)} if at else {}) for code, at in zip(codes, times, strict=True)]


@st.composite
def parts(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "agent": draw(st.sampled_from(["ada", "bob"])),
        "state": draw(st.sampled_from(["talking", "holding", "left"])),
        "from_at": written(draw(seconds)),
    }


@st.composite
def attempts(draw: st.DrawFn) -> Sent:
    item: dict[str, Any] = {
        "external_id": "call-1",
        "campaign": "c",
        "dialed_at": written(DIALED),
        "observed_at": written(draw(seconds)),
        "to_number": draw(some(st.sampled_from(NUMBERS))),
        "lead": draw(some(st.just("L9"))) if draw(st.integers(0, 4)) == 0 else None,
        "match_lead": draw(some(st.booleans())) if draw(st.integers(0, 4)) == 0 else None,
        "rang_at": draw(some(seconds.map(written))),
        "ended_at": draw(some(st.just(written(DIALED + timedelta(seconds=600))))),
        "participants": draw(some(st.lists(parts(), min_size=1, max_size=3))),
        "outcomes": draw(some(outcomes())),
    }
    if item["outcomes"] is not None:
        item["outcomes_at"] = written(draw(seconds))
    return ATTEMPT, {name: value for name, value in item.items() if value is not None}


@st.composite
def meanings(draw: st.DrawFn) -> tuple[str, str]:
    return draw(st.sampled_from(CODES)), draw(st.sampled_from(RESULTS))


def expected_outcome(items: list[dict[str, Any]], meaning: dict[str, str]) -> dict[str, Any]:
    """Of the newest list the mapped code with the greatest result, at the first time it was reported."""
    lists = [item for item in items if "outcomes" in item]
    if not lists:
        return {"disposition": None, "disposition_set_at": None}
    first: dict[str, str] = {}
    for item in lists:
        for outcome in item["outcomes"]:
            if "set_at" not in outcome:
                code, at = outcome["code"], item["outcomes_at"]
                first[code] = min(first.get(code, at), at)
    ties = [item for item in lists if item["outcomes_at"] == max(item["outcomes_at"] for item in lists)]
    assert len({str(sorted(map(str, item["outcomes"]))) for item in ties}) == 1
    current = [(o.get("set_at", first.get(o["code"])), o["code"]) for o in ties[0]["outcomes"]]

    def rank(outcome: tuple[str, str]) -> Any:
        result = meaning.get(outcome[1], "unmapped")
        return result != "unmapped", RESULTS.index(result), outcome[0], outcome[1].encode()

    at, code = max(current, key=rank, default=(None, None))
    return {"disposition": code, "disposition_set_at": at}


def expected_lead(items: list[dict[str, Any]], leads: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    def newest(rows: list[dict[str, Any]], name: str) -> Any:
        having = [row for row in rows if name in row]
        return max(having, key=lambda row: (row["observed_at"], row[name]), default={}).get(name)

    if newest(items, "lead"):
        return "L9", "sender"
    number, matching = newest(items, "to_number"), newest(items, "match_lead")
    people: list[tuple[datetime, str]] = []
    for code in {lead["external_id"] for lead in leads}:
        versions = [lead for lead in leads if lead["external_id"] == code]
        if number and newest(versions, "phone_number") == number:
            people.append((datetime.fromisoformat(min(lead["received_at"] for lead in versions)), code))
    before = [(received, code) for received, code in people if received <= DIALED]
    after = [(received, code) for received, code in people if DIALED < received < DIALED + timedelta(days=7)]
    if matching is False or not (before or after):
        return None, None
    nearest = max(before)[0] if before else min(after)[0]
    return min(code for received, code in before or after if received == nearest), "number"


def expected_times(items: list[dict[str, Any]]) -> tuple[int | None, int | None]:
    """Seconds of talk and hold, counted second by second."""
    ended = any("ended_at" in item for item in items)
    entries = {(p["from_at"], p["agent"], p["state"]) for item in items for p in item.get("participants", ())}
    talk, hold = set[int](), set[int]()
    has_talk = has_hold = False
    for agent in ("ada", "bob"):
        mine = in_turn([(at, state) for at, who, state in entries if who == agent])
        for (at, state), (next_at, next_state) in zip(mine, [*mine[1:], (None, "talking")], strict=False):
            if state == "left":
                continue
            takers = [f for f, who, s in entries if who != agent and s == "talking" and f > at]
            own_end = next_at if next_state != "talking" or state == "holding" else None
            until = own_end or min([moment for moment in (next_at, *takers) if moment], default=None)
            if until is None and not ended:
                return None, None
            span = range(second(at), second(until) if until else 600)
            (talk if state == "talking" else hold).update(span)
            has_talk, has_hold = has_talk or state == "talking", has_hold or state == "holding"
    return len(talk - hold) * 1000 if has_talk else None, len(hold) * 1000 if has_hold else None


def in_turn(mine: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An agent's entries in order: who was there already and both leaves and talks in one moment is there again."""
    ordered: list[tuple[str, str]] = []
    was_there = False
    for at in sorted({at for at, _ in mine}):
        states = sorted(state for moment, state in mine if moment == at)
        ordered += [(at, state) for state in sorted(states, key=lambda state: (state == "left") != was_there)]
        was_there = any(state != "left" for state in states)
    return ordered


def second(text: str) -> int:
    return round((datetime.fromisoformat(text) - DIALED).total_seconds())


@pytest.fixture
def capture(pool: Pool) -> Capture:
    return Capture(pool, Accounts(pool))


async def deliver(capture: Capture, account: int, batches: list[list[Any]]) -> None:
    sender = Sender.of(await Accounts(capture.pool).get(account), "main")
    for batch in batches:
        entries = [
            read_item(DISPOSITION_CODE.resource(body[0], confirmed=True), place, {"result": body[1]}, sender)
            if resource is None
            else read_item(resource, place, body, sender)
            for place, (resource, body) in enumerate(batch)
        ]
        receipts = await capture.store_entries(account, entries)
        assert all(receipt.status != "rejected" for receipt in receipts), receipts


def scrambled(sent: list[Any], chance: random.Random) -> list[list[Any]]:
    again = sent + chance.sample(sent, chance.randint(0, len(sent)))
    chance.shuffle(again)
    cuts = sorted(chance.sample(range(1, len(again)), chance.randint(0, len(again) - 1))) if len(again) > 1 else []
    return [again[a:b] for a, b in zip([0, *cuts], [*cuts, len(again)], strict=True)]


def distinct_times(sent: list[Sent]) -> list[Sent]:
    """Lists at the same moment hold the same outcomes: which was delivered last is another test's."""
    lists: dict[str, Any] = {}
    for _, item in sent:
        if "outcomes" in item:
            item["outcomes"] = lists.setdefault(item["outcomes_at"], item["outcomes"])
    return sent


@settings(max_examples=examples(60, 600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(attempts(), min_size=1, max_size=5),
    people=st.lists(leads(), max_size=5),
    codes=st.lists(meanings(), max_size=4, unique_by=lambda meaning: meaning[0]),
    seed=st.integers(0, 2**32),
)
async def test_a_call_ends_the_same_in_every_order(
    calls: list[Sent], people: list[Sent], codes: list[Any], seed: int, capture: Capture, owner: Owner
) -> None:
    calls = distinct_times(calls)
    items, leads = [item for _, item in calls], [item for _, item in people]
    outcome = expected_outcome(items, dict(codes))
    lead, lead_by = expected_lead(items, leads)
    talk, hold = expected_times(items)
    chance = random.Random(seed)
    sent: list[Any] = [*calls, *people, *((None, code) for code in codes)]
    for batches in [[sent], scrambled(sent, chance), scrambled(sent, chance)]:
        account = await make_account(owner)
        await deliver(capture, account, batches)
        row = await owner.fetchrow("SELECT * FROM attempts WHERE account_id = $1", account)
        assert row is not None
        assert (row["lead"], row["lead_by"]) == (lead, lead_by)
        assert (row["disposition"], row["disposition_set_at"] and written(row["disposition_set_at"])) == tuple(
            outcome.values()
        )
        assert (row["talk_ms"], row["hold_ms"]) == (talk, hold)


async def test_of_two_lists_at_one_moment_the_list_delivered_last_counts(capture: Capture, owner: Owner) -> None:
    item = {"external_id": "call-1", "campaign": "c", "dialed_at": written(DIALED), "outcomes_at": written(DIALED)}
    lists = [
        (DIALED + timedelta(seconds=place), item | {"outcomes": [{"code": code} for code in codes]})
        for place, codes in enumerate((["a", "b"], ["b"], []))
    ]
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 1), (1, 0)):
        account = await make_account(owner)
        known = await Accounts(capture.pool).get(account)
        for received_at, body in (lists[place] for place in order):
            sender = Sender("main", known.region, known.regions, datetime.now(UTC), received_at)
            await capture.store_entries(account, [read_item(ATTEMPT, 0, body, sender)])
        disposition = await owner.fetchval("SELECT disposition FROM attempts WHERE account_id = $1", account)
        assert disposition == (None if 2 in order else "b")

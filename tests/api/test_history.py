"""Two times: what happened is told once, and what was believed before can always be seen."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.api.conftest import Caller, running
from tests.conftest import Owner
from tests.ledger import broken_histories, written
from tests.make import MAKERS, Item, at, attempt, disposition


async def versions(owner: Owner, caller: Caller, table: str, column: str) -> list[Any]:
    """What a column of the one row of a table was believed to be, oldest first."""
    query = f"""
        SELECT {column}, recorded_at FROM {table}_history WHERE account_id = $1
        UNION ALL
        SELECT {column}, recorded_at FROM {table} WHERE account_id = $1
        ORDER BY recorded_at"""
    return [row[0] for row in await owner.fetch(query, caller.account_id)]


@pytest.mark.parametrize("path", MAKERS)
async def test_what_is_sent_again_is_unchanged_and_writes_nothing(path: str, caller: Caller, owner: Owner) -> None:
    make: Callable[..., Item] = MAKERS[path]
    assert (await caller.post(path, make(), 201))["status"] == "created"
    before = await written(owner, caller.account_id)
    assert (await caller.post(path, make(), 200))["status"] == "unchanged"
    assert (await caller.post(path, [make(), make()]))["unchanged"] == 2
    receipts, counts = await caller.stream(path, [make()] * 3)
    assert counts == {"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    assert [receipt["index"] for receipt in receipts] == [0, 1, 2]
    assert await written(owner, caller.account_id) == before


CORRECTIONS: list[tuple[str, str, str, list[Item]]] = [
    ("attempts", "attempts", "agent", [{"agent": "ada"}, {"agent": "bob", "observed_at": at(9)}]),
    ("dispositions", "dispositions", "note", [{"note": "a first"}, {"note": "then more"}]),
    ("leads", "leads", "owner", [{"owner": "ada"}, {"owner": "bob", "observed_at": at(9)}]),
    ("appointments", "appointments", "status", [{}, {"status": "held", "status_at": at(days=3)}]),
    ("follow-ups", "follow_ups", "done_at IS NOT NULL", [{}, {"done_at": at(60)}]),
    ("stage-changes", "stage_changes", "amount::float", [{}, {"amount": 900, "observed_at": at(90)}]),
    ("spend", "spend", "amount::float", [{}, {"amount": 55, "observed_at": at(days=2)}]),
    ("cases", "cases", "resolved_at IS NOT NULL", [{}, {"resolved_at": at(60)}]),
    ("inbound-calls", "inbound_calls", "topic", [{"topic": "invoice"}, {"topic": "price", "observed_at": at(9)}]),
    ("agent-states", "agent_states", "to_at IS NULL", [{"to_at": None}, {}]),
    ("schedules", "schedules", "activity::text", [{}, {"activity": "training"}]),
    ("staff", "staff", "team", [{}, {"team": "south"}]),
    ("running-costs", "running_costs", "amount::float", [{}, {"amount": 3200}]),
    ("customers", "customers", "value::float", [{}, {"value": 300}]),
    ("surveys", "surveys", "score::float", [{"answered_at": None, "score": None}, {}]),
    ("form-items", "form_items", "weight::float", [{}, {"weight": 3, "observed_at": at(9)}]),
    ("evaluations", "evaluations", "dispute::text", [{}, {"dispute": "open", "dispute_at": at(200)}]),
    ("shared-calls", "shared_calls", "withdrawn_at IS NULL", [{}, {"withdrawn_at": at(300)}]),
    (
        "evaluations",
        "evaluation_scores",
        "points::float",
        [{}, {"points": {"greeting": 5}, "scores": None, "observed_at": at(99)}],
    ),
]


@pytest.mark.parametrize(
    ("path", "table", "column", "observations"), CORRECTIONS, ids=lambda correction: str(correction)[:20]
)
async def test_a_correction_leaves_the_version_it_replaced_in_history(
    *, path: str, table: str, column: str, observations: list[Item], caller: Caller, owner: Owner
) -> None:
    first, second = (MAKERS[path](**fields) for fields in observations)
    assert (await caller.post(path, first, 201))["status"] == "created"
    assert (await caller.post(path, second, 200))["status"] == "updated"
    old, new = await versions(owner, caller, table, column)
    assert old != new
    assert await broken_histories(owner, caller.account_id) == []
    # What was outranked comes late: it changes nothing, and says so.
    late = await caller.post(path, first, 200)
    assert late["status"] == "unchanged"
    assert await versions(owner, caller, table, column) == [old, new]


async def test_versions_follow_each_other_whoever_writes_at_once(caller: Caller, owner: Owner, ledger_url: str) -> None:
    chance = Random(5)

    def observation() -> Item:
        fields = {
            "agent": chance.choice("abcdef"),
            "talk_seconds": chance.randrange(9),
            "observed_at": at(chance.random()),
        }
        return attempt(f"call-{chance.randrange(5)}", **fields)

    def outcome() -> Item:
        return disposition(f"call-{chance.randrange(5)}", code=chance.choice("XYZ"), set_at=at(chance.random()))

    async def write(writer: Caller) -> None:
        for _ in range(20):
            await writer.post("attempts", observation())
            await writer.post("attempts", [observation() for _ in range(10)])
            await writer.post("dispositions", [outcome() for _ in range(5)])

    async with running(ledger_url) as (_, other):
        writers = [Caller(client, caller.key, caller.account_id) for client in (caller.client, other)]
        await asyncio.gather(*(write(writer) for writer in writers * 3))
    assert await broken_histories(owner, caller.account_id) == []
    assert await owner.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", caller.account_id) == 5
    assert await owner.fetchval("SELECT count(*) FROM attempts_history WHERE account_id = $1", caller.account_id) > 30


async def test_a_changed_mapping_of_a_disposition_code_is_a_new_version(caller: Caller, owner: Owner) -> None:
    meaning = {"name": "Sale", "answered_by": "human", "handled": "agent", "result": "interested"}
    first = await caller.put("disposition-codes/SALE", meaning, 201)
    again = await caller.put("disposition-codes/SALE", meaning, 200)
    changed = await caller.put("disposition-codes/SALE", meaning | {"result": "sale"}, 200)
    assert [(put["status"], put["version"]) for put in (first, again, changed)] == [
        ("created", 1),
        ("unchanged", 1),
        ("updated", 2),
    ]
    assert changed["recorded_at"] > first["recorded_at"]
    assert await versions(owner, caller, "disposition_codes", "result::text") == ["interested", "sale"]
    assert await broken_histories(owner, caller.account_id) == []


async def test_what_is_put_replaces_all_that_was_there(caller: Caller) -> None:
    await caller.put("agents/ada", {"name": "Ada", "team": "north"}, 201)
    ada = await caller.put("agents/ada", {"name": "Ada L."}, 200)
    assert (ada["name"], ada["team"], ada["confirmed"]) == ("Ada L.", None, True)
    assert (await caller.get("agents/ada")) == {name: value for name, value in ada.items() if name != "status"}

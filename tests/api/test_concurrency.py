"""Several workers, one ledger: whoever takes an item, it is created once, and everyone is told the truth."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import asyncpg
import pytest

from tests.api.conftest import Caller, Server
from tests.conftest import Owner
from tests.ledger import broken_histories
from tests.make import Item, appointment, at, attempt, attempts, disposition, follow_up, lead, spend, stage_change
from tests.proof import examples


@pytest.fixture
async def caller(server: Server) -> AsyncIterator[Caller]:
    """A caller of a server with two workers."""
    caller = await server.caller()
    async with caller.client:
        yield caller


@pytest.fixture
async def ledger(server: Server) -> AsyncIterator[Owner]:
    """The server's ledger, as its owner sees it."""
    connection = await asyncpg.connect(server.ledger_url)
    yield connection
    await connection.close()


async def deadlocks(ledger: Owner) -> int:
    return await ledger.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def statuses(answers: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """What the receipts of many answers say of each item."""
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        for receipt in answer["receipts"]:
            tally[receipt["external_id"]][receipt["status"]] += 1
    return tally


@pytest.mark.proof
async def test_one_batch_sent_many_times_at_one_moment_is_created_once(caller: Caller, ledger: Owner) -> None:
    turns = examples(2, 20)
    for turn in range(turns):
        batch = attempts(500, f"turn-{turn}", agent="ada", disposition={"code": "SALE", "agent": "ada"})
        answers = await asyncio.gather(*(caller.post("attempts", batch, 200) for _ in range(8)))
        tally = statuses(answers)
        assert len(tally) == 500
        assert set(map(frozenset, (of.items() for of in tally.values()))) == {
            frozenset({("created", 1), ("unchanged", 7)})
        }
        for answer in answers:
            assert answer["created"] == sum(receipt["status"] == "created" for receipt in answer["receipts"])
    assert (
        await ledger.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", caller.account_id) == 500 * turns
    )


async def test_one_item_sent_by_many_at_one_moment_is_created_once(caller: Caller) -> None:
    for turn in range(20):
        answers = await asyncio.gather(*(caller.post("attempts", attempt(f"call-{turn}")) for _ in range(12)))
        assert Counter(answer["status"] for answer in answers) == {"created": 1, "unchanged": 11}


async def test_batches_that_overlap_in_opposite_orders_wait_for_each_other_but_never_in_a_circle(
    caller: Caller, ledger: Owner
) -> None:
    chance = Random(3)
    before = await deadlocks(ledger)

    def batch(turn: int) -> list[Item]:
        fields = {"agent": chance.choice("abcdef"), "lead": f"lead-{chance.randrange(50)}", "observed_at": at(turn)}
        first = chance.randrange(100)
        items = [attempt(f"call-{number}", **fields) for number in range(first, first + 200)]
        return chance.choice([items, items[::-1], chance.sample(items, len(items))])

    for turn in range(6):
        batches = [batch(turn) for _ in range(8)]
        answers = await asyncio.gather(*(caller.post("attempts", items, 200) for items in batches))
        assert all(answer["rejected"] == 0 for answer in answers)
    assert await deadlocks(ledger) == before
    assert await broken_histories(ledger, caller.account_id) == []


async def test_everything_at_once_about_the_same_leads_and_calls_ends_well(caller: Caller, ledger: Owner) -> None:
    chance = Random(4)
    before = await deadlocks(ledger)

    def shuffled(items: list[Item]) -> list[Item]:
        return chance.sample(items, len(items))

    def items_of_turn(turn: int) -> list[tuple[str, list[Item]]]:
        who = [f"{turn}-{number}" for number in range(60)]
        by = {"agent": f"agent-{turn}-{chance.randrange(4)}"}
        return [
            ("leads", [lead(name, source=f"source-{turn}-{chance.randrange(4)}") for name in who]),
            ("attempts", [attempt(name, lead=name, campaign=f"campaign-{turn}", **by) for name in who]),
            ("dispositions", [disposition(name, code=f"code-{turn}-{chance.randrange(4)}", **by) for name in who]),
            ("appointments", [appointment(name, lead=name, attempt=name, **by) for name in who]),
            ("follow-ups", [follow_up(name, lead=name, **by) for name in who]),
            ("stage-changes", [stage_change(name, lead=name) for name in who]),
            ("spend", [spend(name, source=f"source-{turn}-{chance.randrange(4)}") for name in who]),
        ]

    for turn in range(6):
        requests = [(path, shuffled(items)) for path, items in items_of_turn(turn) * 2]
        chance.shuffle(requests)
        answers = await asyncio.gather(*(caller.post(path, items, 200) for path, items in requests))
        assert all(answer["rejected"] == 0 for answer in answers)
    assert await deadlocks(ledger) == before
    counts = "SELECT (SELECT count(*) FROM leads WHERE account_id = $1 AND received_at IS NOT NULL), count(*)"
    row = await ledger.fetchrow(
        f"{counts} FROM attempts WHERE account_id = $1 AND dialed_at IS NOT NULL", caller.account_id
    )
    assert row == (360, 360)
    assert await broken_histories(ledger, caller.account_id) == []


async def test_posts_of_many_senders_share_commits(caller: Caller, ledger: Owner) -> None:
    answers = await asyncio.gather(*(caller.post("attempts", attempt(f"call-{n}"), 201) for n in range(200)))
    assert [answer["external_id"] for answer in answers] == [f"call-{n}" for n in range(200)]
    query = "SELECT count(DISTINCT changed_xid) FROM attempts WHERE account_id = $1"
    assert await ledger.fetchval(query, caller.account_id) < 100

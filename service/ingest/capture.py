"""Taking observations into the ledger: validated items in, one durable transaction, a receipt for each.

The order of the steps is the order of the locks (codes, leads, attempts, then what hangs on them), so that two
batches can wait for each other but never in a circle.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import asyncpg
import orjson
import structlog

from service.accounts.accounts import Account, Accounts
from service.errors import InvalidItem
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt, Status
from service.ingest.resources import Row
from service.platform.db import Connection, Pool, acquire
from service.problems import problem
from sql import load
from sql.erased import STATEMENTS as ERASED
from sql.facts import ASSIGNMENTS, ATTEMPTS, ATTRIBUTED, FACTS, INBOUND_CALLS, TRACKING_NUMBERS, Fact
from sql.merge import stage_name, statements

_LEDGER = load("ledger")

Thing = TypeVar("Thing")
Stored = TypeVar("Stored")
# Codes by the table they belong to.
Codes: TypeAlias = dict[str, set[str]]
_Key = tuple[Any, ...]

_log = structlog.get_logger()


@dataclass(slots=True)
class Outcome:
    """What one row did to the ledger."""

    status: Status
    outranked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    """What a transaction learns as it enters an account.

    stages: those this connection already has. erased: whether anybody of the account has been erased.
    """

    stages: frozenset[str]
    erased: bool


class Capture:
    """Writes entries of one account at a time into the ledger."""

    def __init__(self, pool: Pool, accounts: Accounts) -> None:
        self.pool = pool
        self._accounts = accounts

    async def take(self, account_id: int, entries: Sequence[Entry]) -> list[Receipt]:
        """Store every entry and answer a receipt for each, in their order, once all of it is durable.

        A batch that the ledger refuses as a whole is halved until the item at fault stands alone and is rejected; the
        others are stored.
        """
        account = await self._accounts.get(account_id)
        return await store_bisecting(self.pool, account, entries, store, _refused)


async def store_bisecting(
    pool: Pool,
    account: Account,
    things: Sequence[Thing],
    store: Callable[[Connection, Account, Sequence[Thing]], Awaitable[tuple[list[Stored], Codes]]],
    refused: Callable[[Thing], Thing],
) -> list[Stored]:
    """Store things in one transaction; where the ledger refuses them, in halves, until the one at fault stands alone.

    store: stores them in the transaction of its connection; answers what became of each, and codes that are now known.
    refused: what to store in place of the one at fault.
    """
    try:
        return await _store_at_once(pool, account, things, store)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        _log.error("batch_refused", items=len(things), sqlstate=error.sqlstate)
    if len(things) == 1:
        return await store_bisecting(pool, account, [refused(things[0])], store, refused)
    half = len(things) // 2
    first = await store_bisecting(pool, account, things[:half], store, refused)
    return first + await store_bisecting(pool, account, things[half:], store, refused)


async def _store_at_once(
    pool: Pool,
    account: Account,
    things: Sequence[Thing],
    store: Callable[[Connection, Account, Sequence[Thing]], Awaitable[tuple[list[Stored], Codes]]],
    tries: int = 5,
) -> list[Stored]:
    """One transaction, tried again when the ledger asks for it."""
    try:
        async with acquire(pool) as connection:
            async with connection.transaction():
                stored, codes = await store(connection, account, things)
            account.remember(codes)
            return stored
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
        if tries == 1:
            raise
        return await _store_at_once(pool, account, things, store, tries - 1)


async def store(connection: Connection, account: Account, entries: Sequence[Entry]) -> tuple[list[Receipt], Codes]:
    """Store entries inside the caller's transaction; answers receipts and the codes that are now known."""
    rows = _by_fact(entries)
    entered = await lock_account(connection, account.account_id, rows)
    codes = await register_codes(connection, account, mentions(rows))
    outcomes: dict[Fact, dict[int, Outcome]] = {}
    for fact in (fact for fact in FACTS if fact in rows):
        if stage_name(fact) not in entered.stages:
            await connection.execute(statements(fact).stage)
        outcomes[fact] = await _merge(connection, account.account_id, fact, rows[fact], entered)
        await _attribute_again(connection, account.account_id, fact, rows[fact])
    await _keep_rejected(connection, account.account_id, entries)
    return [_receipt(place, entry, outcomes) for place, entry in enumerate(entries)], codes


def _by_fact(entries: Sequence[Entry]) -> dict[Fact, list[tuple[int, Row]]]:
    rows: dict[Fact, list[tuple[int, Row]]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for fact, row in entry.observations:
            rows[fact].append((place, row))
    return rows


async def lock_account(
    connection: Connection, account_id: int, facts: Iterable[Fact] = (), *, alone: bool = False
) -> Entered:
    """Enter the account, take its lock, and learn what there is to know before anything is written.

    Captures share the lock; a change of tracking numbers has it alone, so that no attempt is attributed by an
    assignment that is being corrected at that moment, and so has an erasure, and whoever reads deliveries anew.
    """
    alone = alone or not {TRACKING_NUMBERS, ASSIGNMENTS}.isdisjoint(facts)
    [row] = await connection.fetch(_LEDGER["begin"], account_id, alone)
    return Entered(frozenset(row["stages"]), row["erased"])


async def keep_erased(connection: Connection, account_id: int, fact: Fact, entered: Entered) -> None:
    """Take out of a stage what was erased and is sent again, before its rows are merged."""
    if entered.erased:
        for statement in ERASED.get(fact, ()):
            await connection.execute(statement, account_id)


async def register_codes(
    connection: Connection, account: Account, codes: Iterable[tuple[str, str]]
) -> dict[str, set[str]]:
    """Make codes known, unconfirmed, each with its table; answers those that were new to this process."""
    mentioned: dict[str, set[str]] = defaultdict(set)
    for table, code in codes:
        if table != "leads" and code not in account.known[table]:
            mentioned[table].add(code)
    for table in ("sources", "campaigns", "agents", "disposition_codes"):
        if mentioned[table]:
            await connection.execute(_LEDGER[f"mention_{table}"], account.account_id, sorted(mentioned[table]))
    return mentioned


def mentions(rows: dict[Fact, list[tuple[int, Row]]]) -> Iterator[tuple[str, str]]:
    """The codes that rows mention, each with its table."""
    for fact, told in rows.items():
        for column, table in fact.mentions.items():
            for _, row in told:
                if code := row.get(column):
                    yield table, code
    for fact in (ATTEMPTS, INBOUND_CALLS):
        for _, row in rows.get(fact, ()):
            for participant in row.get("participants") or ():
                yield "agents", participant["agent"]


async def _merge(
    connection: Connection, account_id: int, fact: Fact, rows: list[tuple[int, Row]], entered: Entered
) -> dict[int, Outcome]:
    """Merge the rows of one fact, round by round; answers what each did, by its place in the batch.

    After the first round every key is known, and locked, so that the others only merge.
    """
    say = statements(fact)
    rounds, repeats = _rounds(fact, rows)
    columns = fact.stage[2:]
    records = [
        (place, number, *map(row.get, columns)) for number, told in enumerate(rounds) for place, row in told.values()
    ]
    await connection.copy_records_to_table(stage_name(fact), records=records, columns=fact.stage, schema_name="pg_temp")
    await keep_erased(connection, account_id, fact, entered)
    if say.mention:
        await connection.execute(say.mention, account_id)
    outcomes: dict[int, Outcome] = {}
    for number, told in enumerate(rounds):
        places = {key: place for key, (place, _) in told.items()}
        created = set[_Key]() if number else {tuple(key) for key in await connection.fetch(say.insert, account_id, 0)}
        outcomes.update((places.pop(key), Outcome("created")) for key in created)
        known = list(places.values())
        if known and number == 0:
            await connection.execute(say.lock, account_id, known)
        if known:
            merged = await connection.fetch(say.merge, account_id, known)
            outcomes.update((row["idx"], _outcome(row)) for row in merged)
    outcomes.update((place, Outcome("unchanged", outcomes[first].outranked)) for place, first in repeats.items())
    return outcomes


def _rounds(fact: Fact, rows: list[tuple[int, Row]]) -> tuple[list[dict[_Key, tuple[int, Row]]], dict[int, int]]:
    """One observation of each key a round, in the order they were sent; and each that only repeats the one before it.

    Whoever tries again and again may send one item thousands of times: it is merged once.
    """
    rounds: list[dict[_Key, tuple[int, Row]]] = []
    seen: dict[_Key, int] = defaultdict(int)
    repeats: dict[int, int] = {}
    for place, row in rows:
        key = tuple(row[column] for column in fact.key)
        number = seen[key]
        if number and rounds[number - 1][key][1] == row:
            repeats[place] = rounds[number - 1][key][0]
            continue
        seen[key] += 1
        if number == len(rounds):
            rounds.append({})
        rounds[number][key] = (place, row)
    return rounds, repeats


def _outcome(row: asyncpg.Record) -> Outcome:
    status: Status = "created" if row["revealed"] else "updated" if row["changed"] else "unchanged"
    return Outcome(status, tuple(row["outranked"]))


async def _attribute_again(connection: Connection, account_id: int, fact: Fact, rows: list[tuple[int, Row]]) -> None:
    """Attribute the calls of every number whose ownership was just told; the old answer stays in history."""
    if fact in (TRACKING_NUMBERS, ASSIGNMENTS):
        for number in sorted({row["number"] for _, row in rows}):
            await attribute_again(connection, account_id, number)


async def attribute_again(connection: Connection, account_id: int, number: str) -> None:
    """Attribute every call that went through a tracking number as its assignments are now."""
    for fact in ATTRIBUTED:
        await connection.execute(statements(fact).rederive, account_id, number)


def _refused(entry: Entry) -> Entry:
    refusal = problem(InvalidItem("The ledger cannot hold a value of this item."))
    raw = orjson.dumps([row for _, row in entry.observations], default=str)
    return Entry(entry.index, entry.resource, entry.external_id, problem=refusal, raw=raw, origin=entry.origin)


async def _keep_rejected(connection: Connection, account_id: int, entries: Sequence[Entry]) -> None:
    rejected = [entry for entry in entries if entry.problem is not None]
    if rejected:
        await connection.execute(
            _LEDGER["keep_rejected"],
            account_id,
            [entry.resource.path for entry in rejected],
            [entry.index for entry in rejected],
            [entry.external_id for entry in rejected],
            [entry.raw for entry in rejected],
            [orjson.dumps(entry.problem).decode() for entry in rejected],
            [entry.origin.key_prefix for entry in rejected],
            [entry.origin.request_id for entry in rejected],
        )


def _receipt(place: int, entry: Entry, outcomes: dict[Fact, dict[int, Outcome]]) -> Receipt:
    """An item is created with its own row, and updated when anything it says changed something."""
    if entry.problem is not None:
        return Receipt(entry.index, entry.external_id, "rejected", problem=entry.problem)
    told = [outcomes[fact][place] for fact, _ in entry.observations]
    own = outcomes[entry.resource.fact][place]
    changed = any(outcome.status != "unchanged" for outcome in told)
    status = "created" if own.status == "created" else "updated" if changed else "unchanged"
    return Receipt(entry.index, entry.external_id, status, own.outranked)

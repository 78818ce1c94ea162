"""Capture: writes validated items to the ledger in one durable transaction, with a receipt for each item.

The steps lock in one order: codes, leads, attempts, then the rows that belong to them. Two batches may wait for each
other, but never in a circle.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import asyncpg
import orjson
import structlog

from service.accounts.accounts import Account, Accounts
from service.errors import InvalidItem
from service.ingest.erased_calls import empty_merged
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt, Status, SupersededField, superseded_fields
from service.ingest.resources import Row, attempts, inbound_calls
from service.platform.actor import current_actor
from service.platform.db import Connection, Pool, acquire
from service.problems import problem
from sql import load
from sql.erased import STATEMENTS as ERASED
from sql.facts import (
    ASSIGNMENTS,
    ATTEMPTS,
    CALLS,
    DISPOSITION_CODES,
    DISPOSITIONS,
    EVALUATION_SCORES,
    FACTS,
    INBOUND_CALLS,
    LEADS,
    TRACKING_NUMBERS,
    Fact,
)
from sql.merge import CHANGED_LEAD_NUMBERS, MOVED_LEADS, stage_name, statements

_LEDGER = load("ledger")

Batchable = TypeVar("Batchable")
Stored = TypeVar("Stored")
# Codes by the table they belong to.
Codes: TypeAlias = dict[str, set[str]]
_Key = tuple[Any, ...]
# What the ledger looks up for every call.
_FOUND_BY_CALLS = {TRACKING_NUMBERS, ASSIGNMENTS, LEADS, DISPOSITION_CODES}

# Columns of calls with lists of what agents did.
_PARTS = ("participants", "offers", "segments", "outcomes")

# How much a row changed.
_BY_CHANGE: dict[Status, int] = {"unchanged": 0, "updated": 1, "created": 2}

# The content of larger rejected items is not stored.
MOST_REJECTED_BYTES = 65_536

# Resources of dialers' own events.
_OF_HOOKS = (attempts.PARTIAL, inbound_calls.PARTIAL)

_log = structlog.get_logger()


@dataclass(slots=True)
class Outcome:
    """What one row changed in the ledger."""

    status: Status
    superseded: tuple[SupersededField, ...] = ()


@dataclass(frozen=True, slots=True)
class LockedAccount:
    """What a transaction learns about an account when it takes the account's lock.

    existing_stages: the staging tables this connection already has.
    has_erasures: whether any person of the account has been erased.
    """

    existing_stages: frozenset[str]
    has_erasures: bool


@dataclass(frozen=True, slots=True)
class LeadChanges:
    """What staged leads change about calls.

    numbers: the numbers whose calls may change their lead. moved: the leads that state another time zone.
    """

    numbers: Sequence[str] = ()
    moved: Sequence[str] = ()


class Capture:
    """Writes entries to the ledger, for one account at a time."""

    def __init__(self, pool: Pool, accounts: Accounts) -> None:
        self.pool = pool
        self._accounts = accounts

    async def store_entries(self, account_id: int, entries: Sequence[Entry]) -> list[Receipt]:
        """Store every entry and return one receipt each, in the same order, once everything is durable.

        If the ledger refuses the batch, the batch is halved until the faulty item is alone. That item is rejected,
        and the others are stored.
        """
        account = await self._accounts.get(account_id)
        return await store_bisecting(self.pool, account, entries, store, _as_rejected)


async def store_bisecting(
    pool: Pool,
    account: Account,
    items: Sequence[Batchable],
    store: Callable[[Connection, Account, Sequence[Batchable]], Awaitable[tuple[list[Stored], Codes]]],
    rejected: Callable[[Batchable], Batchable],
) -> list[Stored]:
    """Store items in one transaction; if the ledger refuses them, store halves until the faulty item is alone.

    store: stores items in the connection's transaction; returns a result for each item, and the codes now known.
    rejected: returns what to store instead of the faulty item.
    """
    try:
        return await _store_in_one_transaction(pool, account, items, store)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        _log.error("batch_refused", items=len(items), sqlstate=error.sqlstate)
    if len(items) == 1:
        return await store_bisecting(pool, account, [rejected(items[0])], store, rejected)
    half = len(items) // 2
    first = await store_bisecting(pool, account, items[:half], store, rejected)
    return first + await store_bisecting(pool, account, items[half:], store, rejected)


async def _store_in_one_transaction(
    pool: Pool,
    account: Account,
    items: Sequence[Batchable],
    store: Callable[[Connection, Account, Sequence[Batchable]], Awaitable[tuple[list[Stored], Codes]]],
    tries: int = 5,
) -> list[Stored]:
    """Store items in one transaction; retry if the ledger asks for it."""
    try:
        async with acquire(pool) as connection:
            async with connection.transaction():
                stored, codes = await store(connection, account, items)
            account.remember(codes)
            return stored
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
        if tries == 1:
            raise
        return await _store_in_one_transaction(pool, account, items, store, tries - 1)


async def store(connection: Connection, account: Account, entries: Sequence[Entry]) -> tuple[list[Receipt], Codes]:
    """Store entries in the caller's transaction; returns receipts and the codes now known."""
    rows = _by_fact(entries)
    locked = await lock_account(connection, account.account_id, rows)
    codes = await register_codes(connection, account, mentioned_codes(rows))
    outcomes: dict[Fact, dict[int, Outcome]] = {}
    for fact in (fact for fact in FACTS if fact in rows):
        if stage_name(fact) not in locked.existing_stages:
            await connection.execute(statements(fact).stage)
        outcomes[fact] = await _merge(connection, account.account_id, fact, rows[fact], locked)
        await _rederive_calls(connection, account.account_id, fact, rows[fact])
    if any(entry.resource in _OF_HOOKS for entry in entries):
        await _withdraw_turned_calls(connection, account.account_id, rows)
    await _store_rejected(connection, account.account_id, entries)
    return [_receipt(place, entry, outcomes) for place, entry in enumerate(entries)], codes


async def _withdraw_turned_calls(
    connection: Connection, account_id: int, rows: Mapping[Fact, Sequence[tuple[int, Row]]]
) -> None:
    """Dialers may call a dialed call inbound once it is transferred: it stays an attempt, and no inbound call."""
    keys = sorted({(row["dialer"], row["external_id"]) for _, row in rows.get(ATTEMPTS, ())})
    if keys:
        dialers, calls = ([*column] for column in zip(*keys, strict=True))
        await connection.execute(statements(INBOUND_CALLS).withdraw, account_id, dialers, calls)


def _by_fact(entries: Sequence[Entry]) -> dict[Fact, list[tuple[int, Row]]]:
    rows: dict[Fact, list[tuple[int, Row]]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for fact, row in entry.observations:
            rows[fact].append((place, row))
    return rows


async def lock_account(
    connection: Connection, account_id: int, facts: Iterable[Fact] = (), *, exclusive: bool = False
) -> LockedAccount:
    """Take the account's lock and return what must be known before anything is written.

    Captures share the lock. Leads, changes of tracking numbers and codes, erasures and reprocessing hold it
    exclusively. Otherwise a call could miss a lead or an assignment that is stored at the same time.
    """
    exclusive = exclusive or not _FOUND_BY_CALLS.isdisjoint(facts)
    [row] = await connection.fetch(_LEDGER["begin"], account_id, exclusive, current_actor().setting)
    return LockedAccount(frozenset(row["stages"]), row["erased"])


async def remove_erased_rows(connection: Connection, account_id: int, fact: Fact, locked: LockedAccount) -> None:
    """Remove erased people's data from a staging table before its rows are merged."""
    if locked.has_erasures:
        for statement in ERASED.get(fact, ()):
            await connection.execute(statement, account_id)


async def empty_erased_calls(connection: Connection, account_id: int, fact: Fact, locked: LockedAccount) -> None:
    """Empty the calls of a staging table that turned out to be an erased person's when its rows were merged."""
    if locked.has_erasures:
        await empty_merged(connection, account_id, fact)


async def register_codes(
    connection: Connection, account: Account, codes: Iterable[tuple[str, str]]
) -> dict[str, set[str]]:
    """Register codes as unconfirmed, each with its table; returns the codes this process did not know before."""
    new_codes: dict[str, set[str]] = defaultdict(set)
    for table, code in codes:
        if table != "leads" and code not in account.known[table]:
            new_codes[table].add(code)
    for table in ("sources", "campaigns", "agents", "disposition_codes"):
        if new_codes[table]:
            await connection.execute(_LEDGER[f"mention_{table}"], account.account_id, sorted(new_codes[table]))
    return new_codes


def mentioned_codes(rows: dict[Fact, list[tuple[int, Row]]]) -> Iterator[tuple[str, str]]:
    """The codes that rows mention, each with its table."""
    for fact, placed_rows in rows.items():
        for column, table in fact.mentions.items():
            for _, row in placed_rows:
                if code := row.get(column):
                    yield table, code
    for fact in (ATTEMPTS, INBOUND_CALLS):
        for _, row in rows.get(fact, ()):
            parts = [part for name in _PARTS for part in row.get(name) or ()]
            yield from (("agents", part["agent"]) for part in parts if part.get("agent"))
            yield from (("disposition_codes", outcome["code"]) for outcome in row.get("outcomes") or ())


async def _merge(
    connection: Connection, account_id: int, fact: Fact, rows: list[tuple[int, Row]], locked: LockedAccount
) -> dict[int, Outcome]:
    """Merge the rows of one fact; returns what they changed by the place of their item in the batch.

    An item may have several rows of a fact: the one that changed most tells its outcome.
    """
    outcomes = await _merge_rows(connection, account_id, fact, [row for _, row in rows], locked)
    of_items: dict[int, Outcome] = {}
    for number, (place, _) in enumerate(rows):
        others = [of_items[place]] if place in of_items else []
        of_items[place] = _together([*others, outcomes[number]])
    return of_items


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    together = outcomes[0]
    for outcome in outcomes[1:]:
        changed_more = _BY_CHANGE[outcome.status] > _BY_CHANGE[together.status]
        status = outcome.status if changed_more else together.status
        together = Outcome(status, (*together.superseded, *outcome.superseded))
    return together


async def _merge_rows(
    connection: Connection, account_id: int, fact: Fact, rows: list[Row], locked: LockedAccount
) -> dict[int, Outcome]:
    """Merge rows, round by round; returns each row's outcome by its number.

    After the first round every key exists and is locked, so later rounds only merge.
    """
    queries = statements(fact)
    rounds, repeats = _rounds(fact, rows)
    columns = fact.stage[2:]
    records = [
        (number_of_row, number, *map(row.get, columns))
        for number, observations in enumerate(rounds)
        for number_of_row, row in observations.values()
    ]
    await connection.copy_records_to_table(stage_name(fact), records=records, columns=fact.stage, schema_name="pg_temp")
    await remove_erased_rows(connection, account_id, fact, locked)
    if queries.mention:
        await connection.execute(queries.mention, account_id)
    changes = await lead_changes(connection, account_id, fact)
    outcomes: dict[int, Outcome] = {}
    for number, observations in enumerate(rounds):
        numbers = {key: number_of_row for key, (number_of_row, _) in observations.items()}
        created = set[_Key]()
        if number == 0:
            created = {tuple(key) for key in await connection.fetch(queries.insert, account_id, 0)}
        outcomes.update((numbers.pop(key), Outcome("created")) for key in created)
        known = list(numbers.values())
        if known and number == 0:
            await connection.execute(queries.lock, account_id, known)
        if known:
            merged = await connection.fetch(queries.merge, account_id, known)
            outcomes.update((row["idx"], _outcome(row)) for row in merged)
    outcomes.update((repeat, Outcome("unchanged", outcomes[first].superseded)) for repeat, first in repeats.items())
    await rematch_calls(connection, account_id, changes)
    await empty_erased_calls(connection, account_id, fact, locked)
    return outcomes


def _rounds(fact: Fact, rows: list[Row]) -> tuple[list[dict[_Key, tuple[int, Row]]], dict[int, int]]:
    """Group rows into rounds with one observation of each key, and list rows that repeat the observation before them.

    A client that retries may send one item thousands of times. The item is merged once.
    """
    rounds: list[dict[_Key, tuple[int, Row]]] = []
    seen: dict[_Key, int] = defaultdict(int)
    repeats: dict[int, int] = {}
    for number_of_row, row in enumerate(rows):
        key = tuple(row[column] for column in fact.key)
        number = seen[key]
        if number and rounds[number - 1][key][1] == row:
            repeats[number_of_row] = rounds[number - 1][key][0]
            continue
        seen[key] += 1
        if number == len(rounds):
            rounds.append({})
        rounds[number][key] = (number_of_row, row)
    return rounds, repeats


def _outcome(row: asyncpg.Record) -> Outcome:
    status: Status = "created" if row["revealed"] else "updated" if row["changed"] else "unchanged"
    lost = row["outranked"]
    return Outcome(status, superseded_fields(lost) if lost else ())


async def _rederive_calls(connection: Connection, account_id: int, fact: Fact, rows: list[tuple[int, Row]]) -> None:
    """Find out again about the calls of reassigned numbers and redefined codes; earlier versions stay in history."""
    if fact in (TRACKING_NUMBERS, ASSIGNMENTS):
        await reattribute_calls(connection, account_id, sorted({row["number"] for _, row in rows}))
    if fact is DISPOSITION_CODES:
        codes = sorted({row["code"] for _, row in rows})
        for calls in CALLS:
            await connection.execute(statements(calls).rechoose, account_id, codes)


async def reattribute_calls(connection: Connection, account_id: int, numbers: Sequence[str]) -> None:
    """Attribute every call of some tracking numbers by their current assignments."""
    for calls in CALLS:
        await connection.execute(statements(calls).reattribute, account_id, numbers)


async def lead_changes(connection: Connection, account_id: int, fact: Fact) -> LeadChanges:
    """What staged leads change about calls; call it before the leads are merged."""
    if fact is not LEADS:
        return LeadChanges()
    numbers = [row["number"] for row in await connection.fetch(CHANGED_LEAD_NUMBERS, account_id)]
    return LeadChanges(numbers, [row["external_id"] for row in await connection.fetch(MOVED_LEADS, account_id)])


async def rematch_calls(connection: Connection, account_id: int, changes: LeadChanges) -> None:
    """Find the lead again for every call with a changed number that names no lead, and the zone of moved leads."""
    for calls in CALLS if changes.numbers else ():
        await connection.execute(statements(calls).rematch, account_id, changes.numbers)
    if changes.moved:
        await connection.execute(statements(ATTEMPTS).relocate, account_id, changes.moved)


def _as_rejected(entry: Entry) -> Entry:
    refusal = problem(InvalidItem("The ledger cannot store a value of this item."))
    raw = orjson.dumps([row for _, row in entry.observations], default=str)
    return Entry(entry.index, entry.resource, entry.external_id, problem=refusal, raw=raw, origin=entry.origin)


async def _store_rejected(connection: Connection, account_id: int, entries: Sequence[Entry]) -> None:
    rejected = [entry for entry in entries if entry.problem is not None]
    if rejected:
        await connection.execute(
            _LEDGER["keep_rejected"],
            account_id,
            [entry.resource.path for entry in rejected],
            [entry.index for entry in rejected],
            [entry.external_id for entry in rejected],
            [entry.raw if len(entry.raw) <= MOST_REJECTED_BYTES else b"" for entry in rejected],
            [len(entry.raw) for entry in rejected],
            [orjson.dumps(entry.problem).decode() for entry in rejected],
            [entry.origin.key_prefix for entry in rejected],
            [entry.origin.request_id for entry in rejected],
        )


def _receipt(place: int, entry: Entry, outcomes: dict[Fact, dict[int, Outcome]]) -> Receipt:
    """An item counts as created when its own row is new, and as updated when any of its rows changed something."""
    if entry.problem is not None:
        return Receipt(entry.index, entry.external_id, "rejected", problem=entry.problem)
    row_outcomes = [outcomes[fact][place] for fact, _ in entry.observations]
    own = outcomes[entry.resource.fact][place]
    changed = any(outcome.status != "unchanged" for outcome in row_outcomes)
    status = "created" if own.status == "created" else "updated" if changed else "unchanged"
    superseded = _superseded(place, entry, outcomes) if any(outcome.superseded for outcome in row_outcomes) else ()
    return Receipt(entry.index, entry.external_id, status, superseded)


def _superseded(place: int, entry: Entry, outcomes: dict[Fact, dict[int, Outcome]]) -> tuple[SupersededField, ...]:
    """The superseded fields of an item, each once."""
    by_name = {
        lost.field: lost
        for fact, _ in entry.observations
        for lost in _as_sent(entry.resource.fact, fact, outcomes[fact][place].superseded)
    }
    return tuple(by_name.values())


def _as_sent(own: Fact, fact: Fact, lost: tuple[SupersededField, ...]) -> tuple[SupersededField, ...]:
    """Superseded fields of a row as fields of its item: dispositions and scores have rows of their own."""
    if fact is own or not lost:
        return lost
    if fact is EVALUATION_SCORES:
        return (SupersededField("scores", lost[0].known_at),)
    return (SupersededField("disposition" if fact is DISPOSITIONS else "code", lost[0].known_at),)

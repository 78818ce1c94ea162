"""Reprocessing: parse stored deliveries again after a fix, and correct the ledger where they now differ.

Wrong values are retracted first: for a call of a changed delivery, every ledger value that came from the earlier
result. Then all deliveries about the call are merged as they are parsed now. Values from other senders stay.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import asyncpg

from service.accounts.accounts import Account, load_account
from service.dialers import Delivery
from service.hooks.counts import count
from service.hooks.hooks import Hook, hook_of_row
from service.hooks.kinds import kinds
from service.hooks.parse import ParseResult, entries_of, parse_delivery, parse_items_again
from service.hooks.store import ParsedDelivery, as_json, count_key, empty_erased
from service.ingest.capture import LockedAccount, lock_account, store
from service.ingest.parsing import Entry
from service.ingest.resources import Row
from service.platform.db import Connection, Pool, account_transaction
from service.platform.secret_encryption import SecretCipher
from sql import load
from sql.facts import CALLS, Fact
from sql.merge import stage_name, statements

_SQL = load("inbox")
_BATCH = 200

Progress = Callable[[int, int], None]
_Keyed = dict[tuple[Fact, tuple[Any, ...]], Row]


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries to reprocess; None selects all."""

    hook: int | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        """The filter as arguments of the statements."""
        return self.hook, self.status, self.since, self.until


@dataclass
class ReprocessResult:
    """The result. reprocessed: the number of deliveries; changed: how many have a new result, by status."""

    reprocessed: int = 0
    changed: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True)
class _Reparsed:
    """A delivery with its earlier result and its new one."""

    row: asyncpg.Record
    parsed: ParsedDelivery
    earlier_entries: tuple[Entry, ...]

    @property
    def has_changed(self) -> bool:
        """Whether the new result differs."""
        row, result = self.row, self.parsed.result
        return (row["event"], row["status"], row["problem"], row["said"]) != (
            result.event,
            result.status,
            result.problem,
            result.items,
        )

    @property
    def call_ids(self) -> set[str]:
        """The calls of the earlier and the new result."""
        return {*self.row["calls"], *self.parsed.result.call_ids}


@dataclass(frozen=True)
class _Batch:
    """What one batch needs in its transaction."""

    connection: Connection
    account: Account
    hooks: Mapping[int, Hook]
    locked: LockedAccount


async def reprocess(
    connection: Connection,
    account_id: int,
    selected: DeliveryFilter,
    cipher: Callable[[], SecretCipher],
    progress: Progress,
) -> ReprocessResult:
    """Parse stored deliveries of an account again, oldest first, a few hundred per transaction.

    connection: the owner's, outside any transaction. progress: receives the number done, and the total.
    """
    hooks = await _hooks(connection, account_id, cipher)
    total = await connection.fetchval(_SQL["count_kept"], account_id, *selected.values)
    result, after = ReprocessResult(), 0
    while True:
        async with connection.transaction():
            rows, changed = await _next_batch(connection, account_id, hooks, selected, after)
        result.changed += changed
        if not rows:
            return result
        after = rows[-1]["id"]
        result.reprocessed += len(rows)
        progress(result.reprocessed, total)


@dataclass(frozen=True)
class ReprocessStep:
    """Some deliveries parsed again. after: the last of them; None if there are no more. total: all that match."""

    result: ReprocessResult
    after: int | None
    total: int


async def reprocess_some(
    pool: Pool,
    account_id: int,
    selected: DeliveryFilter,
    cipher: Callable[[], SecretCipher],
    after: int,
    most: int,
) -> ReprocessStep:
    """Parse the next stored deliveries again, as the service may do it for one account; the oldest first.

    after: the last delivery of the step before. most: about how many deliveries.
    """
    async with account_transaction(pool, account_id, readonly=True) as connection:
        hooks = await _hooks(connection, account_id, cipher)
        total = await connection.fetchval(_SQL["count_kept"], account_id, *selected.values)
    result = ReprocessResult()
    while result.reprocessed < most:
        async with account_transaction(pool, account_id) as connection:
            rows, changed = await _next_batch(connection, account_id, hooks, selected, after)
        result.changed += changed
        if not rows:
            return ReprocessStep(result, None, total)
        after = rows[-1]["id"]
        result.reprocessed += len(rows)
    return ReprocessStep(result, after, total)


async def _next_batch(
    connection: Connection, account_id: int, hooks: Mapping[int, Hook], selected: DeliveryFilter, after: int
) -> tuple[list[asyncpg.Record], Counter[str]]:
    """Parse the next batch again in the caller's transaction; returns its deliveries, and the changed, by status."""
    locked = await lock_account(connection, account_id, exclusive=True)
    rows = await connection.fetch(_SQL["kept"], account_id, *selected.values, after, _BATCH)
    context = _Batch(connection, await load_account(connection, account_id), hooks, locked)
    return rows, await _reprocess_batch(context, rows)


async def _hooks(connection: Connection, account_id: int, cipher: Callable[[], SecretCipher]) -> dict[int, Hook]:
    """The hooks of an account with a known dialer."""
    rows = await connection.fetch(_SQL["hooks"], account_id)
    return {row["id"]: hook_of_row(row, row["token_sha256"], cipher) for row in rows if row["dialer"] in kinds()}


async def _reprocess_batch(context: _Batch, rows: Sequence[asyncpg.Record]) -> Counter[str]:
    batch = {row["id"]: _reparse(context, row) for row in rows if row["hook"] in context.hooks}
    changed = {delivery_id: reparsed for delivery_id, reparsed in batch.items() if reparsed.has_changed}
    if not changed:
        return Counter()
    related = await _related(context, changed)
    changed |= {delivery_id: reparsed for delivery_id, reparsed in related.items() if reparsed.has_changed}
    await _retract(context, changed.values())
    entries = [entry for _, reparsed in sorted(related.items()) for entry in reparsed.parsed.result.entries]
    if entries:
        await store(context.connection, context.account, entries)
    await _update_inbox(context, changed)
    return Counter(reparsed.parsed.result.status for reparsed in changed.values())


def _reparse(context: _Batch, row: asyncpg.Record) -> _Reparsed:
    hook = context.hooks[row["hook"]]
    delivery = Delivery(
        row["method"], f"?{row['query'] or ''}", row["headers"] or {}, row["body"] or b"", row["received_at"]
    )
    earlier_entries = entries_of(hook, delivery, context.account, row["said"] or {})
    if row["body"] is None:
        stored = ParseResult(row["event"], row["status"], items=row["said"], problem=row["problem"])
        result = parse_items_again(hook, delivery, context.account, stored)
    else:
        result = parse_delivery(hook, delivery, context.account)
    parsed = ParsedDelivery(hook, b"", delivery, result)
    return _Reparsed(row, parsed, earlier_entries)


async def _related(context: _Batch, changed: Mapping[int, _Reparsed]) -> dict[int, _Reparsed]:
    """Every delivery about the calls of the changed ones, and of related ones that prove changed as well."""
    related = dict(changed)
    searched: set[tuple[str, str]] = set()
    while missing := {call for reparsed in related.values() for call in _changed_calls(reparsed)} - searched:
        searched |= missing
        by_code: dict[str, list[str]] = defaultdict(list)
        for code, call in missing:
            by_code[code].append(call)
        for code, calls in by_code.items():
            hooks = [hook.id for hook in context.hooks.values() if hook.code == code]
            rows = await context.connection.fetch(_SQL["about"], context.account.account_id, hooks, calls)
            related |= {row["id"]: _reparse(context, row) for row in rows if row["id"] not in related}
    return related


def _changed_calls(reparsed: _Reparsed) -> set[tuple[str, str]]:
    """The calls of a changed delivery, each with its dialer's code."""
    return {(reparsed.parsed.hook.code, call) for call in reparsed.call_ids} if reparsed.has_changed else set()


async def _retract(context: _Batch, changed: Iterable[_Reparsed]) -> None:
    """Retract values of the earlier results that the new results do not have, wherever they are still current."""
    wrong: dict[Fact, list[Row]] = defaultdict(list)
    for reparsed in changed:
        current = _rows(reparsed.parsed.result.entries)
        for (fact, key), row in _rows(reparsed.earlier_entries).items():
            wrong[fact].append(_retracted(fact, row, current.get((fact, key), {})))
    for fact, rows in wrong.items():
        columns = fact.stage[2:]
        if stage_name(fact) not in context.locked.existing_stages:
            await context.connection.execute(statements(fact).stage)
        records = [(0, 0, *map(row.get, columns)) for row in rows]
        await context.connection.copy_records_to_table(
            stage_name(fact), records=records, columns=fact.stage, schema_name="pg_temp"
        )
        await context.connection.execute(statements(fact).retract, context.account.account_id)
        await context.connection.execute(f"DELETE FROM pg_temp.{stage_name(fact)}")  # noqa: S608  our own name


def _rows(entries: Iterable[Entry]) -> _Keyed:
    """The values of entries about calls, by fact and key."""
    rows: _Keyed = defaultdict(dict)
    for entry in entries:
        for fact, row in entry.observations:
            if fact in CALLS:
                values = {name: value for name, value in row.items() if value is not None}
                rows[fact, tuple(row[name] for name in fact.key)] |= values
    return rows


def _retracted(fact: Fact, before: Row, now: Row) -> Row:
    """The earlier values that the new result does not repeat for the same time."""
    same_moment = before.get("observed_at") == now.get("observed_at")
    unchanged = {
        law.columns[0]
        for law in fact.laws
        if same_moment and all(before.get(name) == now.get(name) for name in law.columns)
    }
    return {name: value for name, value in before.items() if name not in unchanged}


async def _update_inbox(context: _Batch, changed: Mapping[int, _Reparsed]) -> None:
    rows = [_delivery_columns(delivery_id, reparsed.parsed.result) for delivery_id, reparsed in changed.items()]
    columns: Iterable[tuple[Any, ...]] = zip(*rows, strict=True)
    account_id = context.account.account_id
    await context.connection.execute(_SQL["read_anew"], account_id, *(list(column) for column in columns))
    if context.locked.has_erasures:
        parsed = {delivery_id: reparsed.parsed for delivery_id, reparsed in changed.items()}
        await empty_erased(context.connection, context.account, parsed)
    counts: Counter[tuple[int, date, str, str]] = Counter()
    for reparsed in changed.values():
        row, result = reparsed.row, reparsed.parsed.result
        counts[count_key(row["hook"], row["received_at"], row["status"], row["event"])] -= 1
        counts[count_key(row["hook"], row["received_at"], result.status, result.event)] += 1
    await count(context.connection, account_id, {key: number for key, number in counts.items() if number})


def _delivery_columns(delivery_id: int, result: ParseResult) -> tuple[Any, ...]:
    contents = (as_json(result.problem), as_json(result.items), as_json(result.call_ids))
    return delivery_id, result.event, result.status, *contents

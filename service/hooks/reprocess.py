"""Reading deliveries anew, after a mistake in reading them was put right: the ledger changes where they now say more.

What was read wrongly is forgotten first: of a call that a delivery tells differently now, every value that the ledger
has as the delivery was read before. Then all that was delivered about the call is merged as it is read now. What others
have sent of it stays.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import asyncpg

from service.accounts.accounts import Account, load_account
from service.dialers import Delivery, dialers
from service.hooks.hooks import Hook, count, opened
from service.hooks.parse import ParseResult, entries_of, read
from service.hooks.store import ParsedDelivery, as_json, counted_as, empty_erased
from service.ingest.capture import Entered, lock_account, store
from service.ingest.parsing import Entry
from service.ingest.resources import Row
from service.platform.db import Connection
from service.platform.secret_encryption import SecretCipher
from sql import load
from sql.facts import ATTRIBUTED, Fact
from sql.merge import stage_name, statements

_SQL = load("inbox")
_BATCH = 200

Progress = Callable[[int, int], None]
_Keyed = dict[tuple[Fact, tuple[Any, ...]], Row]


@dataclass(frozen=True)
class Chosen:
    """Which deliveries to read anew; None asks for all."""

    hook: int | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        """As the statements take them."""
        return self.hook, self.status, self.since, self.until


@dataclass
class Replayed:
    """What came of it. read: how many deliveries; became: how many that are told otherwise now, by status."""

    read: int = 0
    became: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True)
class _Anew:
    """A delivery as it was read, and as it is read now."""

    row: asyncpg.Record
    letter: ParsedDelivery
    before: tuple[Entry, ...]

    @property
    def differs(self) -> bool:
        """Whether it is read otherwise now."""
        row, told = self.row, self.letter.told
        return (row["event"], row["status"], row["problem"], row["said"]) != (
            told.event,
            told.status,
            told.problem,
            told.said,
        )

    @property
    def calls(self) -> set[str]:
        """The calls it was about, and is."""
        return {*self.row["calls"], *self.letter.told.calls}


@dataclass(frozen=True)
class _Desk:
    """What reading anew needs in a transaction."""

    connection: Connection
    account: Account
    hooks: Mapping[int, Hook]
    entered: Entered


async def replay(
    connection: Connection, account_id: int, chosen: Chosen, seal: Callable[[], SecretCipher], progress: Progress
) -> Replayed:
    """Read kept deliveries of an account anew, oldest first, some hundred in each transaction.

    connection: the owner's, in no transaction. progress: is told how many were read, and of how many.
    """
    hooks = await _hooks(connection, account_id, seal)
    whole = await connection.fetchval(_SQL["count_kept"], account_id, *chosen.values)
    done, after = Replayed(), 0
    while True:
        async with connection.transaction():
            entered = await lock_account(connection, account_id, alone=True)
            rows = await connection.fetch(_SQL["kept"], account_id, *chosen.values, after, _BATCH)
            context = _Desk(connection, await load_account(connection, account_id), hooks, entered)
            done.became += await _read_batch(context, rows)
        if not rows:
            return done
        after = rows[-1]["id"]
        done.read += len(rows)
        progress(done.read, whole)


async def _hooks(connection: Connection, account_id: int, seal: Callable[[], SecretCipher]) -> dict[int, Hook]:
    """The hooks of an account whose dialers are still known."""
    rows = await connection.fetch(_SQL["hooks"], account_id)
    return {row["id"]: opened(row, row["token_sha256"], seal) for row in rows if row["dialer"] in dialers()}


async def _read_batch(context: _Desk, rows: Sequence[asyncpg.Record]) -> Counter[str]:
    read_now = {row["id"]: _anew(context, row) for row in rows if row["hook"] in context.hooks}
    changed = {number: anew for number, anew in read_now.items() if anew.differs}
    if not changed:
        return Counter()
    about = await _all_about(context, changed)
    changed |= {number: anew for number, anew in about.items() if anew.differs}
    await _forget(context, changed.values())
    entries = [entry for _, anew in sorted(about.items()) for entry in anew.letter.told.entries]
    if entries:
        await store(context.connection, context.account, entries)
    await _note(context, changed)
    return Counter(anew.letter.told.status for anew in changed.values())


def _anew(context: _Desk, row: asyncpg.Record) -> _Anew:
    hook = context.hooks[row["hook"]]
    kept = Delivery(row["method"], f"?{row['query']}", row["headers"], row["body"], row["received_at"])
    before = entries_of(hook, kept, context.account, row["said"] or {})
    return _Anew(row, ParsedDelivery(hook, b"", kept, read(hook, kept, context.account)), before)


async def _all_about(context: _Desk, changed: Mapping[int, _Anew]) -> dict[int, _Anew]:
    """Every delivery about the calls of these, and of those that turn out to be told otherwise too."""
    found = dict(changed)
    looked_for: set[tuple[str, str]] = set()
    while missing := {call for anew in found.values() if anew.differs for call in _named(anew)} - looked_for:
        looked_for |= missing
        by_code: dict[str, list[str]] = defaultdict(list)
        for code, call in missing:
            by_code[code].append(call)
        for code, calls in by_code.items():
            hooks = [hook.id for hook in context.hooks.values() if hook.code == code]
            rows = await context.connection.fetch(_SQL["about"], context.account.account_id, hooks, calls)
            found |= {row["id"]: _anew(context, row) for row in rows if row["id"] not in found}
    return found


def _named(anew: _Anew) -> Iterable[tuple[str, str]]:
    return ((anew.letter.hook.code, call) for call in anew.calls)


async def _forget(context: _Desk, changed: Iterable[_Anew]) -> None:
    """Forget what these deliveries were read to say and do not say any more, wherever the ledger believes it still."""
    wrong: dict[Fact, list[Row]] = defaultdict(list)
    for anew in changed:
        now = _rows(anew.letter.told.entries)
        for (fact, key), row in _rows(anew.before).items():
            wrong[fact].append(_retracted(fact, row, now.get((fact, key), {})))
    for fact, rows in wrong.items():
        columns = fact.stage[2:]
        if stage_name(fact) not in context.entered.stages:
            await context.connection.execute(statements(fact).stage)
        records = [(0, 0, *map(row.get, columns)) for row in rows]
        await context.connection.copy_records_to_table(
            stage_name(fact), records=records, columns=fact.stage, schema_name="pg_temp"
        )
        await context.connection.execute(statements(fact).retract, context.account.account_id)
        await context.connection.execute(f"DELETE FROM pg_temp.{stage_name(fact)}")  # noqa: S608  our own name


def _rows(entries: Iterable[Entry]) -> _Keyed:
    """What entries say of calls, by fact and key."""
    found: _Keyed = defaultdict(dict)
    for entry in entries:
        for fact, row in entry.observations:
            if fact in ATTRIBUTED:
                said = {name: value for name, value in row.items() if value is not None}
                found[fact, tuple(row[name] for name in fact.key)] |= said
    return found


def _retracted(fact: Fact, before: Row, now: Row) -> Row:
    """What was said and is not said any more in the same words for the same moment."""
    same_moment = before.get("observed_at") == now.get("observed_at")
    kept = {
        law.columns[0]
        for law in fact.laws
        if same_moment and all(before.get(name) == now.get(name) for name in law.columns)
    }
    return {name: value for name, value in before.items() if name not in kept}


async def _note(context: _Desk, changed: Mapping[int, _Anew]) -> None:
    told = [(number, anew.letter.told) for number, anew in changed.items()]
    columns: Iterable[tuple[Any, ...]] = zip(*(_noted(number, one) for number, one in told), strict=True)
    account_id = context.account.account_id
    await context.connection.execute(_SQL["read_anew"], account_id, *(list(column) for column in columns))
    if context.entered.erased:
        letters = {number: anew.letter for number, anew in changed.items()}
        await empty_erased(context.connection, account_id, letters)
    counted: Counter[tuple[int, date, str, str]] = Counter()
    for anew in changed.values():
        row, now = anew.row, anew.letter.told
        counted[counted_as(row["hook"], row["received_at"], row["status"], row["event"])] -= 1
        counted[counted_as(row["hook"], row["received_at"], now.status, now.event)] += 1
    await count(context.connection, account_id, {what: number for what, number in counted.items() if number})


def _noted(number: int, told: ParseResult) -> tuple[Any, ...]:
    return number, told.event, told.status, as_json(told.problem), as_json(told.said), as_json(told.calls)

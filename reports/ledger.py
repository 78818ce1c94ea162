"""The ledger as a source of facts: frames copied out of Postgres, block by block, inside one snapshot.

The caller opens a read-only, repeatable-read transaction of the account and gives its connection; everything read here
is then of one moment. COPY is the fastest way out of Postgres: blocks of it are parsed and reduced in a worker thread
while the next one arrives, so that neither the event loop nor memory holds a whole frame.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import polars as pl
from asyncpg.pool import PoolConnectionProxy

import sql
from reports.ask import Account
from reports.codes import TABLES, Codes, read_codes
from reports.fact import Believed, Extract
from reports.frames import Schema
from reports.report import Scan, States

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
T = TypeVar("T")

BLOCK_BYTES = 16 * 1024 * 1024

# Filters whose codes stand on the fact itself, so that Postgres can leave the other rows out.
_NARROWED = ("campaign", "tracking_number")


def _codes() -> dict[str, str]:
    return sql.split((sql.FOLDER / "extracts" / "codes.sql").read_text())


class Ledger:
    """The facts of one account in one snapshot of the ledger."""

    def __init__(self, connection: Connection, account_id: int) -> None:
        self._connection = connection
        self._account_id = account_id
        self._held: tuple[object, dict[str, pl.LazyFrame]] | None = None

    async def account(self) -> Account:
        """The account, and the moment of the snapshot."""
        row = await self._connection.fetchrow(_codes()["account"], self._account_id)
        if row is None:
            raise LookupError(f"account {self._account_id} is not in the ledger, or not this connection's own")
        return Account(self._account_id, ZoneInfo(row["zone"]), row["currency"], row["taken_at"])

    async def span(self) -> tuple[datetime, datetime] | None:
        """When the account's first and last attempt were dialed; None when it has none."""
        row = await self._connection.fetchrow(_codes()["span"], self._account_id)
        return None if row is None or row["first_at"] is None else (row["first_at"], row["last_at"])

    async def codes(self, as_of: datetime | None, zone: str = "UTC") -> Codes:
        """The account's codes as they were believed at an instant (None is now); zone: that of the account."""
        statements = _codes()
        tables: dict[str, pl.DataFrame] = {}
        for name, schema in TABLES.items():
            rows = await self._connection.fetch(statements[name], self._account_id, as_of)
            tables[name] = pl.DataFrame([tuple(row.values()) for row in rows], schema=schema, orient="row")
        return read_codes(tables, zone)

    async def read(self, scan: Scan, each: Callable[[Believed], States]) -> list[States]:
        """Reduce the believed facts of a scan: an extract that may be split a block at a time, others whole."""
        # Enough to join a million leads without going through files; it is given back with the transaction.
        await self._connection.execute("SELECT set_config('work_mem', '64MB', true)")
        if scan.ask.as_of is not None:
            # Over versions the planner has no idea how many rows come out, and would look them up one by one.
            await self._connection.execute("SELECT set_config('enable_nestloop', 'off', true)")
        if scan.frame.in_blocks:
            [extract] = scan.frame.extracts
            return await self._copy(scan, extract, lambda block: each({extract.name: block.lazy()}))
        return [await asyncio.to_thread(each, await self._whole(scan))]

    async def _whole(self, scan: Scan) -> dict[str, pl.LazyFrame]:
        """Every extract of a frame; what was read last is kept, for the next model of attribution reads the same."""
        wanted = (scan.frame.name, scan.window, tuple(scan.believed.items()))
        if self._held is None or self._held[0] != wanted:
            self._held = None
            extracts = {
                extract.name: pl.concat(await self._copy(scan, extract, _as_it_is)).lazy()
                for extract in scan.frame.extracts
            }
            self._held = (wanted, extracts)
        return self._held[1]

    async def _copy(self, scan: Scan, extract: Extract, each: Callable[[pl.DataFrame], T]) -> list[T]:
        """The wanted columns of an extract, a block at a time; at least one block, if need be an empty one."""
        columns = scan.believed[extract.name]
        schema: Schema = {name: extract.columns[name] for name in columns}
        if not columns:
            return [each(pl.DataFrame())]
        statement, arguments = _statement(scan, extract, self._account_id)
        blocks = _Blocks(lambda block: each(_parse(block, schema)))
        copying = asyncio.ensure_future(
            self._connection.copy_from_query(statement, *arguments, output=blocks.write, format="csv")
        )
        try:
            await asyncio.shield(copying)
        except asyncio.CancelledError:
            # Left halfway, COPY would leave the connection waiting for ever: let the rest of it run into the void.
            blocks.discard()
            await asyncio.wait([copying])
            raise
        return await blocks.finish()


class _Blocks(Generic[T]):
    """Collects what COPY sends and hands it on in blocks of whole rows, one at a time, to a worker thread.

    An error of a worker is kept until the end: asyncpg loses its place in the stream when the one who takes it fails.
    """

    def __init__(self, work: Callable[[bytes], T]) -> None:
        self._work = work
        self._buffer = bytearray()
        self._working: asyncio.Future[T] | None = None
        self._results: list[T] = []
        self._failure: Exception | None = None
        self._discarding = False

    async def write(self, data: bytes) -> None:
        """Take what has arrived: always whole rows, for that is how the server sends them."""
        if self._discarding:
            return
        self._buffer += data
        if len(self._buffer) >= BLOCK_BYTES:
            await self._hand_over()

    def discard(self) -> None:
        """Nobody waits for the results any more."""
        self._discarding = True

    async def finish(self) -> list[T]:
        """What came of every block, in the order they arrived; or the first error."""
        if self._buffer or not (self._results or self._working or self._failure):
            await self._hand_over()
        await self._collect()
        if self._failure is not None:
            raise self._failure
        return self._results

    async def _hand_over(self) -> None:
        await self._collect()
        block, self._buffer = bytes(self._buffer), bytearray()
        if not self._discarding:
            self._working = asyncio.ensure_future(asyncio.to_thread(self._work, block))

    async def _collect(self) -> None:
        if self._working is None:
            return
        working, self._working = self._working, None
        try:
            self._results.append(await working)
        except Exception as failure:  # noqa: BLE001  whatever it is, it is raised in finish()
            self._failure = self._failure or failure
            self.discard()


def _as_it_is(block: pl.DataFrame) -> pl.DataFrame:
    return block


def _statement(scan: Scan, extract: Extract, account_id: int) -> tuple[str, list[object]]:
    """The wanted columns of an extract, and its arguments."""
    written = sql.extract(extract.name, versions=scan.ask.as_of is not None)
    said = {
        "account_id": account_id,
        "from_at": scan.window.start,
        "to_at": scan.window.end,
        "until": scan.ask.until,
        "zone": scan.ask.account_zone.key,
        "as_of": scan.ask.as_of,
    }
    arguments: list[object] = [said[name] for name in written.arguments]
    tests: list[str] = []
    for name in _NARROWED if extract.name == "attempts" else ():
        codes = scan.ask.filters.get(name, ())
        if codes and "" not in codes:
            arguments.append(scan.codes.spellings(name, codes))
            tests.append(f"{name}::text = ANY(${len(arguments)}::text[])")
    columns = ", ".join(_as_text(name, extract.columns[name]) for name in scan.believed[extract.name])
    # Column and extract names are our own; whatever comes from outside is an argument.
    return f"SELECT {columns} FROM ({written.text}) facts WHERE {' AND '.join(tests) or 'true'}", arguments  # noqa: S608


def _as_text(name: str, kind: pl.DataType | type[pl.DataType]) -> str:
    """A column in the spelling that is fastest to write and to parse: instants as microseconds.

    A float of seconds tells microseconds apart until the year 2106.
    """
    if isinstance(kind, pl.Datetime):
        return f"(date_part('epoch', {name}) * 1000000)::bigint"
    return f"{name}::text" if kind == pl.Boolean else name


def _parse(block: bytes, schema: Schema) -> pl.DataFrame:
    """A block of CSV as a frame. An unquoted nothing is null, a quoted one is an empty text."""
    written: Schema = {name: pl.Int64 if isinstance(kind, pl.Datetime) else kind for name, kind in schema.items()}
    if not block:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(block, schema=written, has_header=False, empty_string_is_null=True).cast(
        {name: kind for name, kind in schema.items() if isinstance(kind, pl.Datetime)}
    )

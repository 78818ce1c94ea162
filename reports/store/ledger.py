"""The ledger as a source of rows, copied out of PostgreSQL block by block, inside one snapshot.

The caller opens a read-only, repeatable-read transaction of the account and passes its connection. All rows are then
of one moment. The first blocks stay in memory; further blocks wait in files, so that memory holds only a part.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import polars as pl

import sql
from reports.model.account import Account
from reports.model.codes import TABLES as CODES
from reports.model.codes import Codes, read_codes
from reports.model.lead_attributes import VALUES
from reports.model.tables import TABLES, VERSION
from reports.model.types import INSTANT, Schema
from reports.store.copy_reader import Connection, CopyReader, expect_many

BLOCK_BYTES = 16 * 1024 * 1024
# Blocks of one table that stay in memory.
_MOST_BLOCKS = 8


@dataclass(frozen=True)
class LedgerState:
    """The account, and the state of its ledger. ledger_id: identifies the ledger. watermark: of this snapshot."""

    account: Account
    ledger_id: str
    watermark: int


class Ledger:
    """The rows of one account in one snapshot of the ledger, until it is closed."""

    def __init__(self, connection: Connection, account_id: int) -> None:
        self._connection = connection
        self._account_id = account_id
        self._folder: TemporaryDirectory[str] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def account_id(self) -> int:
        """The account of the rows."""
        return self._account_id

    async def state(self) -> LedgerState:
        """The account, the moment of the snapshot, and the identity of the ledger."""
        row = await self._connection.fetchrow(sql.load("codes")["account"], self._account_id)
        if row is None:
            raise LookupError(f"account {self._account_id} is not in the ledger, or not this connection's own")
        account = Account(self._account_id, ZoneInfo(row["zone"]), row["currency"], row["taken_at"])
        return LedgerState(account, row["ledger"], row["watermark"])

    async def spans(self) -> dict[str, tuple[datetime, datetime]]:
        """The times of the account's first and last fact of each kind that it has, by the resource of the API."""
        rows = await self._connection.fetch(sql.load("codes")["spans"], self._account_id)
        return {row["kind"]: (row["first_at"], row["last_at"]) for row in rows}

    async def codes(self, as_of: datetime | None, zone: str = "UTC") -> Codes:
        """The account's codes as of a moment (None is now); zone: the account's."""
        statements = sql.load("codes")
        tables: dict[str, pl.DataFrame] = {}
        for name, schema in CODES.items():
            rows = await self._connection.fetch(statements[name], self._account_id, as_of)
            tables[name] = pl.DataFrame([tuple(row.values()) for row in rows], schema=schema, orient="row")
        return read_codes(tables, zone)

    async def numbers(self) -> pl.DataFrame:
        """Every phone number that facts may name, with its `id` in the lake."""
        rows = await self._connection.fetch(sql.load("codes")["numbers"], self._account_id)
        return pl.DataFrame(
            [(row["id"], row["number"]) for row in rows], schema={"id": pl.Int64, "number": pl.String}, orient="row"
        )

    async def attribute_values(self, name: str, as_of: datetime | None) -> pl.DataFrame:
        """The values of one attribute of all leads that have it, as of a moment (None is now)."""
        statement, arguments = sql.load("lead_attributes")["attribute_values"], [self._account_id, name, as_of]
        blocks = await self._copy(statement, arguments, lambda block: parse(block, VALUES))
        return pl.concat(blocks).collect()

    async def current_rows(self, name: str, columns: Iterable[str], since: int = 0) -> pl.LazyFrame:
        """Columns of the current rows of a table. since: only rows that changed in this transaction or later."""
        return await self._rows(name, columns, sql.current_rows(name), [self._account_id, str(since)])

    async def rows_as_of(self, name: str, columns: Iterable[str], as_of: datetime) -> pl.LazyFrame:
        """Columns of the rows of a table as they were at a moment."""
        await expect_many(self._connection)
        return await self._rows(name, columns, sql.rows_as_of(name), [self._account_id, as_of])

    async def versions(
        self, name: str, columns: Iterable[str], since: int | None = None, days: Sequence[date | None] | None = None
    ) -> pl.LazyFrame:
        """Columns of all versions of a table's rows. since: only of rows that changed in this transaction or later.

        days: only versions of these days, in order and without gaps; None stands for rows without a time.
        """
        await expect_many(self._connection)
        arguments: list[object] = [self._account_id] if since is None else [self._account_id, str(since)]
        test = _of_days(name, days, arguments) if days is not None else "true"
        return await self._rows(name, columns, sql.versions(name, changed=since is not None), arguments, test)

    async def versions_by_day(self, name: str, since: int | None = None) -> dict[date | None, int]:
        """How many versions of rows a table has for each day, in order. since: as in `versions`."""
        await expect_many(self._connection)
        arguments = () if since is None else (str(since),)
        rows = sql.versions(name, changed=since is not None)
        # The text holds our own names only; values from outside are arguments.
        statement = f"SELECT {_day(name)} AS day, count(*) AS rows FROM ({rows}) fact_rows GROUP BY 1 ORDER BY 1"  # noqa: S608
        counts = await self._connection.fetch(statement, self._account_id, *arguments)
        return {row["day"]: row["rows"] for row in counts}

    async def _rows(
        self, name: str, columns: Iterable[str], rows: str, arguments: Sequence[object], test: str = "true"
    ) -> pl.LazyFrame:
        kinds = {**TABLES[name].columns, **VERSION}
        schema: Schema = {column: kinds[column] for column in columns}
        select_list = ", ".join(as_text(column, kind) for column, kind in schema.items())
        # The text holds our own names only; values from outside are arguments.
        statement = f"SELECT {select_list} FROM ({rows}) fact_rows WHERE {test}"  # noqa: S608
        blocks = await self._copy(statement, arguments, lambda block: parse(block, schema))
        return pl.concat(blocks)

    async def _copy(
        self, statement: str, arguments: Sequence[object], parse: Callable[[bytes], pl.DataFrame]
    ) -> list[pl.LazyFrame]:
        """The rows of a statement in blocks; at least one block, which may be empty."""
        places = iter(range(_MOST_BLOCKS))
        blocks: list[pl.LazyFrame] = []

        def work(block: bytes) -> pl.LazyFrame:
            return self._in_file(parse(block)) if next(places, None) is None else parse(block).lazy()

        async def take(block: pl.LazyFrame) -> None:
            blocks.append(block)

        await CopyReader(work, take, BLOCK_BYTES).read(self._connection, statement, arguments)
        return blocks or [parse(b"").lazy()]

    def _in_file(self, block: pl.DataFrame) -> pl.LazyFrame:
        self._files += 1
        place = self._folder_path / f"{self._files}.arrow"
        block.write_ipc(place)
        return pl.scan_ipc(place)

    @cached_property
    def _folder_path(self) -> Path:
        self._folder = TemporaryDirectory(prefix="calltally-")
        return Path(self._folder.name)


def _at(name: str) -> str:
    """The time of a row of a table, as SQL. A single column stays bare, so that its index can be used."""
    at = TABLES[name].at
    return at[0] if len(at) == 1 else f"COALESCE({', '.join(at)})"


def _is_moment(name: str) -> bool:
    table = TABLES[name]
    return table.columns[table.at[0]] == INSTANT


def _day(name: str) -> str:
    """The UTC day of a row of a table, as SQL; the same as in reports/store/lake.py."""
    return f"({_at(name)} AT TIME ZONE 'UTC')::date" if _is_moment(name) else _at(name)


def _of_days(name: str, days: Sequence[date | None], arguments: list[object]) -> str:
    """The SQL test for rows of some consecutive days; adds its values to the arguments."""
    known = [day for day in days if day is not None]
    tests = [f"{_at(name)} IS NULL"] if None in days else []
    if known:
        edges = [known[0], known[-1] + timedelta(days=1)]
        arguments += [datetime.combine(edge, time(), UTC) for edge in edges] if _is_moment(name) else edges
        tests.append(f"({_at(name)} >= ${len(arguments) - 1} AND {_at(name)} < ${len(arguments)})")
    return " OR ".join(tests)


def as_text(name: str, kind: pl.DataType | type[pl.DataType]) -> str:
    """A column in the form that is fastest to write and to parse: moments as microseconds.

    A float of seconds is exact to the microsecond until the year 2106.
    """
    if isinstance(kind, pl.Datetime):
        return f"(date_part('epoch', {name}) * 1000000)::bigint"
    return f"{name}::text" if kind == pl.Boolean else name


def parse(block: bytes, schema: Schema) -> pl.DataFrame:
    """A block of CSV as a frame. An unquoted empty field is null, a quoted one is an empty text."""
    written: Schema = {name: pl.Int64 if isinstance(kind, pl.Datetime) else kind for name, kind in schema.items()}
    if not block:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(block, schema=written, has_header=False, empty_string_is_null=True).cast(
        {name: kind for name, kind in schema.items() if isinstance(kind, pl.Datetime)}
    )

"""What is believed of an account at one moment: the rows of the lake, with those that changed since in their place.

The lake is opened before the ledger's snapshot is taken, so it never knows more than the snapshot does. What changed in
the ledger since a table was copied is read from the ledger and takes the place of every row of the same key. Without a
copy, everything has changed since. Either way the tables are the same, and so is whatever is made of them.

Where several kinds of fact look at calls of any time, calls are settled once for all of them, and kept in memory.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import polars as pl

from reports.model.tables import TABLES, VERSION, Tables
from reports.model.types import INSTANT, Schema
from reports.query.engine import PartialResults, Scan
from reports.query.shared_calls import as_tables, looked_at, resolve_shared_calls, worthwhile
from reports.rules.calls import DIAL
from reports.rules.frame import CALLS, DIALS, CurrentRows, table_columns
from reports.store.lake import LakeTable, LakeTables, as_ledger_rows
from reports.store.ledger import Ledger, LedgerState

# Filters whose codes stand on the fact itself, so that rows without them need not be looked at.
_NARROWED = ("campaign", "tracking_number")


class Snapshot:
    """The tables of one account as they were believed at a moment, or are now.

    copies: the tables of its lake, opened before the ledger's snapshot was taken.
    """

    def __init__(self, ledger: Ledger, owner: LedgerState, as_of: datetime | None, copies: LakeTables) -> None:
        self._ledger = ledger
        self._as_of = as_of
        opened = [LakeTable(name, delta, owner.ledger) for name, delta in copies.items()]
        # One that knows of later transactions is of this ledger before it was put back to an earlier state.
        self._copies = {copy.name: copy for copy in opened if 0 < copy.watermark <= owner.watermark}
        self._numbers = pl.DataFrame(schema={"id": pl.Int64, "number": pl.String})
        self._wanted: dict[str, frozenset[str]] = {}
        self._tables: dict[str, pl.LazyFrame] = {}
        self._scans: list[Scan] = []
        self._calls: pl.DataFrame | None = None
        self._last: tuple[object, dict[str, pl.DataFrame]] | None = None

    async def prepare(self, scans: Iterable[Scan]) -> None:
        """Read what some scans need that the lake does not have, every table once."""
        wanted = dict(self._wanted)
        known = {looked_at(scan) for scan in self._scans}
        self._scans = list(scans) or self._scans
        for scan in self._scans:
            _add(wanted, _needed(scan))
        if self._together:
            _add(wanted, {CALLS.name: tuple(DIAL)})
        for made in (CALLS, DIALS):
            if columns := wanted.get(made.name):
                _add(wanted, table_columns(made, tuple(sorted(columns))))
        if self._copies and not self._numbers.height:
            self._numbers = await self._ledger.numbers()
        for name in TABLES:
            columns = wanted.get(name)
            if columns and (name not in self._tables or self._wanted[name] != columns):
                self._tables[name] = await self._table(name, sorted(columns))
        if wanted != self._wanted or not known.issuperset(map(looked_at, self._scans)):
            self._calls = None
        self._wanted = wanted

    async def read(self, scan: Scan, each: Callable[[CurrentRows], PartialResults]) -> list[PartialResults]:
        """Reduce the believed facts of a scan that was prepared."""
        try:
            return [await asyncio.to_thread(self._reduce, scan, each)]
        except (OSError, pl.exceptions.ComputeError):
            if not self._copies:
                raise
            # Somebody deleted the lake while it was read. The ledger has everything.
            self._copies, self._tables, self._calls, self._last = {}, {}, None, None
            await self.prepare([])
            return [await asyncio.to_thread(self._reduce, scan, each)]

    def _reduce(self, scan: Scan, each: Callable[[CurrentRows], PartialResults]) -> PartialResults:
        if scan.frame.row_wise:
            return each(self._believed(scan))
        told = (looked_at(scan), scan.input_columns)
        if self._last is None or self._last[0] != told:
            # What looks at a lead's whole life looks at its calls several times over, and under every model anew.
            self._last, believed = None, self._believed(scan)
            self._last = told, dict(zip(believed, pl.collect_all(list(believed.values())), strict=True))
        return each({name: rows.lazy() for name, rows in self._last[1].items()})

    def _believed(self, scan: Scan) -> CurrentRows:
        tables = self._with_calls(scan)
        made = {
            extract: extract.make(tables, scan.context, scan.input_columns[extract.name])
            for extract in scan.frame.inputs
        }
        return {extract.name: rows.select(scan.input_columns[extract.name]) for extract, rows in made.items()}

    def _with_calls(self, scan: Scan) -> Tables:
        # Whole tables, for whatever makes something of them; columns that nobody needs were not read.
        tables = {name: _whole(rows, TABLES[name].columns) for name, rows in self._tables.items()}
        if self._together:
            if self._calls is None:
                self._calls = resolve_shared_calls(self._scans, tables, self._wanted[CALLS.name])
            return {**tables, **as_tables(self._calls)}
        if scan.frame.row_wise:
            tables["attempts"] = tables["attempts"].filter(_may_pass(scan))
        needed = _needed(scan)
        made = {
            each.name: _whole(each.make(tables, scan.context, needed[each.name]), each.columns)
            for each in (CALLS, DIALS)
            if each.name in needed
        }
        return tables | made

    @property
    def _together(self) -> bool:
        return worthwhile(self._scans)

    async def _table(self, name: str, columns: list[str]) -> pl.LazyFrame:
        copy = self._copies.get(name)
        if self._as_of is None:
            return await self._table_now(name, columns, copy)
        return await self._table_then(name, columns, copy, self._as_of)

    async def _table_now(self, name: str, columns: list[str], copy: LakeTable | None) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.current_rows(name, columns)
        needed = sorted({*columns, *copy.table.key})
        current = as_ledger_rows(copy.scan().filter(~pl.col("superseded")), name, needed, self._numbers)
        changed = await self._ledger.current_rows(name, needed, copy.watermark)
        return (await _in_place(current, changed, copy)).select(columns)

    async def _table_then(self, name: str, columns: list[str], copy: LakeTable | None, as_of: datetime) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.rows_as_of(name, columns, as_of)
        needed = [*sorted({*columns, *copy.table.key}), *VERSION]
        versions = as_ledger_rows(copy.scan(), name, needed, self._numbers)
        changed = await self._ledger.versions(name, needed, copy.watermark)
        return (await _in_place(versions, changed, copy)).filter(_believed_at(as_of)).select(columns)


def _whole(rows: pl.LazyFrame, columns: Schema) -> pl.LazyFrame:
    return rows.match_to_schema(columns, missing_columns="insert", extra_columns="ignore")


def _needed(scan: Scan) -> dict[str, tuple[str, ...]]:
    """The columns of tables, calls and dials that a scan needs."""
    needed: dict[str, frozenset[str]] = {}
    for extract in scan.frame.inputs:
        _add(needed, table_columns(extract, scan.input_columns[extract.name]))
    return {name: tuple(sorted(columns)) for name, columns in needed.items()}


def _add(wanted: dict[str, frozenset[str]], more: Mapping[str, Collection[str]]) -> None:
    for name, columns in more.items():
        wanted[name] = wanted.get(name, frozenset[str]()).union(columns)


async def _in_place(copied: pl.LazyFrame, changed: pl.LazyFrame, copy: LakeTable) -> pl.LazyFrame:
    """Copied rows, and what has changed since in the place of those of the same key."""
    keys = await asyncio.to_thread(changed.select(copy.table.key).unique().collect)
    if not keys.height:
        return copied
    return pl.concat([copied.join(keys.lazy(), on=copy.table.key, how="anti"), changed])


def _believed_at(moment: datetime) -> pl.Expr:
    at = pl.lit(moment, dtype=INSTANT)
    return (pl.col("recorded_at") <= at) & (pl.col("superseded_at") > at).fill_null(value=True)


def _may_pass(scan: Scan) -> pl.Expr:
    """Whether an attempt has a code that the filters of a scan let through, however it is spelled."""
    passes = pl.lit(value=True)
    for name in _NARROWED:
        codes = scan.request.filters.get(name, ())
        if codes and "" not in codes:
            passes &= pl.col(name).is_in(scan.codes.spellings(name, codes))
    return passes

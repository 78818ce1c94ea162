"""The snapshot: the rows of an account at one moment, from the lake and from later changes in the ledger.

The lake is opened before the ledger's snapshot is taken, so it never has newer rows than the snapshot. Rows that
changed in the ledger after a table was copied replace every copied row of the same key. Without a copy, all rows come
from the ledger. Either way the tables are the same, and so are the numbers.

If several kinds of fact read calls of any time, calls are resolved once for all of them and held in memory.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

import polars as pl

from reports.measures.frame import CurrentRows
from reports.model.tables import TABLES, VERSION, Tables
from reports.model.types import INSTANT, Schema
from reports.query.parameters import InvalidRequest
from reports.query.plan import PartialResults, Scan
from reports.query.shared_calls import as_tables, calls_key, resolve_shared_calls, worth_sharing
from reports.rules.as_it_stood import STOOD, as_it_stood
from reports.rules.calls import CALLS, DIAL, DIALS
from reports.rules.column_pruning import table_columns
from reports.store.doubts import doubt, panics_as_errors
from reports.store.lake import LakeTable, LakeTables, as_ledger_rows
from reports.store.ledger import Ledger, LedgerState


class Snapshot:
    """The tables of one account at a moment in the past, or now.

    copies: the tables of its lake, opened before the ledger's snapshot was taken.
    """

    def __init__(self, ledger: Ledger, owner: LedgerState, as_of: datetime | None, copies: LakeTables) -> None:
        self._ledger = ledger
        self._as_of = as_of
        opened = [LakeTable(name, delta, owner.ledger_id) for name, delta in copies.items()]
        # A copy with later transactions predates the restore of this ledger to an earlier state.
        self._copies = {copy.name: copy for copy in opened if 0 < copy.watermark <= owner.watermark}
        self._numbers = pl.DataFrame(schema={"id": pl.Int64, "number": pl.String})
        self._columns: dict[str, frozenset[str]] = {}
        self._tables: dict[str, pl.LazyFrame] = {}
        self._scans: list[Scan] = []
        self._calls: pl.DataFrame | None = None
        self._last: tuple[object, dict[str, pl.DataFrame]] | None = None

    async def prepare(self, scans: Iterable[Scan]) -> None:
        """Read the rows that the scans need and the lake lacks, each table once."""
        columns = dict(self._columns)
        known = {calls_key(scan) for scan in self._scans}
        self._scans = list(scans) or self._scans
        for scan in self._scans:
            _add(columns, _needed(scan))
        if self._shares_calls:
            _add(columns, {CALLS.name: tuple(DIAL)})
        for calls in (CALLS, DIALS):
            if names := columns.get(calls.name):
                _add(columns, table_columns(calls, tuple(sorted(names))))
        if any(scan.request.compare or scan.request.stood_at for scan in self._scans):
            # Read at once what the earlier period needs as well, so that no table is read twice.
            _add(columns, {name: names for table in list(columns) for name, names in STOOD.get(table, {}).items()})
        if self._copies and not self._numbers.height:
            self._numbers = await self._ledger.numbers()
        for name in TABLES:
            names = columns.get(name)
            if names and (name not in self._tables or self._columns[name] != names):
                self._tables[name] = await self._table(name, sorted(names))
        if columns != self._columns or not known.issuperset(map(calls_key, self._scans)):
            self._calls = None
        self._columns = columns

    async def read(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> list[PartialResults]:
        """Reduce the current rows of a prepared scan. Rows that the lake fails to deliver come from the ledger."""
        try:
            return [await self._reduced(scan, reduce)]
        except InvalidRequest:
            raise
        except Exception as error:
            if not self._copies:
                raise
            # The lake was deleted or broken meanwhile. The ledger has all rows.
            for copy in self._copies.values():
                doubt(copy.address, type(error.__cause__ or error).__name__)
            self._copies, self._tables, self._calls, self._last = {}, {}, None, None
            await self.prepare([])
            return [await self._reduced(scan, reduce)]

    async def _reduced(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> PartialResults:
        with panics_as_errors():
            return await asyncio.to_thread(self._reduce, scan, reduce)

    def _reduce(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> PartialResults:
        if scan.frame.row_wise:
            return reduce(self._current_rows(scan))
        key = (calls_key(scan), scan.input_columns)
        if self._last is None or self._last[0] != key:
            # Such a frame reads its rows several times, and again for every attribution model.
            self._last, rows = None, self._current_rows(scan)
            self._last = key, dict(zip(rows, pl.collect_all(list(rows.values())), strict=True))
        return reduce({name: rows.lazy() for name, rows in self._last[1].items()})

    def _current_rows(self, scan: Scan) -> CurrentRows:
        tables = self._with_calls(scan)
        columns = scan.input_columns
        return {
            source.name: source.make(tables, scan.context, columns[source.name]).select(columns[source.name])
            for source in scan.frame.inputs
        }

    def _with_calls(self, scan: Scan) -> Tables:
        # Inputs expect whole tables. Columns that no scan needs are null, because they were not read.
        tables = {name: _whole(rows, TABLES[name].columns) for name, rows in self._tables.items()}
        if scan.request.stood_at:
            tables = as_it_stood(tables, scan.request.stood_at, scan.context)
        if self._shares_calls:
            if self._calls is None:
                self._calls = resolve_shared_calls(self._scans, tables, self._columns[CALLS.name])
            return {**tables, **as_tables(self._calls)}
        for name, dimensions in scan.frame.filterable.items():
            tables[name] = tables[name].filter(_may_pass(scan, dimensions))
        needed = _needed(scan)
        calls = {
            source.name: _whole(source.make(tables, scan.context, needed[source.name]), source.columns)
            for source in (CALLS, DIALS)
            if source.name in needed
        }
        return tables | calls

    @property
    def _shares_calls(self) -> bool:
        return worth_sharing(self._scans)

    async def _table(self, name: str, columns: list[str]) -> pl.LazyFrame:
        copy = await asyncio.to_thread(self._intact_copy, name)
        if self._as_of is None:
            return await self._table_now(name, columns, copy)
        return await self._table_as_of(name, columns, copy, self._as_of)

    def _intact_copy(self, name: str) -> LakeTable | None:
        """The lake's copy of a table, unless files of it are missing or have another size."""
        copy = self._copies.get(name)
        if copy is None or copy.is_intact:
            return copy
        doubt(copy.address, "a file is missing or broken")
        del self._copies[name]
        return None

    async def _table_now(self, name: str, columns: list[str], copy: LakeTable | None) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.current_rows(name, columns)
        needed = sorted({*columns, *copy.table.key})
        current = as_ledger_rows(copy.scan().filter(~pl.col("superseded")), name, needed, self._numbers)
        changed = await self._ledger.current_rows(name, needed, copy.watermark)
        return (await _replace_changed(current, changed, copy)).select(columns)

    async def _table_as_of(
        self, name: str, columns: list[str], copy: LakeTable | None, as_of: datetime
    ) -> pl.LazyFrame:
        if copy is None:
            return await self._ledger.rows_as_of(name, columns, as_of)
        needed = [*sorted({*columns, *copy.table.key}), *VERSION]
        versions = as_ledger_rows(copy.scan(), name, needed, self._numbers)
        changed = await self._ledger.versions(name, needed, copy.watermark)
        return (await _replace_changed(versions, changed, copy)).filter(_valid_at(as_of)).select(columns)


def _whole(rows: pl.LazyFrame, columns: Schema) -> pl.LazyFrame:
    return rows.match_to_schema(columns, missing_columns="insert", extra_columns="ignore")


def _needed(scan: Scan) -> dict[str, tuple[str, ...]]:
    """The columns of tables, calls and dials that a scan needs."""
    needed: dict[str, frozenset[str]] = {}
    for source in scan.frame.inputs:
        _add(needed, table_columns(source, scan.input_columns[source.name]))
    return {name: tuple(sorted(columns)) for name, columns in needed.items()}


def _add(columns: dict[str, frozenset[str]], more: Mapping[str, Collection[str]]) -> None:
    for name, names in more.items():
        columns[name] = columns.get(name, frozenset[str]()).union(names)


async def _replace_changed(copied: pl.LazyFrame, changed: pl.LazyFrame, copy: LakeTable) -> pl.LazyFrame:
    """The copied rows, after changed rows replace those of the same key."""
    keys = await asyncio.to_thread(changed.select(copy.table.key).unique().collect)
    if not keys.height:
        return copied
    return pl.concat([copied.join(keys.lazy(), on=copy.table.key, how="anti"), changed])


def _valid_at(moment: datetime) -> pl.Expr:
    at = pl.lit(moment, dtype=INSTANT)
    return (pl.col("recorded_at") <= at) & (pl.col("superseded_at") > at).fill_null(value=True)


def _may_pass(scan: Scan, dimensions: Iterable[str]) -> pl.Expr:
    """Whether the row's codes pass the filters of a scan, in any spelling."""
    passes = pl.lit(value=True)
    for name in dimensions:
        codes = scan.request.filters.get(name, ())
        if codes and "" not in codes:
            passes &= pl.col(name).is_in(scan.codes.spellings(name, codes))
    return passes

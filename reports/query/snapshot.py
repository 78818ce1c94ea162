"""The snapshot: the rows of an account at one moment, from its copies and from later changes in the ledger.

Copies are opened before the ledger's snapshot is taken, so they never have newer rows than the snapshot. Without a
copy, all rows come from the ledger. Either way the tables are the same, and so are the numbers.

Reports of now read settled calls from the files of this machine, if these can serve. Otherwise calls are resolved from
attempts. If several kinds of fact read calls of any time, those of certain leads are held in memory for all of them.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TypeAlias

import polars as pl

from reports.measures.frame import CurrentRows, Input
from reports.model.tables import TABLES, Tables
from reports.model.types import Schema
from reports.query.parameters import InvalidRequest
from reports.query.plan import PartialResults, Scan
from reports.query.shared_calls import as_tables, calls_key, resolve_shared_calls, worth_sharing
from reports.query.stored.lead_facts import stages_of
from reports.query.stored.store_reader import StoreReader
from reports.rules.as_it_stood import STOOD, as_it_stood
from reports.rules.calls import CALLS, DIAL, DIALS
from reports.rules.column_pruning import table_columns
from reports.store.copies import Copies
from reports.store.current_tables import CurrentTables
from reports.store.doubts import doubt, panics_as_errors
from reports.store.ledger import Ledger, LedgerState

# An input, its columns, the moment of rows as they stood, and the scan if its rows depend on the window.
_InputKey: TypeAlias = tuple[Input, tuple[str, ...], datetime | None, Hashable]


class Snapshot:
    """The tables of one account at a moment in the past, or now.

    copies: opened before the ledger's snapshot was taken.
    """

    def __init__(self, ledger: Ledger, owner: LedgerState, as_of: datetime | None, copies: Copies) -> None:
        self._source = CurrentTables(ledger, owner, as_of, copies.tables)
        self._store = StoreReader(ledger, owner, self._source, copies if as_of is None else Copies())
        self._no_store = partial(StoreReader, ledger, owner, self._source, Copies())
        self._columns: dict[str, frozenset[str]] = {}
        self._tables: dict[str, pl.LazyFrame] = {}
        self._scans: list[Scan] = []
        self._calls: pl.DataFrame | None = None
        self._read: dict[_InputKey, pl.DataFrame] = {}

    async def prepare(self, scans: Iterable[Scan]) -> None:
        """Read the rows that the scans need and the copies lack, each table once."""
        columns = dict(self._columns)
        known = {calls_key(scan) for scan in self._scans}
        self._scans = list(scans) or self._scans
        await self._store.open(self._scans)
        self._add_needed(columns)
        for name in TABLES:
            names = columns.get(name)
            if names and (name not in self._tables or self._columns[name] != names):
                self._tables[name] = await self._rows_of(name, sorted(names))
        if columns != self._columns or not known.issuperset(map(calls_key, self._scans)):
            self._calls = None
        self._columns = columns
        self._store.prepare(columns.get(CALLS.name, ()))

    async def _rows_of(self, name: str, columns: list[str]) -> pl.LazyFrame:
        """Columns of a table; leads from the store where it has them, for the lake has them in many small files."""
        if name == "leads" and self._store.leads is not None:
            return self._store.leads.select(columns)
        return await self._source.read(name, columns)

    def _add_needed(self, columns: dict[str, frozenset[str]]) -> None:
        """Add the columns of tables that the scans need."""
        for scan in self._scans:
            _add(columns, _needed_besides(scan) if self._store.has_rows(scan) else _needed(scan))
        if self._shares_calls:
            _add(columns, {CALLS.name: tuple(DIAL)})
        if not all(map(self._store.has_calls, self._scans)):
            for calls in (CALLS, DIALS):
                if names := columns.get(calls.name):
                    _add(columns, table_columns(calls, tuple(sorted(names))))
        if any(scan.request.compare or scan.request.stood_at for scan in self._scans):
            # Read at once what the earlier period needs as well, so that no table is read twice.
            _add(columns, {name: names for table in list(columns) for name, names in STOOD.get(table, {}).items()})

    async def read(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> list[PartialResults]:
        """Reduce the current rows of a prepared scan. Rows that the copies fail to deliver come from the ledger."""
        try:
            return [await self._reduced(scan, reduce)]
        except InvalidRequest:
            raise
        except Exception as error:
            # They were deleted or broken meanwhile: files of the store, or of the lake. The ledger has all rows.
            lake = [copy.address for copy in self._source.copies.values()]
            of_store = self._store.addresses
            if not of_store and not lake:
                raise
            for address in of_store or lake:
                doubt(address, type(error.__cause__ or error).__name__)
            if not of_store:
                self._source.forget_copies()
            self._store = self._no_store()
            self._tables, self._calls, self._read = {}, None, {}
            await self.prepare([])
            return await self.read(scan, reduce)

    async def _reduced(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> PartialResults:
        with panics_as_errors():
            return await asyncio.to_thread(self._reduce, scan, reduce)

    def _reduce(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> PartialResults:
        if self._store.has_rows(scan):
            return reduce(self._store.rows(scan, self._tables_at(scan)))
        if scan.frame.row_wise or self._is_streamed(scan):
            return reduce(self._current_rows(scan))
        # Such a frame reads its rows several times, and again for every attribution model.
        needed = {source: _input_key(scan, source) for source in scan.frame.inputs}
        rows = self._current_rows(scan)
        missing = [source for source, key in needed.items() if key not in self._read]
        collected = pl.collect_all([rows[source.name] for source in missing])
        last = {key: read for key, read in self._read.items() if key in needed.values() or _is_for_any_window(key)}
        self._read = last | {needed[source]: read for source, read in zip(missing, collected, strict=True)}
        return reduce({source.name: self._read[key].lazy() for source, key in needed.items()})

    def _is_streamed(self, scan: Scan) -> bool:
        """Whether a scan reads mapped calls of its window, which is cheap to do several times."""
        return self._store.has_calls(scan) and not any(source.lead_selector for source in scan.frame.inputs)

    def _current_rows(self, scan: Scan) -> CurrentRows:
        columns = scan.input_columns
        whole = self._settled_tables(scan) if self._store.has_calls(scan) else self._resolved_tables(scan)
        return {
            source.name: source.make(whole(source), scan.context, columns[source.name]).select(columns[source.name])
            for source in scan.frame.inputs
        }

    def _tables_at(self, scan: Scan) -> dict[str, pl.LazyFrame]:
        """The whole tables, at the moment of a scan's rows."""
        # Inputs expect whole tables. Columns that no scan needs are null, because they were not read.
        tables = {name: _whole(rows, TABLES[name].columns) for name, rows in self._tables.items()}
        stood_at = scan.request.stood_at
        return as_it_stood(tables, stood_at, scan.context) if stood_at else tables

    def _settled_tables(self, scan: Scan) -> Callable[[Input], Tables]:
        """The tables for each input of a scan, with calls of which the outcome is known."""
        return partial(self._store.selection(scan).tables_for, scan, _filtered(self._tables_at(scan), scan))

    def _resolved_tables(self, scan: Scan) -> Callable[[Input], Tables]:
        """The tables for each input of a scan, with calls resolved from their attempts."""
        tables = self._tables_at(scan)
        if self._shares_calls:
            if self._calls is None:
                self._calls = resolve_shared_calls(self._scans, tables, self._columns[CALLS.name])
            shared = {**tables, **as_tables(self._calls)}
            return lambda _: shared
        tables = _filtered(tables, scan)
        needed = _needed(scan)
        calls = {
            source.name: _whole(source.make(tables, scan.context, needed[source.name]), source.columns)
            for source in (CALLS, DIALS)
            if source.name in needed
        }
        return lambda _: tables | calls

    @property
    def _shares_calls(self) -> bool:
        return worth_sharing(self._scans)


def _whole(rows: pl.LazyFrame, columns: Schema) -> pl.LazyFrame:
    return rows.match_to_schema(columns, missing_columns="insert", extra_columns="ignore")


def _needed(scan: Scan) -> dict[str, tuple[str, ...]]:
    """The columns of tables, calls and dials that a scan needs."""
    needed: dict[str, frozenset[str]] = {}
    for source in scan.frame.inputs:
        _add(needed, table_columns(source, scan.input_columns[source.name]))
    return {name: tuple(sorted(columns)) for name, columns in needed.items()}


def _needed_besides(scan: Scan) -> dict[str, tuple[str, ...]]:
    """The columns of tables that a scan needs besides its materialised rows."""
    needed: dict[str, frozenset[str]] = {}
    for source in stages_of(scan.frame).also:
        _add(needed, table_columns(source, tuple(source.columns)))
    return {name: tuple(sorted(columns)) for name, columns in needed.items()}


def _add(columns: dict[str, frozenset[str]], more: Mapping[str, Collection[str]]) -> None:
    for name, names in more.items():
        columns[name] = columns.get(name, frozenset[str]()).union(names)


def _input_key(scan: Scan, source: Input) -> _InputKey:
    by_window = None if source.any_window else calls_key(scan)
    return source, scan.input_columns[source.name], scan.request.stood_at, by_window


def _is_for_any_window(key: _InputKey) -> bool:
    return key[0].any_window


def _filtered(tables: Mapping[str, pl.LazyFrame], scan: Scan) -> dict[str, pl.LazyFrame]:
    """The tables without rows that the filters of a scan exclude, where the codes of a row show it."""
    less = {
        name: tables[name].filter(_may_pass(scan, dimensions))
        for name, dimensions in scan.frame.filterable.items()
        if name in tables
    }
    return {**tables, **less}


def _may_pass(scan: Scan, dimensions: Iterable[str]) -> pl.Expr:
    """Whether the row's codes pass the filters of a scan, in any spelling."""
    passes = pl.lit(value=True)
    for name in dimensions:
        codes = scan.request.filters.get(name, ())
        if codes and "" not in codes:
            passes &= pl.col(name).is_in(scan.codes.spellings(name, codes))
    return passes

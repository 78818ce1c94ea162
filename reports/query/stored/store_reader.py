"""The store of this machine as one snapshot reads it: settled calls and materialised rows, now and as they stood.

It serves reports of now, if its files can serve the snapshot at all. What is broken or outdated is left out.
"""

import asyncio
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import polars as pl
from polars.exceptions import PolarsError

from reports.measures.frame import MATERIALISED, CurrentRows, Frame
from reports.model.codes import Codes
from reports.model.tables import Tables
from reports.query.plan import Scan
from reports.query.stored.call_selection import CallSelection, days_of
from reports.query.stored.fact_sync import are_of
from reports.query.stored.lead_facts import (
    LeadFacts,
    days_read,
    open_histories,
    open_lead_facts,
    stages_of,
    stored_as,
)
from reports.query.stored.settled_calls import SettledCalls, open_settled_calls
from reports.query.stored.stood_calls import StoodCalls, open_stood_calls
from reports.query.stored.stood_facts import stood_facts
from reports.store.copies import Copies
from reports.store.current_tables import CurrentTables
from reports.store.doubts import EngineError, doubt, panics_as_errors
from reports.store.ledger import Ledger, LedgerState
from reports.store.opened_days import OpenedDays, broken_of


class StoreReader:
    """The store in one snapshot. source: the snapshot's tables. copies: opened before the snapshot was taken."""

    def __init__(self, ledger: Ledger, owner: LedgerState, source: CurrentTables, copies: Copies) -> None:
        self._ledger = ledger
        self._owner = owner
        self._source = source
        self._days = copies.calls
        self._fact_files = copies.facts
        self._usable_facts: Mapping[str, OpenedDays] = {}
        self._settled: SettledCalls | None = None
        # By the moment of rows as they stood; None is now.
        self._calls: dict[datetime | None, SettledCalls | StoodCalls] = {}
        self._selections: dict[datetime | None, CallSelection] = {}
        self._facts: dict[datetime | None, LeadFacts] = {}
        self._scans: Sequence[Scan] = ()

    async def open(self, scans: Sequence[Scan]) -> None:
        """Open what the scans need, if the files can serve."""
        self._scans = scans
        # What stood of earlier scans may lack leads that these scans read.
        self._facts = {moment: facts for moment, facts in self._facts.items() if moment is None}
        codes = scans[0].codes
        if self._days is not None:
            await self._open_settled(codes)
        if self._settled is None:
            return
        if self._usable_facts and any(map(_has_stages, scans)):
            await self._open_facts(self._settled, codes)
        await self._select(self._settled)

    def prepare(self, columns: Iterable[str]) -> None:
        """Prepare for scans that read these columns of calls."""
        for moment, selection in self._selections.items():
            of_moment = [scan for scan in self._scans if scan.request.stood_at == moment]
            selection.prepare([scan for scan in of_moment if not self.has_rows(scan)], {*columns})

    @property
    def addresses(self) -> list[str]:
        """The addresses of the files in use."""
        facts = self._facts[None].files.values() if self._facts else ()
        return [days.address for days in (self._settled.days, *facts)] if self._settled else []

    @property
    def leads(self) -> pl.LazyFrame | None:
        """The current leads, with all columns of their table, if materialised rows are read."""
        return self._facts[None].histories.tables["leads"] if self._facts else None

    def has_calls(self, scan: Scan) -> bool:
        """Whether a scan reads settled calls."""
        return scan.request.stood_at in self._selections

    def has_rows(self, scan: Scan) -> bool:
        """Whether a scan reads materialised rows."""
        return bool(self._facts) and self.has_calls(scan) and _has_stages(scan)

    def selection(self, scan: Scan) -> CallSelection:
        """The settled calls that a scan reads."""
        return self._selections[scan.request.stood_at]

    def rows(self, scan: Scan, tables: Tables) -> CurrentRows:
        """The materialised rows that a scan reads, and the inputs that it reads besides. tables: at its moment."""
        rows = self._also(scan, tables)
        facts = self._facts_of(scan, tables)
        return {**rows, MATERIALISED: facts.rows(_stored(scan), days_read(scan, rows))}

    def _also(self, scan: Scan, tables: Tables) -> CurrentRows:
        """The inputs that a scan reads besides its materialised rows."""
        made = {
            source.name: source.make(tables, scan.context, tuple(source.columns)).select(*source.columns)
            for source in stages_of(scan.frame).also
        }
        return {name: rows.collect().lazy() for name, rows in made.items()}

    def _facts_of(self, scan: Scan, tables: Tables) -> LeadFacts:
        moment = scan.request.stood_at
        calls = self._calls[moment]
        if moment not in self._facts and isinstance(calls, StoodCalls):
            of_moment = [some for some in self._scans if some.request.stood_at == moment and self.has_rows(some)]
            self._facts[moment] = stood_facts(self._facts[None], calls, self._stored_leads(of_moment, tables))
        return self._facts[moment]

    def _stored_leads(self, scans: Iterable[Scan], tables: Tables) -> pl.LazyFrame:
        """The leads of all rows in the files that some scans may read, and those called in their windows."""
        files, calls = self._facts[None].files, self._calls[None]
        days = {(_stored(scan).name, _frozen(days_read(scan, self._also(scan, tables)))) for scan in scans}
        called = {frozenset(days_of(scan.window)) for scan in scans}
        leads = [files[name].scan(of).select("lead") for name, of in days]
        leads += [calls.rows(of).select("lead") for of in called]
        return pl.concat(leads)

    async def _open_settled(self, codes: Codes) -> None:
        days, self._days = self._days, None
        if days is None or not days.is_for(self._owner):
            return
        facts = self._fact_files if are_of(self._fact_files, days.edition) else dict[str, OpenedDays]()
        files = [days, *facts.values()]
        broken = await asyncio.to_thread(broken_of, files)
        for some in broken:
            doubt(some.address, "a file is missing or broken")
        if days in broken:
            return
        self._usable_facts = facts if not broken else {}
        with _doubting(files):
            self._settled = await open_settled_calls(self._ledger, self._source, codes, days)

    async def _select(self, calls: SettledCalls) -> None:
        """Open the calls of every moment that the scans ask about."""
        for scan in self._scans:
            moment, context = scan.request.stood_at, scan.context
            if moment not in self._calls:
                stood = await open_stood_calls(calls, self._source, self.leads, moment, context) if moment else calls
                self._calls[moment] = stood
                self._selections[moment] = CallSelection(stood)

    async def _open_facts(self, calls: SettledCalls, codes: Codes) -> None:
        facts, self._usable_facts = self._usable_facts, dict[str, OpenedDays]()
        with _doubting(facts.values()):
            histories = await open_histories(calls, self._source, codes, self._owner.account.taken_at)
            if opened := await open_lead_facts(self._ledger, calls, facts, histories):
                self._facts[None] = opened


def _has_stages(scan: Scan) -> bool:
    """Whether the rows of a scan can be materialised ones."""
    return stored_as(scan.frame) is not None


def _stored(scan: Scan) -> Frame:
    """The frame with the materialised rows that a scan reads."""
    stored = stored_as(scan.frame)
    if stored is None:
        raise LookupError(f"{scan.frame.name} has no materialised rows")
    return stored


def _frozen(days: set[date] | None) -> frozenset[date] | None:
    return None if days is None else frozenset(days)


@contextmanager
def _doubting(files: Iterable[OpenedDays]) -> Generator[None]:
    """Doubt files that cannot be read, and go on without them."""
    try:
        with panics_as_errors():
            yield
    except (PolarsError, EngineError, OSError) as error:
        if isinstance(error, ConnectionError | TimeoutError):
            raise
        for some in files:
            doubt(some.address, type(error.__cause__ or error).__name__)

"""Selected calls: of all settled calls, those that an input reads: of some days, or to some leads.

An input names the leads whose calls it reads at any time (reports/rules/lead_selection.py). Where these have a smaller
part of the calls, one pass takes their calls into memory, for all inputs together. Where they have most of them, the
input reads all calls from the files. Inputs make the same rows of both: they select again by the names of leads.
"""

from collections.abc import Collection, Hashable, Sequence
from datetime import UTC, date

import polars as pl

from reports.measures.frame import Input
from reports.model.tables import Tables
from reports.model.windows import Window
from reports.query.plan import Scan
from reports.query.shared_calls import hold
from reports.query.stored.settled_calls import SettledCalls
from reports.query.stored.stood_calls import StoodCalls
from reports.rules.calls import CALLS, DIAL, DIALS, SETTLED
from reports.rules.lead_selection import reads_window_only, within
from reports.store.file_spans import days_between

# Above this part of all calls, an input reads them from the files.
_MOSTLY = 0.5
# So many calls to each lead of a few leads would still not be most calls.
_MANY_CALLS = 20


class CallSelection:
    """The settled calls of one snapshot, now or as they stood, as its scans read them."""

    def __init__(self, calls: SettledCalls | StoodCalls) -> None:
        self._calls = calls
        self._scans: Sequence[Scan] = ()
        self._columns: Collection[str] = ()
        self._read_all: set[Hashable] = set()
        self._known: dict[Hashable, pl.Series | None] = {}
        self._held: Tables | None = None

    def prepare(self, scans: Sequence[Scan], columns: Collection[str]) -> None:
        """Prepare for scans that read these columns of calls."""
        self._scans, self._columns = scans, {*columns, *DIAL}
        self._held, self._read_all = None, set()

    def tables_for(self, scan: Scan, tables: Tables, source: Input) -> Tables:
        """The tables that an input of a scan is made from, with calls and dials."""
        if source.lead_selector is None:
            return self._made(scan, tables, self._calls.rows(self._days(scan, source)))
        if self._held is None:
            self._held = self._hold(tables)
        if _selection_key(scan, source) in self._read_all:
            return self._made(scan, tables, self._calls.rows())
        return {**tables, **self._held}

    def _days(self, scan: Scan, source: Input) -> set[date]:
        """The days of the calls that an input without selected leads reads."""
        if source.later_goals:
            return self._calls.days.since(scan.window.end.astimezone(UTC).date())
        return days_of(scan.window)

    def _made(self, scan: Scan, tables: Tables, settled: pl.LazyFrame) -> Tables:
        of = {**tables, SETTLED: settled}
        calls, dials = (source.make(of, scan.context, tuple(source.columns)) for source in (CALLS, DIALS))
        return {**tables, CALLS.name: calls, DIALS.name: dials}

    def _hold(self, tables: Tables) -> Tables:
        """The calls to selected leads, and those of the windows without a lead, as calls and dials in memory."""
        read = pl.lit(value=False)
        for key, (scan, source) in self._selections().items():
            test = self._selected(scan, tables, source)
            if test is None:
                self._read_all.add(key)
            else:
                read |= test
        selected = self._calls.rows().filter(read)
        return hold(self._made(self._scans[0], tables, selected)[CALLS.name], self._columns)

    def _selections(self) -> dict[Hashable, tuple[Scan, Input]]:
        return {
            _selection_key(scan, source): (scan, source)
            for scan in self._scans
            for source in scan.frame.inputs
            if source.lead_selector
        }

    def _selected(self, scan: Scan, tables: Tables, source: Input) -> pl.Expr | None:
        """Whether an input reads a settled call; None if it reads most of them."""
        known = self._leads(scan, tables, source)
        if known is None:
            return None
        without_lead = pl.lit(value=True) if known.null_count() else within("dialed_at", scan.context)
        selected = pl.col("lead_id").is_in(known.drop_nulls().hash().implode()).fill_null(without_lead)
        if known.len() * _MANY_CALLS < self._calls.days.rows:
            return selected
        share = self._calls.rows().select(selected.mean()).collect(engine="streaming").item() or 0.0
        return None if share > _MOSTLY else selected

    def _leads(self, scan: Scan, tables: Tables, source: Input) -> pl.Series | None:
        """The leads that an input selects; None if their calls are most calls."""
        select, context = source.lead_selector, scan.context
        if select is None:
            return None
        key = (select, _window_key(scan, source))
        if key not in self._known:
            days = days_of(scan.window) if reads_window_only(select) else None
            leads = select(self._made(scan, tables, self._calls.rows(days)), context).select("lead")
            most = self._is_wide(scan.window) and self._are_most(leads)
            self._known[key] = None if most else leads.unique().collect(engine="streaming")["lead"]
        return self._known[key]

    def _is_wide(self, window: Window) -> bool:
        """Whether most calls may be of a window."""
        of_window = self._calls.days.of_days(days_of(window))
        return sum(file.rows for file in of_window) > _MOSTLY * self._calls.days.rows

    def _are_most(self, leads: pl.LazyFrame) -> bool:
        """Whether so many rows name leads that hardly any call is not to one of them."""
        return leads.select(pl.len()).collect(engine="streaming").item() > _MOSTLY * self._calls.days.rows


def _selection_key(scan: Scan, source: Input) -> Hashable:
    return source.lead_selector, _window_key(scan, source)


def _window_key(scan: Scan, source: Input) -> Hashable:
    context = scan.context
    return None if source.any_window else (context.window.start, context.window.end, context.about)


def days_of(window: Window) -> set[date]:
    """The UTC days of a window."""
    first, last = (edge.astimezone(UTC).date() for edge in (window.start, window.end))
    return days_between(first, last)

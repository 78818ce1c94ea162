"""Shared calls: the calls that several scans of a report read, resolved once and held in memory.

A scan of leads, deals or costs reads calls of any time, but only those to certain leads
(reports/rules/lead_selection.py). One pass reads the calls of all scans and the attempts of their windows.
"""

from collections.abc import Collection, Hashable, Sequence
from datetime import datetime

import polars as pl

from reports.measures.frame import Input
from reports.model.tables import Tables
from reports.model.types import CODE, INSTANT
from reports.query.plan import Scan
from reports.rules.calls import CALL, CALLS, DIAL, DIALS
from reports.rules.column_pruning import table_columns

# Above this share of all calls, or of all leads, all calls are resolved.
_MOSTLY = 0.5


def worth_sharing(scans: Sequence[Scan]) -> bool:
    """Whether to resolve calls once, before any scan reads them.

    It pays when a scan reads lead histories: its leads may have many other calls.
    """
    return any(source.lead_selector for scan in scans for source in scan.frame.inputs)


def calls_key(scan: Scan) -> Hashable:
    """A key that is equal for scans of the same calls."""
    context = scan.context
    return scan.frame, context.window.start, context.window.end, context.about, scan.request.stood_at


def resolve_shared_calls(scans: Sequence[Scan], tables: Tables, columns: Collection[str]) -> pl.DataFrame:
    """The named columns of all calls that the scans read. Numbers are codes, too."""
    return _collected(CALLS.make(_selected(scans, tables), scans[0].context, columns), columns)


def hold(calls: pl.LazyFrame, columns: Collection[str]) -> Tables:
    """Some columns of resolved calls, read once and held in memory, as the tables that inputs read."""
    return as_tables(_collected(calls.select(name for name in CALL if name in columns), columns))


def _collected(calls: pl.LazyFrame, columns: Collection[str]) -> pl.DataFrame:
    codes = [pl.col("tracking_number").cast(CODE)] if "tracking_number" in columns else []
    return calls.with_columns(codes).collect(engine="streaming")


def _selected(scans: Sequence[Scan], tables: Tables) -> Tables:
    """The tables with the attempts that the scans read, and their leads; all attempts, if they read most of them."""
    in_time = _in_time(scans)
    if _share(tables["attempts"], in_time) > _MOSTLY:
        return tables
    leads = _leads(scans, tables)
    if leads.len() > _MOSTLY * tables["leads"].select(pl.len()).collect(engine="streaming").item():
        return tables
    # Polars tests membership in a list before it reads the other columns of a row, but joins afterwards. A null among
    # the leads selects the calls without a lead.
    to_these_leads = pl.col("lead").is_in(leads.implode(), nulls_equal=True)
    attempts = tables["attempts"].filter(in_time | to_these_leads).collect(engine="streaming")
    leads_called = pl.col("lead").is_in(attempts["lead"].unique().implode())
    return {**tables, "attempts": attempts.lazy(), "leads": tables["leads"].filter(leads_called)}


def _leads(scans: Sequence[Scan], tables: Tables) -> pl.Series:
    """The selected leads: at least one scan needs their full call history."""
    dials = {**tables, DIALS.name: DIALS.make(tables, scans[0].context, tuple(DIAL))}
    selectors = {(source.lead_selector, calls_key(scan)): scan for scan in scans for source in scan.frame.inputs}
    leads = [select(dials, scan.context).select("lead") for (select, _), scan in selectors.items() if select]
    return pl.concat(leads).unique().collect(engine="streaming")["lead"]


def _in_time(scans: Sequence[Scan]) -> pl.Expr:
    """Whether any scan reads a call because of its time, regardless of its lead.

    Some inputs read all calls of the window. The other inputs read its calls without a lead, and select the rest by
    lead.
    """
    edges = {(scan.window.start, scan.window.end, _reads_all_calls(scan)) for scan in scans}
    tests = [_within(*edge) for edge in edges]
    ends = [scan.window.end for scan in scans if any(source.later_goals for source in scan.frame.inputs)]
    if ends:  # no goal is reached without a disposition
        tests.append((pl.col("dialed_at") >= pl.lit(min(ends), dtype=INSTANT)) & pl.col("disposition").is_not_null())
    return pl.any_horizontal(tests)


def _reads_all_calls(scan: Scan) -> bool:
    return any(_reads_calls(source, scan.input_columns[source.name]) for source in scan.frame.inputs)


def _reads_calls(source: Input, columns: tuple[str, ...]) -> bool:
    return source.lead_selector is None and CALLS.name in table_columns(source, columns)


def _within(start: datetime, end: datetime, all_calls: bool) -> pl.Expr:  # noqa: FBT001  one of a few edges
    edges = [pl.lit(edge, dtype=INSTANT) for edge in (start, end)]
    within = pl.col("dialed_at").is_between(*edges, closed="left")
    return within if all_calls else within & pl.col("lead").is_null()


def _share(rows: pl.LazyFrame, test: pl.Expr) -> float:
    return rows.select(test.mean()).collect(engine="streaming").item() or 0.0


def as_tables(calls: pl.DataFrame) -> Tables:
    """Resolved calls as the tables that inputs read."""
    numbers = [pl.col("tracking_number").cast(pl.String)] if "tracking_number" in calls.columns else []
    held = calls.lazy().with_columns(numbers)
    return {CALLS.name: held.match_to_schema(CALL, missing_columns="insert"), DIALS.name: held.select(*DIAL)}

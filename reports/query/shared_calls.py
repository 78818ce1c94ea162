"""Calls that scans of a report look at, settled once for all of them and kept in memory.

A scan of leads, deals or costs looks at calls of any time, but only at those to certain leads
(reports/rules/lead_selection.py). Those of all scans together are what is read, with the attempts of the windows that
are asked about.
"""

from collections.abc import Collection, Hashable, Sequence
from datetime import datetime

import polars as pl

from reports.model.tables import Tables
from reports.model.types import INSTANT
from reports.query.engine import Scan
from reports.rules.calls import CALL, DIAL
from reports.rules.frame import CALLS, DIALS

# From this share of all calls, or of all leads, on, all calls are settled.
_MOSTLY = 0.5
# Few values, often repeated: in memory a number stands for each.
_CODES = ("dialer", "campaign", "agent", "team", "source", "tracking_number", "disposition", "country", "region")


def worthwhile(scans: Sequence[Scan]) -> bool:
    """Whether calls are better settled before any scan looks at them: where one looks at calls of any time.

    Pursuits alone look at those of the window, and at what little was said of later ones.
    """
    lifelong = [scan for scan in scans if any(extract.lead_selector for extract in scan.frame.inputs)]
    return len(lifelong) > 1 or any(scan.frame.name != "pursuits" for scan in lifelong)


def looked_at(scan: Scan) -> Hashable:
    """What tells which calls a scan looks at."""
    context = scan.context
    return scan.frame.name, context.window.start, context.window.end, context.about


def resolve_shared_calls(scans: Sequence[Scan], tables: Tables, wanted: Collection[str]) -> pl.DataFrame:
    """The wanted columns of all the calls that some scans look at; codes are categories."""
    calls = CALLS.make(_of_interest(scans, tables), scans[0].context, wanted)
    codes = [pl.col(name).cast(pl.Categorical) for name in _CODES if name in wanted]
    return calls.with_columns(codes).collect(engine="streaming")


def _of_interest(scans: Sequence[Scan], tables: Tables) -> Tables:
    """The tables with the attempts that some scans look at, and the leads of these; whole, where that is most."""
    in_time = _in_time(scans)
    if _share(tables["attempts"], in_time) > _MOSTLY:
        return tables
    leads = _leads(scans, tables)
    if leads.len() > _MOSTLY * tables["leads"].select(pl.len()).collect(engine="streaming").item():
        return tables
    # A list, unlike a join, is looked through before the other columns of a row are even read. Calls to nobody in
    # particular are looked at where null is among the leads.
    theirs = pl.col("lead").is_in(leads.implode(), nulls_equal=True)
    attempts = tables["attempts"].filter(in_time | theirs).collect(engine="streaming")
    of_these = pl.col("lead").is_in(attempts["lead"].unique().implode())
    return {**tables, "attempts": attempts.lazy(), "leads": tables["leads"].filter(of_these)}


def _leads(scans: Sequence[Scan], tables: Tables) -> pl.Series:
    """The leads at whose calls some scans look whatever their time."""
    context = scans[0].context
    dials = {**tables, DIALS.name: DIALS.make(tables, context, tuple(DIAL))}
    whose = {(extract.lead_selector, looked_at(scan)): scan for scan in scans for extract in scan.frame.inputs}
    found = [find(dials, scan.context).select("lead") for (find, _), scan in whose.items() if find]
    return pl.concat(found).unique().collect(engine="streaming")["lead"]


def _in_time(scans: Sequence[Scan]) -> pl.Expr:
    """Whether a call is looked at for its time, whoever it was to.

    Attempts are all those of the window. Scans of whole lives look at calls of the window to nobody in particular, and
    know by their leads of all others.
    """
    edges = {(scan.window.start, scan.window.end, scan.frame.row_wise) for scan in scans}
    return pl.any_horizontal(_within(*edge) for edge in edges)


def _within(start: datetime, end: datetime, all_calls: bool) -> pl.Expr:  # noqa: FBT001  one of a few edges
    edges = [pl.lit(edge, dtype=INSTANT) for edge in (start, end)]
    within = pl.col("dialed_at").is_between(*edges, closed="left")
    return within if all_calls else within & pl.col("lead").is_null()


def _share(rows: pl.LazyFrame, test: pl.Expr) -> float:
    return rows.select(test.mean()).collect(engine="streaming").item() or 0.0


def as_tables(calls: pl.DataFrame) -> Tables:
    """Settled calls as extracts look at them."""
    told = calls.lazy().with_columns(pl.col(name).cast(pl.String) for name in _CODES if name in calls.columns)
    return {
        CALLS.name: told.match_to_schema(CALL, missing_columns="insert"),
        DIALS.name: told.select(*DIAL),
    }

"""Calls that several scans of a report look at, settled once for all of them and kept in memory.

A scan of leads, deals or costs looks at calls of any time, but only at those to certain leads (reports/whose.py). Those
of all scans together, and the calls of their windows, are what is read.
"""

from collections.abc import Collection, Hashable, Sequence

import polars as pl

from reports.calls import CALL, DIAL
from reports.fact import CALLS, DIALS
from reports.frames import INSTANT
from reports.report import Scan
from reports.tables import Tables

# From this share of all calls on, all are settled.
_MOSTLY = 0.25
# Few values, often repeated: in memory a number stands for each.
_CODES = ("dialer", "campaign", "agent", "team", "source", "tracking_number", "disposition", "country", "region")


def lifelong(scans: Sequence[Scan]) -> list[Scan]:
    """The scans that look at calls of any time."""
    return [scan for scan in scans if any(extract.whose for extract in scan.frame.extracts)]


def looked_at(scan: Scan) -> Hashable:
    """What tells which calls a scan looks at."""
    given = scan.given
    return scan.frame.name, given.window.start, given.window.end, given.about


def settle_together(scans: Sequence[Scan], tables: Tables, wanted: Collection[str]) -> pl.DataFrame:
    """The wanted columns of all the calls that some scans look at; codes are categories."""
    rows = tables["attempts"] if _mostly(scans, tables) else _of_interest(scans, tables)
    calls = CALLS.make({**tables, "attempts": rows}, scans[0].given, wanted)
    codes = [pl.col(name).cast(pl.Categorical) for name in _CODES if name in wanted]
    return calls.with_columns(codes).collect(engine="streaming")


def _mostly(scans: Sequence[Scan], tables: Tables) -> bool:
    """Whether so many calls are within the windows that finding those that are not of interest costs more than them."""
    within = tables["attempts"].select(_within(scans).mean()).collect(engine="streaming").item()
    return within is not None and within > _MOSTLY


def _of_interest(scans: Sequence[Scan], tables: Tables) -> pl.LazyFrame:
    """The attempts within the windows, and those to the leads that scans look at whatever their time."""
    given = scans[0].given
    dials = {**tables, DIALS.name: DIALS.make(tables, given, tuple(DIAL))}
    whose = {(extract.whose, looked_at(scan)): scan for scan in scans for extract in scan.frame.extracts}
    leads = pl.concat([find(dials, scan.given).select("lead") for (find, _), scan in whose.items() if find]).unique()
    # Also calls to nobody in particular, where the leads say so.
    named = tables["attempts"].join(leads.with_columns(named=True), on="lead", how="left", nulls_equal=True)
    return named.filter(_within(scans) | pl.col("named").fill_null(value=False)).drop("named")


def as_tables(calls: pl.DataFrame) -> Tables:
    """Settled calls as extracts look at them."""
    told = calls.lazy().with_columns(pl.col(name).cast(pl.String) for name in _CODES if name in calls.columns)
    return {
        CALLS.name: told.match_to_schema(CALL, missing_columns="insert"),
        DIALS.name: told.select(*DIAL),
    }


def _within(scans: Sequence[Scan]) -> pl.Expr:
    """Whether a call is within the window of any scan."""
    edges = {(scan.window.start, scan.window.end) for scan in scans}
    moments = [[pl.lit(edge, dtype=INSTANT) for edge in window] for window in edges]
    return pl.any_horizontal(pl.col("dialed_at").is_between(*window, closed="left") for window in moments)

"""Whole curves of duration measures: the share with the event by each time, in as few points as possible.

Each curve is the Kaplan-Meier curve behind a metric's number (reports/stats/survival.py). Both use the same table, so
they cannot disagree. A curve starts at time 0, with a share of 0, and is flat from each point to the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from typing_extensions import TypedDict

from reports.measures.accumulators import Curve
from reports.query.parameters import Fault, InvalidRequest
from reports.query.plan import PartialResults, Scan
from reports.query.report import Report
from reports.stats import survival
from reports.stats.survival import along

MOST_CURVES = 1_000
# No curve has more points than this, provided that no duration exceeds thirty years.
MOST_POINTS = 200

_POINTS_A_DECADE = 8
_PARTS = ("time_seconds", "at_risk", "events", "censored", "happened", "ci_low", "ci_high")
_ZERO = pl.lit(0, dtype=pl.Int64)


class PointDocument(TypedDict):
    """How far it has got at a time.

    happened: the share to whom it had happened by then, counting those still waiting for as long as they were seen
    waiting; ci_low, ci_high: where it lies with 95% confidence. at_risk: how many were still waiting just before.
    events, censored: to how many it happened, and how many were not watched any longer, since the point before.
    """

    time_seconds: float
    at_risk: int
    events: int
    censored: int
    happened: float
    ci_low: float
    ci_high: float


class CurveDocument(TypedDict):
    """The whole curve of what is waited for, of one group; metrics: those that are read off it.

    points: 200 at most, the first at time 0. The curve is flat from each to the next, as far as it is told: in between
    it rises by less than one percentage point. Read at a point, at a metric's horizon or at its median it is exact.
    """

    metrics: list[str]
    group: dict[str, str | None]
    points: list[PointDocument]


def curves_of(scans: Sequence[tuple[Scan, list[PartialResults]]], by: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The curve of each metric that has one, sorted by group and time. Metrics of the same curve share its table.

    Columns: by, then those of a point. Raises InvalidRequest for more than MOST_CURVES curves.
    """
    curves: dict[str, pl.DataFrame] = {}
    for scan, parts in scans:
        for state in scan.accumulators:
            if isinstance(state, Curve):
                merged = state.merge(pl.concat([part[state.name] for part in parts]).lazy(), by)
                of_metrics = [metric.name for metric in scan.metrics if metric.name in state.horizons]
                curves |= dict.fromkeys(of_metrics, _few(merged.collect(), by, state)) if of_metrics else {}
    return curves


def _few(merged: pl.DataFrame, by: Sequence[str], state: Curve) -> pl.DataFrame:
    curves = merged.select(by).n_unique() if by else 1
    if curves > MOST_CURVES:
        raise InvalidRequest([Fault("curves", f"would be {curves}; ask for {MOST_CURVES} at most")])
    horizons = [horizon for horizon in state.horizons.values() if horizon is not None]
    return points(merged, by, horizons).collect()


def points(table: survival.Table, by: Sequence[str], horizons: Sequence[int] = ()) -> pl.LazyFrame:
    """The curve of a histogram in at most MOST_POINTS points a group; it is exact at every point.

    The points are the start and the end, each percent that the curve passes, and the last time up to each horizon (ms).
    The last time of every interval, an eighth of a power of ten each, is also a point. The value at a horizon and the
    median therefore equal those of `survival`. Between points, the curve rises by less than one percentage point.
    A point's events and censored count from the point before (exclusive) to this point (inclusive).
    """
    start = table.lazy().select(*by, time=pl.lit(0, dtype=pl.Int64), events=_ZERO, censored=_ZERO).unique()
    whole = pl.concat([start, table.lazy().select(*by, "time", "events", "censored")])
    return (
        survival.curve(whole, by)
        .with_columns(along(by, pl.col("events", "censored").cum_sum()))
        .filter(pl.col("at_risk") > 0)
        .filter(_is_point(by, horizons))
        .with_columns(along(by, pl.col("events", "censored").diff().fill_null(pl.col("events", "censored"))))
        .with_columns(
            time_seconds=(pl.col("time") / 1000).round(3),  # a division may be off in the last digit
            happened=1 - pl.col("survival"),
            ci_low=1 - pl.col("ci_high"),
            ci_high=1 - pl.col("ci_low"),
        )
        .select(*by, *_PARTS)
        .sort(*by, "time_seconds", nulls_last=True)
    )


def _is_point(by: Sequence[str], horizons: Sequence[int]) -> pl.Expr:
    """Whether a step of a curve is a point of the result."""
    time = pl.col("time")
    percent = ((1 - pl.col("survival") + survival.ROUNDING) * 100).floor()
    decade = ((time / 1000 + 1).log10() * _POINTS_A_DECADE).floor()
    tests = [
        _changes(by, percent, 1),
        _changes(by, decade, -1),
        *(_changes(by, time <= horizon, -1) for horizon in horizons),
    ]
    return pl.any_horizontal(tests)


def _changes(by: Sequence[str], what: pl.Expr, back: int) -> pl.Expr:
    """Whether a value differs from the step before, or with -1 from the step after. The edge of a curve counts."""
    return along(by, what.ne_missing(what.shift(back)))


def curve_documents(report: Report) -> list[CurveDocument]:
    """The curves of a report as plain values. Each curve appears once, with all its metrics."""
    tables: dict[int, tuple[pl.DataFrame, list[str]]] = {}
    for metric, table in report.curves.items():
        tables.setdefault(id(table), (table, []))[1].append(metric)
    by = [dimension.name for dimension in report.request.by]
    return [
        {"metrics": metrics, "group": group, "points": points}
        for table, metrics in tables.values()
        for group, points in _groups(table, by)
    ]


def _groups(table: pl.DataFrame, by: Sequence[str]) -> Iterator[tuple[dict[str, str | None], list[Any]]]:
    parts = table.partition_by(by, maintain_order=True) if by else [table]
    for part in parts:
        row: Mapping[str, Any] = part.row(0, named=True) if part.height else {}
        yield {name: _spelled(row[name]) for name in by}, part.select(_PARTS).to_dicts()


def _spelled(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value

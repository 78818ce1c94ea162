"""The comparison with the previous period: the difference, its interval, and a verdict of better or worse.

The previous period has the same length and the same weekdays, and ends before this period begins. A Tuesday is compared
with the Tuesday before. Thirty days are compared with the thirty days that ended five days before they began.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.model.windows import Window
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.stats import intervals

COLUMNS = ("previous", "previous_n", "difference", "difference_low", "difference_high", "verdict")
VERDICTS = ("better", "worse", "higher", "lower", "cannot_tell")
_SHIFTED = ("day", "week", "hour")


def previous(request: ReportRequest) -> ReportRequest:
    """The same request for the previous period."""
    back = timedelta(days=days_back(request.window))
    start, end = (_earlier(edge, back, request.window) for edge in (request.window.start, request.window.end))
    return replace(request, window=Window(start, end, request.window.zone))


def days_back(window: Window) -> int:
    """The days from the start of the previous period to this start: whole weeks, so the weekdays are the same."""
    start, end = (window.local(edge).replace(tzinfo=None) for edge in (window.start, window.end))
    return max(ceil((end - start) / timedelta(days=7)), 1) * 7


def compare(request: ReportRequest, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The cells of this period, with COLUMNS added for every metric."""
    by = [dimension.name for dimension in request.by]
    compared = [metric.column(part) for metric in request.metrics for part in ("value", "ci_low", "ci_high", "n")]
    earlier = before.select(*by, *compared).with_columns(_shift(request)) if by else before.select(compared)
    earlier = earlier.rename({name: f"{name} before" for name in compared})
    both = now.join(earlier, on=by, how="left", nulls_equal=True) if by else _beside(now, earlier)
    complete = both.with_columns(expression for metric in request.metrics for expression in _compared(metric))
    table = complete.select(pl.exclude("^.* before$"))
    return table.sort(by, nulls_last=True) if by else table


def _beside(now: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Join two tables of one row side by side. If the second has no row, its columns are null."""
    return pl.concat([now, earlier if earlier.height else earlier.clear(1)], how="horizontal")


def without_counterpart(by: Iterable[Dimension]) -> list[str]:
    """The time dimensions with no counterpart in the previous period: months are not made of whole weeks."""
    return [dimension.name for dimension in by if dimension.name in {"month", "period"}]


def add_comparison(numbers: Numbers, before: Numbers, request: ReportRequest) -> Numbers:
    """The numbers, compared with those of the previous period."""
    if not (any(before.counted.values()) and any(numbers.counted.values())):
        # An empty period allows no comparison.
        before = replace(before, groups=before.groups.clear(), total=before.total.clear())
    total = compare(replace(request, by=()), numbers.total, before.total)
    groups = compare(request, numbers.groups, before.groups) if request.by else total.clear()
    return replace(numbers, groups=groups, total=total)


def _compared(metric: Metric) -> list[pl.Expr]:
    parts = [f"{metric.column(part)}{when}" for when in ("", " before") for part in ("value", "ci_low", "ci_high")]
    value, low, high, value0, low0, high0 = map(pl.col, parts)
    if metric.exact:
        low = high = value
        low0 = high0 = value0
    _, difference_low, difference_high = intervals.difference(value, low, high, value0, low0, high0)
    cells = {
        "previous": value0,
        "previous_n": pl.col(f"{metric.column('n')} before"),
        # The difference is known even where its interval is not.
        "difference": value - value0,
        "difference_low": difference_low,
        "difference_high": difference_high,
        "verdict": verdict(metric, difference_low, difference_high, value, value0),
    }
    return [expression.alias(metric.column(part)) for part, expression in cells.items()]


def verdict(metric: Metric, low: pl.Expr, high: pl.Expr, value: pl.Expr, value0: pl.Expr) -> pl.Expr:
    """Better or worse if the whole interval of the difference agrees, else cannot_tell; null without both values.

    A neutral metric is higher or lower instead.
    """
    known = value.is_not_null() & value0.is_not_null()
    up, down = (low > 0).fill_null(value=False), (high < 0).fill_null(value=False)
    match metric.better:
        case "higher":
            better, worse = up, down
        case "lower":
            better, worse = down, up
        case "band":
            nearer, further = _towards(metric, value, value0)
            better, worse = (up | down) & nearer, (up | down) & further
        case "neutral":
            return pl.when(known).then(_direction(up, down))
    answer = pl.when(better).then(pl.lit("better")).when(worse).then(pl.lit("worse")).otherwise(pl.lit("cannot_tell"))
    return pl.when(known).then(answer)


def _direction(up: pl.Expr, down: pl.Expr) -> pl.Expr:
    """Only where a number went: a volume is no better for being larger."""
    return pl.when(up).then(pl.lit("higher")).when(down).then(pl.lit("lower")).otherwise(pl.lit("cannot_tell"))


def _towards(metric: Metric, value: pl.Expr, value0: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Whether a value moved closer to its band, and whether it moved away."""
    least, most = metric.band or (float("-inf"), float("inf"))

    def off(number: pl.Expr) -> pl.Expr:
        return pl.max_horizontal(least - number, number - most, pl.lit(0.0))

    return off(value) < off(value0), off(value) > off(value0)


def _shift(request: ReportRequest) -> list[pl.Expr]:
    """The time columns of the previous period, shifted to their counterparts in this period."""
    back = timedelta(days=days_back(request.window))
    return [_later(dimension.name, back, request.window) for dimension in request.by if dimension.name in _SHIFTED]


def _later(name: str, back: timedelta, window: Window) -> pl.Expr:
    if name != "hour":
        return (pl.col(name) + back).cast(pl.Date)
    clock = pl.col(name).dt.replace_time_zone(None) + back
    return clock.dt.replace_time_zone(window.zone_name, ambiguous="earliest", non_existent="null")


def _earlier(edge: datetime, back: timedelta, window: Window) -> datetime:
    """The same local clock time, earlier by this many days."""
    return (window.local(edge) - back).astimezone(UTC)

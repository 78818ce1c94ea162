"""The comparison with an earlier period: the difference, its interval, and a verdict of better or worse.

The earlier period counts as it stood when it was as old as this one is now (reports/model/compared_period.py). Rows of
the earlier period belong to the hour, day, week or month of their counterparts in this one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.model.compared_period import ComparedPeriod, Shift
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.rules.regulatory_periods import PERIOD_DAYS
from reports.stats import intervals

COLUMNS = ("previous", "previous_n", "difference", "difference_low", "difference_high", "verdict")
MATURED_COLUMNS = ("previous_matured", "previous_matured_n")
VERDICTS = ("better", "worse", "higher", "lower", "cannot_tell")


def at_equal_age(request: ReportRequest, period: ComparedPeriod) -> ReportRequest:
    """The same request for an earlier period, as it stood at the age that this period has now."""
    return replace(
        request, window=period.window, until=period.until, stood_at=period.until, shift=period.shift, compare=None
    )


def matured(request: ReportRequest, period: ComparedPeriod) -> ReportRequest:
    """The same request for the compared part of an earlier period, as it stands now."""
    return replace(request, window=period.counted, shift=period.shift, compare=None)


def compare(request: ReportRequest, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The cells of this period, with COLUMNS added for every metric."""
    by = [dimension.name for dimension in request.by]
    compared = [metric.column(part) for metric in request.metrics for part in ("value", "ci_low", "ci_high", "n")]
    earlier = before.select(*by, *compared).with_columns(_period_keys(request)) if by else before.select(compared)
    earlier = earlier.rename({name: f"{name} before" for name in compared})
    both = now.join(earlier, on=by, how="left", nulls_equal=True) if by else _beside(now, earlier)
    complete = both.with_columns(expression for metric in request.metrics for expression in _compared(metric))
    table = complete.select(pl.exclude("^.* before$"))
    return table.sort(by, nulls_last=True) if by else table


def _beside(now: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Join two tables of one row side by side. If the second has no row, its columns are null."""
    return pl.concat([now, earlier if earlier.height else earlier.clear(1)], how="horizontal")


def add_matured(numbers: Numbers, matured: Numbers, request: ReportRequest) -> Numbers:
    """The numbers with MATURED_COLUMNS: those of the earlier period as they stand now."""
    by = [dimension.name for dimension in request.by]
    names = {metric.column(part): metric.column(new) for metric in request.metrics for part, new in _MATURED.items()}
    total = _beside(numbers.total, matured.total.select(*names).rename(names))
    groups = numbers.groups
    if by:
        earlier = matured.groups.select(*by, *names).with_columns(_period_keys(request)).rename(names)
        groups = groups.join(earlier, on=by, how="left", nulls_equal=True).sort(by, nulls_last=True)
    return replace(numbers, groups=groups, total=total)


_MATURED = dict(zip(("value", "n"), MATURED_COLUMNS, strict=True))


def without_counterpart(by: Iterable[Dimension], shift: Shift) -> list[Dimension]:
    """The dimensions with no counterpart in the earlier period: campaigns' periods of 30 days, unless so far back."""
    return [dimension for dimension in by if dimension.name == "period" and not _whole_periods(shift)]


def _whole_periods(shift: Shift) -> bool:
    return not shift.months and shift.days % PERIOD_DAYS == 0


def _period_keys(request: ReportRequest) -> list[pl.Expr]:
    """The regulatory periods of the earlier period, as their counterparts in this one; null without one."""
    period = request.compare
    if period is None or "period" not in [dimension.name for dimension in request.by]:
        return []
    later = pl.col("period") + timedelta(days=period.shift.days)
    return [pl.when(_whole_periods(period.shift)).then(later).cast(pl.Date).alias("period")]


def add_comparison(numbers: Numbers, before: Numbers, request: ReportRequest) -> Numbers:
    """The numbers, compared with those of the earlier period."""
    if not any(before.counted.values()):
        # An empty period allows no comparison.
        before = replace(before, groups=before.groups.clear(), total=before.total.clear())
    total = compare(replace(request, by=()), numbers.total, before.total)
    if not any(numbers.counted.values()):
        total = total.with_columns(_no_judgement(request))
    groups = compare(request, numbers.groups, before.groups) if request.by else total.clear()
    return replace(numbers, groups=groups, total=total)


def _no_judgement(request: ReportRequest) -> list[pl.Expr]:
    """Where this period is empty, the earlier number stands alone."""
    parts = [metric.column(part) for metric in request.metrics for part in COLUMNS if not part.startswith("previous")]
    return [pl.when(pl.lit(value=False)).then(pl.col(name)).alias(name) for name in parts]


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

"""Durations when some leads still wait: the Kaplan-Meier curve, its median, and the share within a time.

A lead without a call has no response time, but its response takes longer than its wait so far. Without such leads, the
result looks too good. Here each of them counts for its observed wait (censored).

Every function takes a histogram. Its columns are the group columns `by`, `time` in ms, `events` and `censored`. Without
`by`, all rows are one group. `events` is the number of leads with the event at that time. `censored` is the number of
leads that still waited at that time and were not observed any longer. Rows of the same group and time are added up.
Leads censored at a time still wait after the events of that time. The result is lazy and sorted by the groups.
"""

from collections.abc import Sequence

import polars as pl

from reports.stats import intervals
from reports.stats.neighbours import numbered

# Rounding alone may keep a share, multiplied step by step, from its target.
ROUNDING = 1e-9

Table = pl.LazyFrame | pl.DataFrame


def curve(table: Table, by: Sequence[str]) -> pl.LazyFrame:
    """The share still waiting after each time, with its 95% interval and the number at risk.

    Columns: by, time, at_risk, events, censored, survival, ci_low, ci_high; one row a time. The interval is pointwise:
    Greenwood's on the log(-log) scale. Before the first event, it is Wilson's interval of the leads at risk.
    When none are left waiting, the high bound is the lower of its last value and Wilson's bound. With none at risk,
    the share and its bounds are null.
    """
    left = pl.col("at_risk") - pl.col("events")
    step = pl.when(pl.col("at_risk") > 0).then(left / pl.col("at_risk"))
    doubt = pl.col("events") / (pl.col("at_risk") * left)
    return (
        table.lazy()
        .group_by(*by, "time")
        .agg(pl.col("events", "censored").sum())
        .sort(*by, "time")
        .with_columns(numbered(by).alias("_group"))
        .with_columns(at_risk=_within_group((pl.col("events") + pl.col("censored")).cum_sum(reverse=True)))
        .with_columns(
            survival=_within_group(step.cum_prod()),
            happened=_within_group(pl.col("events").cum_sum()),
            doubt=_within_group(doubt.cum_sum()),
        )
        .pipe(_with_bounds)
        .select(*by, "time", "at_risk", "events", "censored", "survival", "ci_low", "ci_high")
    )


def median(table: Table, by: Sequence[str], share: float = 0.5) -> pl.LazyFrame:
    """The time when half of the group, or another share, has had the event: `median_of` its curve."""
    return median_of(curve(table, by), by, share)


def within(table: Table, by: Sequence[str], horizon_ms: int) -> pl.LazyFrame:
    """The share with the event within a time: `within_of` its curve."""
    return within_of(curve(table, by), by, horizon_ms)


def median_of(steps: pl.LazyFrame, by: Sequence[str], share: float = 0.5) -> pl.LazyFrame:
    """The time when half of the group, or another share, has had the event; null when the curve does not reach it.

    Columns: by, value, ci_low, ci_high (ms), n, events; one row a group. The bounds are the times when the bounds of
    the curve pass the same share (Brookmeyer and Crowley). Null means "not reached".
    """

    def reached(column: str) -> pl.Expr:
        return pl.col("time").filter(pl.col(column) <= 1 - share + ROUNDING).min()

    return _per_group(
        steps,
        by,
        value=reached("survival"),
        ci_low=reached("ci_low"),
        ci_high=reached("ci_high"),
        n=_group_size(),
        events=pl.col("events").sum(),
    )


def within_of(steps: pl.LazyFrame, by: Sequence[str], horizon_ms: int) -> pl.LazyFrame:
    """The share with the event within a time, including its last millisecond; null for an empty group.

    Columns: by, value, ci_low, ci_high, n, events; one row a group. `events` counts the events within the horizon. If
    no lead was observed that long, it is the share at the last observed time: the curve stays flat, as in lifelines.
    """
    seen = (pl.col("time") <= horizon_ms) & (pl.col("at_risk") > 0)

    def last(column: str, before_any: pl.Expr) -> pl.Expr:
        latest = pl.col(column).filter(seen).max_by(pl.col("time").filter(seen))
        return 1 - pl.coalesce(latest, pl.when(_group_size() > 0).then(before_any))

    return _per_group(
        steps,
        by,
        value=last("survival", pl.lit(1.0)),
        ci_low=last("ci_high", pl.lit(1.0)),
        ci_high=last("ci_low", intervals.wilson(_group_size(), _group_size())[0]),
        n=_group_size(),
        events=pl.col("events").filter(seen).sum(),
    )


def mean_within(table: Table, by: Sequence[str], horizon: int) -> pl.LazyFrame:
    """The mean time that is spent waiting up to a horizon: the area below the curve, in the unit of `time`.

    The horizon is the last observed time of the group if that comes first, because the curve says nothing beyond it.
    Columns: by, value, ci_low, ci_high, n, events; one row a group. The interval is normal, with Greenwood's variance,
    and lies between 0 and the horizon. Without any event nothing tells the variance, and there is no interval.
    """
    time = pl.col("time").clip(upper_bound=horizon)
    before = pl.coalesce(pl.col("survival").shift(1), 1.0), pl.coalesce(time.shift(1), 0)
    left = pl.col("at_risk") - pl.col("events")
    steps = (
        curve(table, by)
        .with_columns(area=along(by, before[0] * (time - before[1])))
        .with_columns(so_far=along(by, pl.col("area").cum_sum()), whole=along(by, pl.col("area").sum()))
        .with_columns(
            part=pl.when(left > 0).then(
                (pl.col("whole") - pl.col("so_far")).pow(2) * pl.col("events") / (pl.col("at_risk") * left)
            )
        )
    )
    value, reach = pl.col("area").sum(), intervals.Z * pl.col("part").sum().sqrt()
    happened = pl.col("events").filter(pl.col("time") <= horizon).sum()
    return _per_group(
        steps,
        by,
        value=pl.when(_group_size() > 0).then(value),
        ci_low=pl.when(happened > 0).then((value - reach).clip(lower_bound=0)),
        ci_high=pl.when(happened > 0).then(pl.min_horizontal(value + reach, time.max())),
        n=_group_size(),
        events=happened,
    )


def _group_size() -> pl.Expr:
    return (pl.col("events") + pl.col("censored")).sum()


def along(by: Sequence[str], expression: pl.Expr) -> pl.Expr:
    """An expression computed along the times of each group, of rows sorted by them."""
    return expression.over(list(by)) if by else expression


def _per_group(steps: pl.LazyFrame, by: Sequence[str], **numbers: pl.Expr) -> pl.LazyFrame:
    return steps.group_by(*by).agg(**numbers).sort(*by) if by else steps.select(**numbers)


def _within_group(expression: pl.Expr) -> pl.Expr:
    # Numbers of groups are compared faster than their names.
    return expression.over("_group")


def _with_bounds(steps: pl.LazyFrame) -> pl.LazyFrame:
    """Add the bounds to the curve, from `happened` (events so far) and `doubt` (Greenwood's sum)."""
    survival = pl.col("survival")
    all_wait, none_wait = pl.col("happened") == 0, survival == 0
    centre, reach = (-survival.log()).log(), intervals.Z * pl.col("doubt").sqrt() / survival.log()
    wilson_low, _ = intervals.wilson(pl.col("at_risk"), pl.col("at_risk"))
    _, wilson_high = intervals.wilson(pl.lit(0), pl.col("at_risk"))
    low = pl.when(all_wait).then(wilson_low).when(none_wait).then(0.0).otherwise((-(centre - reach).exp()).exp())
    high = pl.when(all_wait).then(1.0).when(~none_wait).then((-(centre + reach).exp()).exp())
    anyone = pl.col("at_risk") > 0
    return (
        steps.with_columns(ci_low=pl.when(anyone).then(low), ci_high=high)
        .with_columns(before=_within_group(pl.col("ci_high").forward_fill()))
        .with_columns(ci_high=pl.when(none_wait).then(pl.min_horizontal("before", wilson_high)).otherwise("ci_high"))
        .with_columns(ci_high=pl.when(anyone).then("ci_high"))
    )

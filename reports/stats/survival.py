"""How long things take when some have not happened yet: Kaplan and Meier's curve, its median, and the share in time.

A lead that nobody has called yet has no response time, but it tells that the answer takes longer than it has waited.
Leaving such leads out flatters; here each counts for as long as it was seen waiting (censored).

Every function takes a histogram, which adds up: the group columns `by` (none: everything is one group), `time` in ms,
`events` (how many it happened to then) and `censored` (how many were still waiting then and not watched any longer).
Rows of the same group and time are added; whoever is censored at a time was still waiting after its events. The answer
is lazy and sorted by the groups.
"""

from collections.abc import Sequence

import polars as pl

from reports.stats import intervals

# A share multiplied step by step may miss the one asked for by rounding alone.
ROUNDING = 1e-9

Table = pl.LazyFrame | pl.DataFrame


def curve(table: Table, by: Sequence[str]) -> pl.LazyFrame:
    """The share still waiting after each time, with its 95 % interval and how many were there to see it.

    Columns: by, time, at_risk, events, censored, survival, ci_low, ci_high; one row a time. The interval is pointwise:
    Greenwood's on the scale of log(-log). Before the first event that says nothing, and Wilson's of those at risk
    stands in; when nobody is left waiting, the high bound stays what it was, or is Wilson's. Null with nobody at risk.
    """
    left = pl.col("at_risk") - pl.col("events")
    step = pl.when(pl.col("at_risk") > 0).then(left / pl.col("at_risk"))
    doubt = pl.col("events") / (pl.col("at_risk") * left)
    return (
        table.lazy()
        .group_by(*by, "time")
        .agg(pl.col("events", "censored").sum())
        .with_columns(at_risk=along(by, (pl.col("events") + pl.col("censored")).cum_sum(reverse=True)))
        .with_columns(
            survival=along(by, step.cum_prod()),
            happened=along(by, pl.col("events").cum_sum()),
            doubt=along(by, doubt.cum_sum()),
        )
        .pipe(_with_bounds, by)
        .select(*by, "time", "at_risk", "events", "censored", "survival", "ci_low", "ci_high")
        .sort(*by, "time")
    )


def median(table: Table, by: Sequence[str], share: float = 0.5) -> pl.LazyFrame:
    """The time by which it has happened to half of them, or to another share; null where that is not reached.

    Columns: by, value, ci_low, ci_high (ms), n, events; one row a group. The bounds are the times at which the bounds
    of the curve pass the same share (Brookmeyer and Crowley); null is "not reached".
    """

    def reached(column: str) -> pl.Expr:
        return pl.col("time").filter(pl.col(column) <= 1 - share + ROUNDING).min()

    return _each(
        curve(table, by),
        by,
        value=reached("survival"),
        ci_low=reached("ci_low"),
        ci_high=reached("ci_high"),
        n=_everyone(),
        events=pl.col("events").sum(),
    )


def within(table: Table, by: Sequence[str], horizon_ms: int) -> pl.LazyFrame:
    """The share to whom it happens within a time, on its last millisecond at the latest; null for an empty group.

    Columns: by, value, ci_low, ci_high, n, events; one row a group. `events` are those within the horizon. If nobody
    was watched that long, it is the share at the last time anyone was: the curve stays flat, as in lifelines.
    """
    seen = (pl.col("time") <= horizon_ms) & (pl.col("at_risk") > 0)

    def last(column: str, before_any: pl.Expr) -> pl.Expr:
        found = pl.col(column).filter(seen).max_by(pl.col("time").filter(seen))
        return 1 - pl.coalesce(found, pl.when(_everyone() > 0).then(before_any))

    return _each(
        curve(table, by),
        by,
        value=last("survival", pl.lit(1.0)),
        ci_low=last("ci_high", pl.lit(1.0)),
        ci_high=last("ci_low", intervals.wilson(_everyone(), _everyone())[0]),
        n=_everyone(),
        events=pl.col("events").filter(seen).sum(),
    )


def _everyone() -> pl.Expr:
    return (pl.col("events") + pl.col("censored")).sum()


def along(by: Sequence[str], expression: pl.Expr) -> pl.Expr:
    """An expression that runs along the times of each group."""
    return expression.over(list(by) or None, order_by="time")


def _each(steps: pl.LazyFrame, by: Sequence[str], **numbers: pl.Expr) -> pl.LazyFrame:
    return steps.group_by(*by).agg(**numbers).sort(*by) if by else steps.select(**numbers)


def _with_bounds(steps: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The curve with its bounds, from `happened` (events so far) and `doubt` (Greenwood's sum)."""
    survival = pl.col("survival")
    everyone_waits, nobody_waits = pl.col("happened") == 0, survival == 0
    centre, reach = (-survival.log()).log(), intervals.Z * pl.col("doubt").sqrt() / survival.log()
    all_of_them, _ = intervals.wilson(pl.col("at_risk"), pl.col("at_risk"))
    _, none_of_them = intervals.wilson(pl.lit(0), pl.col("at_risk"))
    low = (
        pl.when(everyone_waits)
        .then(all_of_them)
        .when(nobody_waits)
        .then(0.0)
        .otherwise((-(centre - reach).exp()).exp())
    )
    high = pl.when(everyone_waits).then(1.0).when(~nobody_waits).then((-(centre + reach).exp()).exp())
    anyone = pl.col("at_risk") > 0
    return (
        steps.with_columns(ci_low=pl.when(anyone).then(low), ci_high=high)
        .with_columns(before=along(by, pl.col("ci_high").forward_fill()))
        .with_columns(
            ci_high=pl.when(nobody_waits).then(pl.min_horizontal("before", none_of_them)).otherwise("ci_high")
        )
        .with_columns(ci_high=pl.when(anyone).then("ci_high"))
    )

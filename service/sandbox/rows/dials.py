"""When each lead is called: soon after it came, then again over days, in the hours of the team that calls it."""

import polars as pl

from service.sandbox.scenario.scenario import Floor

_MOST = 16  # more than any lead is called
# Hours of work until the first call, for most leads and for those nobody hurried with; and until the next one.
_FIRST, _SLOW, _NEXT = 0.12, 14.0, 6.0
_HURRIED = 0.86


def dial(floor: Floor, leads: pl.DataFrame) -> pl.DataFrame:
    """One row per call until the end of the plan, the calls of a lead together and in order.

    `lead_row` is the row of its lead, `ordinal` counts from 1, `last` is whether the lead was not to be called again.
    """
    base = floor.calling.level(pl.col("received_at"), pl.col("team"))
    return (
        leads.filter(pl.col("tries") > 0)
        .select("arrival", lead_row="row", number="key", tries="tries", base=base, ordinal=_ordinals())
        .explode("ordinal")
        .with_columns(key=pl.col("number") * _MOST + pl.col("ordinal"))
        .with_columns(level=pl.col("base") + _gap(floor).cum_sum().over("lead_row"))
        .with_columns(dialed_at=floor.calling.moment(pl.col("level")), last=pl.col("ordinal") == pl.col("tries"))
        .filter(pl.col("dialed_at") < floor.plan.ends_at)
        .drop("base", "number", "tries")
    )


def _ordinals() -> pl.Expr:
    return pl.int_ranges(1, pl.col("tries").cast(pl.Int64) + 1)


def _gap(floor: Floor) -> pl.Expr:
    """Hours of work since the lead came, or since the call before."""
    luck = floor.luck
    first = luck.around("first", pl.when(luck.happens("hurried", _HURRIED)).then(_FIRST).otherwise(_SLOW), 1.4)
    return pl.when(pl.col("ordinal") == 1).then(first).otherwise(luck.around("next", _NEXT, 0.9))

"""When each lead is called: soon after it arrived, then again over days, in the hours of its team."""

import polars as pl

from service.sandbox.scenario.rng import attribute
from service.sandbox.scenario.scenario import Scenario

_MOST = 16  # more than any lead is called
# Hours of work until the first call, for most leads and for neglected ones; and until the next call.
_FIRST, _SLOW, _NEXT = 0.12, 14.0, 6.0
_HURRIED = 0.86


def dial(scenario: Scenario, leads: pl.DataFrame) -> pl.DataFrame:
    """One row per call until the end of the plan, the calls of a lead together and in order.

    `lead_row` is the row of its lead, `ordinal` counts from 1, `last` marks the last call the lead was to get.
    """
    base = scenario.calling.level(pl.col("received_at"), pl.col("team"))
    return (
        leads.filter(pl.col("tries") > 0)
        .select("arrival", "source", lead_row="row", number="key", tries="tries", base=base, ordinal=_ordinals())
        .explode("ordinal")
        .with_columns(key=pl.col("number") * _MOST + pl.col("ordinal"))
        .with_columns(level=pl.col("base") + _gap(scenario).cum_sum().over("lead_row"))
        .with_columns(dialed_at=scenario.calling.moment(pl.col("level")), last=pl.col("ordinal") == pl.col("tries"))
        .filter(pl.col("dialed_at") < scenario.plan.ends_at)
        .drop("base", "number", "source", "tries")
    )


def _ordinals() -> pl.Expr:
    return pl.int_ranges(1, pl.col("tries").cast(pl.Int64) + 1)


def _gap(scenario: Scenario) -> pl.Expr:
    """Hours of work since the lead arrived, or since the call before."""
    rng = scenario.rng
    wait = attribute(scenario.fixtures.sources, "wait", pl.col("source")).fill_null(1.0)
    typical = pl.when(rng.chance("hurried", _HURRIED)).then(_FIRST).otherwise(_SLOW)
    first = rng.around("first", typical * wait, 1.4)
    return pl.when(pl.col("ordinal") == 1).then(first).otherwise(rng.around("next", _NEXT, 0.9))

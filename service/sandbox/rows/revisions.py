"""When the ledger learned of things, and what it believed before it learned the end of them."""

import polars as pl

from service.sandbox.scenario.instants import MINUTE, SECOND
from service.sandbox.scenario.scenario import Floor

_DELAYED = 0.04  # a queue was full, a line was down
_IN_PIECES = 0.006  # of calls, so many are told of when they begin and again when they are over

_OF_THE_END = (
    *("outcome", "answered_at", "agent_joined_at", "ended_at", "agent"),
    *("ring_ms", "talk_ms", "hold_ms", "wrap_ms", "dead_ms"),
)


def learned(floor: Floor, what: str, at: pl.Expr) -> pl.Expr:
    """When the ledger has what was told at a moment: mostly within seconds, and all of it by the end of the plan."""
    luck = floor.luck
    long = luck.between(f"{what}/delay", 5 * MINUTE, 150 * MINUTE)
    lag = pl.when(luck.happens(f"{what}/late", _DELAYED)).then(long).otherwise(luck.around(what, 2 * SECOND, 0.7))
    return (at + lag.cast(pl.Int64)).clip(upper_bound=floor.plan.ends_at)


def learn(calls: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """The calls with `recorded_at`, and `first_recorded_at` where they were first told otherwise."""
    told_at = pl.max_horizontal("observed_at", "set_at")
    in_pieces = ~pl.col("mistaken") & pl.col("outcome").is_not_null() & floor.luck.happens("in pieces", _IN_PIECES)
    first_at = (
        pl.when("mistaken").then(pl.max_horizontal("observed_at", "first_set_at")).when(in_pieces).then("dialed_at")
    )
    return calls.with_columns(
        recorded_at=learned(floor, "call", told_at), first_recorded_at=learned(floor, "call before", first_at)
    ).pipe(_in_order)


def learn_leads(leads: pl.DataFrame, floor: Floor) -> pl.DataFrame:
    """The leads with `observed_at`, `recorded_at`, and `first_recorded_at` where they were closed since."""
    came_at = pl.max_horizontal("received_at", "assigned_at")
    came, closed = learned(floor, "lead", came_at), learned(floor, "closing", pl.col("closed_at"))
    is_closed = pl.col("closed_at").is_not_null()
    return leads.with_columns(
        observed_at=pl.coalesce("closed_at", came_at),
        came_at=came_at,
        recorded_at=pl.when(is_closed).then(closed).otherwise(came),
        first_recorded_at=pl.when(is_closed).then(came),
    ).pipe(_in_order)


def _in_order(told: pl.DataFrame) -> pl.DataFrame:
    """What was overtaken by what came after it was never believed."""
    before = pl.col("first_recorded_at") < pl.col("recorded_at")
    return told.with_columns(first_recorded_at=pl.when(before).then("first_recorded_at"))


def before_the_end(calls: pl.DataFrame) -> pl.DataFrame:
    """The calls of which something else was believed, as it was: with another disposition, or only just begun."""
    mistaken = pl.col("mistaken")
    return (
        calls.filter(pl.col("first_recorded_at").is_not_null())
        .with_columns(pl.when("mistaken").then(name).alias(name) for name in (*_OF_THE_END, "noted_by"))
        .with_columns(
            code="first_code",
            set_at="first_set_at",
            callback_at=pl.lit(None, pl.Int64),
            observed_at=pl.when(mistaken).then("observed_at").otherwise("dialed_at"),
            superseded_at="recorded_at",
            recorded_at="first_recorded_at",
        )
    )


def before_closing(leads: pl.DataFrame) -> pl.DataFrame:
    """The leads that have been closed, as they were before."""
    return leads.filter(pl.col("first_recorded_at").is_not_null()).with_columns(
        closed_at=pl.lit(None, pl.Int64),
        close_reason=pl.lit(None, pl.String),
        observed_at="came_at",
        superseded_at="recorded_at",
        recorded_at="first_recorded_at",
    )

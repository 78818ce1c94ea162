"""When each row reached the ledger, and the versions of it that the ledger held before."""

import polars as pl

from service.sandbox.scenario.instants import MINUTE, SECOND
from service.sandbox.scenario.scenario import Scenario

_DELAYED = 0.04  # a queue was full, or a line was down
_IN_PIECES = 0.006  # of calls, the share that is reported at the beginning and again at the end

_OF_THE_END = (
    *("outcome", "answered_at", "agent_joined_at", "ended_at", "agent"),
    *("ring_ms", "talk_ms", "hold_ms", "wrap_ms", "dead_ms"),
)


def received(scenario: Scenario, name: str, at: pl.Expr) -> pl.Expr:
    """When the ledger receives a report of a moment: mostly within seconds, and always by the end of the plan."""
    rng = scenario.rng
    long = rng.between(f"{name}/delay", 5 * MINUTE, 150 * MINUTE)
    lag = pl.when(rng.chance(f"{name}/late", _DELAYED)).then(long).otherwise(rng.around(name, 2 * SECOND, 0.7))
    return (at + lag.cast(pl.Int64)).clip(upper_bound=scenario.plan.ends_at)


def revise_calls(calls: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The calls with `recorded_at`, and `first_recorded_at` where the ledger held another version before."""
    reported_at = pl.max_horizontal("observed_at", "set_at")
    in_pieces = ~pl.col("mistaken") & pl.col("outcome").is_not_null() & scenario.rng.chance("in pieces", _IN_PIECES)
    first_at = (
        pl.when("mistaken").then(pl.max_horizontal("observed_at", "first_set_at")).when(in_pieces).then("dialed_at")
    )
    return calls.with_columns(
        recorded_at=received(scenario, "call", reported_at),
        first_recorded_at=received(scenario, "call before", first_at),
    ).pipe(_in_order)


def revise_leads(leads: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """The leads with `observed_at`, `recorded_at`, and `first_recorded_at` where they have been closed."""
    came_at = pl.max_horizontal("received_at", "assigned_at")
    came, closed = received(scenario, "lead", came_at), received(scenario, "closing", pl.col("closed_at"))
    is_closed = pl.col("closed_at").is_not_null()
    return leads.with_columns(
        observed_at=pl.coalesce("closed_at", came_at),
        came_at=came_at,
        recorded_at=pl.when(is_closed).then(closed).otherwise(came),
        first_recorded_at=pl.when(is_closed).then(came),
    ).pipe(_in_order)


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """A first version that arrived after the second one was never current."""
    before = pl.col("first_recorded_at") < pl.col("recorded_at")
    return rows.with_columns(first_recorded_at=pl.when(before).then("first_recorded_at"))


def before_the_end(calls: pl.DataFrame) -> pl.DataFrame:
    """The earlier versions of calls: with another disposition, or only just begun."""
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
    """The earlier versions of closed leads: still open."""
    return leads.filter(pl.col("first_recorded_at").is_not_null()).with_columns(
        closed_at=pl.lit(None, pl.Int64),
        close_reason=pl.lit(None, pl.String),
        observed_at="came_at",
        superseded_at="recorded_at",
        recorded_at="first_recorded_at",
    )

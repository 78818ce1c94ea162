"""Agent time: one row is a piece of time in which one agent was in one state, within one hour of the report's clock.

States are intervals. Each is cut at the edges of the window and at every hour, so every hour contains exactly its part.
Days of 23 and 25 hours are no exception. Of two states reported for an agent at once, the one that started later
counts, so no second counts twice. Such time is a fault in the data sent; it is counted beside the report and in
overlapping_hours.

An interval without an end lasts until the next one of the same agent code, or else until the moment of the report.
Agent time has no campaign, no source and no tracking number: those are null.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import AGENT_STATES, INSTANT, Schema
from reports.model.windows import local_day
from reports.rules import inputs
from reports.rules.time_pieces import cut_at_hours, untangle

HOUR_US = 3_600_000_000

# The dimensions that calls have and agent time lacks.
NOWHERE = ("campaign", "source", "tracking_number")

_STATE = pl.Enum(AGENT_STATES)


def in_state(*states: str) -> pl.Expr:
    """The agent was in one of these states."""
    return pl.col("state").is_in(states)


def logged_in() -> pl.Expr:
    """The agent was logged in: at work or on a break."""
    return pl.col("state") != "offline"


def available() -> pl.Expr:
    """The agent was at work, with a call or ready for one: neither away nor on a break."""
    return in_state("waiting", "dialing", "talking", "holding", "wrapping")


def busy() -> pl.Expr:
    """The agent had a call in hand; placing a call is work while it rings, waiting for one is not."""
    return in_state("dialing", "talking", "holding", "wrapping")


def handling() -> pl.Expr:
    """The agent had a customer, or was wrapping up."""
    return in_state("talking", "holding", "wrapping")


def contradicted() -> pl.Expr:
    """The agent was logged in, and was reported in more than one state."""
    return logged_in() & (pl.col("said") > 1)


_REPORTED: Schema = {"agent": pl.String, "state": _STATE, "reason": pl.String, "from_at": INSTANT, "to_at": INSTANT}

AGENT_TIME_PIECE: Schema = {
    **_REPORTED,
    "team": pl.String,
    **dict.fromkeys(NOWHERE, pl.String),
    # Its length in microseconds, so that the pieces of an interval add up to the interval.
    "us": pl.Int64,
    # The agent and the day in the zone of the report.
    "agent_day": pl.String,
    # In how many states the agent was reported.
    "said": pl.Int64,
    # The state has no reported end: it lasts until now, as far as is known.
    "open": pl.Boolean,
}


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    end = min(context.window.end, context.until)
    intervals = (
        rows["agent_states"]
        .sort("from_at", "agent")
        .with_columns(
            agent=context.codes.read("agent"),
            open=pl.col("to_at").is_null(),
            from_at=pl.max_horizontal("from_at", pl.lit(context.window.start, dtype=INSTANT)),
            to_at=pl.min_horizontal("to_at", pl.lit(end, dtype=INSTANT)),
        )
        .filter(pl.col("from_at") < pl.col("to_at"))
        .with_row_index("row")
    )
    return (
        cut_at_hours(untangle(intervals), context.window, context.window.zone_name)
        .with_columns(
            **{name: pl.lit(None, dtype=pl.String) for name in NOWHERE},
            team=context.codes.team_of("agent"),
            us=(pl.col("to_at") - pl.col("from_at")).dt.total_microseconds(),
            agent_day=pl.concat_str(
                "agent", local_day("from_at", context.window.zone_name).cast(pl.String), separator=" "
            ),
        )
        .select(*AGENT_TIME_PIECE)
    )


AGENT_TIME = Frame(
    name="agent_time",
    label="pieces of agent time",
    sent_as=("agent-states",),
    grain="agent, state and hour",
    inputs=(Input("agent_states", _REPORTED, inputs.agent_states),),
    columns=AGENT_TIME_PIECE,
    key=("agent", "from_at"),
    resolve=_resolve,
    anchor="from_at",
    dimensions=(*CODE_DIMENSIONS, "state", *TIME_DIMENSIONS),
    display_columns=("to_at", "state", "reason", "said", "open"),
    population=logged_in(),
    exclusions={
        "state_not_told": pl.col("state").is_null(),
        "overlapping": contradicted(),
        "still_open": logged_in() & pl.col("open"),
    },
)

"""Agent time: one row is a piece of time in which one agent was in one state, within one hour of the report's clock.

States are intervals. Each is cut at the edges of the window and at every hour, so every hour contains exactly its part.
Days of 23 and 25 hours are no exception. Of two states reported for an agent at once, the one that started later
counts, so no second counts twice. Such time is a fault in the data sent; it is counted beside the report and in
overlapping_hours.

An interval without an end lasts until the next one of the same agent code, or else until the moment of the report.
Agent time has no campaign, no source and no tracking number: those are null.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from heapq import heappop, heappush
from itertools import groupby, pairwise
from operator import itemgetter

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, TIME_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import AGENT_STATES, INSTANT, Schema
from reports.model.windows import Window, local_hour
from reports.rules import inputs

HOUR_US = 3_600_000_000

# The dimensions that calls have and agent time lacks.
NOWHERE = ("campaign", "source", "tracking_number")

_STATE = pl.Enum(AGENT_STATES)
_PIECES: Schema = {"row": pl.get_index_type(), "from_at": INSTANT, "to_at": INSTANT, "said": pl.Int64}
# Every local hour begins on a quarter of an hour of UTC, wherever it is.
_STEP = timedelta(minutes=15)


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
        _cut_at_hours(_untangle(intervals), context.window)
        .with_columns(
            **{name: pl.lit(None, dtype=pl.String) for name in NOWHERE},
            team=context.codes.team_of("agent"),
            us=(pl.col("to_at") - pl.col("from_at")).dt.total_microseconds(),
        )
        .select(*AGENT_TIME_PIECE)
    )


def _untangle(intervals: pl.LazyFrame) -> pl.LazyFrame:
    """The same intervals, sorted by their start, without the parts in which a later one counts."""
    # A knot is a run of one agent's intervals in which each starts before all earlier ones have ended.
    ended_by = pl.col("to_at").cum_max().shift(1).over("agent", order_by="row")
    starts_knot = (pl.col("from_at") >= ended_by).fill_null(value=True)
    knotted = (
        intervals.with_columns(knot=starts_knot.cum_sum().over("agent", order_by="row"))
        .with_columns(said=pl.len().over("agent", "knot").cast(pl.Int64))
        .cache()
    )
    tangled = knotted.filter(pl.col("said") > 1)
    untangled = tangled.select("row", "agent", "knot", "from_at", "to_at").map_batches(_latest_of_each, schema=_PIECES)
    rest = tangled.drop("from_at", "to_at", "said").join(untangled, on="row")
    return pl.concat([knotted.filter(pl.col("said") == 1), rest], how="diagonal")


def _latest_of_each(tangled: pl.DataFrame) -> pl.DataFrame:
    """Row, from_at, to_at and number of states of the pieces of knotted intervals that count."""
    times = tangled.sort("agent", "row").with_columns(pl.col("from_at", "to_at").to_physical())
    knots = groupby(times.iter_rows(), itemgetter(1, 2))
    pieces = [piece for _, knot in knots for piece in _latest([(row, start, end) for row, _, _, start, end in knot])]
    return pl.DataFrame(pieces, schema=_PIECES, orient="row")


def _latest(knot: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Row, start, end and number of intervals, between each two edges of the intervals of a knot.

    knot: row, start and end of every interval, in the order of their starts.
    """
    ends = sorted(end for _, _, end in knot)
    running: list[tuple[int, int]] = []  # the latest start comes first
    started = 0
    for start, end in pairwise(_edges(knot)):
        while started < len(knot) and knot[started][1] <= start:
            heappush(running, (-started, knot[started][2]))
            started += 1
        while running[0][1] <= start:
            heappop(running)
        yield knot[-running[0][0]][0], start, end, started - bisect_right(ends, start)


def _edges(knot: Iterable[tuple[int, int, int]]) -> list[int]:
    return sorted({edge for _, start, end in knot for edge in (start, end)})


def _cut_at_hours(pieces: pl.LazyFrame, window: Window) -> pl.LazyFrame:
    """The same pieces, cut at every hour of the window's zone."""
    hours = _hours(window)
    return (
        pieces.with_columns(last_at=pl.col("to_at") - timedelta(microseconds=1))
        .with_columns(first_at=_hour("from_at", window), last_at=_hour("last_at", window))
        .join(hours.select(first_at="starts_at", first="hour"), on="first_at")
        .join(hours.select(last_at="starts_at", last="hour"), on="last_at")
        .with_columns(hour=pl.int_ranges("first", pl.col("last") + 1))
        .explode("hour", empty_as_null=False)
        .join(hours, on="hour")
        .with_columns(
            from_at=pl.max_horizontal("from_at", "starts_at"), to_at=pl.min_horizontal("to_at", "next_starts_at")
        )
    )


def _hours(window: Window) -> pl.LazyFrame:
    """The hours of the window in order: hour (their number), starts_at and next_starts_at, null for the last."""
    moments = pl.datetime_range(window.start, window.end + _STEP, _STEP, time_unit="us", time_zone="UTC", eager=True)
    starts = moments.alias("at").to_frame().lazy().select(starts_at=_hour("at", window)).unique().sort("starts_at")
    return starts.with_columns(hour=pl.int_range(pl.len()).cast(pl.Int64), next_starts_at=pl.col("starts_at").shift(-1))


def _hour(column: str, window: Window) -> pl.Expr:
    """The start of the hour of a moment, in UTC."""
    return local_hour(column, window.zone_name).dt.convert_time_zone("UTC")


AGENT_TIME = Frame(
    name="agent_time",
    label="pieces of agent time",
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

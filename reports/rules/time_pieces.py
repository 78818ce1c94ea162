"""Pieces of time: intervals of agents without overlaps, cut at every hour.

Intervals have the columns row (their number in the order of their starts), agent, from_at and to_at, and any others. Of
two intervals of an agent at once, the one that started later counts, so no second counts twice.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from heapq import heappop, heappush
from itertools import groupby, pairwise
from operator import itemgetter

import polars as pl

from reports.model.types import INSTANT, Schema
from reports.model.windows import Window, local_hour

_PIECES: Schema = {"row": pl.get_index_type(), "from_at": INSTANT, "to_at": INSTANT, "said": pl.Int64}
# Every local hour begins on a quarter of an hour of UTC, wherever it is.
_STEP = timedelta(minutes=15)


def untangle(intervals: pl.LazyFrame) -> pl.LazyFrame:
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


def cut_at_hours(pieces: pl.LazyFrame, window: Window, *zones: str) -> pl.LazyFrame:
    """The same pieces, cut at every hour of these zones; `hour` numbers the hours of the window."""
    hours = _hours(window, zones)
    return (
        pieces.with_columns(last_at=pl.col("to_at") - timedelta(microseconds=1))
        .with_columns(first_at=_hour("from_at", zones), last_at=_hour("last_at", zones))
        .join(hours.select(first_at="starts_at", first="hour"), on="first_at")
        .join(hours.select(last_at="starts_at", last="hour"), on="last_at")
        .with_columns(hour=pl.int_ranges("first", pl.col("last") + 1))
        .explode("hour", empty_as_null=False)
        .join(hours, on="hour")
        .with_columns(
            from_at=pl.max_horizontal("from_at", "starts_at"), to_at=pl.min_horizontal("to_at", "next_starts_at")
        )
        .drop("first", "last", "first_at", "last_at", "starts_at", "next_starts_at")
    )


def _hours(window: Window, zones: Sequence[str]) -> pl.LazyFrame:
    """The hours of the window in order: hour (their number), starts_at and next_starts_at, null for the last."""
    moments = pl.datetime_range(window.start, window.end + _STEP, _STEP, time_unit="us", time_zone="UTC", eager=True)
    starts = moments.alias("at").to_frame().lazy().select(starts_at=_hour("at", zones)).unique().sort("starts_at")
    return starts.with_columns(hour=pl.int_range(pl.len()).cast(pl.Int64), next_starts_at=pl.col("starts_at").shift(-1))


def _hour(column: str, zones: Sequence[str]) -> pl.Expr:
    """The start of the hour of a moment, in UTC; with several zones, the latest of their starts."""
    return pl.max_horizontal(local_hour(column, zone).dt.convert_time_zone("UTC") for zone in zones)

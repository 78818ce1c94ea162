"""Time as a floor sees it: hours of work laid end to end, so that nothing happens at night or on a Sunday.

A level is the work done since the beginning; busy hours hold more of it than quiet ones. Adding to a level and taking
the moment of the sum passes over nights and weekends. Moments are instants: whole milliseconds since 1970, in UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

import polars as pl

from service.sandbox.scenario.instants import HOUR, at_hour, local

_SPAN = 10 * 366 * 24 * HOUR  # longer than any floor works
_LEVELS = 1_000_000.0  # more than any line reaches


@dataclass(frozen=True)
class Slot:
    """An hour: when it begins, its day (0 is the first), and how much happens in it beside a usual hour."""

    starts_at: int
    day: int
    weight: float


class Hours:
    """The hours of one or several lines, each with a clock of its own."""

    def __init__(self, begins_at: int, lines: Sequence[Sequence[Slot]]) -> None:
        self._begins_at = begins_at
        rows = [row for place, line in enumerate(lines) for row in self._rows(place, line)]
        slots = pl.DataFrame(rows, schema=("key", "level", "weight", "day", "starts_at"), orient="row")
        self._keys, self._levels, self._weights, self._days, self._starts = slots.get_columns()

    def _rows(self, place: int, line: Sequence[Slot]) -> Iterable[tuple[int, float, float, int, int]]:
        """The slots of a line, after an empty slot: anything before the first hour waits for it."""
        slots = [Slot(self._begins_at, 0, 0.0), *line]
        before = accumulate((slot.weight for slot in slots[:-1]), initial=0.0)
        for slot, level in zip(slots, before, strict=True):
            key = slot.starts_at - self._begins_at + place * _SPAN
            yield key, place * _LEVELS + level, slot.weight, slot.day, slot.starts_at

    def level(self, at: pl.Expr, line: pl.Expr | int = 0) -> pl.Expr:
        """The level at a moment."""
        key = at - self._begins_at + line * pl.lit(_SPAN)
        place = self._slot(key)
        passed = ((key - pl.lit(self._keys).gather(place)) / HOUR).clip(0, 1)
        return pl.lit(self._levels).gather(place) + passed * pl.lit(self._weights).gather(place)

    def moment(self, level: pl.Expr) -> pl.Expr:
        """The moment of a level; the end of the line for anything beyond it."""
        place = pl.lit(self._levels).search_sorted(level, side="right") - 1
        weight = pl.lit(self._weights).gather(place)
        passed = ((level - pl.lit(self._levels).gather(place)) / weight).clip(0, 1)
        return pl.lit(self._starts).gather(place) + (passed * HOUR).floor().cast(pl.Int64)

    def day(self, at: pl.Expr, line: pl.Expr) -> pl.Expr:
        """The day of a moment within the hours, on the clock of its line."""
        return pl.lit(self._days).gather(self._slot(at - self._begins_at + line * pl.lit(_SPAN)))

    def _slot(self, key: pl.Expr) -> pl.Expr:
        return pl.lit(self._keys).search_sorted(key, side="right") - 1


def days_from(first: date, count: int) -> list[date]:
    """Consecutive days."""
    return [first + timedelta(days=n) for n in range(count)]


def slots(days: Sequence[date], zone: str, weights: Sequence[Sequence[float]]) -> list[Slot]:
    """The hours of these days; weights: of each hour from midnight, for each day of the week from Monday."""
    return [
        Slot(at_hour(day, hour, zone), number, weight)
        for number, day in enumerate(days)
        for hour, weight in enumerate(weights[day.weekday()])
        if weight
    ]


def first_day(at: int, days: int, zone: str) -> date:
    """The first of this many days that end with the day of a moment."""
    return local(at - 1, zone).date() - timedelta(days=days - 1)

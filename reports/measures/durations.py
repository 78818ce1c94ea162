"""Duration measures: how long an event takes when it has not happened yet in some rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Curve
from reports.measures.cell_schema import ONE_PER_ROW, Cell, CellSide, DrillThrough


@dataclass(frozen=True, eq=False, kw_only=True)
class Survival:
    """How long an event takes when it has not happened yet in some rows (Kaplan-Meier), in units of `per` ms.

    duration: ms until the event, or until the last observation. event: whether it happened. Rows without a duration do
    not count. The number is the time by which the event has happened in half of the rows; null when fewer have it.
    """

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    per: int = 1000
    extra: tuple[str, ...] = ()

    def accumulator(self, name: str) -> Accumulator:
        """How many waits ended, and how many were still open, after each length of time."""
        return Curve(self.duration, self.event, self.where, {name: None})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The median with the interval between the bands of the curve; null while fewer than half have the event."""
        del by
        scaled = {column: pl.col(f"{name}.{column}") / self.per for column in ("value", "ci_low", "ci_high")}
        return scaled | {column: pl.col(f"{name}.{column}") for column in ("numerator", "denominator")} | _counted(name)

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The denominator has all rows with a duration, the numerator those with the event."""
        with_duration = self.where & self.duration.is_not_null()
        return DrillThrough(with_duration & self.event if side == "numerator" else with_duration, ONE_PER_ROW)


@dataclass(frozen=True, eq=False, kw_only=True)
class Within:
    """The probability that an event happens within a time, when some rows are too recent to know."""

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    horizon_ms: int
    extra: tuple[str, ...] = ()

    def accumulator(self, name: str) -> Accumulator:
        """The same curve as that of Survival, read at one time."""
        return Curve(self.duration, self.event, self.where, {name: self.horizon_ms})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """One minus the curve at the horizon, with the curve's interval there."""
        del by
        columns = ("value", "ci_low", "ci_high", "numerator", "denominator")
        return {column: pl.col(f"{name}.{column}") for column in columns} | _counted(name)

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The denominator has all rows with a duration, the numerator those with the event in time."""
        with_duration = self.where & self.duration.is_not_null()
        in_time = with_duration & self.event & (self.duration <= self.horizon_ms)
        return DrillThrough(in_time if side == "numerator" else with_duration, ONE_PER_ROW)


def _counted(name: str) -> Cell:
    return {"n": pl.col(f"{name}.denominator")}

"""Duration measures: how long something takes when it has not happened yet for part of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Curve
from reports.measures.cell_schema import ONE, Cell, CellSide, DrillThrough


@dataclass(frozen=True, eq=False, kw_only=True)
class Survival:
    """How long something takes when part of it has not happened yet (Kaplan and Meier), in units of `per` ms.

    duration: ms until it happened, or until we stopped looking. event: whether it happened. Rows without a duration do
    not count. The number is the time by which half of the rows had it happen; null when that is not reached.
    """

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    per: int = 1000
    extra: tuple[str, ...] = ()

    def accumulator(self, name: str) -> Accumulator:
        """How many ended, and how many were still waiting, after each length of time."""
        return Curve(self.duration, self.event, self.where, {name: None})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The median with the interval between the bands of the curve; null where it is not reached."""
        del by
        scaled = {part: pl.col(f"{name}.{part}") / self.per for part in ("value", "ci_low", "ci_high")}
        return scaled | {part: pl.col(f"{name}.{part}") for part in ("numerator", "denominator")} | _counted(name)

    def drill_through(self, part: CellSide) -> DrillThrough:
        """Everyone who was waited for below the line; above it those for whom it happened."""
        looked_at = self.where & self.duration.is_not_null()
        return DrillThrough(looked_at & self.event if part == "numerator" else looked_at, ONE)


@dataclass(frozen=True, eq=False, kw_only=True)
class Within:
    """The probability that something happens within a time, when for part of the rows it is too early to tell."""

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
        parts = ("value", "ci_low", "ci_high", "numerator", "denominator")
        return {part: pl.col(f"{name}.{part}") for part in parts} | _counted(name)

    def drill_through(self, part: CellSide) -> DrillThrough:
        """Everyone who was waited for below the line; above it those for whom it happened in time."""
        looked_at = self.where & self.duration.is_not_null()
        in_time = looked_at & self.event & (self.duration <= self.horizon_ms)
        return DrillThrough(in_time if part == "numerator" else looked_at, ONE)


def _counted(name: str) -> Cell:
    return {"n": pl.col(f"{name}.denominator")}

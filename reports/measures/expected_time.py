"""Expected time: how long a state lasts on average within the observed time, when some rows are still in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from typing_extensions import override

from reports.measures.accumulators import Accumulator, Curve
from reports.measures.cell_schema import ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.stats import survival


@dataclass(frozen=True, eq=False)
class _Area(Curve):
    """The same histogram as a curve's, whose area is read, up to each horizon."""

    @property
    @override
    def name(self) -> str:
        """A table of its own: other numbers of the curve are read at a time."""
        return f"area {self.duration} {self.event} {self.where}"

    @override
    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The expected times of each group, with their intervals and counts; a row for each."""
        table = merged.cache()
        return pl.concat(
            [_read(name, table, by, horizon or 0) for name, horizon in self.horizons.items()], how="diagonal"
        )


def _read(name: str, table: pl.LazyFrame, by: Sequence[str], horizon: int) -> pl.LazyFrame:
    """The number of a horizon, in the columns of its name."""
    sides = {"value": "value", "ci_low": "ci_low", "ci_high": "ci_high", "events": "numerator", "n": "denominator"}
    read = survival.mean_within(table, by, horizon)
    return read.select(*by, *(pl.col(column).alias(f"{name}.{side}") for column, side in sides.items()))


@dataclass(frozen=True, eq=False, kw_only=True)
class ExpectedTime:
    """The mean time until an event, as far as it was observed (restricted mean, Kaplan-Meier), in units of `per`.

    duration: the time until the event, or until the last observation. event: whether it happened. horizon: no time
    beyond it counts; nor does time beyond the longest observed one.
    """

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    horizon: int
    per: int
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Greenwood 95%, on the area below the Kaplan-Meier curve"

    def accumulator(self, name: str) -> Accumulator:
        """How many rows had the event, and how many not yet, after each length of time."""
        return _Area(self.duration, self.event, self.where, {name: self.horizon})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The mean with its interval; null without any row."""
        del by
        cell = {column: pl.col(f"{name}.{column}") / self.per for column in ("value", "ci_low", "ci_high")}
        counts = {side: pl.col(f"{name}.{side}") for side in ("numerator", "denominator")}
        return cell | counts | {"n": pl.col(f"{name}.denominator")}

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The denominator has all rows, the numerator those with the event within the horizon."""
        ended = self.where & self.event & (self.duration <= self.horizon)
        return DrillThrough(ended if side == "numerator" else self.where, ONE_PER_ROW)

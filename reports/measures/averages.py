"""Averages: the mean of a value, and its quantiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Sums, Values
from reports.measures.cell_schema import NO_ROWS, ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.measures.counts import value_where
from reports.measures.large_sums import exact_squares, squares, sum_of_squares, wide
from reports.stats import intervals

# About the largest number that an integer holds.
_LARGEST = 1e37


@dataclass(frozen=True, eq=False, kw_only=True)
class Mean:
    """The mean of a value over the rows that pass a test and have one, in units of `per`; never below `least`."""

    value: pl.Expr
    where: pl.Expr
    per: int = 1
    least: float | None = None
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Student t 95%, n - 1 degrees of freedom"

    def accumulator(self, name: str) -> Accumulator:
        """Sums of the values, of their squares, and how many there are."""
        value = value_where(self.where, self.value)
        count = value.is_not_null().cast(pl.Int64)
        return Sums({f"{name}.numerator": wide(value), **squares(name, value), f"{name}.denominator": count})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A mean with Student's interval; null when no row has a value."""
        del by
        total, count = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        low, high = _interval(name, total, count)
        return {
            "value": pl.when(count > 0).then(total / count / self.per),
            "numerator": total / self.per,
            "denominator": count,
            "ci_low": (low / self.per).clip(lower_bound=self.least),
            "ci_high": high / self.per,
            "n": count,
        }

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows that have a value: each adds it to the numerator and one to the denominator."""
        return DrillThrough(
            self.where & self.value.is_not_null(), self.value / self.per if side == "numerator" else ONE_PER_ROW
        )


def _interval(name: str, total: pl.Expr, count: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Student's interval: from integers where they hold the product of count and squares, else from floats."""
    fits = sum_of_squares(name) * count < _LARGEST
    exact = intervals.mean(total.cast(pl.Int128), exact_squares(name), count.cast(pl.Int128))
    rough = intervals.mean(total.cast(pl.Float64), sum_of_squares(name), count.cast(pl.Float64))
    low, high = (pl.when(fits).then(end).otherwise(other) for end, other in zip(exact, rough, strict=True))
    return low, high


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantile:
    """The value that a share of the rows does not exceed (0.5: the median), in units of `per`."""

    value: pl.Expr
    where: pl.Expr
    share: float
    per: int = 1
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "order statistics 95%"

    def accumulator(self, name: str) -> Accumulator:
        """Every value and its count, because quantiles do not add up."""
        return Values(name, self.value, self.where, self.share)

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A quantile with the interval of its order statistics, null where too few values support one."""
        del by
        scaled = {column: pl.col(f"{name}.{column}") / self.per for column in ("value", "ci_low", "ci_high")}
        count = pl.col(f"{name}.denominator")
        return scaled | {"denominator": count, "n": count}

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows that have a value; none of them is a numerator."""
        return DrillThrough(self.where & self.value.is_not_null(), ONE_PER_ROW) if side == "denominator" else NO_ROWS

"""Rates: the share of rows that pass a test, and a group's share of all rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Distinct, Sums
from reports.measures.cell_schema import ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.measures.ranges import RANGE, with_range
from reports.stats import intervals


@dataclass(frozen=True, eq=False, kw_only=True)
class Ratio:
    """The share of rows that pass a second test among those that pass a first; or of distinct values of a column.

    The numerator counts within the denominator, so a rate never leaves 0 to 1. With `of`, a value counts when any of
    its rows passes, and rows without a value do not count. unknown: rows of the denominator that may or may not belong
    to the numerator; the rate then has a range, from none of them to all of them.
    """

    numerator: pl.Expr
    denominator: pl.Expr
    of: str | None = None
    unknown: pl.Expr | None = None

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where some rows are unknown."""
        return () if self.unknown is None else RANGE

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Wilson 95%"

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up; distinct values are merged by name."""
        tests = {f"{name}.numerator": self._both(self.numerator), f"{name}.denominator": self.denominator}
        if self.unknown is not None:
            tests[f"{name}.highest"] = self._both(self.numerator | self.unknown)
        if self.of is not None:
            return Distinct(self.of, tests)
        return Sums({term: test.cast(pl.Int64) for term, test in tests.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A ratio of sums with Wilson's interval, and with its range where some rows are unknown.

        It is null when the denominator is 0, and when it cannot be told.
        """
        del by
        numerator, denominator = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        cell = rate(numerator, denominator)
        if self.unknown is None:
            return cell
        highest = pl.col(f"{name}.highest")
        bounds = (numerator, denominator), (highest, denominator)
        return with_range(cell, *bounds, unknown=highest - numerator, rows=denominator)

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows of the numerator or of the denominator."""
        where = self._both(self.numerator) if side == "numerator" else self.denominator
        return DrillThrough(where, ONE_PER_ROW, self.of)

    def _both(self, test: pl.Expr) -> pl.Expr:
        return self.denominator & test


@dataclass(frozen=True, eq=False, kw_only=True)
class Share:
    """A group's share of the rows that pass a test, among all groups that differ only in one dimension."""

    where: pl.Expr
    among: str
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Wilson 95%"

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up."""
        return Sums({f"{name}.numerator": self.where.cast(pl.Int64)})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The group's count over that of all groups that differ only in the dimension."""
        count = pl.col(f"{name}.numerator")
        others = [dimension for dimension in by if dimension != self.among]
        all_groups = count.sum().over(others) if others else count.sum()
        return rate(count, all_groups)

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows of the group; the denominator has the rows of all groups together (query/drill_through.py)."""
        del side
        return DrillThrough(self.where, ONE_PER_ROW)


def rate(numerator: pl.Expr, denominator: pl.Expr) -> Cell:
    """The cell of a rate; null when the denominator is 0."""
    low, high = intervals.wilson(numerator, denominator)
    value = pl.when(denominator > 0).then(numerator / denominator)
    return {
        "value": value,
        "numerator": numerator,
        "denominator": denominator,
        "ci_low": low,
        "ci_high": high,
        "n": denominator,
    }

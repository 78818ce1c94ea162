"""Counts and totals: how many rows pass a test, and the sum of a value over them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Distinct, Observations, Sums
from reports.measures.cell_schema import NO_ROWS, ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.measures.large_sums import squares, sum_of_squares, wide
from reports.stats import intervals


@dataclass(frozen=True, eq=False, kw_only=True)
class Count:
    """How many rows pass a test; with `of`, how many values of a column have a row that passes.

    unknown: rows that may or may not count; the count then has a range, from none of them to all of them.
    by_chance: whether the count is random, as that of calls; days of work are known and have no interval.
    """

    where: pl.Expr
    of: str | None = None
    unknown: pl.Expr | None = None
    by_chance: bool = True

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where some rows are unknown."""
        return () if self.unknown is None else ("range_low", "range_high")

    @property
    def interval(self) -> str:
        """The method of its interval; empty for a known number."""
        return "exact Poisson (Garwood) 95%" if self.by_chance else ""

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up; distinct values are merged by name."""
        tests = {f"{name}.numerator": self.where}
        if self.unknown is not None:
            tests[f"{name}.highest"] = self.where | self.unknown
        if self.of is not None:
            return Distinct(self.of, tests)
        return Sums({term: test.cast(pl.Int64) for term, test in tests.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A count is its own numerator. Its interval is that of a Poisson count, and covers the range."""
        del by
        count = pl.col(f"{name}.numerator")
        highest = count if self.unknown is None else pl.col(f"{name}.highest")
        ends = {"ci_low": intervals.poisson(count)[0], "ci_high": intervals.poisson(highest)[1]}
        if not self.by_chance:
            ends = dict.fromkeys(ends, pl.lit(None, dtype=pl.Float64))
        cell = {"value": count, "numerator": count, **ends, "n": count}
        return cell if self.unknown is None else cell | {"range_low": count, "range_high": highest}

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows counted."""
        return DrillThrough(self.where, ONE_PER_ROW, self.of) if side == "numerator" else NO_ROWS


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum:
    """The total of a value over the rows that pass a test, in units of `per` (1000 for ms shown as s).

    by_chance: whether the values are random, as those of deals; hours and costs are known and have no interval.
    observation: the columns that name one value by chance, if several rows share it: a deal is shared by touchpoints.
    """

    value: pl.Expr
    where: pl.Expr
    per: int = 1
    by_chance: bool = False
    observation: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval; empty for an exact number."""
        return "compound Poisson 95%" if self.by_chance else ""

    def accumulator(self, name: str) -> Accumulator:
        """Totals add up."""
        value = value_where(self.where, self.value)
        if self.observation:
            return Observations(self.observation, {name: wide(value)})
        terms = {f"{name}.numerator": wide(value), f"{name}.n": value.is_not_null().cast(pl.Int64)}
        if self.by_chance:
            terms |= squares(name, value)
            terms[f"{name}.below"] = wide(value.clip(upper_bound=0))
        return Sums(terms)

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A total is its own numerator; null where nothing has a value."""
        del by
        count = pl.col(f"{name}.n")
        total = pl.when(count > 0).then(pl.col(f"{name}.numerator") / self.per)
        cell = {"value": total, "numerator": total, "n": count}
        if not self.by_chance:
            return cell
        low, high = intervals.compound(pl.col(f"{name}.numerator"), sum_of_squares(name), count)
        # Values above 0 cannot take the total below that of the negative ones.
        lowest = pl.max_horizontal(low, pl.when(low.is_not_null()).then(pl.col(f"{name}.below")))
        return cell | {"ci_low": lowest / self.per, "ci_high": high / self.per}

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows that have a value, each with its own."""
        counted = self.where & self.value.is_not_null()
        return DrillThrough(counted, self.value / self.per) if side == "numerator" else NO_ROWS


def value_where(where: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The value of rows that pass a test, null for the others."""
    return pl.when(where).then(value)

"""The vocabulary of metrics: what a metric file may say, and how a number and its interval follow from it.

A measure is written in expressions over one settled row, so that the same words give the number, its interval and the
rows behind it. Each kind says which state it needs (reports/states.py), how the five columns of a cell follow from the
settled state, and which rows stand behind its parts.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from reports import intervals
from reports.states import Distinct, State, Sums, Values

Unit = Literal["attempts", "ratio", "s"]
Better = Literal["higher", "lower", "band"]
Part = Literal["numerator", "denominator"]

CELL = ("value", "numerator", "denominator", "ci_low", "ci_high")
Cell: TypeAlias = dict[str, pl.Expr]


@dataclass(frozen=True, eq=False, kw_only=True)
class Count:
    """How many rows pass a test."""

    where: pl.Expr

    def state(self, name: str) -> State:
        """Counts add up."""
        return Sums({f"{name}.numerator": self.where.cast(pl.Int64)})

    def cell(self, name: str) -> Cell:
        """A count is its own numerator; there is nothing to divide by and nothing to doubt."""
        count = pl.col(f"{name}.numerator")
        return {"value": count, "numerator": count}

    def behind(self, part: Part) -> pl.Expr:
        """The rows counted."""
        return self.where if part == "numerator" else pl.lit(value=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum:
    """The total of a value over the rows that pass a test, in units of `per` (1000 for ms shown as s)."""

    value: pl.Expr
    where: pl.Expr
    per: int = 1

    def state(self, name: str) -> State:
        """Totals add up."""
        return Sums({f"{name}.numerator": _within(self.where, self.value).cast(pl.Int64)})

    def cell(self, name: str) -> Cell:
        """A total is its own numerator."""
        total = pl.col(f"{name}.numerator") / self.per
        return {"value": total, "numerator": total}

    def behind(self, part: Part) -> pl.Expr:
        """The rows that have a value."""
        return self.where & self.value.is_not_null() if part == "numerator" else pl.lit(value=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ratio:
    """The share of rows that pass a second test among those that pass a first; or of distinct values of a column.

    The numerator is counted within the denominator, so that a rate never leaves 0 to 1. With `of`, a value counts
    when any of its rows passes, and rows without a value do not count.
    """

    numerator: pl.Expr
    denominator: pl.Expr
    of: str | None = None

    def state(self, name: str) -> State:
        """Counts add up; distinct values are kept by name."""
        tests = {f"{name}.{part}": self.behind(part) for part in ("numerator", "denominator")}
        if self.of is not None:
            return Distinct(self.of, tests)
        return Sums({term: test.cast(pl.Int64) for term, test in tests.items()})

    def cell(self, name: str) -> Cell:
        """A ratio of sums with Wilson's interval; null when there is nothing to divide by."""
        numerator, denominator = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        low, high = intervals.wilson(numerator, denominator)
        value = pl.when(denominator > 0).then(numerator / denominator)
        return {"value": value, "numerator": numerator, "denominator": denominator, "ci_low": low, "ci_high": high}

    def behind(self, part: Part) -> pl.Expr:
        """The rows counted above the line, or below it."""
        return self.denominator & self.numerator if part == "numerator" else self.denominator


@dataclass(frozen=True, eq=False, kw_only=True)
class Mean:
    """The mean of a value over the rows that pass a test and have one, in units of `per`; never below `least`."""

    value: pl.Expr
    where: pl.Expr
    per: int = 1
    least: float | None = None

    def state(self, name: str) -> State:
        """Sums of the values, of their squares, and how many there are."""
        value = _within(self.where, self.value)
        wide = value.cast(pl.Int128)
        return Sums(
            {
                f"{name}.numerator": value.cast(pl.Int64),
                f"{name}.squares": wide * wide,
                f"{name}.denominator": value.is_not_null().cast(pl.Int64),
            }
        )

    def cell(self, name: str) -> Cell:
        """A mean with Student's interval; null when no row has a value."""
        total, count = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        low, high = intervals.mean(total.cast(pl.Int128), pl.col(f"{name}.squares"), count.cast(pl.Int128))
        return {
            "value": pl.when(count > 0).then(total / count / self.per),
            "numerator": total / self.per,
            "denominator": count,
            "ci_low": (low / self.per).clip(lower_bound=self.least),
            "ci_high": high / self.per,
        }

    def behind(self, part: Part) -> pl.Expr:
        """The rows that have a value: each adds it above the line and one below."""
        del part
        return self.where & self.value.is_not_null()


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantile:
    """The value that a share of the rows does not exceed (0.5: the median), in units of `per`."""

    value: pl.Expr
    where: pl.Expr
    share: float
    per: int = 1

    def state(self, name: str) -> State:
        """Every value is kept: quantiles do not add up."""
        return Values(name, self.value, self.where, self.share)

    def cell(self, name: str) -> Cell:
        """A quantile with the interval of its order statistics, null where too few values support one."""
        scaled = {part: pl.col(f"{name}.{part}") / self.per for part in ("value", "ci_low", "ci_high")}
        return scaled | {"denominator": pl.col(f"{name}.denominator")}

    def behind(self, part: Part) -> pl.Expr:
        """The rows that have a value; none of them is a numerator."""
        return self.where & self.value.is_not_null() if part == "denominator" else pl.lit(value=False)


Measure: TypeAlias = Count | Sum | Ratio | Mean | Quantile


@dataclass(frozen=True, eq=False, kw_only=True)
class Metric:
    """One number with one definition. `version` rises when the same facts would give another number.

    formula: the measure in the symbols of the documentation, for people.
    frame, anchor: which facts it reads, and which of their moments decides the window they belong to.
    """

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    frame: str
    anchor: str
    dimensions: tuple[str, ...]
    measure: Measure


def _within(where: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(where).then(value)

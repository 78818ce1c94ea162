"""The kinds of measure a metric can be: how a number, its interval and the rows behind it follow from one definition.

A measure is written in expressions over one settled row, so that the same words give the number, its interval and the
rows behind it. Each kind says which state it needs (reports/states.py), how the parts of a cell follow from the settled
state, and which rows stand behind its parts. Those for what takes time are in reports/waits.py, those made of other
metrics in reports/composites.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from reports import intervals
from reports.parts import NOBODY, ONE, Behind, Cell, Part
from reports.states import Distinct, State, Sums, Values
from reports.waits import Survival, Within


@dataclass(frozen=True, eq=False, kw_only=True)
class Count:
    """How many rows pass a test; with `of`, how many values of a column have a row that passes."""

    where: pl.Expr
    of: str | None = None
    extra: tuple[str, ...] = ()

    def state(self, name: str) -> State:
        """Counts add up; distinct values are kept by name."""
        term = f"{name}.numerator"
        if self.of is not None:
            return Distinct(self.of, {term: self.where})
        return Sums({term: self.where.cast(pl.Int64)})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A count is its own numerator. Its interval is what chance alone would give such a period: Poisson's."""
        del by
        count = pl.col(f"{name}.numerator")
        low, high = intervals.poisson(count)
        return {"value": count, "numerator": count, "ci_low": low, "ci_high": high, "n": count}

    def behind(self, part: Part) -> Behind:
        """The rows counted."""
        return Behind(self.where, ONE, self.of) if part == "numerator" else NOBODY


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum:
    """The total of a value over the rows that pass a test, in units of `per` (1000 for ms shown as s).

    by_chance: whether the values come as they please, as deals do; hours and costs are known and have no interval.
    """

    value: pl.Expr
    where: pl.Expr
    per: int = 1
    by_chance: bool = False
    extra: tuple[str, ...] = ()

    def state(self, name: str) -> State:
        """Totals add up."""
        value = _within(self.where, self.value)
        terms = {f"{name}.numerator": value.cast(pl.Int64), f"{name}.n": value.is_not_null().cast(pl.Int64)}
        if self.by_chance:
            terms[f"{name}.squares"] = value.cast(pl.Int128) * value.cast(pl.Int128)
            terms[f"{name}.below"] = value.clip(upper_bound=0).cast(pl.Int64)
        return Sums(terms)

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A total is its own numerator; null where nothing has a value."""
        del by
        count = pl.col(f"{name}.n")
        total = pl.when(count > 0).then(pl.col(f"{name}.numerator") / self.per)
        cell = {"value": total, "numerator": total, "n": count}
        if not self.by_chance:
            return cell
        low, high = intervals.compound(pl.col(f"{name}.numerator"), pl.col(f"{name}.squares"), count)
        # Whatever comes, deals that bring something do not bring less than nothing.
        likely = pl.max_horizontal(low, pl.when(low.is_not_null()).then(pl.col(f"{name}.below")))
        return cell | {"ci_low": likely / self.per, "ci_high": high / self.per}

    def behind(self, part: Part) -> Behind:
        """The rows that have a value, each with its own."""
        counted = self.where & self.value.is_not_null()
        return Behind(counted, self.value / self.per) if part == "numerator" else NOBODY


@dataclass(frozen=True, eq=False, kw_only=True)
class Ratio:
    """The share of rows that pass a second test among those that pass a first; or of distinct values of a column.

    The numerator is counted within the denominator, so that a rate never leaves 0 to 1. With `of`, a value counts
    when any of its rows passes, and rows without a value do not count.
    unknown: rows of the denominator of which nobody can tell whether they belong above the line; the rate then comes
    with the range from none of them to all of them.
    """

    numerator: pl.Expr
    denominator: pl.Expr
    of: str | None = None
    unknown: pl.Expr | None = None

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where something is unknown."""
        return () if self.unknown is None else ("range_low", "range_high")

    def state(self, name: str) -> State:
        """Counts add up; distinct values are kept by name."""
        tests = {f"{name}.numerator": self._both(self.numerator), f"{name}.denominator": self.denominator}
        if self.unknown is not None:
            tests[f"{name}.unknown"] = self._both(self.unknown) & ~self.numerator
        if self.of is not None:
            return Distinct(self.of, tests)
        return Sums({term: test.cast(pl.Int64) for term, test in tests.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A ratio of sums with Wilson's interval; null when there is nothing to divide by."""
        del by
        numerator, denominator = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        cell = rate(numerator, denominator)
        if self.unknown is None:
            return cell
        most = pl.when(denominator > 0).then((numerator + pl.col(f"{name}.unknown")) / denominator)
        return cell | {"range_low": cell["value"], "range_high": most}

    def behind(self, part: Part) -> Behind:
        """The rows counted above the line, or below it."""
        where = self._both(self.numerator) if part == "numerator" else self.denominator
        return Behind(where, ONE, self.of)

    def _both(self, test: pl.Expr) -> pl.Expr:
        return self.denominator & test


@dataclass(frozen=True, eq=False, kw_only=True)
class Share:
    """Which part of all rows that pass a test has this group's value of one dimension, the others being the same."""

    where: pl.Expr
    among: str
    extra: tuple[str, ...] = ()

    def state(self, name: str) -> State:
        """Counts add up."""
        return Sums({f"{name}.numerator": self.where.cast(pl.Int64)})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The group's count over that of all groups which differ in nothing but the dimension."""
        count = pl.col(f"{name}.numerator")
        others = [dimension for dimension in by if dimension != self.among]
        everything = count.sum().over(others) if others else count.sum()
        return rate(count, everything)

    def behind(self, part: Part) -> Behind:
        """The rows of the group; those below the line are the same, asked of all groups together (reports/rows.py)."""
        del part
        return Behind(self.where, ONE)


@dataclass(frozen=True, eq=False, kw_only=True)
class Mean:
    """The mean of a value over the rows that pass a test and have one, in units of `per`; never below `least`."""

    value: pl.Expr
    where: pl.Expr
    per: int = 1
    least: float | None = None
    extra: tuple[str, ...] = ()

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

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A mean with Student's interval; null when no row has a value."""
        del by
        total, count = pl.col(f"{name}.numerator"), pl.col(f"{name}.denominator")
        low, high = intervals.mean(total.cast(pl.Int128), pl.col(f"{name}.squares"), count.cast(pl.Int128))
        return {
            "value": pl.when(count > 0).then(total / count / self.per),
            "numerator": total / self.per,
            "denominator": count,
            "ci_low": (low / self.per).clip(lower_bound=self.least),
            "ci_high": high / self.per,
            "n": count,
        }

    def behind(self, part: Part) -> Behind:
        """The rows that have a value: each adds it above the line and one below."""
        return Behind(self.where & self.value.is_not_null(), self.value / self.per if part == "numerator" else ONE)


@dataclass(frozen=True, eq=False, kw_only=True)
class Quantile:
    """The value that a share of the rows does not exceed (0.5: the median), in units of `per`."""

    value: pl.Expr
    where: pl.Expr
    share: float
    per: int = 1
    extra: tuple[str, ...] = ()

    def state(self, name: str) -> State:
        """Every value is kept: quantiles do not add up."""
        return Values(name, self.value, self.where, self.share)

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A quantile with the interval of its order statistics, null where too few values support one."""
        del by
        scaled = {part: pl.col(f"{name}.{part}") / self.per for part in ("value", "ci_low", "ci_high")}
        count = pl.col(f"{name}.denominator")
        return scaled | {"denominator": count, "n": count}

    def behind(self, part: Part) -> Behind:
        """The rows that have a value; none of them is a numerator."""
        return Behind(self.where & self.value.is_not_null(), ONE) if part == "denominator" else NOBODY


Measure: TypeAlias = Count | Sum | Ratio | Share | Mean | Quantile | Survival | Within


def rate(numerator: pl.Expr, denominator: pl.Expr) -> Cell:
    """The cell of a rate: null when there is nothing to divide by."""
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


def _within(where: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(where).then(value)

"""Accumulators: mergeable partial aggregates of a scan, from which the numbers are computed.

A scan may come in one chunk or in many, such as days of a lake or shares of several workers. Each chunk gives a partial
table per accumulator. Partial tables are concatenated, merged into one, and then finished into columns per group.
Splitting a scan differently never changes a report: sums are of integers, leads are distinct by name, and histograms
contain every value.

An accumulator also merges over fewer dimensions than its partial tables have; so the total row is computed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import polars as pl

from reports.measures.large_sums import squares
from reports.stats import survival
from reports.stats.intervals import quantile_ranks

Terms: TypeAlias = dict[str, pl.Expr]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over rows of integer expressions wide enough for their sum."""

    terms: Terms
    name: str = "sums"

    @property
    def reads(self) -> set[str]:
        """The resolved columns it is made from."""
        return _roots(self.terms.values())

    @property
    def counts(self) -> tuple[str, ...]:
        """The finished columns that are 0 for a group in which nothing was counted."""
        return tuple(self.terms)

    def partial(self, rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The sums of one chunk of the scan."""
        return fold(rows, by, [expression.sum().alias(term) for term, expression in self.terms.items()])

    def merge(self, partials: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Partial tables, concatenated, as one."""
        return fold(partials, by, [pl.col(term).sum() for term in self.terms])

    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The sums per group, of a table merged by it."""
        del by
        return merged


@dataclass(frozen=True, eq=False)
class Distinct:
    """How many distinct values of a column have any row for which an expression is true."""

    column: str
    terms: Terms

    @property
    def name(self) -> str:
        """Accumulators of the same column share one table."""
        return f"distinct {self.column}"

    @property
    def reads(self) -> set[str]:
        """The resolved columns it is made from."""
        return {self.column} | _roots(self.terms.values())

    @property
    def counts(self) -> tuple[str, ...]:
        """The finished columns that are 0 for a group in which nothing was counted."""
        return tuple(self.terms)

    def partial(self, rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Whether each value in one chunk of the scan has such a row."""
        known = rows.filter(pl.col(self.column).is_not_null())
        flags = [expression.any().alias(term) for term, expression in self.terms.items()]
        return fold(known, [*by, self.column], flags)

    def merge(self, partials: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Partial tables, concatenated, as one."""
        return fold(partials, [*by, self.column], [pl.col(term).any() for term in self.terms])

    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The number of values per group, of a table merged by it."""
        return fold(merged, by, [pl.col(term).cast(pl.Int64).sum() for term in self.terms])


@dataclass(frozen=True, eq=False)
class Observations:
    """Sums of integer expressions for each observation, which may be split over several rows.

    columns: the columns that name an observation. Of each term there are four numbers: the sum (`numerator`), the
    observations with a value (`n`), the sum of their squares (`squares`), and the sum of those below 0 (`below`).
    """

    columns: tuple[str, ...]
    terms: Terms

    @property
    def name(self) -> str:
        """Accumulators of the same observations share one table."""
        return f"observations {self.columns}"

    @property
    def reads(self) -> set[str]:
        """The resolved columns it is made from."""
        return {*self.columns} | _roots(self.terms.values())

    @property
    def counts(self) -> tuple[str, ...]:
        """The finished columns that are 0 for a group in which nothing was counted."""
        return tuple(name for term in self.terms for name in _observed(term))

    def partial(self, rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The sum of each observation in one chunk of the scan; null without a value."""
        sums = [_sum_known(expression).alias(term) for term, expression in self.terms.items()]
        return fold(rows, [*by, *self.columns], sums)

    def merge(self, partials: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Partial tables, concatenated, as one."""
        return fold(partials, [*by, *self.columns], [_sum_known(pl.col(term)).alias(term) for term in self.terms])

    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The numbers of each term per group, of a table merged by it."""
        numbers = [number.alias(name) for term in self.terms for name, number in _observed(term).items()]
        return fold(merged, by, numbers)


@dataclass(frozen=True, eq=False)
class Values:
    """Every value of an expression and how often it occurs: exact quantiles, and still additive."""

    name: str
    value: pl.Expr
    where: pl.Expr
    share: float

    @property
    def reads(self) -> set[str]:
        """The resolved columns it is made from."""
        return _roots((self.value, self.where))

    @property
    def counts(self) -> tuple[str, ...]:
        """The finished columns that are 0 for a group in which nothing was counted."""
        return (f"{self.name}.denominator",)

    def partial(self, rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The values of one chunk of the scan."""
        counted = rows.filter(self.where).with_columns(value=self.value).filter(pl.col("value").is_not_null())
        return fold(counted, [*by, "value"], [pl.len().cast(pl.Int64).alias("count")])

    def merge(self, partials: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Partial tables, concatenated, as one."""
        return fold(partials, [*by, "value"], [pl.col("count").sum()])

    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The quantile, its interval and the number of values per group, of a table merged by it.

        Between two values the quantile lies where PostgreSQL's percentile_cont puts it.
        """
        cumulative = pl.col("count").cum_sum()
        total = pl.col("count").sum()
        position = (total - 1).cast(pl.Float64) * self.share
        below, above = _at(cumulative, position.floor() + 1), _at(cumulative, position.ceil() + 1)
        low, high = quantile_ranks(total, self.share)
        measures = {
            "value": below + (above - below) * (position - position.floor()),
            "denominator": total,
            "ci_low": _at(cumulative, low),
            "ci_high": _at(cumulative, high),
        }
        ordered = merged.sort("value")
        columns = [expression.alias(f"{self.name}.{measure}") for measure, expression in measures.items()]
        return fold(ordered, by, columns)


@dataclass(frozen=True, eq=False)
class Curve:
    """How many waits ended and how many were still open after each length of time: a survival curve, and additive.

    horizons: the numbers to read off it, by name: the median (None), or the share at a time in ms.
    """

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    horizons: dict[str, int | None]

    @property
    def name(self) -> str:
        """Numbers read off the same curve share one table."""
        return f"curve {self.duration} {self.event} {self.where}"

    @property
    def reads(self) -> set[str]:
        """The resolved columns it is made from."""
        return _roots((self.duration, self.event, self.where))

    @property
    def counts(self) -> tuple[str, ...]:
        """The finished columns that are 0 for a group in which nothing was counted."""
        return tuple(f"{name}.{side}" for name in self.horizons for side in ("numerator", "denominator"))

    def partial(self, rows: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The lengths of time of one chunk of the scan."""
        waited = rows.filter(self.where).with_columns(time=self.duration.cast(pl.Int64), ended=self.event)
        counts = [
            pl.col("ended").cast(pl.Int64).sum().alias("events"),
            (~pl.col("ended")).cast(pl.Int64).sum().alias("censored"),
        ]
        return fold(waited.filter(pl.col("time").is_not_null()), [*by, "time"], counts)

    def merge(self, partials: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """Partial tables, concatenated, as one."""
        return fold(partials, [*by, "time"], [pl.col("events").sum(), pl.col("censored").sum()])

    def finish(self, merged: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
        """The numbers read off the curve of each group, with their intervals and counts; a row for each.

        merged: a table merged by the group.
        """
        steps = survival.curve(merged, by).cache()
        return pl.concat([_read(name, steps, by, horizon) for name, horizon in self.horizons.items()], how="diagonal")


Accumulator: TypeAlias = Sums | Distinct | Observations | Values | Curve


def merge_all(
    accumulator: Accumulator, partials: Sequence[pl.DataFrame], by: Sequence[str], partial_by: Sequence[str]
) -> pl.LazyFrame:
    """The partial tables of all chunks as one by a group. partial_by: the dimensions of the partial tables."""
    table = pl.concat(partials).lazy()
    return table if len(partials) == 1 and by == partial_by else accumulator.merge(table, by)


def merge_sums(accumulators: Sequence[Accumulator]) -> list[Accumulator]:
    """The same accumulators in as few tables as possible."""
    tables: dict[str, Accumulator] = {}
    for new in accumulators:
        other = tables.get(new.name)
        if isinstance(new, Sums | Distinct | Observations) and isinstance(other, Sums | Distinct | Observations):
            tables[new.name] = replace(other, terms=other.terms | new.terms)
        elif isinstance(new, Curve) and isinstance(other, Curve):
            tables[new.name] = replace(other, horizons=other.horizons | new.horizons)
        else:
            tables[new.name] = new
    return list(tables.values())


def fold(rows: pl.LazyFrame, by: Sequence[str], columns: list[pl.Expr]) -> pl.LazyFrame:
    """One row per group; without dimensions one row in all."""
    return rows.group_by(by).agg(columns) if by else rows.select(columns)


def _sum_known(value: pl.Expr) -> pl.Expr:
    """The sum; null where no row has a value."""
    return pl.when(value.is_not_null().any()).then(value.sum())


def _observed(term: str) -> Terms:
    """The numbers of a term, by column, from the sum of each observation."""
    value = pl.col(term)
    return {
        f"{term}.numerator": value.sum(),
        f"{term}.n": value.count().cast(pl.Int64),
        **{name: square.sum() for name, square in squares(term, value).items()},
        f"{term}.below": value.clip(upper_bound=0).sum(),
    }


def _roots(expressions: Iterable[pl.Expr]) -> set[str]:
    return {column for expression in expressions for column in expression.meta.root_names()}


def _read(name: str, steps: pl.LazyFrame, by: Sequence[str], horizon_ms: int | None) -> pl.LazyFrame:
    """One number of a curve, in the columns of its name."""
    read = survival.median_of(steps, by) if horizon_ms is None else survival.within_of(steps, by, horizon_ms)
    columns = {"value": "value", "ci_low": "ci_low", "ci_high": "ci_high", "events": "numerator", "n": "denominator"}
    return read.select(*by, *(pl.col(column).alias(f"{name}.{cell_column}") for column, cell_column in columns.items()))


def _at(cumulative: pl.Expr, rank: pl.Expr) -> pl.Expr:
    """The value of a rank (from 1), where values are sorted and `cumulative` counts up to each."""
    return pl.col("value").filter(cumulative >= rank).first()

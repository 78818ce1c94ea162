"""Scores: the net promoter score, points earned over points possible, and how far raters agree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Observations, Sums
from reports.measures.cell_schema import ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.measures.counts import value_where
from reports.measures.large_sums import sum_of_squares
from reports.stats import intervals


@dataclass(frozen=True, eq=False, kw_only=True)
class NetScore:
    """Promoters less detractors per hundred answers: from -100 to 100.

    promoter, detractor: tests of the rows that pass `where`; no row passes both.
    """

    promoter: pl.Expr
    detractor: pl.Expr
    where: pl.Expr
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "adjusted Wald 95%, three answers added"

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up."""
        tests = {"promoters": self.where & self.promoter, "detractors": self.where & self.detractor}
        counts = {f"{name}.{side}": test.cast(pl.Int64) for side, test in tests.items()}
        return Sums({**counts, f"{name}.denominator": self.where.cast(pl.Int64)})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The net score with its own interval; null without an answer."""
        del by
        promoters, detractors, count = (pl.col(f"{name}.{part}") for part in ("promoters", "detractors", "denominator"))
        net = promoters - detractors
        low, high = intervals.net_share(promoters, detractors, count)
        return {
            "value": pl.when(count > 0).then(100 * net / count),
            "numerator": net,
            "denominator": count,
            "ci_low": 100 * low,
            "ci_high": 100 * high,
            "n": count,
        }

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The answers; of the numerator, each promoter adds one and each detractor takes one away."""
        if side == "denominator":
            return DrillThrough(self.where, ONE_PER_ROW)
        adds = pl.when(self.promoter).then(1).otherwise(-1).cast(pl.Int64)
        return DrillThrough(self.where & (self.promoter | self.detractor), adds)


@dataclass(frozen=True, eq=False, kw_only=True)
class PointsRatio:
    """Points earned over points possible, where the points of one observation belong together.

    earned, possible: integers, in units of `per`. observation: the columns that name one observation, such as an
    evaluation. The interval takes the observations as the sample, not their items.
    """

    earned: pl.Expr
    possible: pl.Expr
    where: pl.Expr
    observation: tuple[str, ...]
    per: int = 1
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "linearised ratio of sums 95%, Student t with n - 1 degrees of freedom"

    def accumulator(self, name: str) -> Accumulator:
        """The points of each observation, and of both together; its squares show how the two vary."""
        earned, possible = (value_where(self.where, points) for points in (self.earned, self.possible))
        terms = {"earned": earned, "possible": possible, "both": earned + possible}
        return Observations(self.observation, {f"{name}.{term}": points for term, points in terms.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The ratio of sums; null without points to earn. n is the number of observations."""
        del by
        earned, possible = (pl.col(f"{name}.{side}.numerator") for side in ("earned", "possible"))
        count = pl.col(f"{name}.possible.n")
        low, high = _bounds(name, "earned", "possible", "both", count)
        return {
            "value": pl.when(possible > 0).then(earned / possible),
            "numerator": earned / self.per,
            "denominator": possible / self.per,
            "ci_low": low.clip(0.0, 1.0),
            "ci_high": high.clip(0.0, 1.0),
            "n": count,
        }

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The rows with points to earn: each adds its points."""
        points = self.earned if side == "numerator" else self.possible
        return DrillThrough(self.where & self.possible.is_not_null(), points / self.per)


@dataclass(frozen=True, eq=False, kw_only=True)
class Agreement:
    """Krippendorff's alpha for ratings on an interval scale: 1 if raters always agree, 0 if they agree as by chance.

    rating: whole numbers from 0 to `per`. disagreement: of a row, the mean squared difference from the other ratings of
    its unit. observation: the columns that name what was rated, for the interval. incompatible_dimensions: those that
    part the ratings of one unit; by or within them alpha does not exist, and the result is null.
    """

    rating: pl.Expr
    disagreement: pl.Expr
    where: pl.Expr
    observation: tuple[str, ...]
    per: int
    incompatible_dimensions: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "linearised over what was rated, 95%; the disagreement expected by chance is taken as known"

    def accumulator(self, name: str) -> Accumulator:
        """Sums of the ratings, of their squares and of their disagreements, for each thing that was rated."""
        rating = value_where(self.where, self.rating).cast(pl.Int128)
        disagreement = value_where(self.where, self.disagreement).cast(pl.Int128)
        count = value_where(self.where, pl.lit(self.per, dtype=pl.Int128) ** 2)
        terms = {
            "rating": rating,
            "squared": rating * rating,
            "apart": disagreement,
            "count": count,
            "both": disagreement + count,
        }
        return Observations(self.observation, {f"{name}.{term}": value for term, value in terms.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """One less observed over expected disagreement; null where all ratings are the same. n: what was rated."""
        del by
        total, squared, apart, weight = (
            pl.col(f"{name}.{term}.numerator").cast(pl.Int128) for term in ("rating", "squared", "apart", "count")
        )
        ratings = weight // self.per**2
        observed = apart.cast(pl.Float64) / ratings / self.per**2
        spread = (ratings * squared - total * total).cast(pl.Float64)
        expected = 2 * spread / ratings / (ratings - 1) / self.per**2
        varies = (ratings > 1) & (spread > 0)
        count = pl.col(f"{name}.count.n")
        low, high = _bounds(name, "apart", "count", "both", count)
        return {
            "value": pl.when(varies).then(1 - observed / expected),
            "denominator": ratings.cast(pl.Int64),
            "ci_low": pl.when(varies).then(1 - high / expected),
            "ci_high": pl.when(varies).then(1 - low.clip(lower_bound=0.0) / expected),
            "n": count,
        }

    def within(self, cell: Cell, seen_by: Collection[str]) -> Cell:
        """The cell in a report by these dimensions: without its value if they part the ratings of a unit."""
        if set(self.incompatible_dimensions).isdisjoint(seen_by):
            return cell
        return cell | {name: pl.lit(None, dtype=pl.Float64) for name in ("value", "ci_low", "ci_high")}

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The ratings compared; none of them is a numerator."""
        where = self.where if side == "denominator" else pl.lit(value=False)
        return DrillThrough(where, ONE_PER_ROW)


Score = NetScore | PointsRatio | Agreement


def _bounds(name: str, above: str, below: str, both: str, count: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The interval of a ratio of two terms of observations, and their sum."""
    sums = [pl.col(f"{name}.{term}.numerator").cast(pl.Float64) for term in (above, below)]
    squares = [sum_of_squares(f"{name}.{term}") for term in (above, below, both)]
    return intervals.ratio_of_sums(sums[0], sums[1], squares[0], squares[1], squares[2], count)

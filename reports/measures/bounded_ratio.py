"""A rate with a lower and an upper bound, where some rows are unknown.

Unknown rows may belong to the numerator, the denominator or neither, so each bound is a rate of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Sums
from reports.measures.cell_schema import Cell
from reports.measures.ranges import RANGE, with_range
from reports.measures.ratios import Ratio

Rate = tuple[pl.Expr, pl.Expr]


@dataclass(frozen=True, eq=False, kw_only=True)
class BoundedRatio(Ratio):
    """The share of rows that pass a second test among those that pass a first, with its range.

    least, most: the tests of numerator and denominator for the lowest and the highest rate that the unknown rows allow.
    As in the rate itself, the numerator counts within the denominator. doubtful: the rows that may or may not count.
    basis: without any of these rows there is no rate.
    doubtful_may_pass: the doubtful rows may still reach the numerator; where only they may count, they may all pass.
    """

    least: Rate
    most: Rate
    doubtful: pl.Expr
    basis: pl.Expr
    doubtful_may_pass: bool = False

    @property
    def extra(self) -> tuple[str, ...]:
        """The range."""
        return RANGE

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up."""
        terms = {"basis": self.basis, "doubtful": self.doubtful, "rows": self.denominator | self.doubtful}
        for end, (above, below) in self._rates().items():
            terms |= {f"{end}numerator": below & above, f"{end}denominator": below}
        return Sums({f"{name}.{term}": test.cast(pl.Int64) for term, test in terms.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A ratio of sums with its range and the interval that covers it; null without a basis."""
        counts = {term: pl.col(f"{name}.{term}") for term in ("basis", "doubtful", "rows")}
        least, most = (
            (pl.col(f"{name}.{end}numerator"), pl.col(f"{name}.{end}denominator")) for end in ("low_", "high_")
        )
        if self.doubtful_may_pass:
            none_for_sure = most[1] == 0
            above, below = (pl.when(none_for_sure).then(counts["doubtful"]).otherwise(count) for count in most)
            most = (above, below)
        cell = super().cell(name, by)
        cell |= {column: pl.when(counts["basis"] > 0).then(cell[column]) for column in ("value", "ci_low", "ci_high")}
        return with_range(cell, least, most, unknown=counts["doubtful"], rows=counts["rows"])

    def _rates(self) -> dict[str, Rate]:
        return {"": (self.numerator, self.denominator), "low_": self.least, "high_": self.most}


def ratio_among(
    numerator: pl.Expr, denominator: pl.Expr, doubtful: pl.Expr, *, doubtful_may_pass: bool = False
) -> BoundedRatio:
    """The share of rows that pass a second test among those that pass a first, where some rows may pass the first.

    doubtful: these rows. Those of them that pass the second test raise the highest rate, the others lower the lowest.
    doubtful_may_pass: whether a doubtful row may pass the second test once more is known of it.
    """
    return BoundedRatio(
        numerator=numerator,
        denominator=denominator,
        least=(numerator, denominator | (doubtful & ~numerator)),
        most=(numerator, denominator | (doubtful & numerator)),
        doubtful=doubtful,
        basis=denominator,
        doubtful_may_pass=doubtful_may_pass,
    )

"""A rate with a lower and an upper bound, where some rows are unknown.

Unknown rows may belong to the numerator, the denominator or neither, so each bound is a rate of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Sums
from reports.measures.cell_schema import Cell
from reports.measures.ratios import Ratio

Rate = tuple[pl.Expr, pl.Expr]


@dataclass(frozen=True, eq=False, kw_only=True)
class BoundedRatio(Ratio):
    """The share of rows that pass a second test among those that pass a first, with its range.

    least, most: the tests of numerator and denominator for the lowest and the highest rate that the unknown rows allow.
    As in the rate itself, the numerator counts within the denominator. basis: without any of these rows there is no
    rate.
    """

    least: Rate
    most: Rate
    basis: pl.Expr

    @property
    def extra(self) -> tuple[str, ...]:
        """The range."""
        return ("range_low", "range_high")

    def accumulator(self, name: str) -> Accumulator:
        """Counts add up."""
        terms = {f"{name}.basis": self.basis}
        for end, (above, below) in self._rates().items():
            terms |= {f"{name}.{end}numerator": below & above, f"{name}.{end}denominator": below}
        return Sums({term: test.cast(pl.Int64) for term, test in terms.items()})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """A ratio of sums with Wilson's interval, and its range; null without a basis."""
        based = pl.col(f"{name}.basis") > 0
        cell = super().cell(name, by)
        cell |= {column: pl.when(based).then(cell[column]) for column in ("value", "ci_low", "ci_high")}
        ends = {end: pl.col(f"{name}.{end}numerator") / pl.col(f"{name}.{end}denominator") for end in self._rates()}
        known = {end: pl.when(based & ends[end].is_finite()).then(ends[end]) for end in ("low_", "high_")}
        return cell | {"range_low": known["low_"], "range_high": known["high_"]}

    def _rates(self) -> dict[str, Rate]:
        return {"": (self.numerator, self.denominator), "low_": self.least, "high_": self.most}

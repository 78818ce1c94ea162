"""A rate that lies between two others: what it is at least, and at most, however the unknown turns out.

Where what is unknown decides both sides of a rate, the ends of its range are rates of their own.
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
    """The share of rows that pass a second test among those that pass a first, with the range it may lie in.

    least, most: which rows would be above and below the line if what is unknown turned out one way, or the other; as in
    the rate itself, what is above is counted within what is below. basis: rows without any of which there is no rate.
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
        cell |= {part: pl.when(based).then(cell[part]) for part in ("value", "ci_low", "ci_high")}
        ends = {end: pl.col(f"{name}.{end}numerator") / pl.col(f"{name}.{end}denominator") for end in self._rates()}
        known = {end: pl.when(based & ends[end].is_finite()).then(ends[end]) for end in ("low_", "high_")}
        return cell | {"range_low": known["low_"], "range_high": known["high_"]}

    def _rates(self) -> dict[str, Rate]:
        return {"": (self.numerator, self.denominator), "low_": self.least, "high_": self.most}

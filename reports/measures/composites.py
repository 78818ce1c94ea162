"""Measures made of other metrics: products and quotients, and the return on a cost.

Every part is a metric of its own, with its own facts, interval and rows; whoever asks for the whole gets the parts
beside it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import polars as pl

from reports.measures.cell_schema import CELL, Cell
from reports.stats import intervals

if TYPE_CHECKING:
    from reports.measures.metric import Metric


@dataclass(frozen=True, eq=False, kw_only=True)
class Derived:
    """Metrics multiplied, over metrics multiplied; null when any is null or what is divided by is 0.

    apart: dimensions that some parts have and others do not, as calls have a source and time has none. Broken down by
    one of them, or narrowed to it, the parts are not about the same things, and the product is null.
    """

    numerators: tuple["Metric", ...]
    denominators: tuple["Metric", ...] = ()
    incompatible_dimensions: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is made of."""
        return (*self.numerators, *self.denominators)

    def cell(self, seen_by: Collection[str]) -> Cell:
        """The product; its interval combines those of the parts, which are taken as independent of each other."""
        if not set(self.incompatible_dimensions).isdisjoint(seen_by):
            return dict.fromkeys(CELL, pl.lit(None, dtype=pl.Float64)) | {"n": pl.lit(None, dtype=pl.Int64)}
        numerator, denominator = _product(self.numerators), _product(self.denominators)
        factors = [_factor(metric, 1) for metric in self.numerators] + [
            _factor(metric, -1) for metric in self.denominators
        ]
        _, low, high = intervals.product_of(factors)
        if all(metric.exact for metric in self.components):
            low = high = pl.lit(None, dtype=pl.Float64)
        return {
            "value": pl.when(denominator != 0).then(numerator / denominator) if self.denominators else numerator,
            "numerator": numerator,
            "denominator": denominator if self.denominators else pl.lit(None, dtype=pl.Float64),
            "ci_low": low,
            "ci_high": high,
            "n": pl.col(f"{self.numerators[0].name}_n"),
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class Return:
    """What is left of a gain after its cost, per unit of cost: 0.2 when 100 spent came back as 120."""

    gain: "Metric"
    cost: "Metric"
    extra: tuple[str, ...] = ()

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is made of."""
        return (self.gain, self.cost)

    def cell(self, seen_by: Collection[str]) -> Cell:
        """(gain - cost) / cost; a cost without any gain has lost itself; null where nothing was spent."""
        del seen_by
        gain, cost = pl.col(self.gain.name).fill_null(0.0), pl.col(self.cost.name)
        spent = pl.when(cost > 0).then(cost)
        return {
            "value": (gain - spent) / spent,
            "numerator": gain - spent,
            "denominator": spent,
            "ci_low": pl.col(f"{self.gain.name}_ci_low") / spent - 1,
            "ci_high": pl.col(f"{self.gain.name}_ci_high") / spent - 1,
            "n": pl.col(f"{self.gain.name}_n"),
        }


Composite: TypeAlias = Derived | Return


def _product(metrics: Sequence["Metric"]) -> pl.Expr:
    product = pl.lit(1.0)
    for metric in metrics:
        product = product * pl.col(metric.name)
    return product


def _factor(metric: "Metric", power: Literal[1, -1]) -> intervals.Factor:
    """A part's value and interval, multiplying or dividing; what has no interval is taken as known exactly."""
    value = pl.col(metric.name).cast(pl.Float64)
    if metric.exact:
        return value, value, value, power
    low, high = (pl.col(metric.column(part)).cast(pl.Float64) for part in ("ci_low", "ci_high"))
    return value, low, high, power


def components_first(metrics: Iterable["Metric"]) -> list["Metric"]:
    """Composites, those first that others are made of."""

    def depth(metric: "Metric") -> int:
        return 1 + max(map(depth, metric.components), default=0)

    return sorted((metric for metric in metrics if metric.components), key=depth)

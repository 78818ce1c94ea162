"""The vocabulary of metrics: one number with one definition, counted from facts or composed of other metrics.

Every component of a composite is a metric of its own, with its own facts, interval and rows. A report that includes the
composite includes its components too.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import polars as pl

from reports.measures.averages import Mean, Quantile
from reports.measures.cell_schema import CELL, Cell
from reports.measures.counts import Count, Sum
from reports.measures.durations import Survival, Within
from reports.measures.expected_time import ExpectedTime
from reports.measures.frame import Frame
from reports.measures.ranges import CANNOT_TELL, RANGE
from reports.measures.ratios import Ratio, Share
from reports.measures.scores import Score
from reports.model.answer_time import AnswerTime
from reports.model.language import translate
from reports.stats import intervals

Measure: TypeAlias = Count | Sum | Ratio | Share | Mean | Quantile | Survival | Within | ExpectedTime | Score

Time = Literal["s", "min", "h", "days", "months", "years"]
Unit = Literal["count", "ratio", "money", "money_per_day", "per_hour", "factor", "attempts", "points"] | Time
# Neutral: a volume, or a number that neither more nor less of is good in itself.
Better = Literal["higher", "lower", "band", "neutral"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Derived:
    """Metrics multiplied, over metrics multiplied; null when any is null or the divisor is 0.

    incompatible_dimensions: dimensions that some components have and others lack, as calls have a source and agent time
    has none. By or within such a dimension the components do not match, and the result is null.
    The result has a range if a component that is a count has one. It cannot be told if none of that count is known, or
    less than half of what is possible.
    """

    numerators: tuple["Metric", ...]
    denominators: tuple["Metric", ...] = ()
    incompatible_dimensions: tuple[str, ...] = ()

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where a component has one."""
        return RANGE if self._ranged else ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "MOVER 95%: the intervals of its components, combined on the logarithmic scale"

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is composed of."""
        return (*self.numerators, *self.denominators)

    def cell(self, seen_by: Collection[str]) -> Cell:
        """The result; its interval combines those of the components, which are treated as independent.

        seen_by: the dimensions that the report is broken down by or filtered by.
        """
        if not set(self.incompatible_dimensions).isdisjoint(seen_by):
            kinds = {"n": pl.Int64, "reason": pl.String}
            columns = (*CELL, *self.extra)
            return {name: pl.lit(None, dtype=kinds.get(name, pl.Float64)) for name in columns}
        numerator, denominator = _product(self.numerators), _product(self.denominators)
        factors = [_factor(metric, 1) for metric in self.numerators] + [
            _factor(metric, -1) for metric in self.denominators
        ]
        _, low, high = intervals.product_of(factors)
        if all(metric.exact for metric in self.components):
            low = high = pl.lit(None, dtype=pl.Float64)
        cell = {
            "value": _quotient(numerator, denominator) if self.denominators else numerator,
            "numerator": numerator,
            "denominator": denominator if self.denominators else pl.lit(None, dtype=pl.Float64),
            "ci_low": low,
            "ci_high": high,
            "n": pl.col(f"{self.numerators[0].name}_n"),
        }
        return cell | self._range(cell["value"])

    @property
    def _ranged(self) -> list["Metric"]:
        return [metric for metric in self.components if metric.is_count and metric.measure.extra]

    def _range(self, value: pl.Expr) -> Cell:
        """The range of the result, and the reason if it cannot be told."""
        if not self._ranged:
            return {}
        low = _quotient(_product(self.numerators, "range_low"), _product(self.denominators, "range_high"))
        high = _quotient(_product(self.numerators, "range_high"), _product(self.denominators, "range_low"))
        mostly_known = pl.all_horizontal(_mostly_known(metric) for metric in self._ranged)
        apart = (low != high).fill_null(low.is_not_null() | high.is_not_null())
        cannot_tell = ~mostly_known & apart
        return {
            "value": pl.when(~cannot_tell).then(value),
            "range_low": low,
            "range_high": high,
            "reason": pl.when(cannot_tell).then(pl.lit(CANNOT_TELL)),
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class Return:
    """The gain left after its cost, per unit of cost: 0.2 when 100 spent came back as 120."""

    gain: "Metric"
    cost: "Metric"
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return f"{self.gain.interval} of the gain; the cost is exact"

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is composed of."""
        return (self.gain, self.cost)

    def cell(self, seen_by: Collection[str]) -> Cell:
        """(gain - cost) / cost; a cost without any gain is a loss of 1; null where nothing was spent."""
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Total:
    """Counts of several kinds of fact, added up: calls made and calls that came in.

    It has a range if one of the counts has one.
    """

    components: tuple["Metric", ...]

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where a count has one."""
        return ("range_low", "range_high") if any(metric.measure.extra for metric in self.components) else ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "exact Poisson (Garwood) 95%"

    def cell(self, seen_by: Collection[str]) -> Cell:
        """The sum, which is its own numerator. Its interval is that of a Poisson count, as for each of the counts."""
        del seen_by
        count, highest = self._sum("value"), self._sum("range_high")
        ends = {"ci_low": intervals.poisson(count)[0], "ci_high": intervals.poisson(highest)[1]}
        cell = {"value": count, "numerator": count, "denominator": pl.lit(None, dtype=pl.Float64), **ends, "n": count}
        return cell | ({"range_low": count, "range_high": highest} if self.extra else {})

    def _sum(self, column: str) -> pl.Expr:
        return pl.sum_horizontal(_column_or_value(metric, column) for metric in self.components)


Composite: TypeAlias = Derived | Return | Total


@dataclass(frozen=True, eq=False, kw_only=True)
class Metric:
    """One number with one definition. `version` rises when the same facts would give another number.

    formula: the measure in the symbols of the documentation, for people.
    frame: the facts it is counted from; a composite has none, for its components have.
    anchor, dimensions: as in the frame, unless stated; a composite has the dimensions that its components share.
    trailing_days: it covers that many days up to the end of the window, instead of the window.
    limit: a value that a rule or law forbids to exceed; no rounding hides that it was exceeded.
    band: the good values, where neither high nor low is good.
    answer_time: how soon a call should be answered, if the number depends on it; its title and formula name the time.
    working_time: it counts the working time of teams, by their calendars.
    per_model: it depends on how goals are credited to touchpoints, and is reported under an attribution model.
    about: of a frame with several kinds of goals, the kind that counts.
    model_title: the title of its attribution model, if it is reported under one.
    beside: metrics to read with it; a report that includes it includes them too.
    shown_from: a component and the fewest of its cases with which people are shown the number; files always have it.
    """

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    measure: Measure | Composite
    frame: Frame | None = None
    anchor: str = ""
    dimensions: tuple[str, ...] = ()
    trailing_days: int = 0
    limit: float | None = None
    band: tuple[float, float] | None = None
    answer_time: AnswerTime | None = None
    working_time: bool = False
    per_model: bool = False
    about: str = ""
    beside: tuple["Metric", ...] = ()
    shown_from: tuple["Metric", int] | None = None
    model: str | None = field(default=None, repr=False)
    model_title: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.frame is not None:
            object.__setattr__(self, "anchor", self.anchor or self.frame.anchor)
        object.__setattr__(self, "dimensions", self.dimensions or self._usual_dimensions)

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        if not self.model_title:
            return self.base_label
        return translate("{metric}, {model}", metric=self.base_label, model=translate(self.model_title).lower())

    @property
    def base_label(self) -> str:
        """Its title in the reader's language, without the attribution model."""
        if self.answer_time is None:
            return translate(self.title.removesuffix(_under(self.model_title)))
        return translate(self.message, answer_time=self.answer_time.label)

    @property
    def message(self) -> str:
        """Its title as the catalogues of languages have it: with a place for the answer time."""
        return self.title.replace(self.answer_time.text, "{answer_time}") if self.answer_time else self.title

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its cell."""
        return (*CELL, *self.measure.extra)

    @property
    def is_count(self) -> bool:
        """Whether it counts rows, or adds up such counts."""
        return isinstance(self.measure, Count | Total)

    @property
    def exact(self) -> bool:
        """Whether the number is known, not estimated: hours worked, money spent, and composites of nothing else."""
        if self.components:
            return all(component.exact for component in self.components)
        return isinstance(self.measure, Count | Sum) and not self.measure.by_chance

    @property
    def interval(self) -> str:
        """The method of its interval; empty for an exact number."""
        return "" if self.exact else self.measure.interval

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is composed of; none when it is counted from facts."""
        return self.measure.components if isinstance(self.measure, Composite) else ()

    @property
    def base_frame(self) -> Frame:
        """The frame of a metric that is counted from facts. Raises TypeError for a composite."""
        if self.frame is None:
            raise TypeError(f"{self.name} is composed of other metrics")
        return self.frame

    @property
    def base_measure(self) -> Measure:
        """The measure of a metric that is counted from facts. Raises TypeError for a composite."""
        if isinstance(self.measure, Composite):
            raise TypeError(f"{self.name} is composed of other metrics")
        return self.measure

    @property
    def has_leads(self) -> bool:
        """Whether all its rows can name their lead, so that it can be broken down by attributes of leads."""
        if self.frame is not None:
            return self.frame.has_leads
        return all(component.has_leads for component in self.components)

    def column(self, name: str) -> str:
        """The column of a report's table that holds a column of its cell."""
        return self.name if name == "value" else f"{self.name}_{name}"

    def under_model(self, model: str, title: str) -> "Metric":
        """The same metric and its components under one attribution model; its name ends with the model's."""
        if not self.per_model:
            return self
        return replace(
            self,
            name=f"{self.name}_{model}",
            title=f"{self.title}{_under(title)}",
            measure=_under_model(self.measure, model, title),
            model=model,
            model_title=title,
        )

    def within(self, answer_time: AnswerTime) -> "Metric":
        """The same metric with another answer time."""
        if self.answer_time is None or self.answer_time == answer_time:
            return self
        old, new = self.answer_time.text, answer_time.text
        title, formula = self.title.replace(old, new), self.formula.replace(old, new)
        return replace(self, answer_time=answer_time, title=title, formula=formula)

    @property
    def _usual_dimensions(self) -> tuple[str, ...]:
        """The dimensions of its frame, or those that all components share."""
        if self.frame is not None:
            return self.frame.dimensions
        first, *others = (component.dimensions for component in self.components)
        return tuple(name for name in first if all(name in dimensions for dimensions in others))


def components_first(metrics: Iterable[Metric]) -> list[Metric]:
    """The composites, each after the composites it is composed of."""

    def depth(metric: Metric) -> int:
        return 1 + max(map(depth, metric.components), default=0)

    return sorted((metric for metric in metrics if metric.components), key=depth)


def _under(model_title: str) -> str:
    """What the title of a metric ends with under an attribution model."""
    return f", {model_title.lower()}" if model_title else ""


def _under_model(measure: Measure | Composite, model: str, title: str) -> Measure | Composite:
    match measure:
        case Derived():
            return replace(
                measure,
                numerators=tuple(metric.under_model(model, title) for metric in measure.numerators),
                denominators=tuple(metric.under_model(model, title) for metric in measure.denominators),
            )
        case Return():
            return replace(
                measure, gain=measure.gain.under_model(model, title), cost=measure.cost.under_model(model, title)
            )
        case _:
            return measure


def _quotient(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    return pl.when(denominator != 0).then(numerator / denominator)


def _product(metrics: Sequence[Metric], column: str = "value") -> pl.Expr:
    """The product of a column of metrics; where a metric lacks it, of its value."""
    product = pl.lit(1.0)
    for metric in metrics:
        product = product * _column_or_value(metric, column)
    return product


def _column_or_value(metric: Metric, column: str) -> pl.Expr:
    return pl.col(metric.column(column if column in metric.columns else "value"))


def _mostly_known(metric: Metric) -> pl.Expr:
    """Whether a count is certain, or above 0 and at least half of what is possible."""
    known, possible = pl.col(metric.name), pl.col(metric.column("range_high"))
    return (known == possible) | ((known > 0) & (known * 2 >= possible))


def _factor(metric: Metric, power: Literal[1, -1]) -> intervals.Factor:
    """A component's value and interval, multiplying or dividing; without an interval it is treated as exact."""
    value = pl.col(metric.name).cast(pl.Float64)
    if metric.exact:
        return value, value, value, power
    low, high = (pl.col(metric.column(name)).cast(pl.Float64) for name in ("ci_low", "ci_high"))
    return value, low, high, power

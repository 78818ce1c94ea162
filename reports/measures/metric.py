"""The vocabulary of metrics: what a metric file says beside its measure."""

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from reports.measures.averages import Mean, Quantile
from reports.measures.cell_schema import CELL
from reports.measures.composites import Composite, Derived, Return
from reports.measures.counts import Count, Sum
from reports.measures.durations import Survival, Within
from reports.measures.ratios import Ratio, Share

Measure: TypeAlias = Count | Sum | Ratio | Share | Mean | Quantile | Survival | Within

Unit = Literal["count", "ratio", "s", "h", "days", "money", "money_per_day", "per_hour", "factor", "attempts"]
Better = Literal["higher", "lower", "band"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Metric:
    """One number with one definition. `version` rises when the same facts would give another number.

    formula: the measure in the symbols of the documentation, for people.
    frame, anchor: which facts it reads, and which of their moments decides the window they belong to; a composite has
    neither, for its parts have.
    trailing_days: the number looks that many days back from the end of the window, instead of at the window.
    limit: a value that a rule or law forbids to pass; no rounding ever hides that it was passed.
    band: between which values is good, where that is neither high nor low.
    working_time: it counts the working time of teams, by their calendars.
    per_model: the number depends on how goals are credited to touches, and is asked for under such a model.
    about: of a frame that is made of several kinds of goals, the kind that is counted; others are not looked at.
    """

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    measure: Measure | Composite
    dimensions: tuple[str, ...]
    frame: str = ""
    anchor: str = ""
    trailing_days: int = 0
    limit: float | None = None
    band: tuple[float, float] | None = None
    working_time: bool = False
    per_model: bool = False
    about: str = ""
    model: str | None = field(default=None, repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The parts of its cell."""
        return (*CELL, *self.measure.extra)

    @property
    def exact(self) -> bool:
        """Whether the number is known, not measured: hours worked, money spent, and what is made of nothing else."""
        if self.components:
            return all(part.exact for part in self.components)
        return isinstance(self.measure, Sum) and not self.measure.by_chance

    @property
    def components(self) -> tuple["Metric", ...]:
        """The metrics it is made of; none when it is made of facts."""
        return self.measure.components if isinstance(self.measure, Derived | Return) else ()

    def column(self, part: str) -> str:
        """The column of a report's table that holds a part of its cell."""
        return self.name if part == "value" else f"{self.name}_{part}"

    def under_model(self, model: str, title: str) -> "Metric":
        """The same metric, and whatever it is made of, under one model of attribution; its name says which."""
        if not self.per_model:
            return self
        return replace(
            self,
            name=f"{self.name}_{model}",
            title=f"{self.title}, {title}",
            measure=_under(self.measure, model, title),
            model=model,
        )


def _under(measure: Measure | Composite, model: str, title: str) -> Measure | Composite:
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

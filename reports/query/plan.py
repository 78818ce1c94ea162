"""From a request to its scans: the frames that a report reads, with their windows and columns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TypeAlias

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.accumulators import Accumulator, Sums, merge_sums
from reports.measures.durations import Survival
from reports.measures.frame import LEAD, Frame
from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.windows import Window
from reports.query import other_currencies
from reports.query.request import ReportRequest
from reports.rules.column_pruning import input_columns

# The partial tables of one chunk of a scan, by accumulator name.
PartialResults: TypeAlias = dict[str, pl.DataFrame]


@dataclass(frozen=True, eq=False, kw_only=True)
class Scan:
    """One pass over one frame, for all the metrics that need it. Every chunk is reduced the same way.

    also: resolved columns to read in addition to those that the metrics need.
    """

    request: ReportRequest
    codes: Codes
    frame: Frame
    anchor: str
    trailing_days: int = 0
    model: str | None = None
    metrics: tuple[Metric, ...]
    also: frozenset[str] = frozenset()

    @cached_property
    def window(self) -> Window:
        """The window of its rows: the request's window, or with trailing days, those days up to the same end."""
        window = self.request.window
        if not self.trailing_days:
            return window
        return Window(window.end - timedelta(days=self.trailing_days), window.end, window.zone)

    @cached_property
    def context(self) -> ResolveContext:
        """The context for resolving its facts."""
        about = frozenset(metric.about for metric in self.metrics)
        return replace(self.request.resolve_context(self.codes, self.window, self.model), about=about)

    @property
    def by(self) -> list[str]:
        """The columns of a group."""
        return [dimension.name for dimension in self.request.by]

    @cached_property
    def accumulators(self) -> list[Accumulator]:
        """The accumulators for all the metrics together."""
        # Every group with a row is in the report, even if no metric counts the row.
        presence = Sums({"rows": self.frame.population.cast(pl.Int64)})
        return merge_sums([presence, *(state for metric in self.metrics for state in _accumulators(metric))])

    @cached_property
    def sums(self) -> Sums:
        """The accumulator of sums among the accumulators."""
        [sums] = [accumulator for accumulator in self.accumulators if isinstance(accumulator, Sums)]
        return sums

    @cached_property
    def exclusion_counts(self) -> Sums:
        """The number of rows in the population, and the number that each reason excludes or marks."""
        terms = {"counted": self.frame.population, **self.frame.exclusions}
        return Sums({term: test.cast(pl.Int64) for term, test in terms.items()}, name="exclusions")

    @cached_property
    def money_columns(self) -> tuple[str, ...]:
        """The amounts, as they were sent, behind the money that the metrics count."""
        if self.frame.money is None:
            return ()
        read = {column for accumulator in self.accumulators for column in accumulator.reads}
        sent = [sent for column, sent in self.frame.money.sent.items() if column in read]
        return tuple(dict.fromkeys(sent))

    @cached_property
    def resolved_columns(self) -> frozenset[str]:
        """The resolved columns that the metrics, the breakdown and the filters need."""
        keys = {column for key in self.keys for column in key.meta.root_names()}
        filters = set(filter_expression(self).meta.root_names())
        population = set(self.frame.population.meta.root_names())
        read = (accumulator.reads for accumulator in self.accumulators)
        money = other_currencies.columns_read(self.frame, self.money_columns)
        columns = keys.union(filters, population, money, self.also, self.exclusion_counts.reads, *read)
        attributes = self.request.attributes
        # Attributes are no columns of facts: they are looked up by the lead.
        return frozenset(columns.difference(attributes).union([LEAD] if attributes else []))

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        """The columns to read of each input; the same for every attribution model of the report."""
        models = self.request.models if self.model else (None,)
        needed = [input_columns(self.frame, self.resolved_columns, model) for model in models]
        return {
            source.name: tuple(name for name in source.columns if any(name in model[source.name] for model in needed))
            for source in self.frame.inputs
        }

    @property
    def keys(self) -> list[pl.Expr]:
        """The group keys of a resolved row."""
        return [self.key(dimension) for dimension in self.request.by]

    def key(self, dimension: Dimension) -> pl.Expr:
        """The group of a resolved row; a row of the earlier period belongs to its counterpart's day in this one."""
        zone, shift = self.window.zone_name, self.request.shift
        shifted = shift.key(dimension.name, self.anchor, zone) if shift else None
        return dimension.key(self.anchor, zone) if shifted is None else shifted


def plan_scans(request: ReportRequest, codes: Codes) -> list[Scan]:
    """One scan for every combination of frame, anchor, trailing days and attribution model among the metrics."""
    kinds: dict[tuple[Frame, str, int, str | None], list[Metric]] = {}
    for metric in request.metrics:
        if metric.frame is not None:
            kind = (metric.frame, metric.anchor, metric.trailing_days, metric.model)
            kinds.setdefault(kind, []).append(metric)
    return [
        Scan(
            request=request,
            codes=codes,
            frame=frame,
            anchor=anchor,
            trailing_days=days,
            model=model,
            metrics=tuple(metrics),
        )
        for (frame, anchor, days, model), metrics in kinds.items()
    ]


def _accumulators(metric: Metric) -> Iterator[Accumulator]:
    measure = metric.base_measure
    yield measure.accumulator(metric.name)
    if isinstance(measure, Survival) and (possible := measure.possible_accumulator(metric.name)):
        yield possible


def filter_expression(scan: Scan) -> pl.Expr:
    """Whether a resolved row is in the window and passes the filters. An empty value selects rows with none."""
    test = pl.col(scan.anchor).is_between(scan.window.start, scan.window.end, closed="left")
    for dimension in scan.request.filtered_dimensions:
        values = scan.request.filters[dimension.name]
        key = dimension.as_text(scan.key(dimension))
        passes = key.is_in([value for value in values if value]).fill_null(value=False)
        test &= passes | key.is_null() if "" in values else passes
    return test

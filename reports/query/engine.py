"""The compile step: from a question to the numbers, over one scan of each frame.

A source delivers the believed facts of a frame in one part or in many. Each part is settled, narrowed and reduced to
partial states on its own (`reduce_part`); the states of all parts are merged and turned into cells by the same code
however many there were (`compile_numbers`). That is the seam for several workers: a worker runs `reduce_part`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

import polars as pl

from reports.measures.accumulators import Accumulator, Sums, fold, merge_sums
from reports.measures.composites import Derived, Return, components_first
from reports.measures.metric import Measure, Metric
from reports.model.codes import Codes
from reports.model.windows import Window
from reports.query.curves import curves_of
from reports.query.parameters import Fault, InvalidRequest
from reports.query.request import ReportRequest
from reports.rules.frame import CurrentRows, Frame, ResolveContext, frames, input_columns, resolve

if TYPE_CHECKING:
    from reports.query.benchmarks import BenchmarkResult

PartialResults: TypeAlias = dict[str, pl.DataFrame]
MOST_GROUPS = 100_000
_COUNTED = "is counted"


@dataclass(frozen=True, eq=False, kw_only=True)
class Scan:
    """One reading of one frame, for all the metrics that want it; every part of it is reduced alike.

    also: settled columns wanted beside those that the metrics need.
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
        """When the rows it counts happened: in the window of the question, or in a time that ends with it."""
        window = self.request.window
        if not self.trailing_days:
            return window
        return Window(window.end - timedelta(days=self.trailing_days), window.end, window.zone)

    @cached_property
    def context(self) -> ResolveContext:
        """What its facts are settled under."""
        about = frozenset(metric.about for metric in self.metrics)
        return replace(self.request.resolve_context(self.codes, self.window, self.model), about=about)

    @property
    def by(self) -> list[str]:
        """The columns of a group."""
        return [dimension.name for dimension in self.request.by]

    @cached_property
    def accumulators(self) -> list[Accumulator]:
        """The tables that all the metrics together need."""
        # Every group that has a row is shown, whatever is asked of it.
        presence = Sums({"rows": self.frame.population.cast(pl.Int64)})
        return merge_sums([presence, *(measured(metric).accumulator(metric.name) for metric in self.metrics)])

    @cached_property
    def sums(self) -> Sums:
        """The one table of sums among them."""
        [sums] = [state for state in self.accumulators if isinstance(state, Sums)]
        return sums

    @cached_property
    def exclusion_counts(self) -> Sums:
        """What is counted beside every report."""
        terms = {"counted": self.frame.population, **self.frame.exclusions}
        return Sums({term: test.cast(pl.Int64) for term, test in terms.items()}, name="aside")

    @cached_property
    def resolved_columns(self) -> frozenset[str]:
        """The settled columns that the metrics, the breakdown and the filters need."""
        keys = {column for key in self.keys for column in key.meta.root_names()}
        narrowing = set(filter_expression(self).meta.root_names())
        counted = set(self.frame.population.meta.root_names())
        read = (state.reads for state in self.accumulators)
        return frozenset(keys.union(narrowing, counted, self.also, self.exclusion_counts.reads, *read))

    @property
    def input_columns(self) -> dict[str, tuple[str, ...]]:
        """The believed columns to read, by extract; under several models the same for each."""
        models = self.request.models if self.model else (None,)
        read = [input_columns(self.frame, self.resolved_columns, model) for model in models]
        return {
            extract.name: tuple(name for name in extract.columns if any(name in each[extract.name] for each in read))
            for extract in self.frame.inputs
        }

    @property
    def keys(self) -> list[pl.Expr]:
        """The group of a settled row."""
        return [dimension.key(self.anchor, self.window.zone_name) for dimension in self.request.by]


class RowSource(Protocol):
    """Where believed facts come from: the ledger, or a copy of it."""

    async def read(self, scan: Scan, each: Callable[[CurrentRows], PartialResults]) -> list[PartialResults]:
        """Apply `each` to every part of the frame: each row of its extracts exactly once.

        A source may leave out attempts that the filters exclude, and need not.
        """
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Numbers:
    """The cells of a report.

    groups: a column per dimension and, per metric, its columns (`Metric.column` of `Metric.columns`), sorted by the
    dimensions with missing ones last. total: the same for all groups at once, one row, recomputed from the facts.
    counted: the rows in them, by frame. excluded: why rows are not in them, or are with a caveat. curves: see Report.
    """

    groups: pl.DataFrame
    total: pl.DataFrame
    counted: dict[str, int]
    excluded: dict[str, int]
    curves: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """An answer, with everything needed to defend it.

    parts: the parts of every metric's cell, in the order they are written. notes: what a reader must be told.
    benchmarks: the numbers held against what others say, the account's targets and its past, where that was asked.
    curves: the whole curves of what is waited for, by metric, where that was asked.
    watermark: everything recorded up to this moment is in the numbers (as far as as_of allows).
    span: of an empty report, the account's first and last attempt, where there are any.
    """

    request: ReportRequest
    as_of: datetime
    watermark: datetime
    counted: dict[str, int]
    excluded: dict[str, int]
    groups: pl.DataFrame
    total: pl.DataFrame
    cell_columns: Mapping[str, tuple[str, ...]]
    caveats: tuple[str, ...] = ()
    span: tuple[datetime, datetime] | None = None
    benchmarks: tuple["BenchmarkResult", ...] = ()
    curves: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])


def measured(metric: Metric) -> Measure:
    """The measure of a metric that is made of facts."""
    if isinstance(metric.measure, Derived | Return):
        raise TypeError(f"{metric.name} is made of other metrics")
    return metric.measure


def plan_scans(request: ReportRequest, codes: Codes) -> list[Scan]:
    """One scan for every frame, anchor, length of time and model that the metrics read."""
    kinds: dict[tuple[str, str, int, str | None], list[Metric]] = {}
    for metric in request.metrics:
        if not metric.components:
            kind = (metric.frame, metric.anchor, metric.trailing_days, metric.model)
            kinds.setdefault(kind, []).append(metric)
    return [
        Scan(
            request=request,
            codes=codes,
            frame=frames()[frame],
            anchor=anchor,
            trailing_days=days,
            model=model,
            metrics=tuple(metrics),
        )
        for (frame, anchor, days, model), metrics in kinds.items()
    ]


def reduce_chunk(scan: Scan, believed: CurrentRows) -> PartialResults:
    """The partial states of one part of a scan."""
    rows = resolved_rows(scan, believed, scan.resolved_columns)
    others = [state for state in scan.accumulators if not isinstance(state, Sums)]
    rows = rows.cache() if others else rows
    counted = rows.filter(scan.frame.population).with_columns(scan.keys)
    plans = [_tally(scan, rows), *(state.partial(counted, scan.by) for state in others)]
    tally, *tables = pl.collect_all(plans)
    return _told_apart(scan, tally) | {state.name: table for state, table in zip(others, tables, strict=True)}


def _tally(scan: Scan, rows: pl.LazyFrame) -> pl.LazyFrame:
    """All sums in one pass, over rows that count and those that do not."""
    terms = {**scan.sums.terms, **{_beside(term): test for term, test in scan.exclusion_counts.terms.items()}}
    keyed = rows.with_columns(*scan.keys, scan.frame.population.alias(_COUNTED))
    return keyed.group_by(*scan.by, _COUNTED).agg(expression.sum().alias(term) for term, expression in terms.items())


def _told_apart(scan: Scan, tally: pl.DataFrame) -> PartialResults:
    """The sums of rows that count, and what is counted beside them."""
    sums = tally.filter(_COUNTED).select(*scan.by, *scan.sums.terms)
    aside = tally.select(pl.col(_beside(term)).sum().alias(term) for term in scan.exclusion_counts.terms)
    return {scan.sums.name: sums, scan.exclusion_counts.name: aside}


def _beside(term: str) -> str:
    return f"beside {term}"


def resolved_rows(scan: Scan, believed: CurrentRows, wanted: frozenset[str]) -> pl.LazyFrame:
    """The settled rows of a scan's window that its filters ask for, counted or not."""
    return resolve(scan.frame, believed, scan.context, wanted).filter(filter_expression(scan))


def filter_expression(scan: Scan) -> pl.Expr:
    """Whether a settled row is in the window and passes the filters; an empty value stands for rows without one."""
    test = pl.col(scan.anchor).is_between(scan.window.start, scan.window.end, closed="left")
    for dimension in scan.request.filtered_dimensions:
        values = scan.request.filters[dimension.name]
        key = dimension.text(scan.anchor, scan.window.zone_name)
        passes = key.is_in([value for value in values if value]).fill_null(value=False)
        test &= passes | key.is_null() if "" in values else passes
    return test


def compile_numbers(request: ReportRequest, scans: Sequence[tuple[Scan, list[PartialResults]]]) -> Numbers:
    """The numbers, from the partial states of every part of every scan. Raises AskError when nobody could read them."""
    total = _cells(request, scans, [])
    groups = _cells(request, scans, [dimension.name for dimension in request.by]) if request.by else total.clear()
    if groups.height > MOST_GROUPS:
        raise InvalidRequest([Fault("by", f"gives {groups.height} rows; ask for {MOST_GROUPS} at most")])
    counted, excluded = _aside(scans)
    curves = curves_of(scans, [dimension.name for dimension in request.by]) if request.curves else {}
    return Numbers(groups=groups, total=total, counted=counted, excluded=excluded, curves=curves)


def _cells(request: ReportRequest, scans: Sequence[tuple[Scan, list[PartialResults]]], by: list[str]) -> pl.DataFrame:
    settled = [
        state.finish(pl.concat([part[state.name] for part in parts]).lazy(), by)
        for scan, parts in scans
        for state in scan.accumulators
    ]
    terms = pl.concat(settled, how="diagonal")
    # Every term comes from one table, so a group's other rows are null in it. The sum of nothing but nulls is 0.
    counts = {name for scan, _ in scans for state in scan.accumulators for name in state.counts}
    columns = [name for name in terms.collect_schema() if name not in by]
    table = fold(terms, by, [pl.col(name).sum() if name in counts else pl.col(name).max() for name in columns])
    cells = table.select(*by, *(cell for metric in request.metrics for cell in _leaf_cells(metric, by)))
    for metric in components_first(request.metrics):
        cells = cells.with_columns(_composite_cells(metric, {*by, *request.filters}))
    ordered = cells.select(*by, *(metric.column(part) for metric in request.metrics for part in metric.columns))
    return (ordered.sort(by, nulls_last=True) if by else ordered).collect()


def _leaf_cells(metric: Metric, by: Sequence[str]) -> Iterable[pl.Expr]:
    if isinstance(metric.measure, Derived | Return):
        return
    cell = metric.measure.cell(metric.name, by)
    for part in metric.columns:
        yield cell.get(part, pl.lit(None, dtype=pl.Float64)).alias(metric.column(part))


def _composite_cells(metric: Metric, seen_by: Collection[str]) -> Iterable[pl.Expr]:
    if isinstance(metric.measure, Derived | Return):
        for part, expression in metric.measure.cell(seen_by).items():
            yield expression.alias(metric.column(part))


def _aside(scans: Sequence[tuple[Scan, list[PartialResults]]]) -> tuple[dict[str, int], dict[str, int]]:
    """The rows counted, and why others were not, once a frame; attempts need no name before the reason."""
    counted: dict[str, int] = {}
    excluded: dict[str, int] = {}
    for scan, parts in scans:
        if scan.frame.name in counted or scan.trailing_days:
            continue
        table = scan.exclusion_counts.finish(
            pl.concat([part[scan.exclusion_counts.name] for part in parts]).lazy(), []
        ).collect()
        counts = {name: count or 0 for name, count in table.row(0, named=True).items()}
        counted[scan.frame.name] = counts.pop("counted")
        prefix = "" if scan.frame.name == "attempts" else f"{scan.frame.name}_"
        excluded |= {f"{prefix}{reason}": count for reason, count in counts.items()}
    return counted, excluded

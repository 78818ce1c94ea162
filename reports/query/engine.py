"""From the rows of a report's scans to its numbers.

A source delivers the current rows of a frame in one or more chunks. `reduce_chunk` resolves, filters and reduces each
chunk to partial results on its own. `compile_numbers` merges the partial results of any number of chunks and turns them
into cells. Several workers could share a report: each worker would run `reduce_chunk`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

import polars as pl

from reports.measures.accumulators import Accumulator, Sums, fold, merge_all
from reports.measures.frame import CurrentRows
from reports.measures.metric import Composite, Metric, components_first
from reports.measures.scores import Agreement
from reports.model.types import CODE
from reports.query import other_currencies
from reports.query.curves import curves_of
from reports.query.lead_attributes import add_values
from reports.query.parameters import Fault, InvalidRequest
from reports.query.plan import PartialResults, Scan, filter_expression
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.rules.column_pruning import resolve

MOST_GROUPS = 100_000
_IN_POPULATION = "is in the population"


class RowSource(Protocol):
    """A source of current rows: the ledger, or a copy of it."""

    async def read(self, scan: Scan, reduce: Callable[[CurrentRows], PartialResults]) -> list[PartialResults]:
        """Apply `reduce` to every chunk of the frame. Each row of its inputs appears exactly once.

        A source may leave out rows that the filters exclude, but does not have to.
        """
        ...


def reduce_chunk(scan: Scan, rows: CurrentRows) -> PartialResults:
    """The partial results of one chunk of a scan."""
    resolved = resolved_rows(scan, rows, scan.resolved_columns)
    others = [accumulator for accumulator in scan.accumulators if not isinstance(accumulator, Sums)]
    resolved = resolved.cache() if others or scan.money_columns else resolved
    population = resolved.filter(scan.frame.population).with_columns(scan.keys)
    money = other_currencies.tally(scan.frame, scan.money_columns, population)
    tally, spent, *tables = pl.collect_all(
        [_tally(scan, resolved), money, *(other.partial(population, scan.by) for other in others)]
    )
    results = {other.name: table for other, table in zip(others, tables, strict=True)}
    return {
        name: _with_texts(table, scan.by)
        for name, table in (_split_tally(scan, tally) | results | {other_currencies.NAME: spent}).items()
    }


def _with_texts(table: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """A partial table with texts for codes: kinds of fact may have either, and their tables are put together."""
    return table.with_columns(pl.col(name).cast(pl.String) for name in by if table.schema.get(name) == CODE)


def _tally(scan: Scan, rows: pl.LazyFrame) -> pl.LazyFrame:
    """All sums in one pass, over rows inside and outside the population."""
    terms = {**scan.sums.terms, **{_exclusion(term): test for term, test in scan.exclusion_counts.terms.items()}}
    keyed = rows.with_columns(*scan.keys, scan.frame.population.alias(_IN_POPULATION))
    sums = [expression.sum().alias(term) for term, expression in terms.items()]
    return keyed.group_by(*scan.by, _IN_POPULATION).agg(sums)


def _split_tally(scan: Scan, tally: pl.DataFrame) -> PartialResults:
    """The sums of the population, and the counts of exclusions over all rows."""
    sums = tally.filter(_IN_POPULATION).select(*scan.by, *scan.sums.terms)
    exclusions = tally.select(pl.col(_exclusion(term)).sum().alias(term) for term in scan.exclusion_counts.terms)
    return {scan.sums.name: sums, scan.exclusion_counts.name: exclusions}


def _exclusion(term: str) -> str:
    return f"exclusion {term}"


def resolved_rows(scan: Scan, rows: CurrentRows, columns: frozenset[str]) -> pl.LazyFrame:
    """The resolved rows of a scan's window that pass its filters, inside and outside the population."""
    resolved = resolve(scan.frame, rows, scan.context, columns)
    return add_values(resolved, scan.request.attribute_values.values()).filter(filter_expression(scan))


def compile_numbers(request: ReportRequest, scans: Sequence[tuple[Scan, list[PartialResults]]]) -> Numbers:
    """The numbers, from the partial results of every scan. Raises InvalidRequest for more than MOST_GROUPS groups."""
    total = _cells(request, scans, [])
    groups = _cells(request, scans, [dimension.name for dimension in request.by]) if request.by else total.clear()
    if groups.height > MOST_GROUPS:
        raise InvalidRequest([Fault("by", f"gives {groups.height} rows; ask for {MOST_GROUPS} at most")])
    counted, excluded = _count_rows(scans)
    curves = curves_of(scans, [dimension.name for dimension in request.by]) if request.curves else {}
    return Numbers(
        groups=groups,
        total=total,
        counted=counted,
        excluded=excluded,
        curves=curves,
        other_currencies=_other_currencies(scans),
    )


def _cells(request: ReportRequest, scans: Sequence[tuple[Scan, list[PartialResults]]], by: list[str]) -> pl.DataFrame:
    finished = [
        accumulator.finish(_merged(accumulator, scan, chunks, by), by)
        for scan, chunks in scans
        for accumulator in scan.accumulators
    ]
    # Millions of rows become one a group: the streaming engine does that with half the work.
    terms = pl.concat(pl.collect_all(finished), how="diagonal").lazy()
    # Every term comes from one table, so it is null in a group's other rows. The sum of only nulls is 0.
    counts = {name for scan, _ in scans for accumulator in scan.accumulators for name in accumulator.counts}
    columns = [name for name in terms.collect_schema() if name not in by]
    table = fold(terms, by, [pl.col(name).sum() if name in counts else pl.col(name).max() for name in columns])
    cells = table.select(*by, *(cell for metric in request.metrics for cell in _leaf_cells(metric, request, by)))
    for metric in components_first(request.metrics):
        cells = cells.with_columns(_composite_cells(metric, {*by, *request.filters}))
    ordered = cells.select(*by, *(metric.column(name) for metric in request.metrics for name in metric.columns))
    # Thousands of expressions over a few groups: starting them in the streaming engine would take longer.
    return (ordered.sort(by, nulls_last=True) if by else ordered).collect(engine="in-memory")


def _merged(accumulator: Accumulator, scan: Scan, chunks: Sequence[PartialResults], by: Sequence[str]) -> pl.LazyFrame:
    """The partial tables of a scan as one."""
    return merge_all(accumulator, [results[accumulator.name] for results in chunks], by, scan.by)


def _leaf_cells(metric: Metric, request: ReportRequest, by: Sequence[str]) -> Iterable[pl.Expr]:
    if isinstance(metric.measure, Composite):
        return
    cell = metric.measure.cell(metric.name, by)
    if isinstance(metric.measure, Agreement):
        cell = metric.measure.within(cell, {*by, *request.filters})
    for name in metric.columns:
        yield cell.get(name, pl.lit(None, dtype=pl.Float64)).alias(metric.column(name))


def _composite_cells(metric: Metric, seen_by: Collection[str]) -> Iterable[pl.Expr]:
    if isinstance(metric.measure, Composite):
        for name, expression in metric.measure.cell(seen_by).items():
            yield expression.alias(metric.column(name))


def _other_currencies(scans: Sequence[tuple[Scan, list[PartialResults]]]) -> pl.DataFrame:
    """The money in other currencies, of the window rather than of its trailing days."""
    in_order = sorted(scans, key=lambda scanned: scanned[0].trailing_days)
    return other_currencies.merge(results[other_currencies.NAME] for _, chunks in in_order for results in chunks)


def _count_rows(scans: Sequence[tuple[Scan, list[PartialResults]]]) -> tuple[dict[str, int], dict[str, int]]:
    """The rows in the population and the rows of each exclusion, once per frame."""
    counted: dict[str, int] = {}
    excluded: dict[str, int] = {}
    for scan, chunks in scans:
        if scan.frame.name in counted or scan.trailing_days:
            continue
        exclusions = scan.exclusion_counts
        table = exclusions.finish(
            merge_all(exclusions, [results[exclusions.name] for results in chunks], [], []), []
        ).collect()
        counts = {name: count or 0 for name, count in table.row(0, named=True).items()}
        counted[scan.frame.name] = counts.pop("counted")
        excluded |= {scan.frame.exclusion_name(reason): count for reason, count in counts.items()}
    return counted, excluded

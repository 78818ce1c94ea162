"""Small cells: numbers by attributes of leads that are about too few leads are withheld.

A number is about the leads of all rows that its frame has in the group. If these are fewer than the attributes of the
report allow, all columns of the cell are null and its `withheld` is true. Further cells are withheld, so that no total
gives a small one away (reports/stats/suppression.py). Filters count as dimensions here: a number under a filter is
withheld wherever the same number in a breakdown would be. In a breakdown by several dimensions, a group without any
number to show is not listed, for a list tells who has which values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from reports.measures.frame import LEAD, CurrentRows
from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.query.cell_leads import ROWS, CellLeads, Group, dimensions_of
from reports.query.engine import resolved_rows
from reports.query.parameters import InvalidRequest
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.query.snapshot import Snapshot

# The column of a cell that tells whether it was withheld.
WITHHELD = "withheld"
_PAIRS = "pairs"


async def withhold(snapshot: Snapshot, requests: Sequence[ReportRequest], codes: Codes, numbers: Numbers) -> Numbers:
    """The numbers of requests that differ only in their windows, without those about too few leads."""
    request = requests[0]
    cells = await _leads_by_cell(snapshot, requests, codes)
    of_metric = {metric.name: list(_cells_of(metric, cells)) for metric in request.metrics}
    groups = _texts(request, numbers.groups)
    masks = {name: [any(leads.hides(group) for leads in of) for group in groups] for name, of in of_metric.items()}
    totals = {name: [any(leads.hides_total for leads in of)] for name, of in of_metric.items()}
    shown = [any(leads.lists(group) for leads in cells.values()) for group in groups]
    return replace(
        numbers,
        groups=_masked(request, numbers.groups, masks).filter(pl.Series(shown, dtype=pl.Boolean)),
        total=_masked(request, numbers.total, totals),
        curves=_curves(request, numbers, of_metric),
        withheld=not all(shown) or any(map(any, [*masks.values(), *totals.values()])),
        **_counts(numbers, cells.values()),
    )


async def check_rows(snapshot: Snapshot, request: ReportRequest, codes: Codes) -> None:
    """Refuse the rows of a number that a report would withhold. Raises InvalidRequest."""
    if not request.attributes:
        return
    cells = await _leads_by_cell(snapshot, [request], codes)
    if any(leads.hides_total for leads in cells.values()):
        name = next(iter(request.attributes))
        raise InvalidRequest.of(
            name, f"selects fewer than {request.fewest_leads} leads, or would give such a group away; no rows are shown"
        )


async def _leads_by_cell(snapshot: Snapshot, requests: Sequence[ReportRequest], codes: Codes) -> dict[str, CellLeads]:
    """The leads of each metric that is counted from rows; metrics of one scan share them."""
    tables: dict[tuple[str, ...], list[pl.DataFrame]] = {}
    frames: dict[str, CellLeads] = {}
    for request in requests:
        wide = replace(request, by=tuple(map(request.dimension, dimensions_of(request))), filters={})
        scans = plan_scans(wide, codes)
        await snapshot.prepare(scans)
        for scan in scans:
            names = tuple(metric.name for metric in scan.metrics)
            chunks = await snapshot.read(scan, partial(_pairs, scan))
            tables.setdefault(names, []).extend(chunk[_PAIRS] for chunk in chunks)
    for scan in plan_scans(requests[0], codes):
        names = tuple(metric.name for metric in scan.metrics)
        leads = CellLeads(requests[0], scan.frame, pl.concat(tables[names]))
        frames |= dict.fromkeys(names, leads)
    return frames


def _pairs(scan: Scan, current: CurrentRows) -> PartialResults:
    """Each lead of each cell once, with its number of rows."""
    keys = [dimension.as_text(scan.key(dimension)).alias(dimension.name) for dimension in scan.request.by]
    rows = resolved_rows(scan, current, scan.resolved_columns).filter(scan.frame.population)
    pairs = rows.select(*keys, pl.col(LEAD).cast(pl.String)).group_by(pl.all()).agg(pl.len().alias(ROWS))
    return {_PAIRS: pairs.collect()}


def _cells_of(metric: Metric, cells: Mapping[str, CellLeads]) -> Iterator[CellLeads]:
    """The leads of a metric, or of all its components."""
    if metric.components:
        for component in metric.components:
            yield from _cells_of(component, cells)
    else:
        yield cells[metric.name]


def _texts(request: ReportRequest, groups: pl.DataFrame) -> Sequence[Group]:
    """The groups of a table, with the text of each value."""
    return groups.select(dimension.as_text(pl.col(dimension.name)) for dimension in request.by).to_dicts()


def _masked(request: ReportRequest, table: pl.DataFrame, masks: Mapping[str, list[bool]]) -> pl.DataFrame:
    """A table without the withheld cells, which a further column of each metric marks."""
    hidden = {metric: pl.Series(masks[metric.name], dtype=pl.Boolean) for metric in request.metrics}
    return table.with_columns(
        pl.when(~pl.lit(mask)).then(pl.col(metric.column(name))).alias(metric.column(name))
        for metric, mask in hidden.items()
        for name in metric.columns
    ).with_columns(mask.alias(metric.column(WITHHELD)) for metric, mask in hidden.items())


def _curves(
    request: ReportRequest, numbers: Numbers, of_metric: Mapping[str, Sequence[CellLeads]]
) -> dict[str, pl.DataFrame]:
    """The curves that may be shown. Metrics that shared a table share it still."""
    shared: dict[int, pl.DataFrame] = {}
    for name, table in numbers.curves.items():
        if id(table) not in shared:
            shared[id(table)] = table.filter(
                pl.Series(list(_may_show(request, table, of_metric[name])), dtype=pl.Boolean)
            )
    return {name: shared[id(table)] for name, table in numbers.curves.items()}


def _may_show(request: ReportRequest, table: pl.DataFrame, leads: Iterable[CellLeads]) -> Iterator[bool]:
    """For every point of a curve, whether its group may be shown."""
    of = list(leads)
    if not request.by:
        yield from [not any(known.hides_total for known in of)] * table.height
        return
    for group in _texts(request, table):
        yield not any(known.hides(group) for known in of)


def _counts(numbers: Numbers, cells: Iterable[CellLeads]) -> dict[str, Any]:
    """The counts of rows, and the money in other currencies, without those of frames with a withheld total."""
    hidden = {leads.frame.name: leads.frame for leads in cells if leads.hides_total}
    reasons = {frame.exclusion_name(reason) for frame in hidden.values() for reason in frame.exclusions}
    money = numbers.other_currencies
    return {
        "counted": {name: count for name, count in numbers.counted.items() if name not in hidden},
        "excluded": {name: count for name, count in numbers.excluded.items() if name not in reasons},
        "other_currencies": money.filter(~pl.col("frame").is_in(list(hidden))) if hidden and money.width else money,
    }

"""Drill-through: the rows behind the numerator or the denominator of a cell.

The rows come from the same scan and pass the same tests as the number. Their count, or the sum of the amounts they add,
equals the number.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.cell_schema import CellSide, DrillThrough
from reports.measures.counts import Count, Sum
from reports.measures.frame import CurrentRows
from reports.measures.metric import Derived, Metric, Return, Total
from reports.model.types import CODE
from reports.query.engine import resolved_rows
from reports.query.parameters import InvalidRequest, ParameterParser, Parameters
from reports.query.plan import PartialResults, Scan, plan_scans
from reports.query.prepare import prepare_request
from reports.query.request import ReportRequest
from reports.query.small_cells import check_rows
from reports.query.snapshot import Snapshot
from reports.store.copies import Copies
from reports.store.ledger import Ledger

CELL_SIDES: tuple[CellSide, ...] = ("numerator", "denominator")
ADDS = "adds"
USUAL_LIMIT, MOST_ROWS = 100, 1_000
_OWN_PARAMETERS = ("metric", "part", "limit", "offset")
# A spreadsheet can hold this many rows below its headings.
MOST_IN_A_FILE = 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Rows:
    """One page of the rows behind one side of a metric's cell.

    metric, part: the metric and the side of its cell. For a quotient of metrics, this is the component metric there.
    count: the number of rows in all. total: the sum of the amounts they add.
    items: the columns of the frame, and the amount that each row adds.
    """

    request: ReportRequest
    metric: Metric
    part: CellSide
    count: int
    total: float
    offset: int
    limit: int
    items: pl.DataFrame

    @property
    def more(self) -> bool:
        """Whether more rows follow this page."""
        return self.offset + self.items.height < self.count


async def run_drill_through(
    ledger: Ledger,
    copies: Copies,
    parameters: Parameters,
    usual_limit: int = USUAL_LIMIT,
    order: Sequence[pl.Expr] = (),
) -> Rows:
    """The drill-through rows for the parameters, read like those of a report.

    usual_limit: the limit if the parameters set none. order: what the rows are sorted by, the smallest first; without
    it, by their key. Raises InvalidRequest.
    """
    own = ParameterParser({name: values for name, values in parameters.items() if name in _OWN_PARAMETERS})
    part = own.choice("part", CELL_SIDES, "numerator")
    limit, offset = own.whole("limit", usual_limit, MOST_ROWS), own.whole("offset", 0)
    if "metric" not in own.parameters:
        own.fault("metric", "must name the metric whose rows are wanted")
    if own.faults:
        raise InvalidRequest(own.faults)
    narrowing = {name: values for name, values in parameters.items() if name not in _OWN_PARAMETERS}
    prepared = await prepare_request(ledger, None, narrowing | {"metrics": own.parameters["metric"]})
    request = prepared.request
    metric, part = drill_through_target(request.metrics[0], "numerator" if part == "numerator" else "denominator")
    [scan] = plan_scans(replace(request, metrics=(metric,)), prepared.codes)
    snapshot = prepared.snapshot(copies)
    await check_rows(snapshot, replace(request, metrics=(metric,)), prepared.codes)
    chunks = await _read(snapshot, scan, metric, part, offset + limit, order)
    return await asyncio.to_thread(
        page, chunks, request=request, metric=metric, part=part, offset=offset, limit=limit, order=order
    )


def drill_through_target(metric: Metric, part: CellSide) -> tuple[Metric, CellSide]:
    """The metric and the side that supply the rows: the metric itself, or the only component metric on that side.

    Raises InvalidRequest if that side has several component metrics, or a component that is not a sum of rows, such as
    a median.
    """
    match metric.measure:
        case Derived(numerators=over, denominators=under):
            there = over if part == "numerator" else under
        case Return(gain=gain, cost=cost):
            there = (gain, cost) if part == "numerator" else (cost,)
        case Total(components=there):
            pass
        case _:
            return metric, part
    if len(there) == 1 and isinstance(there[0].measure, Count | Sum):
        return there[0], "numerator"
    names = ", ".join(component.name for component in there or metric.components)
    raise InvalidRequest.of("part", f"of {metric.name} is made of other metrics; ask for the rows of {names}")


def pick_rows(
    scan: Scan, metric: Metric, part: CellSide, first: int, current: CurrentRows, order: Sequence[pl.Expr] = ()
) -> PartialResults:
    """The first drill-through rows among the current rows, in order and then by key; and what each of all rows adds.

    Of a distinct count, these are all values, each with what it adds. Memory never holds whole rows of a wide window.
    """
    picked: DrillThrough = metric.base_measure.drill_through(part)
    frame = scan.frame
    rows = resolved_rows(scan, current, scan.resolved_columns).filter(frame.population & picked.where)
    adding = rows.with_columns(scan.keys).with_columns(picked.adds.alias(ADDS))
    if picked.of:
        known = adding.filter(pl.col(picked.of).is_not_null()).select(picked.of, ADDS).unique(picked.of).collect()
        return {"rows": known, ADDS: known.select(ADDS)}
    texts = [pl.col(name).cast(pl.String) for name in _columns(scan) if frame.columns[name] == CODE]
    in_order = adding.select(*_columns(scan), ADDS).with_columns(texts).sort(*order, *frame.key, nulls_last=True)
    top, adds = pl.collect_all([in_order.head(first), adding.select(ADDS)])
    return {"rows": top, ADDS: adds}


def row_columns(scan: Scan) -> frozenset[str]:
    """The resolved columns that identify and describe a row."""
    dimensions = [name for name in scan.frame.dimensions if DIMENSIONS[name].bucket is None]
    columns = (*scan.frame.key, scan.anchor, *scan.frame.display_columns, *dimensions)
    return frozenset(name for name in columns if name in scan.frame.columns)


def _columns(scan: Scan) -> list[str]:
    key = scan.frame.key
    columns = row_columns(scan)
    return [*key, *(name for name in scan.frame.columns if name in columns and name not in key)]


async def _read(
    snapshot: Snapshot, scan: Scan, metric: Metric, part: CellSide, first: int, order: Sequence[pl.Expr]
) -> list[PartialResults]:
    wide = replace(scan, also=row_columns(scan))
    await snapshot.prepare([wide])
    return await snapshot.read(wide, partial(pick_rows, wide, metric, part, first, order=order))


def page(
    chunks: Sequence[PartialResults],
    *,
    request: ReportRequest,
    metric: Metric,
    part: CellSide,
    offset: int,
    limit: int,
    order: Sequence[pl.Expr] = (),
) -> Rows:
    """One page of the rows that `pick_rows` found, in order and then by their columns.

    A distinct count lists each value once.
    """
    of = metric.base_measure.drill_through(part).of
    rows = pl.concat(chunk["rows"] for chunk in chunks)
    if of is not None:
        rows = rows.unique([of])
    adds = rows[ADDS] if of is not None else pl.concat(chunk[ADDS] for chunk in chunks)[ADDS]
    ordered = rows.sort(*order, pl.exclude(ADDS), nulls_last=True)
    return Rows(
        request=request,
        metric=metric,
        part=part,
        count=adds.len(),
        total=math.fsum(adds.drop_nulls()),
        offset=offset,
        limit=limit,
        items=_in_units(ordered.slice(offset, limit), metric),
    )


def _in_units(items: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """Rows in display units: durations in seconds, money in its currency, shares as fractions of 1."""
    per = metric.base_frame.scale
    lengths = {name: f"{name.removesuffix('_ms')}_seconds" for name in items.columns if name.endswith("_ms")}
    return items.with_columns(
        *(pl.col(name) / 1000 for name in lengths),
        *(pl.col(name) / parts for name, parts in per.items() if name in items),
    ).rename(lengths)

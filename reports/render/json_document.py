"""A report as JSON: every number with its numerator, denominator, interval and rows, and how it was made."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal, NotRequired, cast
from urllib.parse import parse_qsl, urlencode

import orjson
from typing_extensions import TypedDict

from reports.measures.cell_schema import CellSide
from reports.measures.metric import Better, Metric, Unit
from reports.measures.ranges import Reason
from reports.query.benchmarks import BenchmarkResult, Kind, Verdict
from reports.query.curves import CurveDocument, curve_documents
from reports.query.drill_through import CELL_SIDES, Rows
from reports.query.report import Report
from reports.render.compared_document import ComparedDocument, compared_with
from reports.render.links import Links


class RowLinks(TypedDict):
    """The links to the rows of a number; null if it is made of other metrics, which have their own links."""

    numerator: str | None
    denominator: str | None


class CellDocument(TypedDict):
    """One number of a report. A rate is between 0 and 1; null means nothing to divide by, or no data.

    n: the number of observations. ci_low, ci_high: the interval of 95% confidence. range_low, range_high: the value if
    none, and if all, of the unknown cases counted. reason: why there is no value although there is data; "cannot_tell":
    what is unknown decides too much of it. withheld: whether it is about too few leads to be shown; only in reports by
    an attribute of leads. shrunk, rank: the likely rate of an agent with more calls, and the
    agent's rank by it. standardised: the value at the same mix. previous, difference, verdict: the comparison with the
    earlier period at equal age. previous_matured: that period as it stands now.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None
    range_low: NotRequired[float | None]
    range_high: NotRequired[float | None]
    reason: NotRequired[Reason | None]
    withheld: NotRequired[bool]
    standardised: NotRequired[float | None]
    standardised_low: NotRequired[float | None]
    standardised_high: NotRequired[float | None]
    shrunk: NotRequired[float | None]
    shrunk_low: NotRequired[float | None]
    shrunk_high: NotRequired[float | None]
    rank: NotRequired[int | None]
    rank_low: NotRequired[int | None]
    rank_high: NotRequired[int | None]
    previous: NotRequired[float | None]
    previous_n: NotRequired[int | None]
    previous_matured: NotRequired[float | None]
    previous_matured_n: NotRequired[int | None]
    difference: NotRequired[float | None]
    difference_low: NotRequired[float | None]
    difference_high: NotRequired[float | None]
    verdict: NotRequired[Literal["better", "worse", "higher", "lower", "cannot_tell"] | None]
    rows: RowLinks


class MetricDocument(TypedDict):
    """A metric as a document names it: enough to know whether two numbers may be compared.

    interval: the method of its interval; empty for an exact number.
    """

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    interval: str
    anchor: str
    model: str | None
    trailing_days: int
    made_of: list[str]


class GroupDocument(TypedDict):
    """One row of a report. A null in its group stands for rows without that code: unattributed calls have no source."""

    group: dict[str, str | None]
    cells: dict[str, CellDocument]


ProvenanceDocument = TypedDict(
    "ProvenanceDocument", {"zone": str, "from": str, "to": str, "as_of": str, "watermark": str}
)


class BenchmarkDocument(TypedDict):
    """A number compared with an industry figure, a target, or the account's own past.

    low, high: the reference; both are equal unless it is a band. differs: why the two cannot be compared.
    """

    metric: str
    kind: Kind
    group: dict[str, str]
    segment: str | None
    low: float | None
    high: float | None
    source: str
    year: int | None
    verified: bool
    differs: str | None
    value: float | None
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    verdict: Verdict


class OtherCurrencyDocument(TypedDict):
    """Money of a report that was in another currency.

    frame: the kind of fact. what: the kind of amount. count: how many deals or costs. amount: in their own currency.
    converted: in the currency of the report, by the exchange rates of their days; null if they have no rate. Money
    without a rate is in no number of the report.
    """

    frame: str
    what: str
    currency: str
    count: int
    amount: float
    converted: float | None


class CohortDocument(TypedDict):
    """The age of the newest and the oldest calls of the window, in days: the time they had to reach an outcome."""

    youngest_days: float
    oldest_days: float


ReportDocument = TypedDict(
    "ReportDocument",
    {
        "preset": str | None,
        "metrics": list[MetricDocument],
        "asked": list[str],
        "by": list[str],
        "zone": str,
        "from": str,
        "to": str,
        "compared_with": ComparedDocument | None,
        "as_of": str,
        "watermark": str,
        "goal": str,
        "models": list[str],
        "currency": str,
        "other_currencies": list[OtherCurrencyDocument],
        "cohort_age": CohortDocument,
        "filters": dict[str, list[str | None]],
        "counted": dict[str, int],
        "excluded": dict[str, int],
        "notes": list[str],
        "benchmarks": list[BenchmarkDocument],
        "curves": list[CurveDocument],
        "groups": list[GroupDocument],
        "total": dict[str, CellDocument],
    },
)


class RowsDocument(TypedDict):
    """One page of the rows of a number.

    metric, part: the metric and its side, numerator or denominator. count: the number of all rows. total: the sum of
    their `adds`, which equals the number in the report. next: the address of the next page.
    """

    metric: MetricDocument
    part: CellSide
    count: int
    total: float
    offset: int
    limit: int
    next: str | None
    items: list[dict[str, str | float | bool | None]]


def document(report: Report) -> ReportDocument:
    """The report as nested plain values; later versions only add fields."""
    request = report.request
    return {
        "preset": request.preset,
        "metrics": [describe(metric) for metric in request.metrics],
        "asked": [metric.name for metric in request.metrics if metric.name in request.requested],
        "by": [dimension.name for dimension in request.by],
        **provenance(report),
        "compared_with": compared_with(report.request.compare),
        "goal": request.goal,
        "models": list(request.models),
        "currency": request.currency,
        "other_currencies": _other_currencies(report),
        "cohort_age": _cohort_age(report),
        "filters": {name: [code or None for code in codes] for name, codes in request.filters.items()},
        "counted": dict(report.counted),
        "excluded": dict(report.excluded),
        "notes": list(report.caveats),
        "benchmarks": [_benchmark(held) for held in report.benchmarks],
        "curves": curve_documents(report),
        "groups": _groups(report),
        "total": _cells(report, report.total.row(0, named=True), Links(report, ()).of({})),
    }


def rows_document(rows: Rows, query: str) -> RowsDocument:
    """One page of rows as plain values; query: that of the request, for the address of the next page."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "offset"]
    following = urlencode([*pairs, ("offset", str(rows.offset + rows.limit))])
    return {
        "metric": describe(rows.metric),
        "part": rows.part,
        "count": rows.count,
        "total": rows.total,
        "offset": rows.offset,
        "limit": rows.limit,
        "next": f"/v1/reports/rows?{following}" if rows.more else None,
        "items": [{name: _plain(value) for name, value in row.items()} for row in rows.items.iter_rows(named=True)],
    }


def to_json(report: Report) -> bytes:
    """The report as a JSON document."""
    return orjson.dumps(document(report))


def describe(metric: Metric) -> MetricDocument:
    """A metric as a document names it."""
    return {
        "name": metric.name,
        "title": metric.title,
        "version": metric.version,
        "unit": metric.unit,
        "better": metric.better,
        "formula": metric.formula,
        "interval": metric.interval,
        "anchor": metric.anchor,
        "model": metric.model,
        "trailing_days": metric.trailing_days,
        "made_of": [part.name for part in metric.components],
    }


def provenance(report: Report) -> ProvenanceDocument:
    """The window of the report, its zone, and when it was made."""
    window = report.request.window
    return {
        "zone": window.zone_name,
        "from": window.local(window.start).isoformat(),
        "to": window.local(window.end).isoformat(),
        "as_of": _utc(report.as_of),
        "watermark": _utc(report.watermark),
    }


def _other_currencies(report: Report) -> list[OtherCurrencyDocument]:
    names = OtherCurrencyDocument.__annotations__
    rows = report.other_currencies.iter_rows(named=True)
    return [cast("OtherCurrencyDocument", {name: row[name] for name in names}) for row in rows]


def _cohort_age(report: Report) -> CohortDocument:
    window, until = report.request.window, report.as_of
    return {
        "youngest_days": max((until - window.end).total_seconds() / 86_400, 0),
        "oldest_days": max((until - window.start).total_seconds() / 86_400, 0),
    }


def _benchmark(held: BenchmarkResult) -> BenchmarkDocument:
    benchmark = held.benchmark
    return {
        "metric": held.metric,
        "kind": benchmark.kind,
        "group": dict(benchmark.group),
        "segment": benchmark.segment,
        "low": benchmark.low,
        "high": benchmark.high,
        "source": benchmark.source,
        "year": benchmark.year,
        "verified": benchmark.verified,
        "differs": benchmark.differs,
        "value": held.value,
        "gap": held.gap,
        "gap_low": held.gap_low,
        "gap_high": held.gap_high,
        "verdict": held.verdict,
    }


def _groups(report: Report) -> list[GroupDocument]:
    by = [dimension.name for dimension in report.request.by]
    links = Links(report, by)
    groups: list[GroupDocument] = []
    for row in report.groups.iter_rows(named=True):
        group = {name: _plain(row[name]) for name in by}
        groups.append({"group": group, "cells": _cells(report, row, links.of(group))})
    return groups


def _cells(
    report: Report, row: Mapping[str, Any], links: Mapping[tuple[str, CellSide], str | None]
) -> dict[str, CellDocument]:
    return {metric.name: _cell(report, metric, row, links) for metric in report.request.metrics}


def _cell(
    report: Report, metric: Metric, row: Mapping[str, Any], links: Mapping[tuple[str, CellSide], str | None]
) -> CellDocument:
    cell = {part: row[metric.column(part)] for part in report.cell_columns[metric.name]}
    cell["rows"] = {part: _rows_url(links[metric.name, part]) for part in CELL_SIDES}
    return cast("CellDocument", cell)


def _rows_url(parameters: str | None) -> str | None:
    return f"/v1/reports/rows?{parameters}" if parameters else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")

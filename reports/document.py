"""A report as JSON: every number with its parts, interval and rows, and all that is needed to defend it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NotRequired, cast

import orjson
from typing_extensions import TypedDict

from reports.measures import Part
from reports.metric import Better, Metric, Unit
from reports.report import Report
from reports.rows import link


class RowLinks(TypedDict):
    """Where the rows behind a number are; null where it is made of other metrics, which have their own."""

    numerator: str | None
    denominator: str | None


class CellDocument(TypedDict):
    """One number of a report. A rate is between 0 and 1; null is nothing to divide by, or nothing to base it on.

    n: how many observations it was taken from. ci_low, ci_high: where it lies with 95 % confidence. range_low,
    range_high: where it would lie if none, and if all, of what is unknown counted.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    ci_low: float | None
    ci_high: float | None
    n: int | None
    range_low: NotRequired[float | None]
    range_high: NotRequired[float | None]
    rows: RowLinks


class MetricDocument(TypedDict):
    """A metric as an answer names it: enough to know whether two numbers may be compared."""

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    anchor: str
    model: str | None
    trailing_days: int
    made_of: list[str]


class GroupDocument(TypedDict):
    """One row of a report: null in its group is what has no such thing, as the unattributed have no source."""

    group: dict[str, str | None]
    cells: dict[str, CellDocument]


ProvenanceDocument = TypedDict(
    "ProvenanceDocument", {"zone": str, "from": str, "to": str, "as_of": str, "watermark": str}
)


class CohortDocument(TypedDict):
    """How long the youngest and the oldest calls of the window have had to come to something, in days."""

    youngest_days: float
    oldest_days: float


ReportDocument = TypedDict(
    "ReportDocument",
    {
        "preset": str | None,
        "metrics": list[MetricDocument],
        "by": list[str],
        "zone": str,
        "from": str,
        "to": str,
        "as_of": str,
        "watermark": str,
        "goal": str,
        "models": list[str],
        "currency": str,
        "cohort_age": CohortDocument,
        "filters": dict[str, list[str | None]],
        "excluded": dict[str, int],
        "notes": list[str],
        "groups": list[GroupDocument],
        "total": dict[str, CellDocument],
    },
)


def document(report: Report) -> ReportDocument:
    """The report as nested plain values, in a form that only ever grows."""
    ask = report.ask
    return {
        "preset": ask.preset,
        "metrics": [describe(metric) for metric in ask.metrics],
        "by": [dimension.name for dimension in ask.by],
        **provenance(report),
        "goal": ask.goal,
        "models": list(ask.models),
        "currency": ask.currency,
        "cohort_age": _cohort_age(report),
        "filters": {name: [code or None for code in codes] for name, codes in ask.filters.items()},
        "excluded": dict(report.excluded),
        "notes": list(report.notes),
        "groups": [_group(report, row) for row in report.groups.iter_rows(named=True)],
        "total": _cells(report, report.total.row(0, named=True), {}),
    }


def to_json(report: Report) -> bytes:
    """The report as a JSON document."""
    return orjson.dumps(document(report))


def describe(metric: Metric) -> MetricDocument:
    """A metric as an answer names it."""
    return {
        "name": metric.name,
        "title": metric.title,
        "version": metric.version,
        "unit": metric.unit,
        "better": metric.better,
        "formula": metric.formula,
        "anchor": metric.anchor,
        "model": metric.model,
        "trailing_days": metric.trailing_days,
        "made_of": [part.name for part in metric.parts],
    }


def provenance(report: Report) -> ProvenanceDocument:
    """When the report is about, and when it was made."""
    window = report.ask.window
    return {
        "zone": window.zone_name,
        "from": window.local(window.start).isoformat(),
        "to": window.local(window.end).isoformat(),
        "as_of": _utc(report.as_of),
        "watermark": _utc(report.watermark),
    }


def _cohort_age(report: Report) -> CohortDocument:
    window, until = report.ask.window, report.as_of
    return {
        "youngest_days": max((until - window.end).total_seconds() / 86_400, 0),
        "oldest_days": max((until - window.start).total_seconds() / 86_400, 0),
    }


def _group(report: Report, row: Mapping[str, Any]) -> GroupDocument:
    group = {dimension.name: _plain(row[dimension.name]) for dimension in report.ask.by}
    return {"group": group, "cells": _cells(report, row, group)}


def _cells(report: Report, row: Mapping[str, Any], group: Mapping[str, str | None]) -> dict[str, CellDocument]:
    return {metric.name: _cell(report, metric, row, group) for metric in report.ask.metrics}


def _cell(report: Report, metric: Metric, row: Mapping[str, Any], group: Mapping[str, str | None]) -> CellDocument:
    cell = {part: row[metric.column(part)] for part in report.parts[metric.name]}
    parts: tuple[Part, ...] = ("numerator", "denominator")
    cell["rows"] = {part: _rows_url(report, metric, part, group) for part in parts}
    return cast("CellDocument", cell)


def _rows_url(report: Report, metric: Metric, part: Part, group: Mapping[str, str | None]) -> str | None:
    parameters = link(report, metric, part, group)
    return f"/v1/reports/rows?{parameters}" if parameters else None


def _plain(key: str | date | None) -> str | None:
    return key.isoformat() if isinstance(key, date) else key


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")

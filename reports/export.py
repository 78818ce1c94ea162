"""The same report as JSON and as CSV: every number with its parts and interval, and all that is needed to defend it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, cast

import orjson
import polars as pl
from typing_extensions import TypedDict

from reports.metric import CELL, Better, Metric, Unit
from reports.report import Report

# What a spreadsheet would run as a formula. A phone number in E.164 is none, and is left as it is.
_FORMULA = r"^[=+\-@\t\r]"
_E164 = r"^\+[0-9]+$"
_HOUR = "%Y-%m-%dT%H:%M:%S%:z"


class CellDocument(TypedDict):
    """One number of a report. A rate is between 0 and 1; null is nothing to divide by, or nothing to base it on."""

    value: float | None
    numerator: float | None
    denominator: int | None
    ci_low: float | None
    ci_high: float | None


class MetricDocument(TypedDict):
    """A metric as an answer names it: enough to know whether two numbers may be compared."""

    name: str
    title: str
    version: int
    unit: Unit
    better: Better
    formula: str
    anchor: str


class GroupDocument(TypedDict):
    """One row of a report: null in its group is what has no such thing, as the unattributed have no source."""

    group: dict[str, str | None]
    cells: dict[str, CellDocument]


_Provenance = TypedDict("_Provenance", {"zone": str, "from": str, "to": str, "as_of": str, "watermark": str})

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
        "filters": dict[str, list[str | None]],
        "excluded": dict[str, int],
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
        **_provenance(report),
        "filters": {name: [code or None for code in codes] for name, codes in ask.filters.items()},
        "excluded": report.excluded,
        "groups": [
            {
                "group": {dimension.name: _plain(row[dimension.name]) for dimension in ask.by},
                "cells": _cells(ask.metrics, row),
            }
            for row in report.groups.iter_rows(named=True)
        ],
        "total": _cells(ask.metrics, report.total.row(0, named=True)),
    }


def to_json(report: Report) -> bytes:
    """The report as a JSON document."""
    return orjson.dumps(document(report))


def to_csv(report: Report) -> str:
    """The report as CSV: a row per group and one of the total, and at their end what they were computed from."""
    ask = report.ask
    constants = {
        **_provenance(report),
        "filters": "; ".join(f"{name}={code}" for name, codes in ask.filters.items() for code in codes),
        "definitions": " ".join(f"{metric.name}@{metric.version}" for metric in ask.metrics),
        **{f"excluded_{reason}": count for reason, count in report.excluded.items()},
    }
    parts = [report.groups.with_columns(row_type=pl.lit("group")), report.total.with_columns(row_type=pl.lit("total"))]
    table = pl.concat(parts, how="diagonal").with_columns(
        pl.lit(value).alias(name) for name, value in constants.items()
    )
    return table.select("row_type", pl.exclude("row_type")).with_columns(*_spelled(table)).write_csv()


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
    }


def _provenance(report: Report) -> _Provenance:
    window = report.ask.window
    return {
        "zone": window.zone_name,
        "from": window.local(window.start).isoformat(),
        "to": window.local(window.end).isoformat(),
        "as_of": _utc(report.as_of),
        "watermark": _utc(report.watermark),
    }


def _cells(metrics: Iterable[Metric], row: dict[str, Any]) -> dict[str, CellDocument]:
    return {
        metric.name: cast("CellDocument", {part: row[column_of(metric, part)] for part in CELL}) for metric in metrics
    }


def column_of(metric: Metric, part: str) -> str:
    """The column of a report's table that holds a part of a metric's cell."""
    return metric.name if part == "value" else f"{metric.name}_{part}"


def _plain(key: str | date | None) -> str | None:
    return key.isoformat() if isinstance(key, date) else key


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _spelled(table: pl.DataFrame) -> Iterable[pl.Expr]:
    for name, kind in table.schema.items():
        if isinstance(kind, pl.Datetime):
            yield pl.col(name).dt.to_string(_HOUR)
        elif kind == pl.String:
            risky = pl.col(name).str.contains(_FORMULA) & ~pl.col(name).str.contains(_E164)
            yield pl.when(risky).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)

"""A report as the API answered it, taken up again so that it is drawn like any other report."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from reports.ask import Ask
from reports.catalogue import catalogue
from reports.dimensions import DIMENSIONS
from reports.export import CellDocument, ReportDocument, column_of
from reports.metric import CELL, Metric
from reports.report import Report
from reports.windows import Window


def report_of(document: ReportDocument) -> Report:
    """The report a document tells; of dimensions, those that are codes and not pieces of time."""
    metrics = tuple(catalogue()[metric["name"]].metric for metric in document["metrics"])
    rows = [{**row["group"], **_columns(metrics, row["cells"])} for row in document["groups"]]
    return Report(
        ask=_ask(document, metrics),
        as_of=datetime.fromisoformat(document["as_of"]),
        watermark=datetime.fromisoformat(document["watermark"]),
        counted=int(document["total"]["attempts"]["value"] or 0),
        excluded=document["excluded"],
        groups=_frame(rows),
        total=_frame([_columns(metrics, document["total"])]),
    )


def _ask(document: ReportDocument, metrics: tuple[Metric, ...]) -> Ask:
    start, end = datetime.fromisoformat(document["from"]), datetime.fromisoformat(document["to"])
    return Ask(
        preset=document["preset"],
        metrics=metrics,
        by=tuple(DIMENSIONS[name] for name in document["by"]),
        window=Window(start, end, ZoneInfo(document["zone"])),
        filters={name: tuple(code or "" for code in codes) for name, codes in document["filters"].items()},
        as_of=None,
    )


def _columns(metrics: tuple[Metric, ...], cells: dict[str, CellDocument]) -> dict[str, Any]:
    return {column_of(metric, part): cells[metric.name][part] for metric in metrics for part in CELL}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)

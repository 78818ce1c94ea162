"""A report rebuilt from the JSON of the API, so that the demo draws it like any other report."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.metric import Metric
from reports.model.windows import Window
from reports.query.report import Report
from reports.query.request import ReportRequest
from reports.render.json_document import CellDocument, MetricDocument, ReportDocument
from reports.rules.attribution_models import MODELS


def report_of(document: ReportDocument) -> Report:
    """The report of a document, without benchmarks; only for dimensions that are codes, not pieces of time."""
    metrics = tuple(map(_metric, document["metrics"]))
    rows = [{**row["group"], **_columns(metrics, row["cells"])} for row in document["groups"]]
    total = document["total"]
    return Report(
        request=_ask(document, metrics),
        as_of=datetime.fromisoformat(document["as_of"]),
        watermark=datetime.fromisoformat(document["watermark"]),
        counted=document["counted"],
        excluded=document["excluded"],
        groups=_frame(rows),
        total=_frame([_columns(metrics, total)]),
        cell_columns={metric.name: tuple(_parts(total[metric.name])) for metric in metrics},
        caveats=tuple(document["notes"]),
    )


def _metric(metric: MetricDocument) -> Metric:
    """The metric of the catalogue, under the attribution model that the document names."""
    model = metric["model"]
    if model is None:
        return catalogue()[metric["name"]].metric
    return catalogue()[metric["name"].removesuffix(f"_{model}")].metric.under_model(model, MODELS[model].title.lower())


def _ask(document: ReportDocument, metrics: tuple[Metric, ...]) -> ReportRequest:
    zone = ZoneInfo(document["zone"])
    start, end = datetime.fromisoformat(document["from"]), datetime.fromisoformat(document["to"])
    return ReportRequest(
        preset=document["preset"],
        metrics=metrics,
        by=tuple(DIMENSIONS[name] for name in document["by"]),
        window=Window(start, end, zone),
        filters={name: tuple(code or "" for code in codes) for name, codes in document["filters"].items()},
        as_of=None,
        until=datetime.fromisoformat(document["as_of"]),
        account_zone=zone,
        goal=document["goal"],
        models=tuple(document["models"]),
        currency=document["currency"],
        requested=frozenset(document["asked"]),
    )


def _parts(cell: CellDocument) -> list[str]:
    return [part for part in cell if part != "rows"]


def _columns(metrics: tuple[Metric, ...], cells: dict[str, CellDocument]) -> dict[str, Any]:
    return {
        metric.column(part): value for metric in metrics for part, value in cells[metric.name].items() if part != "rows"
    }


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)

"""Reports, the rows of their numbers, and the definitions of metrics."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.presets import PRESETS
from reports.model.lead_attributes import PREFIX
from reports.query.drill_through import MOST_IN_A_FILE
from reports.render.export import FORMATS, rows_to_csv
from reports.render.formats import Format
from reports.render.json_document import MetricDocument, ReportDocument, RowsDocument, describe, rows_document
from service.api import query_parameters
from service.errors import Fault, InvalidParameter, NotFound
from service.web.parameters import MetricName, PresetName
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency
from service.web.trail import note

_FORMATS_OF_ROWS: tuple[Format, ...] = ("json", "csv")
_CATALOGUE = RouteOptions(scopes=("reports",), limited=True)
_ROWS = RouteOptions(
    scopes=("rows",),
    limited=True,
    media_types=tuple(FORMATS[name].media_type for name in _FORMATS_OF_ROWS),
    query=query_parameters.ROWS | query_parameters.format_parameter(_FORMATS_OF_ROWS),
    query_prefix=PREFIX,
)


def _report_options(parameters: query_parameters.Parameters) -> RouteOptions:
    return RouteOptions(
        scopes=("reports",),
        limited=True,
        media_types=tuple(form.media_type for form in FORMATS.values()),
        headers={"ETag": "Identifies this content. Send it as If-None-Match with the same request later."},
        query=parameters | query_parameters.format_parameter(FORMATS),
        query_prefix=PREFIX,
    )


class CatalogueEntry(MetricDocument):
    """A metric in the catalogue: its meaning in a sentence, then its population and its edge cases.

    - frame: the kind of its rows; null for a metric that is computed from others
    - by_lead_attributes: whether it can also be broken down by the declared attributes of leads
    - limit: a legal or agreed maximum
    - band: the range of good values
    """

    meaning: str
    definition: str
    frame: str | None
    dimensions: list[str]
    by_lead_attributes: bool
    per_model: bool
    limit: float | None
    band: list[float] | None


@get(
    "/reports",
    operation_id="read_report",
    summary="A report of chosen metrics",
    tags=["reports"],
    opt=_report_options(query_parameters.REPORT).opt,
)
async def read_report(request: AnyRequest, context: RequestContextDependency) -> Response[ReportDocument]:
    """Chosen metrics over a window, each with its numerator, denominator, 95% interval and rows."""
    return await _answer(request, context, None)


@get(
    "/reports/{preset:str}",
    operation_id="read_preset",
    summary="A report with a name",
    tags=["reports"],
    opt=_report_options(query_parameters.PRESET).opt,
)
async def read_preset(
    request: AnyRequest, context: RequestContextDependency, preset: PresetName
) -> Response[ReportDocument]:
    """A named set of metrics over a window, such as `outbound` for a sales manager."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report with this name; the reports are: {', '.join(PRESETS)}.")
    return await _answer(request, context, preset)


@get(
    "/reports/rows",
    operation_id="read_rows",
    summary="The rows behind a number",
    tags=["reports"],
    opt=_ROWS.opt,
)
async def read_rows(request: AnyRequest, context: RequestContextDependency) -> Response[RowsDocument]:
    """The calls, leads or costs of a number, in pages. They count, or add up, to the number exactly.

    Every cell of a report links here. CSV has all rows at once, unless the request sets a limit.
    """
    parameters = request.query_params.dict()
    if _format(request, parameters.pop("format", []), _FORMATS_OF_ROWS) == "json":
        return Response(rows_document(await context.reports.drill_through(parameters), request.url.query))
    rows = await context.reports.drill_through(parameters, MOST_IN_A_FILE)
    content = await asyncio.to_thread(rows_to_csv, rows)
    await note(context, "export", "rows", rows.metric.name)
    day = rows.request.window.local(rows.request.window.start).date()
    named = {"Content-Disposition": f'attachment; filename="calltally-{rows.metric.name}-rows-{day}.csv"'}
    return Response(cast("Any", content), media_type=FORMATS["csv"].media_type, headers=named)


@get("/metrics", operation_id="list_metrics", summary="The catalogue of metrics", tags=["reports"], opt=_CATALOGUE.opt)
async def list_metrics() -> dict[str, list[CatalogueEntry]]:
    """All metrics with their meaning."""
    return {"items": [_entry(entry) for entry in catalogue().values()]}


@get(
    "/metrics/{name:str}",
    operation_id="read_metric",
    summary="What one metric means",
    tags=["reports"],
    opt=_CATALOGUE.opt,
)
async def read_metric(name: MetricName) -> CatalogueEntry:
    """A metric's definition: population, formula, edge cases and dimensions."""
    if name not in catalogue():
        raise NotFound("There is no metric with this name; /v1/metrics lists them.")
    return _entry(catalogue()[name])


async def _answer(request: AnyRequest, context: RequestContext, preset: str | None) -> Response[ReportDocument]:
    parameters = request.query_params.dict()
    format_ = _format(request, parameters.pop("format", []))
    file = await context.reports.export(preset, parameters, format_)
    if format_ != "json":
        await note(context, "export", "reports", preset or ", ".join(parameters.get("metrics", [])))
    headers = {**file.headers, "ETag": file.tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if _is_held(request, file.tag):
        return Response(cast("Any", None), status_code=304, headers=headers)
    return Response(cast("Any", file.content), media_type=FORMATS[format_].media_type, headers=headers)


def _is_held(request: AnyRequest, tag: str) -> bool:
    """Whether the caller already has this content."""
    tags = request.headers.get("if-none-match", "")
    return tags.strip() == "*" or tag in {text.strip().removeprefix("W/") for text in tags.split(",")}


def _format(request: AnyRequest, names: list[str], allowed: Sequence[Format] = tuple(FORMATS)) -> Format:
    """The format that the parameter names, else the best for the Accept header, else JSON. Raises InvalidParameter."""
    by_type: dict[str, Format] = {FORMATS[name].media_type: name for name in allowed}
    match names:
        case []:
            return by_type.get(request.accept.best_match(list(by_type)) or "", "json")
        case [name] if name in allowed:
            return cast("Format", name)
        case _:
            raise InvalidParameter(
                faults=(Fault("format", f"must be one of {', '.join(allowed)}, and given only once"),)
            )


def _entry(entry: Entry) -> CatalogueEntry:
    metric = entry.metric
    return CatalogueEntry(
        **describe(metric),
        meaning=entry.meaning,
        definition=entry.definition,
        frame=metric.frame.name if metric.frame else None,
        dimensions=list(metric.dimensions),
        by_lead_attributes=metric.has_leads,
        per_model=metric.per_model,
        limit=metric.limit,
        band=list(metric.band) if metric.band else None,
    )


HANDLERS: list[HTTPRouteHandler] = [read_report, read_rows, read_preset, list_metrics, read_metric]

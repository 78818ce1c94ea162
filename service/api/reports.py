"""Asking for reports, for the rows behind their numbers, and for what the numbers mean."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.presets import PRESETS
from reports.query.drill_through import MOST_IN_A_FILE
from reports.render.export import FORMATS, Format, rows_to_csv
from reports.render.json_document import MetricDocument, ReportDocument, RowsDocument, describe, rows_document
from service.api import query_parameters
from service.errors import Fault, InvalidParameter, NotFound
from service.web.parameters import MetricName, PresetName
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_FORMATS_OF_ROWS: tuple[Format, ...] = ("json", "csv")
_CATALOGUE = RouteOptions(scopes=("reports",))
_ROWS = RouteOptions(
    scopes=("rows",),
    media_types=tuple(FORMATS[name].media_type for name in _FORMATS_OF_ROWS),
    query=query_parameters.ROWS | query_parameters.form(_FORMATS_OF_ROWS),
)


def _report_options(parameters: query_parameters.Parameters) -> RouteOptions:
    return RouteOptions(
        scopes=("reports",),
        media_types=tuple(form.media_type for form in FORMATS.values()),
        headers={"ETag": "What tells this answer from any other. Send it as If-None-Match when asking again."},
        query=parameters | query_parameters.form(FORMATS),
    )


class CatalogueEntry(MetricDocument):
    """A metric in the catalogue: a sentence for anybody, then who is counted and what happens at the edges.

    frame: what one row behind it is; null for a metric that is made of others. limit: what it must not pass by law or
    rule. band: between which values it is good.
    """

    meaning: str
    definition: str
    frame: str | None
    dimensions: list[str]
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
    """Any metrics over a window, each with its numerator, denominator, 95 % interval and rows."""
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
    """A named set of metrics over a window: `outbound` is what a sales manager reads first."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    return await _answer(request, context, preset)


@get(
    "/reports/rows",
    operation_id="read_rows",
    summary="The rows behind a number",
    tags=["reports"],
    opt=_ROWS.opt,
)
async def read_rows(request: AnyRequest, context: RequestContextDependency) -> Response[RowsDocument]:
    """The calls, leads or costs that a number was made of, in pages: they count or add up to it exactly.

    Every cell of a report links here. As CSV they come all at once, unless a limit is given.
    """
    parameters = request.query_params.dict()
    if _form(request, parameters.pop("format", []), _FORMATS_OF_ROWS) == "json":
        return Response(rows_document(await context.reports.drill_through(parameters), request.url.query))
    rows = await context.reports.drill_through(parameters, MOST_IN_A_FILE)
    content = await asyncio.to_thread(rows_to_csv, rows)
    day = rows.request.window.local(rows.request.window.start).date()
    named = {"Content-Disposition": f'attachment; filename="calltally-{rows.metric.name}-rows-{day}.csv"'}
    return Response(cast("Any", content), media_type=FORMATS["csv"].media_type, headers=named)


@get("/metrics", operation_id="list_metrics", summary="The catalogue of metrics", tags=["reports"], opt=_CATALOGUE.opt)
async def list_metrics() -> dict[str, list[CatalogueEntry]]:
    """Every number there is, and what it means."""
    return {"items": [_entry(entry) for entry in catalogue().values()]}


@get(
    "/metrics/{name:str}",
    operation_id="read_metric",
    summary="What one metric means",
    tags=["reports"],
    opt=_CATALOGUE.opt,
)
async def read_metric(name: MetricName) -> CatalogueEntry:
    """A metric's definition: population, formula, edge cases, and what it may be broken down by."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name; /v1/metrics lists them.")
    return _entry(catalogue()[name])


async def _answer(request: AnyRequest, context: RequestContext, preset: str | None) -> Response[ReportDocument]:
    parameters = request.query_params.dict()
    form = _form(request, parameters.pop("format", []))
    file = await context.reports.export(preset, parameters, form)
    headers = {**file.headers, "ETag": file.tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if _is_held(request, file.tag):
        return Response(cast("Any", None), status_code=304, headers=headers)
    return Response(cast("Any", file.content), media_type=FORMATS[form].media_type, headers=headers)


def _is_held(request: AnyRequest, tag: str) -> bool:
    """Whether the caller says that it has this very content already."""
    said = request.headers.get("if-none-match", "")
    return said.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in said.split(",")}


def _form(request: AnyRequest, asked: list[str], known: Sequence[Format] = tuple(FORMATS)) -> Format:
    """The format asked for by name, else by the Accept header, else JSON."""
    by_type: dict[str, Format] = {FORMATS[name].media_type: name for name in known}
    match asked:
        case []:
            return by_type.get(request.accept.best_match(list(by_type)) or "", "json")
        case [name] if name in known:
            return cast("Format", name)
        case _:
            raise InvalidParameter(faults=(Fault("format", f"must be one of {', '.join(known)}, and given only once"),))


def _entry(entry: Entry) -> CatalogueEntry:
    metric = entry.metric
    return CatalogueEntry(
        **describe(metric),
        meaning=entry.meaning,
        definition=entry.definition,
        frame=metric.frame.name if metric.frame else None,
        dimensions=list(metric.dimensions),
        per_model=metric.per_model,
        limit=metric.limit,
        band=list(metric.band) if metric.band else None,
    )


HANDLERS: list[HTTPRouteHandler] = [read_report, read_rows, read_preset, list_metrics, read_metric]

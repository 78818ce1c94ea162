"""The page of each preset report, the page of the rows of a number, and every chart as an image."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter
from litestar.response import Stream

from reports import charting
from reports.catalogue.presets import PRESETS
from reports.charts import Chart, charts
from reports.model.language import current_language
from reports.query.report import Report
from service.errors import Fault, InvalidParameter, NotFound
from service.pages.components.call_links import known_calls
from service.pages.components.fragments import report_fragment
from service.pages.components.layout import HEADERS, html_response, render
from service.pages.components.rows import named_calls, rows_context
from service.pages.components.view import open_page
from service.pages.filtering.filters import parse_page_request, shared_dimensions
from service.pages.sign_in import admit
from service.web.parameters import PresetName
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_PAGE = page_options("reports", limited=True)
_ROWS_PER_PAGE = 100
ChartName = Annotated[str, PathParameter(description="Which chart.")]
_IMAGES = {"svg": "image/svg+xml", "png": "image/png"}


@get("/look/{preset:str}", opt=_PAGE, before_request=admit)
async def preset_page(
    request: AnyRequest, context: RequestContextDependency, preset: PresetName
) -> Response[Any] | Stream:
    """A preset report as a table; every number links to its rows."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    view = open_page(request, context)
    return await view.respond(
        "report.html",
        {"table": report_fragment(view, "table.html", preset)},
        preset=PRESETS[preset],
        presets=PRESETS.values(),
        dimensions=shared_dimensions(PRESETS[preset]),
    )


@get("/look/rows", opt=page_options("rows", limited=True), before_request=admit)
async def rows_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The rows of a number, counted, page by page, with the definition of its metric."""
    parameters = {"limit": [str(_ROWS_PER_PAGE)], **request.query_params.dict()}
    rows = await context.reports.drill_through(parameters)
    known = await known_calls(context, named_calls(rows))
    variables = await asyncio.to_thread(rows_context, rows, request.query_params.dict(), known)
    return html_response(render("rows.html", session=request.user, **variables))


@get("/charts/{name:str}", opt=_PAGE, before_request=admit)
async def chart_image(request: AnyRequest, context: RequestContextDependency, name: ChartName) -> Response[bytes]:
    """A chart as an image to download: `format` svg or png, `theme` light or dark."""
    if name not in charts():
        raise NotFound(f"There is no chart of this name; there is: {', '.join(charts())}.")
    page_request = parse_page_request(request)
    if page_request.faults:
        raise InvalidParameter(faults=page_request.faults)
    chart, parameters = charts()[name], {**page_request.parameters}
    form = _choice("format", parameters.pop("format", ["svg"]), ("svg", "png"))
    theme = _choice("theme", parameters.pop("theme", ["light"]), ("light", "dark"))
    cached = await context.reports.cached_report(
        None,
        chart.report_parameters(parameters),
        f"{name} {form} {theme} {current_language().code}",
        partial(_image, chart, form, theme),
    )
    return Response(cached.content, media_type=_IMAGES[form], headers=HEADERS | cached.headers)


def _image(
    chart: Chart, form: charting.ImageFormat, theme: charting.Theme, report: Report
) -> tuple[bytes, dict[str, str]]:
    day = f"{report.request.window.local(report.request.window.start):%Y-%m-%d}"
    name = f'inline; filename="calltally-{chart.name}-{day}.{form}"'
    return charting.picture(chart, report, form, theme), {"Content-Disposition": name}


def _choice(name: str, values: Sequence[str], choices: tuple[Any, ...]) -> Any:
    if len(values) == 1 and values[0] in choices:
        return values[0]
    raise InvalidParameter(faults=(Fault(name, f"must be one of {', '.join(choices)}, and given only once"),))


HANDLERS: list[HTTPRouteHandler] = [rows_page, preset_page, chart_image]

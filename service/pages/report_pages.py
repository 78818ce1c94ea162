"""Every named report as a page, the rows behind each number, and every chart as an image."""

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
from reports.query.report import Report
from service.errors import Fault, InvalidParameter, NotFound
from service.pages.filters import choices, dimensions_of, page_request_of
from service.pages.layout import HEADERS, render, shown
from service.pages.parts import report_part
from service.pages.rows import told_of_rows
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.web.parameters import PresetName
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_PAGE = page_options("reports")
_ROWS_A_PAGE = 100
ChartName = Annotated[str, PathParameter(description="Which chart.")]
_IMAGES = {"svg": "image/svg+xml", "png": "image/png"}


@get("/look/{preset:str}", opt=_PAGE, before_request=admit)
async def look(request: AnyRequest, context: RequestContextDependency, preset: PresetName) -> Response[Any] | Stream:
    """A named report as a table; every number leads to its rows."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    page_request = page_request_of(request)
    return await assemble(
        "report.html",
        {"table": report_part(context, page_request, "table.html", preset)},
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
        preset=PRESETS[preset],
        presets=PRESETS.values(),
        dimensions=dimensions_of(PRESETS[preset]),
    )


@get("/look/rows", opt=page_options("rows"), before_request=admit)
async def look_at_rows(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The rows behind a number, counted, in pages, with the definition beside them."""
    parameters = {"limit": [str(_ROWS_A_PAGE)], **request.query_params.dict()}
    rows = await context.reports.drill_through(parameters)
    told = await asyncio.to_thread(told_of_rows, rows, request.query_params.dict())
    return shown(render("rows.html", session=request.user, **told))


@get("/charts/{name:str}", opt=_PAGE, before_request=admit)
async def draw(request: AnyRequest, context: RequestContextDependency, name: ChartName) -> Response[bytes]:
    """A chart as an image, to take along: `format` svg or png, `theme` light or dark."""
    if name not in charts():
        raise NotFound(f"There is no chart of this name; there is: {', '.join(charts())}.")
    chart, question = charts()[name], {**page_request_of(request).question}
    form = _one_of("format", question.pop("format", ["svg"]), ("svg", "png"))
    theme = _one_of("theme", question.pop("theme", ["light"]), ("light", "dark"))
    kept = await context.reports.cached_report(
        None, chart.asks(question), f"{name} {form} {theme}", partial(_drawn, chart, form, theme)
    )
    return Response(kept.content, media_type=_IMAGES[form], headers=HEADERS | kept.headers)


def _drawn(chart: Chart, form: charting.Form, theme: charting.Theme, report: Report) -> tuple[bytes, dict[str, str]]:
    day = f"{report.request.window.local(report.request.window.start):%Y-%m-%d}"
    name = f'inline; filename="calltally-{chart.name}-{day}.{form}"'
    return charting.picture(chart, report, form, theme), {"Content-Disposition": name}


def _one_of(name: str, said: Sequence[str], known: tuple[Any, ...]) -> Any:
    if len(said) == 1 and said[0] in known:
        return said[0]
    raise InvalidParameter(faults=(Fault(name, f"must be one of {', '.join(known)}, and given only once"),))


HANDLERS: list[HTTPRouteHandler] = [look_at_rows, look, draw]

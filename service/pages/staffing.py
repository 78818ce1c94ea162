"""The staffing page: the agents each interval of the coming days needs, and what one more agent buys."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.query.staffing.forecast import INTERVALS, PARAMETERS
from reports.query.staffing.plan import StaffingPlan, plan_own_calls
from reports.query.staffing.request import PLAN_PARAMETERS
from reports.render import staffing_text as text
from service.errors import InvalidParameter
from service.pages.components.layout import render
from service.pages.components.staffing_tables import forecast_context, own_calls_context
from service.pages.components.view import PageView, open_page
from service.pages.sign_in import admit
from service.reporting.snapshots import as_invalid_parameters
from service.reporting.staffing import read_forecast
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

# Its days lie ahead, where the reports of other pages have nothing; so links to those do not carry them along.
_CARRIED = ("tz", "as_of", "campaign")
# The fields of its form, those in sight first.
_IN_SIGHT = ("from", "to", "queue", "target", "shrinkage")
_FIELDS = (*_IN_SIGHT, "per", "handle_time", "patience", "max_occupancy", "weeks", "agents", "calls", "tz", "as_of")


@get("/staffing", opt=page_options("reports", limited=True), before_request=admit)
async def staffing(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """The agents needed in the coming days, or for calls of one's own, for the target in the form."""
    view = open_page(request, context)
    view = replace(view, page_request=replace(view.page_request, carried=_CARRIED))
    maker = _own_calls_html if "calls" in view.parameters else _forecast_html
    values = {name: view.parameters.get(name, ("",))[0] for name in _FIELDS}
    return await view.respond(
        "staffing.html",
        {"plan": partial(maker, view)},
        filters=(),
        values=values,
        intervals={f"{seconds // 60}m": text.length(seconds) for seconds in INTERVALS},
        shows_assumptions=any(values[name] for name in _FIELDS if name not in _IN_SIGHT),
    )


async def _own_calls_html(view: PageView) -> str:
    # The form sends its fields of a forecast along, which calls of one's own do not need.
    unused = set(PARAMETERS).difference(PLAN_PARAMETERS)
    parameters = {name: values for name, values in view.parameters.items() if name not in unused}
    with as_invalid_parameters():
        plan = await asyncio.to_thread(plan_own_calls, parameters)
    return render("staffing_own_calls.html", **own_calls_context(plan))


async def _forecast_html(view: PageView) -> str:
    """The forecast, or in its place the numbers that it lacks."""

    def write(plan: StaffingPlan) -> bytes:
        return render("staffing_forecast.html", **forecast_context(plan)).encode()

    try:
        return (await read_forecast(view.context.reports, view.parameters, "page", write)).decode()
    except InvalidParameter as error:
        if any(fault.pointer in view.parameters for fault in error.faults):
            raise
        return render("staffing_lacking.html", faults=error.faults)


HANDLERS: list[HTTPRouteHandler] = [staffing]

"""How many agents a queue needs: for calls of one's own, or for the coming days from the calls that came in."""

import asyncio
from typing import Any, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.query.parameters import Parameters
from reports.query.staffing.plan import plan_own_calls
from reports.render.staffing_document import StaffingDocument, staffing_json
from service.api import query_parameters
from service.reporting.snapshots import as_invalid_parameters
from service.reporting.staffing import read_forecast
from service.web.requests import JSON, AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency


@get(
    "/staffing",
    operation_id="read_staffing",
    summary="The agents that a queue needs",
    tags=["reports"],
    opt=RouteOptions(scopes=("reports",), limited=True, query=query_parameters.STAFFING).opt,
)
async def read_staffing(request: AnyRequest, context: RequestContextDependency) -> Response[StaffingDocument]:
    """How many agents meet a service level, and what one more agent buys, by Erlang C or Erlang A.

    With `calls` and `handle_time`, the plan is for one interval of your own. Without `calls`, it is for every interval
    of the coming days. Their volume is the average of the same weekday and interval in past weeks, with the range of
    95% of such intervals. Handle time and patience are measured from the same calls, unless you give them.
    """
    parameters = request.query_params.dict()
    if "calls" in parameters:
        content = await asyncio.to_thread(_own_calls, parameters)
    else:
        content = await read_forecast(context.reports, parameters, "json", staffing_json)
    return Response(cast("Any", content), media_type=JSON)


def _own_calls(parameters: Parameters) -> bytes:
    with as_invalid_parameters():
        return staffing_json(plan_own_calls(parameters))


HANDLERS: list[HTTPRouteHandler] = [read_staffing]

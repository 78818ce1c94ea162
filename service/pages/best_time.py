"""When people are reached: every hour of the week, on the clock of whoever is called."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.catalogue.catalogue import catalogue
from reports.charts import best_time as chart
from service.errors import Fault, InvalidParameter
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.parts import chart_part
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

# An hour of the week comes once a week: in less time there are too few calls in each.
USUAL_DAYS, LONGER_DAYS = 28, 91


@get("/best-time", opt=page_options("reports"), before_request=admit)
async def best_time(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Which hours of the week reach people, and which do not, as far as it can be told."""
    page_request = _asked(request)
    return await assemble(
        "best_time.html",
        {"map": chart_part(context, page_request, "best-time", template="best_time_map.html", also=_hours)},
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
        rates={name: catalogue()[name].metric.title for name in chart.METRICS},
        rate=page_request.question["metrics"][0],
        longer=page_request.here(**{"from": f"{_end(page_request) - timedelta(days=LONGER_DAYS):%Y-%m-%d}"}),
        longer_days=LONGER_DAYS,
    )


def _asked(request: AnyRequest) -> PageRequest:
    """What a request asks; unless it says otherwise, of the last four weeks and today. Raises InvalidParameter."""
    page_request = page_request_of(request)
    rate = page_request.question.get("metrics", chart.METRICS[:1])
    if len(rate) != 1 or rate[0] not in chart.METRICS:
        raise InvalidParameter(faults=(Fault("metrics", f"must be one of {', '.join(chart.METRICS)}"),))
    usual = {"metrics": rate}
    if "from" not in page_request.question:
        usual["from"] = [f"{_end(page_request) - timedelta(days=USUAL_DAYS + 1):%Y-%m-%d}"]
    if "to" not in page_request.question:
        usual["to"] = [f"{_end(page_request):%Y-%m-%d}"]
    return replace(page_request, question={**page_request.question, **usual})


def _end(page_request: PageRequest) -> date:
    """The day up to which is asked; what is no day is told by the report."""
    try:
        return date.fromisoformat(page_request.fields["to"][:10])
    except ValueError:
        return datetime.now(UTC).date()


def _hours(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every hour with its number and the door to its rows, and how many are too thin."""
    found = {hour.name: hour for hour in chart.hours(told["report"])}
    lines = [
        (hour, number)
        for group in told["groups"]
        for number in group.numbers[:1]
        if (hour := found.get(str(group.key[chart.DIMENSION])))
    ]
    return {"hours": lines, "least": chart.THIN, "outside": chart.outside(told["report"])}


HANDLERS: list[HTTPRouteHandler] = [best_time]

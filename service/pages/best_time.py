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
from service.pages.filters import Asked, asked_of, choices
from service.pages.parts import chart_part
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.web.requests import AnyRequest
from service.web.services import DeskDependency

# An hour of the week comes once a week: in less time there are too few calls in each.
USUAL_DAYS, LONGER_DAYS = 28, 91


@get("/best-time", opt={"page": True, "scopes": ("reports",)}, before_request=admit)
async def best_time(request: AnyRequest, desk: DeskDependency) -> Response[Any] | Stream:
    """Which hours of the week reach people, and which do not, as far as it can be told."""
    asked = _asked(request)
    return await assemble(
        "best_time.html",
        {"map": chart_part(desk, asked, "best-time", template="best_time_map.html", also=_hours)},
        session=request.user,
        asked=asked,
        choices=await choices(desk),
        rates={name: catalogue()[name].metric.title for name in chart.METRICS},
        rate=asked.question["metrics"][0],
        longer=asked.here(**{"from": f"{_end(asked) - timedelta(days=LONGER_DAYS):%Y-%m-%d}"}),
        longer_days=LONGER_DAYS,
    )


def _asked(request: AnyRequest) -> Asked:
    """What a request asks; unless it says otherwise, of the last four weeks and today. Raises InvalidParameter."""
    asked = asked_of(request)
    rate = asked.question.get("metrics", chart.METRICS[:1])
    if len(rate) != 1 or rate[0] not in chart.METRICS:
        raise InvalidParameter(faults=(Fault("metrics", f"must be one of {', '.join(chart.METRICS)}"),))
    usual = {"metrics": rate}
    if "from" not in asked.question:
        usual["from"] = [f"{_end(asked) - timedelta(days=USUAL_DAYS + 1):%Y-%m-%d}"]
    if "to" not in asked.question:
        usual["to"] = [f"{_end(asked):%Y-%m-%d}"]
    return replace(asked, question={**asked.question, **usual})


def _end(asked: Asked) -> date:
    """The day up to which is asked; what is no day is told by the report."""
    try:
        return date.fromisoformat(asked.fields["to"][:10])
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

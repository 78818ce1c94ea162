"""The best-time page: which hours of the week reach people, on the clock of the called person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.catalogue.catalogue import catalogue
from reports.charts import best_time as chart
from reports.measures.metric import Metric
from reports.model.language import percent
from reports.model.windows import day_of
from reports.render import formatting
from service.errors import Fault, InvalidParameter
from service.pages.components.fragments import chart_fragment
from service.pages.components.numbers import table_groups
from service.pages.components.view import PageView, open_page
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

# Each hour of the week comes once a week; a shorter time has too few calls in each hour.
DEFAULT_DAYS, LONGER_DAYS = 28, 91


@get("/best-time", opt=page_options("reports", limited=True), before_request=admit)
async def best_time(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """The hours of the week that reach people more often, or less often, than chance explains."""
    view = open_page(request, context)
    period = await view.period()
    end = day_of(period.window.end, period.window.zone) if period else datetime.now(UTC).date()
    view = _with_defaults(view, end)
    page_request = view.page_request
    longer_start = end - timedelta(days=LONGER_DAYS)
    return await view.respond(
        "best_time.html",
        {"map": chart_fragment(view, "best-time", template="best_time_map.html", extra_context=_hours_context)},
        rates={name: catalogue()[name].metric.label for name in chart.METRICS},
        rate=view.parameters["metrics"][0],
        longer_link=page_request.link(**{"from": f"{longer_start:%Y-%m-%d}"}),
        longer_days=LONGER_DAYS,
    )


def _with_defaults(view: PageView, end: date) -> PageView:
    """The view with one rate, and with the last four full weeks up to `end` as its window. Raises InvalidParameter."""
    rate = view.parameters.get("metrics", chart.METRICS[:1])
    if len(rate) != 1 or rate[0] not in chart.METRICS:
        raise InvalidParameter(faults=(Fault("metrics", f"must be one of {', '.join(chart.METRICS)}"),))
    defaults = {"metrics": rate}
    if "from" not in view.parameters:
        defaults["from"] = [f"{end - timedelta(days=DEFAULT_DAYS):%Y-%m-%d}"]
    if "to" not in view.parameters:
        defaults["to"] = [f"{end:%Y-%m-%d}"]
    return view.with_parameters(defaults)


def _hours_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every hour with its number and the link to its rows, and the calls in no hour."""
    report = context["report"]
    hours = {hour.name: hour for hour in chart.hours(report)}
    metric = chart.metric_of(report)
    lines = [
        (hour, number, _ends(hour, metric))
        for group in table_groups(report, report.groups, {})
        for number in group.numbers[:1]
        if (hour := hours.get(str(group.key[chart.DIMENSION])))
    ]
    return {"hours": lines, "min_calls": chart.MIN_CALLS, "calls_in_no_hour": chart.calls_in_no_hour(report)}


def _ends(hour: chart.Hour, metric: Metric) -> list[str]:
    """The ends of the interval of an hour's rate, with the digits that are known."""
    doubt = formatting.half_width(hour.low, hour.high)
    return ["-" if end is None else percent(formatting.bound(end, metric, doubt)) for end in (hour.low, hour.high)]


HANDLERS: list[HTTPRouteHandler] = [best_time]

"""The people page: schedules, occupancy and calls a day by team and agent, and attrition over twelve months."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts
from reports.model.language import marked
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.benchmark_text import published_references
from reports.render.group_verdicts import verdict_sentences
from reports.render.people_verdicts import occupancy_sentences, schedule_sentences
from service.pages.components.fragments import render_chart, render_table, with_metrics
from service.pages.components.layout import render
from service.pages.components.numbers import report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.filtering.period import FormPeriod
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_TIME = (
    "occupancy",
    "utilization",
    "availability",
    "schedule_adherence",
    "schedule_conformance",
    "scheduled_hours",
    "attempts_per_day",
)
_STAFF = ("attrition", "voluntary_attrition", "leavers", "voluntary_leavers", "mean_headcount")
_BY_TEAM: Parameters = {"metrics": [",".join(_TIME)], "by": ["team"]}
_BY_AGENT: Parameters = {"metrics": [",".join(_TIME)], "by": ["agent"]}
_STAFF_BY_TEAM: Parameters = {"metrics": [",".join(_STAFF)], "by": ["team"]}
# A week has too few leavers to tell one team from another.
_STAFF_DAYS = 365


@get("/people", opt=page_options("reports", limited=True), before_request=admit)
async def people(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Which team does not keep to its schedule, who is overloaded or idle, and which team loses people."""
    view = open_page(request, context)
    by_agent = {**view.parameters, **_BY_AGENT}
    of_staff = {**view.parameters, **_year_before(await view.period()), **_STAFF_BY_TEAM}
    fragments: dict[str, FragmentMaker] = {
        "teams": partial(_fragment, view, {**view.parameters, **_BY_TEAM}, _teams_html),
        "agents": partial(_fragment, view, by_agent, _agents_html),
        "staff": partial(_fragment, view, of_staff, _staff_html),
    }
    return await view.respond("people.html", fragments, files_query=PageRequest("", by_agent).query)


def _year_before(period: FormPeriod | None) -> Parameters:
    """The twelve months up to the end of the page's period, unless that is longer; nothing for an invalid period."""
    if period is None or period.days >= _STAFF_DAYS:
        return {}
    start = period.window.local(period.window.end - timedelta(days=_STAFF_DAYS))
    return {"from": [f"{start:%Y-%m-%d}"], "to": [period.after]}


async def _fragment(view: PageView, parameters: Parameters, render_report: Callable[[PageRequest, Report], str]) -> str:
    return await view.cached_fragment(render_report.__name__, parameters, partial(render_report, view.page_request))


def _teams_html(page_request: PageRequest, report: Report) -> str:
    """The verdicts on teams, every number of each, and the reference values."""
    columns = with_metrics(report, _TIME)
    return render(
        "people_teams.html",
        **report_context(columns, page_request),
        label=marked("Teams"),
        schedule=" ".join(schedule_sentences(report)),
        occupancy=" ".join(occupancy_sentences(report, "team")),
        benchmarks=published_references(report),
    )


def _agents_html(page_request: PageRequest, report: Report) -> str:
    """The chart of occupancy, and every number of each agent."""
    figure = render_chart(
        charts()["occupancy"], page_request, page_request.parameters, with_metrics(report, ["occupancy"])
    )
    columns = with_metrics(report, _TIME)
    table = render_table(columns, page_request, marked("Agents")) if any(report.counted.values()) else ""
    return f"{figure}{table}"


def _staff_html(page_request: PageRequest, report: Report) -> str:
    """Which team loses clearly more people than all teams, and the numbers of each."""
    sentences = verdict_sentences(report, "attrition")
    columns = with_metrics(report, _STAFF)
    return render(
        "people_staff.html",
        **report_context(columns, page_request),
        label=marked("Attrition"),
        verdict=" ".join(sentences),
    )


HANDLERS: list[HTTPRouteHandler] = [people]

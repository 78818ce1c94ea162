"""The teams page: all teams side by side, and which of them differ clearly from all."""

from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.agent_verdicts import DEFAULT_GOAL
from reports.render.agent_verdicts import METRIC as LEADING_METRIC
from reports.render.group_verdicts import verdict_sentences
from service.pages.agents import COMPARED_METRICS
from service.pages.components.layout import render
from service.pages.components.numbers import report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_BY_TEAM: Parameters = {"metrics": [",".join(COMPARED_METRICS)], "by": ["team"]}


@get("/teams", opt=page_options("reports", limited=True), before_request=admit)
async def teams(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All teams: which is clearly better or worse, and every number of each team."""
    view = open_page(request, context)
    parameters = {**DEFAULT_GOAL, **view.parameters, **view.comparison, **_BY_TEAM}
    fragments: dict[str, FragmentMaker] = {
        "teams": partial(view.cached_fragment, "teams", parameters, partial(_teams_html, view.page_request))
    }
    return await view.respond("teams.html", fragments, files_query=PageRequest("", parameters).query)


def _teams_html(page_request: PageRequest, report: Report) -> str:
    """The sentence about the leading metric, and the table with the best team first."""
    context = report_context(report, page_request, order=f"-{LEADING_METRIC}")
    return render("teams_table.html", **context, verdict=" ".join(verdict_sentences(report, LEADING_METRIC)))


HANDLERS: list[HTTPRouteHandler] = [teams]

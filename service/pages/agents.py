"""The agents page, which compares all agents, and the page of one agent."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from markupsafe import Markup

from reports.charts import charts
from reports.model.language import translate
from reports.model.local_dates import full_words
from reports.query.drill_through import MOST_ROWS
from reports.query.parameters import Parameters, shortened
from reports.query.report import Report
from reports.render import formatting
from reports.render.agent_verdicts import DEFAULT_GOAL
from reports.render.agent_verdicts import METRIC as LEADING_METRIC
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter
from service.pages.components.agent_comparison import compare_with_all
from service.pages.components.columns import bar_scales, rank_columns
from service.pages.components.fragments import chart_fragment, render_chart, with_metrics
from service.pages.components.layout import render
from service.pages.components.numbers import report_context, table_groups
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports", limited=True)
_CALL_METRICS = (
    "attempts",
    "answer_rate",
    "rpc_rate",
    LEADING_METRIC,
    "conv_per_conversation",
    "appointment_set_rate",
)
_TIME_METRICS = ("avg_talk_time", "occupancy", "attempts_per_hour")
# The numbers by which agents, and teams, are compared.
COMPARED_METRICS = _CALL_METRICS + _TIME_METRICS
_BY_AGENT: Parameters = {"metrics": [",".join(COMPARED_METRICS)], "by": ["agent"]}
_MAX_FOLLOW_UPS = 50
# How much further back the link of the follow-ups looks.
_FURTHER_BACK = timedelta(days=90)


@get("/agents", opt=_PAGE, before_request=admit)
async def agents(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All agents: who clearly stands out, and every number of each agent."""
    view = open_page(request, context)
    parameters = {**DEFAULT_GOAL, **view.parameters, **view.comparison, **_BY_AGENT}
    fragments: dict[str, FragmentMaker] = {
        "agents": partial(view.cached_fragment, "agents", parameters, partial(_agents_html, view.page_request))
    }
    return await view.respond("agents.html", fragments, files_query=PageRequest("", parameters).query)


@get("/agent", opt=_PAGE, before_request=admit)
async def agent(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """One agent: against all agents and the period before, by hour, by talk length, and the callbacks due."""
    view = open_page(request, context, subject=("agent",))
    code, name = await _agent_code(context, view.page_request)
    all_agents = {name: values for name, values in view.parameters.items() if name != "agent"}
    compared = {**DEFAULT_GOAL, **all_agents, **_BY_AGENT, "compare": ["previous"], **view.comparison}
    by_disposition = {**view.parameters, "by": ["disposition"]}
    fragments = {
        "headlines": partial(
            view.cached_fragment, "agent", compared, partial(_headlines_html, code, view.page_request)
        ),
        "hours": chart_fragment(view, "agent-hours"),
        "talks": chart_fragment(view, "talk-lengths"),
        "mix": partial(
            view.cached_fragment, "mix", by_disposition, partial(_dispositions_html, view.page_request), "dispositions"
        ),
        "follow_ups": partial(_follow_ups_html, view),
    }
    return await view.respond("agent.html", fragments, code=code, agent_name=name)


async def _agent_code(context: RequestContext, page_request: PageRequest) -> tuple[str, str]:
    """The code and the name of the agent on the page, after merges of other spellings. Raises InvalidParameter."""
    codes = page_request.parameters.get("agent", ())
    if len(codes) != 1:
        raise InvalidParameter(faults=(Fault("agent", "must name one agent"),))
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        account_codes = await Ledger(connection, context.access.account_id).codes(None)
    context.limits.narrow({"agent": codes}, account_codes)
    code = account_codes.reading("agent", codes[0])
    if code is None:
        raise InvalidParameter(faults=(Fault("agent", f"there is no agent {shortened(codes[0])} in this account"),))
    return code, account_codes.names["agent"].get(code, code)


def _agents_html(page_request: PageRequest, report: Report) -> str:
    """The chart of the leading metric and the table of all metrics, from one report."""
    figure = render_chart(
        charts()["agents"], page_request, page_request.parameters, with_metrics(report, [LEADING_METRIC])
    )
    context = report_context(report, page_request, order=f"{LEADING_METRIC}_rank")
    return render("agents_table.html", **context, ranked_metric=LEADING_METRIC, figure=Markup(figure))  # noqa: S704 - rendered by a template


def _dispositions_html(page_request: PageRequest, report: Report) -> str:
    """The chart and the table of the agent's dispositions, from one report."""
    figure = render_chart(
        charts()["disposition-mix"],
        page_request,
        page_request.parameters,
        with_metrics(report, ["disposition_share"]),
    )
    return figure + render("table.html", **report_context(report, page_request))


def _headlines_html(code: str, page_request: PageRequest, report: Report) -> str:
    """The agent's numbers beside those of all agents, from a report of all agents."""
    context = report_context(report, page_request)
    group = report.groups.filter(pl.col("agent") == code)
    comparisons = [
        compare_with_all(number, overall)
        for agent_group in table_groups(report, group, bar_scales(report, group), rank_columns(report, page_request))
        for number, overall in zip(agent_group.numbers, context["numbers"], strict=True)
    ]
    return render("agent_headlines.html", **context, comparisons=comparisons)


async def _follow_ups_html(view: PageView) -> str:
    """The agent's callbacks that are due and not made, the oldest first; for keys that may see rows."""
    if not view.sees_rows:
        return render("follow_ups.html", rows=None)
    parameters = {"metric": ["callback_backlog"], **view.parameters, **await view.through_today()}
    rows = await view.context.reports.drill_through({**parameters, "limit": [str(MOST_ROWS)]})
    until, window = rows.request.until, rows.request.window
    oldest = rows.items.sort("due_at", "lead").head(_MAX_FOLLOW_UPS).iter_rows(named=True)
    edges = {"low": window.start, "high": window.end}
    further_back = f"{window.local(window.start) - _FURTHER_BACK:%Y-%m-%d}"
    return render(
        "follow_ups.html",
        rows=rows,
        follow_ups=[(row, row["due_at"].astimezone(window.zone), _overdue(row["due_at"], until)) for row in oldest],
        zone=window.zone.key,
        period=translate("{low} to {high}", **{name: full_words(window.local(edge)) for name, edge in edges.items()}),
        all_rows_link=PageRequest("/look/rows", {**parameters, "as_of": [until.isoformat()]}).link(),
        further_back_link=view.page_request.link(**{"from": further_back}),
    )


def _overdue(due_at: datetime, until: datetime) -> str:
    return formatting.duration((until - due_at).total_seconds())


HANDLERS: list[HTTPRouteHandler] = [agents, agent]

"""Agents side by side, each with the doubt about their numbers, and one agent's page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts
from reports.charts.agents import METRIC as LEADING
from reports.query.drill_through import MOST_ROWS
from reports.query.parameters import Parameters, shortened
from reports.query.report import Report
from reports.render import formatting
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter
from service.pages.agent_comparison import line_of
from service.pages.columns import places, scales
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.layout import render
from service.pages.numbers import groups, told_of
from service.pages.parts import chart_part, drawn
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports")
_CALLS = ("attempts", "answer_rate", "rpc_rate", LEADING, "conv_per_conversation", "appointment_set_rate")
_TIMES = ("avg_talk_time", "occupancy", "attempts_per_hour")
_BY_AGENT: Parameters = {"metrics": [",".join(_CALLS + _TIMES)], "by": ["agent"]}
_MOST_FOLLOW_UPS = 50
# How much further back one looks for follow-ups that were never made.
_FURTHER = timedelta(days=90)

# A part as it is written, of a page's question and a report.
Writing: TypeAlias = Callable[[PageRequest, Report], bytes]


@get("/agents", opt=_PAGE, before_request=admit)
async def agents(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All agents: who surely stands out, and every number of each."""
    page_request = page_request_of(request)
    parts = {
        "agents": partial(_kept, context, page_request, {**page_request.question, **_BY_AGENT}, "agents", _side_by_side)
    }
    return await assemble(
        "agents.html",
        parts,
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
        files=PageRequest("", {**page_request.question, **_BY_AGENT}).query,
    )


@get("/agent", opt=_PAGE, before_request=admit)
async def agent(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """One agent: beside all others and the period before, by the hour, how long they talk, and whom they promised."""
    page_request = page_request_of(request)
    code = await _code(context, page_request)
    among = {name: values for name, values in page_request.question.items() if name != "agent"}
    compared = {**among, **_BY_AGENT, "compare": ["previous"]}
    parts = {
        "headlines": partial(_kept, context, page_request, compared, "agent", partial(_headlines, code)),
        "hours": chart_part(context, page_request, "agent-hours"),
        "talks": chart_part(context, page_request, "talk-lengths"),
        "mix": partial(
            _kept, context, page_request, {**page_request.question, "by": ["disposition"]}, "mix", _mix, "dispositions"
        ),
        "follow_ups": partial(_follow_ups, context, page_request),
    }
    return await assemble(
        "agent.html", parts, session=request.user, page_request=page_request, choices=await choices(context), code=code
    )


async def _code(context: RequestContext, page_request: PageRequest) -> str:
    """Whom an agent's page is about: the one whose code, or another spelling of it, is asked for."""
    said = page_request.question.get("agent", ())
    if len(said) != 1:
        raise InvalidParameter(faults=(Fault("agent", "must name one agent"),))
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        code = (await Ledger(connection, context.access.account_id).codes(None)).reading("agent", said[0])
    if code is None:
        raise InvalidParameter(faults=(Fault("agent", f"there is no agent {shortened(said[0])} in this account"),))
    return code


async def _kept(
    context: RequestContext,
    page_request: PageRequest,
    question: Parameters,
    name: str,
    writing: Writing,
    preset: str | None = None,
) -> str:
    """A part made of a report in a way of its own, kept like any other."""

    def write(report: Report) -> tuple[bytes, dict[str, str]]:
        return writing(page_request, report), {}

    return (
        await context.reports.cached_report(preset, question, f"{name} {page_request.here()}", write)
    ).content.decode()


def _side_by_side(page_request: PageRequest, report: Report) -> bytes:
    """The chart of the leading number, and all numbers, of one report."""
    figure, _ = drawn(charts()["agents"], page_request, page_request.question, _only(report, LEADING))
    return figure + render("agents_table.html", **told_of(report, page_request), place_of=LEADING).encode()


def _only(report: Report, name: str) -> Report:
    """A report without all numbers but one."""
    metrics = tuple(metric for metric in report.request.metrics if metric.name == name)
    return replace(report, request=replace(report.request, metrics=metrics))


def _mix(page_request: PageRequest, report: Report) -> bytes:
    """What calls came to, drawn and as a table, of one report."""
    figure, _ = drawn(
        charts()["disposition-mix"], page_request, page_request.question, _only(report, "disposition_share")
    )
    return figure + render("table.html", **told_of(report, page_request)).encode()


def _headlines(code: str, page_request: PageRequest, report: Report) -> bytes:
    """An agent's numbers beside those of all, from a report of all agents."""
    said = told_of(report, page_request)
    mine = report.groups.filter(pl.col("agent") == code)
    lines = [
        line_of(number, whole, report.request.currency)
        for group in groups(report, mine, scales(report, mine), places(report, page_request))
        for number, whole in zip(group.numbers, said["numbers"], strict=True)
    ]
    return render("agent_headlines.html", **said, lines=lines).encode()


async def _follow_ups(context: RequestContext, page_request: PageRequest) -> str:
    """Whom the agent promised a call that is due and was not made, the oldest first; for whoever may see rows."""
    if "rows" not in context.access.scopes:
        return render("follow_ups.html", rows=None)
    question = {"metric": ["callback_backlog"], **page_request.question}
    rows = await context.reports.drill_through({**question, "limit": [str(MOST_ROWS)]})
    until, zone = rows.request.until, rows.request.window.zone
    waiting = rows.items.sort("due_at", "lead").head(_MOST_FOLLOW_UPS).iter_rows(named=True)
    told = {
        "rows": rows,
        "waiting": [(one, one["due_at"].astimezone(zone), _overdue(one["due_at"], until)) for one in waiting],
        "zone": zone.key,
        "until": until,
        "all_rows": PageRequest("/look/rows", {**question, "as_of": [until.isoformat()]}).here(),
        "further_back": page_request.here(
            **{"from": f"{rows.request.window.local(rows.request.window.start) - _FURTHER:%Y-%m-%d}"}
        ),
    }
    return render("follow_ups.html", **told)


def _overdue(due_at: datetime, until: datetime) -> str:
    return formatting.duration((until - due_at).total_seconds(), spaced=True)


HANDLERS: list[HTTPRouteHandler] = [agents, agent]

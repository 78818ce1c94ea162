"""The overview: what to worry about, the numbers against the period before, from attempt to sale, and what waits."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts, funnel
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.agent_verdicts import standings
from reports.render.source_verdicts import returns, worry
from service.pages.changes import WORDS, change, doubt
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.layout import render
from service.pages.numbers import told_of
from service.pages.parts import chart_part, drawn
from service.pages.sign_in import admit
from service.pages.streaming import Making, assemble
from service.pages.to_do import to_do_part
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

# What agents are told apart by: what they make of those they reach. The first counts most. Sales alone are too few to
# tell one agent from another within a week, so anything agreed counts, unless somebody asks for a goal.
_OF_AGENTS: Parameters = {"metrics": ["conv_per_contact,appointment_set_rate"], "by": ["agent"]}
_ANYTHING: Parameters = {"goal": ["any"]}
_MONEY = "source-money"
_OF_SOURCES = ("sales", "conv_per_attempt", "marketing_cost", "marketing_roi")
# More are no answer to whom to worry about.
_MOST_AGENTS = 3
# Of longer times a bar an hour is too thin to see.
HOURLY_DAYS = 15

# What a report is written as: some pieces of HTML by name.
Pieces = Callable[[PageRequest, Report], Mapping[str, str]]


@get("/overview", opt=page_options("reports"), before_request=admit)
async def overview(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """What a sales manager looks at first."""
    page_request = page_request_of(request)
    asking = partial(_piece, context, page_request)
    numbers = partial(asking, "outbound", {"compare": ["previous"]}, _headlines)
    agents = partial(asking, None, {**_ANYTHING, **page_request.question, **_OF_AGENTS}, _agents)
    sources = partial(asking, None, charts()[_MONEY].question, _sources)
    parts: dict[str, Making] = {
        "worry_numbers": partial(numbers, "worry"),
        "worry_agents": partial(agents, "worry"),
        "worry_sources": partial(sources, "worry"),
        "headlines": partial(numbers, "cards"),
        "funnel": chart_part(context, page_request, "funnel", template="funnel.html", also=_steps),
        "by_time": chart_part(
            context, page_request, "attempts-by-hour" if _is_short(page_request) else "attempts-by-day"
        ),
        "by_source": partial(sources, "chart"),
        "to_do": to_do_part(context, page_request),
    }
    return await assemble(
        "overview.html",
        parts,
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
        short=_is_short(page_request),
    )


async def _piece(
    context: RequestContext,
    page_request: PageRequest,
    preset: str | None,
    question: Parameters,
    pieces: Pieces,
    which: str,
) -> str:
    """One of the pieces a report is written as; the report is made once for all of them."""
    parameters = {**page_request.question, **question}
    kept = await context.reports.cached_report(
        preset, parameters, f"{pieces.__name__} {page_request.here()}", partial(_written, pieces, page_request)
    )
    return orjson.loads(kept.content)[which]


def _written(pieces: Pieces, page_request: PageRequest, report: Report) -> tuple[bytes, dict[str, str]]:
    return orjson.dumps(pieces(page_request, report)), {}


def _headlines(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The headline numbers as cards, and those that are worse."""
    told = told_of(report, page_request)
    told |= {"words": WORDS, "change": partial(change, currency=report.request.currency), "doubt": doubt}
    return {"cards": render("headlines.html", **told), "worry": render("worry_numbers.html", **told)}


def _agents(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The agents who stay behind by more than chance, else whoever is lowest."""
    found = standings(report)
    behind = [one for one in found if one.behind][:_MOST_AGENTS]
    return {
        "worry": render(
            "worry_agents.html", page_request=page_request, behind=behind, lowest=found[:1], goal=report.request.goal
        )
    }


def _sources(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The source that loses money, else the one that brings back least; and what each cost and brought."""
    found = returns(report)
    loses, pays = any(one.is_a_loss for one in found), bool(found) and all(one.is_a_gain for one in found)
    verdict = ("worse", "loses money") if loses else ("better", "all pay") if pays else ("cannot_tell", "cannot tell")
    chart, _ = drawn(
        charts()[_MONEY], page_request, page_request.question, report, template="by_source.html", also=_columns
    )
    return {
        "worry": render("worry_sources.html", page_request=page_request, verdict=verdict, told=worry(report)),
        "chart": chart.decode(),
    }


def _steps(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The steps of the funnel, each with the door to its rows."""
    doors = {number.metric.name: number.rows for number in told["numbers"]}
    return {"steps": [(step, doors[step.metric]) for step in funnel.steps(told["report"])]}


def _columns(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the numbers by source those that fit beside each other; the page of sources has the rest."""

    def kept(each: Any) -> bool:
        return each.metric.name.startswith(_OF_SOURCES)

    numbers = [number for number in told["numbers"] if kept(number)]
    names = [number.metric.name for number in numbers]
    groups = [replace(group, numbers=[each for each in group.numbers if kept(each)]) for group in told["groups"]]
    return {"numbers": numbers, "groups": groups, "columns": [each for each in told["columns"] if each.name in names]}


def _is_short(page_request: PageRequest) -> bool:
    """Whether a time is short enough to be shown hour by hour; what is no time is told by the report."""
    try:
        start, end = (date.fromisoformat(page_request.fields[edge][:10]) for edge in ("from", "to"))
    except ValueError:
        return True
    return (end - start).days <= HOURLY_DAYS


HANDLERS: list[HTTPRouteHandler] = [overview]

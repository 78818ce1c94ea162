"""The overview: what needs attention, key metrics against the period before, the funnel, and more to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.charts import charts, funnel
from reports.model.language import marked, translate
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.agent_verdicts import BELOW, agent_rates, below_first, overall_phrase, sentence
from reports.render.cell_text import VERDICT_WORDS
from reports.render.source_verdicts import source_returns, source_verdict
from service.pages.components.changes import certainty_details, change_sentence
from service.pages.components.filters import PageRequest
from service.pages.components.fragments import chart_fragment, render_chart
from service.pages.components.layout import render
from service.pages.components.numbers import Number, report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.sign_in import admit
from service.pages.to_do import to_do_fragment
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_MONEY_CHART = "source-money"
_SOURCE_METRICS = ("sales", "conv_per_attempt", "marketing_cost", "marketing_roi")
# A list of more agents would answer nothing.
_MAX_AGENTS = 3
# Over longer times, a bar for each hour is too thin to see.
HOURLY_DAYS = 15

# The class and the words of the verdict on sources.
_LOSES = ("worse", marked("loses money"))
_PAYS = ("better", marked("all profitable"))
_UNCLEAR = ("cannot_tell", marked("no clear loss"))

# Renders a report as several pieces of HTML, by name.
PiecesRenderer = Callable[[PageRequest, Report], Mapping[str, str]]


@get("/overview", opt=page_options("reports"), before_request=admit)
async def overview(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """The first page of a sales manager."""
    view = open_page(request, context)
    period = await view.period()
    by_hour = period is None or period.days <= HOURLY_DAYS
    numbers = partial(_piece, view, "outbound", {"compare": ["previous"], **view.comparison}, _headline_pieces)
    agents = partial(_piece, view, None, charts()["agents"].report_parameters(view.parameters), _agent_pieces)
    sources = partial(_piece, view, None, charts()[_MONEY_CHART].parameters, _source_pieces)
    fragments: dict[str, FragmentMaker] = {
        "number_verdict": partial(numbers, "verdict"),
        "agent_verdict": partial(agents, "verdict"),
        "source_verdict": partial(sources, "verdict"),
        "headlines": partial(numbers, "cards"),
        "funnel": chart_fragment(view, "funnel", template="funnel.html", extra_context=_funnel_context),
        "by_time": chart_fragment(view, "attempts-by-hour" if by_hour else "attempts-by-day"),
        "by_source": partial(sources, "chart"),
        "to_do": to_do_fragment(view),
    }
    return await view.respond("overview.html", fragments, by_hour=by_hour)


async def _piece(
    view: PageView, preset: str | None, parameters: Parameters, render_pieces: PiecesRenderer, name: str
) -> str:
    """One piece of a report; the report is made once for all its pieces."""

    def render_report(report: Report) -> str:
        return orjson.dumps(render_pieces(view.page_request, report)).decode()

    whole = {**view.parameters, **parameters}
    pieces = await view.cached_fragment(render_pieces.__name__, whole, render_report, preset)
    return orjson.loads(pieces)[name]


def _headline_pieces(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The headline numbers as cards, and the verdict on them."""
    context = report_context(report, page_request) | {
        "verdict_labels": VERDICT_WORDS,
        "change_sentence": partial(change_sentence, currency=report.request.currency),
        "certainty_details": certainty_details,
        "in_future": report.request.window.start >= report.request.until,
    }
    return {"cards": render("headlines.html", **context), "verdict": render("verdict_numbers.html", **context)}


def _agent_pieces(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The agents who are significantly below average, or else the lowest one."""
    rates = agent_rates(report)
    lowest = below_first(rates)
    worse = [rate for rate in lowest if rate.side == BELOW][:_MAX_AGENTS]
    alike = len({rate.rate for rate in lowest}) == 1
    return {
        "verdict": render(
            "verdict_agents.html",
            page_request=page_request,
            worse=[(rate, sentence(report, rate, rates)) for rate in worse],
            lowest=[(rate, sentence(report, rate, rates)) for rate in lowest[:1]] if len(lowest) > 1 else [],
            alike=overall_phrase(report, lowest[0].rate) if len(lowest) > 1 and alike else "",
            goal=report.request.goal,
        )
    }


def _source_pieces(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The source that loses money, or else the one with the lowest return; and the chart of cost and profit."""
    returns = source_returns(report)
    loses = any(source.is_loss for source in returns)
    pays = bool(returns) and all(source.is_gain for source in returns)
    label = _LOSES if loses else _PAYS if pays else _UNCLEAR
    verdict = render(
        "verdict_sources.html",
        page_request=page_request,
        label=(label[0], translate(label[1])),
        sentences=source_verdict(report),
    )
    chart = render_chart(
        charts()[_MONEY_CHART],
        page_request,
        page_request.parameters,
        report,
        template="by_source.html",
        extra_context=_source_context,
    )
    return {"verdict": verdict, "chart": chart}


def _funnel_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The steps of the funnel, each with the link to its rows."""
    links = {number.metric.name: number.rows_link for number in context["numbers"]}
    return {
        "share_text": funnel.share_text,
        "steps": [(step, links[step.metric]) for step in funnel.steps(context["report"])],
    }


def _source_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The metrics by source that have room side by side; the sources page has the rest."""
    numbers = _source_numbers(context["numbers"])
    names = [number.metric.name for number in numbers]
    return {
        "numbers": numbers,
        "groups": [replace(group, numbers=_source_numbers(group.numbers)) for group in context["groups"]],
        "columns": [column for column in context["columns"] if column.name in names],
    }


def _source_numbers(numbers: list[Number]) -> list[Number]:
    return [number for number in numbers if number.metric.name.startswith(_SOURCE_METRICS)]


HANDLERS: list[HTTPRouteHandler] = [overview]

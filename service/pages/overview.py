"""The overview: what needs attention, the key metrics with their trends, the funnel, and the to-do list."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from markupsafe import Markup

from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import PRESETS
from reports.charts import charts, funnel
from reports.model.language import marked, marked_plural, translate, translate_plural
from reports.model.lists import join_all
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render.agent_verdicts import BELOW, agent_rates, below_first, nobody_to_compare, overall_phrase, sentence
from reports.render.source_verdicts import source_returns, source_verdict
from service.pages.components.account_changes import changes_html
from service.pages.components.fragments import chart_fragment, render_chart
from service.pages.components.layout import render
from service.pages.components.numbers import Number, report_context
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.connecting.first_steps import first_steps
from service.pages.figures.targets import targets_of
from service.pages.figures.trends import HEIGHT, WIDTH, trend_metrics, trend_step, trends_of
from service.pages.filtering.filters import PageRequest
from service.pages.filtering.period import FormPeriod
from service.pages.sign_in import admit
from service.pages.to_do import to_do_fragment
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_MONEY_CHART = "source-money"
_SOURCE_METRICS = ("sales", "conv_per_attempt", "marketing_cost", "marketing_roi")
_PRESET = "outbound"
# Stands in a card for the trend of a metric: cards and trends come from two reports.
_TREND_MARK = "<!--trend {}-->"
_TREND_MARKS = re.compile(r"<!--trend (\w+)-->")
# A list of more agents would answer nothing.
_MAX_AGENTS = 3
# Over longer times, a bar for each hour is too thin to see.
HOURLY_DAYS = 15

# The class and the words of the verdict on sources.
_LOSES = ("bad", marked("loses money"))
_PAYS = ("good", marked("all profitable"))
_UNCLEAR = ("neutral", marked("no clear loss"))

# What the first sentence says of metrics, agents and sources: of one, and of several.
_WORSE = marked_plural("{names} is significantly worse", "{names} are significantly worse")
_BELOW_AVERAGE = marked_plural("{names} is significantly below average", "{names} are significantly below average")
_LOSING = marked_plural("{names} loses money", "{names} lose money")

# Renders a report as several pieces of HTML, by name.
PiecesRenderer: TypeAlias = Callable[[PageRequest, Report], Mapping[str, str]]
# Makes one piece by its name.
Piece: TypeAlias = Callable[[str], Awaitable[str]]


@get("/overview", opt=page_options("reports", limited=True), before_request=admit)
async def overview(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """The first page of a sales manager."""
    view = open_page(request, context)
    period = await view.period()
    by_hour = period is None or period.days <= HOURLY_DAYS
    compared = {"compare": ["previous"], **view.comparison}
    numbers = partial(_piece, view, _PRESET, compared, _headline_pieces)
    agents = partial(_piece, view, None, charts()["agents"].report_parameters(view.parameters), _agent_pieces)
    sources = partial(_piece, view, None, charts()[_MONEY_CHART].parameters, _source_pieces)
    fragments: dict[str, FragmentMaker] = {
        "attention": partial(_attention_html, view, numbers, agents, sources),
        "headlines": partial(_headlines_html, view, numbers, period, compared),
        "funnel": chart_fragment(view, "funnel", template="funnel.html", extra_context=_funnel_context),
        "by_time": chart_fragment(view, "attempts-by-hour" if by_hour else "attempts-by-day", comparison=compared),
        "by_source": partial(sources, "chart"),
        # What waits for a person and what changed is about the whole account.
        **({} if context.limits.any else {"changes": partial(changes_html, view), "to_do": to_do_fragment(view)}),
    }
    steps = await first_steps(context)
    may_set_up = not context.access.scopes.isdisjoint(("configure", "admin"))
    shown = steps if may_set_up and not steps.has_calls and not steps.is_dismissed else None
    return await view.respond("overview.html", fragments, by_hour=by_hour, steps=shown)


async def _attention_html(view: PageView, *pieces: Piece) -> str:
    """A sentence for the whole, and the verdicts on metrics, agents and sources."""
    numbers, agents, sources = [Markup(await piece("verdict")) for piece in pieces]  # noqa: S704 - rendered by templates
    phrases = [phrase for piece in pieces if (phrase := await piece("headline"))]
    return render(
        "attention.html",
        page_request=view.page_request,
        headline=_sentence(phrases),
        numbers=numbers,
        agents=agents,
        sources=sources,
    )


def _sentence(phrases: Sequence[str]) -> str:
    text = "; ".join(phrases) or translate("nothing is significantly worse or losing money")
    return translate("{sentence}.", sentence=f"{text[0].upper()}{text[1:]}")


async def _headlines_html(view: PageView, numbers: Piece, period: FormPeriod | None, compared: Parameters) -> str:
    """The cards of the key metrics, each with its trend."""
    cards = await numbers("cards")
    if period is None or not _TREND_MARKS.search(cards):
        return cards
    step = trend_step(period.window)
    metrics = trend_metrics(PRESETS[_PRESET].metrics, step)
    parameters = {**view.parameters, **compared, "metrics": [",".join(metrics)], "by": [step]}
    trends = orjson.loads(await view.cached_fragment("trends", parameters, partial(_trends_json, view.page_request)))
    return _TREND_MARKS.sub(lambda mark: trends.get(mark[1], ""), cards)


def _trends_json(page_request: PageRequest, report: Report) -> str:
    """The trend of every metric as HTML, by metric."""
    titles = {metric.name: metric.label for metric in report.request.displayed}
    return orjson.dumps(
        {
            name: render(
                "trend.html",
                trend=trend,
                title=titles[name],
                link=page_request.link_to(f"/look/{_PRESET}", by=trend.step),
                step_label=DIMENSIONS[trend.step].label.lower(),
                width=WIDTH,
                height=HEIGHT,
            )
            for name, trend in trends_of(report).items()
        }
    ).decode()


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
    """The key metrics as cards, the verdict on them, and the metrics that are worse as a phrase."""
    context: dict[str, Any] = report_context(report, page_request) | {
        "targets": targets_of(report),
        "trend_mark": _TREND_MARK,
        "in_future": report.request.window.start >= report.request.until,
    }
    worse = [number.metric.label for number in context["numbers"] if number.verdict == "worse"]
    nothing = "" if any(report.counted.values()) else translate("there is no data in this period")
    headline = _phrase(_WORSE, worse) or nothing
    return {
        "cards": render("headlines.html", **context),
        "verdict": render("verdict_numbers.html", **context),
        "headline": headline,
    }


def _agent_pieces(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The agents who are significantly below average, or else the lowest one."""
    rates = agent_rates(report)
    lowest = below_first(rates)
    worse = [rate for rate in lowest if rate.side == BELOW][:_MAX_AGENTS]
    alike = len({rate.rate for rate in lowest}) == 1
    return {
        "headline": _phrase(_BELOW_AVERAGE, [rate.name for rate in worse]),
        "verdict": render(
            "verdict_agents.html",
            page_request=page_request,
            worse=[(rate, sentence(report, rate, rates)) for rate in worse],
            lowest=[(rate, sentence(report, rate, rates)) for rate in lowest[:1]] if len(lowest) > 1 else [],
            alike=overall_phrase(report, lowest[0].rate) if len(lowest) > 1 and alike else "",
            goal=report.request.goal,
            reason=nobody_to_compare(report),
        ),
    }


def _source_pieces(page_request: PageRequest, report: Report) -> Mapping[str, str]:
    """The source that loses money, or else the one with the lowest return, and the chart of cost and profit."""
    returns = source_returns(report)
    losing = [source.name for source in returns if source.is_loss]
    pays = bool(returns) and all(source.is_gain for source in returns)
    label = _LOSES if losing else _PAYS if pays else _UNCLEAR
    verdict = render("verdict_sources.html", label=(label[0], translate(label[1])), sentences=source_verdict(report))
    chart = render_chart(
        charts()[_MONEY_CHART],
        page_request,
        page_request.parameters,
        report,
        template="by_source.html",
        extra_context=_source_context,
    )
    return {"verdict": verdict, "chart": chart, "headline": _phrase(_LOSING, losing)}


def _phrase(sentences: tuple[str, str], names: Sequence[str]) -> str:
    """What is true of some metrics, agents or sources; empty without any."""
    return translate_plural(*sentences, len(names), names=join_all(names)) if names else ""


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

"""The list of tracking numbers, with the owners and the calls of each number, and the page of one number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from markupsafe import Markup

from reports.charts import charts
from reports.model.windows import Window
from reports.query.parameters import Parameters
from reports.query.report import Report
from service.errors import Fault, InvalidParameter, NotFound
from service.pages.components.assignments import (
    ANSWER_METRICS,
    MAX_NUMBERS,
    NumberList,
    OwnerPeriod,
    TrackingNumber,
    list_numbers,
    owner_periods,
)
from service.pages.components.columns import bar_scales, sortable_column, sorted_groups
from service.pages.components.fragments import render_chart
from service.pages.components.layout import render
from service.pages.components.numbers import Group, report_context, table_groups
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

NUMBER = "tracking_number"
# How many numbers are shown by default: the first in the order of the table.
_DEFAULT_NUMBERS = 25
# Earlier owners of a number with more changes appear only in a shorter window.
MAX_PERIODS = 20
# Longer windows are drawn by week.
_MAX_DAYS = 62


@dataclass(frozen=True)
class NumberLine:
    """A number in the list: the link to its page, its owners, and its calls if it had any."""

    number: TrackingNumber
    link: str
    periods: list[OwnerPeriod]
    calls: Group | None


def numbers_fragment(view: PageView) -> FragmentMaker:
    """The tracking numbers of the account, or of the sources and campaigns that the page filters on."""
    return partial(_numbers_html, view)


@get("/tracking-numbers", opt=page_options("reports"), before_request=admit)
async def tracking_numbers(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """All tracking numbers: who owns each, and how often its calls were answered."""
    view = open_page(request, context)
    return await view.respond("tracking_numbers_page.html", {"numbers": numbers_fragment(view)})


@get("/tracking-number", opt=page_options("reports"), before_request=admit)
async def tracking_number(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """One tracking number: its owners, and how often its calls were answered over time."""
    view = open_page(request, context, subject=(NUMBER,))
    number_list = await list_numbers(context, view.page_request, _parse_number(view.page_request))
    if not number_list.numbers:
        raise NotFound("The account has no such tracking number.")
    [number] = number_list.numbers
    window = number_list.request.window
    periods = owner_periods(number, window)
    fragments = {
        "owners": partial(_owners_html, view, window, periods),
        "answers": partial(_answers_html, view, window, periods),
    }
    return await view.respond("tracking_number.html", fragments, number=number)


def _days(window: Window) -> float:
    return (window.end - window.start).total_seconds() / 86_400


def _parse_number(page_request: PageRequest) -> str:
    match page_request.parameters.get(NUMBER, ()):
        case [number]:
            return number
        case _:
            raise InvalidParameter(faults=(Fault(NUMBER, "must be given once"),))


async def _numbers_html(view: PageView) -> str:
    number_list = await list_numbers(view.context, view.page_request)
    # An assignment may change while no call does, so the assignments are part of the name in the cache.
    name = f"numbers {hash(number_list.numbers)}"
    render_report = partial(_render_numbers, view.page_request, number_list)
    return await view.cached_fragment(name, _report_parameters(view.page_request), render_report)


def _report_parameters(page_request: PageRequest) -> Parameters:
    """The page's parameters for a report by number; numbers have no mix to adjust."""
    parameters = {name: values for name, values in page_request.parameters.items() if name != "stratify"}
    return {**parameters, **ANSWER_METRICS, "by": [NUMBER]}


def _render_numbers(page_request: PageRequest, number_list: NumberList, report: Report) -> str:
    table = _sorted_by_calls(report, page_request)
    groups = {group.key[NUMBER]: group for group in table_groups(report, table, bar_scales(report, table))}
    lines = list(_lines(page_request, number_list, report, groups))
    context = report_context(report, page_request) | {
        "lines": lines[: page_request.max_lines if page_request.show else _DEFAULT_NUMBERS],
        "all_lines": len(lines),
        "show_all_link": page_request.link(show=str(MAX_NUMBERS)),
        "without_number": groups.get(None),
        "more_numbers": number_list.more,
        "metric_columns": [
            sortable_column(metric.name, metric.label, page_request, default_sign="-")
            for metric in report.request.displayed
        ],
        "query": PageRequest(page_request.path, _report_parameters(page_request)).query,
    }
    return render("tracking_numbers.html", **context)


def _sorted_by_calls(report: Report, page_request: PageRequest) -> pl.DataFrame:
    """The numbers in the page's sort order, or else those with the most calls first."""
    if page_request.sort.removeprefix("-") in report.groups.columns:
        return sorted_groups(report, page_request)
    return report.groups.sort("attempts", descending=True, maintain_order=True)


def _lines(
    page_request: PageRequest, number_list: NumberList, report: Report, groups: Mapping[str | None, Group]
) -> Iterator[NumberLine]:
    """The numbers with calls, in that order, then the others; with filters, only numbers of a matching owner."""
    places = {number: place for place, number in enumerate(groups)}
    ordered = sorted(number_list.numbers, key=lambda number: (places.get(number.number, len(places)), number.number))
    for number in ordered:
        periods = owner_periods(number, report.request.window)
        matches = any(period.assignment and period.assignment.matches(report.request) for period in periods)
        if number.number in groups or matches or not report.request.filters:
            link = page_request.link_to("/tracking-number", tracking_number=number.number)
            yield NumberLine(number, link, periods, groups.get(number.number))


async def _answers_html(view: PageView, window: Window, periods: Sequence[OwnerPeriod]) -> str:
    """How often calls through a number were answered over time, with lines where the owner changed."""
    chart = charts()["number-answers" if _days(window) <= _MAX_DAYS else "number-answers-by-week"]
    render_report = partial(
        render_chart, chart, view.page_request, view.parameters, extra_context=partial(_with_owner_changes, periods)
    )
    name = f"answers {hash(tuple(periods))}"
    return await view.cached_fragment(name, chart.report_parameters(view.parameters), render_report)


def _with_owner_changes(periods: Sequence[OwnerPeriod], context: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with lines where the owner changed; by itself it marks only days on which calls change their source."""
    if context["specification"] is None:
        return {}
    marks, *layers = context["specification"]["layer"]
    changes = [{"day": f"{period.start:%Y-%m-%dT%H:%M:%SZ}", "owner": period.owner} for period in periods[1:]]
    return {"specification": {**context["specification"], "layer": [{**marks, "data": {"values": changes}}, *layers]}}


async def _owners_html(view: PageView, window: Window, periods: Sequence[OwnerPeriod]) -> str:
    """The owners of a number; the calls of each period are counted apart, so that none counts for the next owner."""
    shown = periods[-MAX_PERIODS:]
    rows = [Markup(await _period_html(view, window, period)) for period in shown]  # noqa: S704 - rendered by a template
    return render("owner_periods.html", periods=shown, rows=rows, left_out=len(periods) - len(shown))


async def _period_html(view: PageView, window: Window, period: OwnerPeriod) -> str:
    edges = {"from": [period.start.isoformat()], "to": [period.end.isoformat()], "tz": [window.zone_name]}
    parameters = {**view.parameters, **ANSWER_METRICS, **edges, "by": ["source"]}
    render_report = partial(_render_period, view.page_request, period)
    return await view.cached_fragment(f"period {period.owner}", parameters, render_report)


def _render_period(page_request: PageRequest, period: OwnerPeriod, report: Report) -> str:
    context = report_context(replace(report, groups=_with_calls(report)), page_request)
    return render("owner_period.html", period=period, **context)


def _with_calls(report: Report) -> pl.DataFrame:
    return report.groups.filter(pl.col("attempts") > 0).sort("attempts", descending=True, maintain_order=True)


TRACKING_HANDLERS: Sequence[HTTPRouteHandler] = [tracking_numbers, tracking_number]

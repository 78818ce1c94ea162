"""Tracking numbers: whose each was and is, how often it was called through and answered, and one number's own page."""

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
from service.pages.assignments import (
    ANSWERS,
    MOST_NUMBERS,
    Listed,
    Stretch,
    TrackingNumber,
    list_numbers,
    stretches,
)
from service.pages.columns import column, ordered, scales
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.layout import render
from service.pages.numbers import Group, groups, told_of
from service.pages.parts import drawn
from service.pages.sign_in import admit
from service.pages.streaming import Making, assemble
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

NUMBER = "tracking_number"
# How many are shown unless more are asked for: the first in the order of the table.
_USUALLY_SHOWN = 25
# Whose a number was before these many changes is left to a narrower time.
MOST_STRETCHES = 20
# Longer times are drawn by week.
_MOST_DAYS = 62


@dataclass(frozen=True)
class Line:
    """A number in the list: its page, whose it was, and its calls, where it was called through."""

    number: TrackingNumber
    address: str
    stretches: list[Stretch]
    calls: Group | None


def numbers_part(context: RequestContext, page_request: PageRequest) -> Making:
    """The tracking numbers of the account, or of the sources and campaigns that a page is narrowed to."""
    return partial(_numbers, context, page_request)


@get("/tracking-number", opt=page_options("reports"), before_request=admit)
async def tracking_number(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """One tracking number: whose it was, and how often calls through it were answered, over time."""
    page_request = page_request_of(request)
    listed = await list_numbers(context, page_request, _number_of(page_request))
    if not listed.numbers:
        raise NotFound("The account has no such tracking number.")
    [number] = listed.numbers
    window = listed.ask.window
    held = stretches(number, window)
    return await assemble(
        "tracking_number.html",
        {
            "whose": partial(_whose, context, page_request, window, held),
            "answers": partial(_answers, context, page_request, window, held),
        },
        session=request.user,
        page_request=page_request,
        choices={name: codes for name, codes in (await choices(context)).items() if name in {"campaign", "source"}},
        number=number,
    )


def _days(window: Window) -> float:
    return (window.end - window.start).total_seconds() / 86_400


def _number_of(page_request: PageRequest) -> str:
    match page_request.question.get(NUMBER, ()):
        case [number]:
            return number
        case _:
            raise InvalidParameter(faults=(Fault(NUMBER, "must be given once"),))


async def _numbers(context: RequestContext, page_request: PageRequest) -> str:
    listed = await list_numbers(context, page_request)
    # Assignments may change without a call that changes: they are part of what tells the answers apart.
    name = f"numbers {hash(listed.numbers)} {page_request.here()}"
    writing = partial(_numbers_written, page_request, listed)
    kept = await context.reports.cached_report(None, _asking(page_request), name, writing)
    return kept.content.decode()


def _asking(page_request: PageRequest) -> Parameters:
    """What is asked of the numbers: the page's question, but for the mix, which is not theirs."""
    said = {name: values for name, values in page_request.question.items() if name != "stratify"}
    return {**said, **ANSWERS, "by": [NUMBER]}


def _numbers_written(page_request: PageRequest, listed: Listed, report: Report) -> tuple[bytes, dict[str, str]]:
    table = _by_calls(report, page_request)
    counted = {group.key[NUMBER]: group for group in groups(report, table, scales(report, table))}
    lines = list(_lines(page_request, listed, report, counted))
    told = told_of(report, page_request) | {
        "lines": lines[: page_request.most if page_request.show else _USUALLY_SHOWN],
        "all_lines": len(lines),
        "show_all": page_request.here(show=str(MOST_NUMBERS)),
        "without": counted.get(None),
        "more": listed.more,
        "heads": [column(metric.name, metric.title, page_request, first="-") for metric in report.request.displayed],
        "query": PageRequest(page_request.path, _asking(page_request)).query,
    }
    return render("tracking_numbers.html", **told).encode(), {}


def _by_calls(report: Report, page_request: PageRequest) -> pl.DataFrame:
    """The numbers as the page is sorted, or else those with the most calls first."""
    if page_request.sort.removeprefix("-") in report.groups.columns:
        return ordered(report, page_request)
    return report.groups.sort("attempts", descending=True, maintain_order=True)


def _lines(
    page_request: PageRequest, listed: Listed, report: Report, counted: Mapping[str | None, Group]
) -> Iterator[Line]:
    """The numbers that were called through, in that order, then the others; of a narrowed page, only its own."""
    places = {number: place for place, number in enumerate(counted)}
    for one in sorted(listed.numbers, key=lambda one: (places.get(one.number, len(places)), one.number)):
        held = stretches(one, report.request.window)
        theirs = any(stretch.held and stretch.held.belongs_to(report.request) for stretch in held)
        if one.number in counted or theirs or not report.request.filters:
            address = page_request.at("/tracking-number", tracking_number=one.number)
            yield Line(one, address, held, counted.get(one.number))


async def _answers(context: RequestContext, page_request: PageRequest, window: Window, held: Sequence[Stretch]) -> str:
    """How often calls through a number were answered over time, with lines where it changed hands."""
    chart = charts()["number-answers" if _days(window) <= _MOST_DAYS else "number-answers-by-week"]
    writing = partial(drawn, chart, page_request, page_request.question, also=partial(_marked, held))
    name = f"answers {hash(tuple(held))} {page_request.here()}"
    return (
        await context.reports.cached_report(None, chart.asks(page_request.question), name, writing)
    ).content.decode()


def _marked(held: Sequence[Stretch], told: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with lines where the number changed hands; by itself it marks the days its calls count for another."""
    marks, *layers = told["specification"]["layer"]
    changes = [{"day": f"{one.start:%Y-%m-%dT%H:%M:%SZ}", "whose": one.whose} for one in held[1:]]
    return {"specification": {**told["specification"], "layer": [{**marks, "data": {"values": changes}}, *layers]}}


async def _whose(context: RequestContext, page_request: PageRequest, window: Window, held: Sequence[Stretch]) -> str:
    """Whose a number was; the calls of each piece of the time on their own, so that none counts for the next owner."""
    shown = held[-MOST_STRETCHES:]
    rows = [Markup(await _row(context, page_request, window, one)) for one in shown]  # noqa: S704 - made of a template
    return render("stretches.html", stretches=shown, rows=rows, left_out=len(held) - len(shown))


async def _row(context: RequestContext, page_request: PageRequest, window: Window, one: Stretch) -> str:
    edges = {"from": [one.start.isoformat()], "to": [one.end.isoformat()], "tz": [window.zone_name]}
    parameters = {**page_request.question, **ANSWERS, **edges, "by": ["source"]}
    kept = await context.reports.cached_report(
        None,
        parameters,
        f"stretch {one.whose} {page_request.here()}",
        partial(_row_written, page_request, one),
    )
    return kept.content.decode()


def _row_written(page_request: PageRequest, one: Stretch, report: Report) -> tuple[bytes, dict[str, str]]:
    told = told_of(replace(report, groups=_with_calls(report)), page_request)
    return render("stretch.html", stretch=one, **told).encode(), {}


def _with_calls(report: Report) -> pl.DataFrame:
    return report.groups.filter(pl.col("attempts") > 0).sort("attempts", descending=True, maintain_order=True)


TRACKING_HANDLERS: Sequence[HTTPRouteHandler] = [tracking_number]

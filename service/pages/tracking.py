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
from reports.query.engine import Report
from reports.query.parameters import Parameters
from service.api.reports import give
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
from service.pages.filters import Asked, asked_of, choices
from service.pages.layout import render
from service.pages.numbers import Group, groups, told_of
from service.pages.parts import drawn
from service.pages.sign_in import admit
from service.pages.streaming import Making, assemble
from service.web.requests import AnyRequest
from service.web.services import Desk, DeskDependency

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


def numbers_part(desk: Desk, asked: Asked) -> Making:
    """The tracking numbers of the account, or of the sources and campaigns that a page is narrowed to."""
    return partial(_numbers, desk, asked)


@get("/tracking-number", opt={"page": True, "scopes": ("reports",)}, before_request=admit)
async def tracking_number(request: AnyRequest, desk: DeskDependency) -> Response[Any] | Stream:
    """One tracking number: whose it was, and how often calls through it were answered, over time."""
    asked = asked_of(request)
    listed = await list_numbers(desk, asked, _number_of(asked))
    if not listed.numbers:
        raise NotFound("The account has no such tracking number.")
    [number] = listed.numbers
    window = listed.ask.window
    held = stretches(number, window)
    return await assemble(
        "tracking_number.html",
        {"whose": partial(_whose, desk, asked, window, held), "answers": partial(_answers, desk, asked, window, held)},
        session=request.user,
        asked=asked,
        choices={name: codes for name, codes in (await choices(desk)).items() if name in {"campaign", "source"}},
        number=number,
    )


def _days(window: Window) -> float:
    return (window.end - window.start).total_seconds() / 86_400


def _number_of(asked: Asked) -> str:
    match asked.question.get(NUMBER, ()):
        case [number]:
            return number
        case _:
            raise InvalidParameter(faults=(Fault(NUMBER, "must be given once"),))


async def _numbers(desk: Desk, asked: Asked) -> str:
    listed = await list_numbers(desk, asked)
    # Assignments may change without a call that changes: they are part of what tells the answers apart.
    name = f"numbers {hash(listed.numbers)} {asked.here()}"
    writing = partial(_numbers_written, asked, listed)
    kept = await give(desk, None, _asking(asked), name, writing)
    return kept.content.decode()


def _asking(asked: Asked) -> Parameters:
    """What is asked of the numbers: the page's question, but for the mix, which is not theirs."""
    said = {name: values for name, values in asked.question.items() if name != "stratify"}
    return {**said, **ANSWERS, "by": [NUMBER]}


def _numbers_written(asked: Asked, listed: Listed, report: Report) -> tuple[bytes, dict[str, str]]:
    table = _by_calls(report, asked)
    counted = {group.key[NUMBER]: group for group in groups(report, table, scales(report, table))}
    lines = list(_lines(asked, listed, report, counted))
    told = told_of(report, asked) | {
        "lines": lines[: asked.most if asked.show else _USUALLY_SHOWN],
        "all_lines": len(lines),
        "show_all": asked.here(show=str(MOST_NUMBERS)),
        "without": counted.get(None),
        "more": listed.more,
        "heads": [column(metric.name, metric.title, asked, first="-") for metric in report.ask.told],
        "query": Asked(asked.path, _asking(asked)).query,
    }
    return render("tracking_numbers.html", **told).encode(), {}


def _by_calls(report: Report, asked: Asked) -> pl.DataFrame:
    """The numbers as the page is sorted, or else those with the most calls first."""
    if asked.sort.removeprefix("-") in report.groups.columns:
        return ordered(report, asked)
    return report.groups.sort("attempts", descending=True, maintain_order=True)


def _lines(asked: Asked, listed: Listed, report: Report, counted: Mapping[str | None, Group]) -> Iterator[Line]:
    """The numbers that were called through, in that order, then the others; of a narrowed page, only its own."""
    places = {number: place for place, number in enumerate(counted)}
    for one in sorted(listed.numbers, key=lambda one: (places.get(one.number, len(places)), one.number)):
        held = stretches(one, report.ask.window)
        theirs = any(stretch.held and stretch.held.belongs_to(report.ask) for stretch in held)
        if one.number in counted or theirs or not report.ask.filters:
            address = asked.at("/tracking-number", tracking_number=one.number)
            yield Line(one, address, held, counted.get(one.number))


async def _answers(desk: Desk, asked: Asked, window: Window, held: Sequence[Stretch]) -> str:
    """How often calls through a number were answered over time, with lines where it changed hands."""
    chart = charts()["number-answers" if _days(window) <= _MOST_DAYS else "number-answers-by-week"]
    writing = partial(drawn, chart, asked, asked.question, also=partial(_marked, held))
    name = f"answers {hash(tuple(held))} {asked.here()}"
    return (await give(desk, None, chart.asks(asked.question), name, writing)).content.decode()


def _marked(held: Sequence[Stretch], told: Mapping[str, Any]) -> dict[str, Any]:
    """The chart with lines where the number changed hands; by itself it marks the days its calls count for another."""
    marks, *layers = told["specification"]["layer"]
    changes = [{"day": f"{one.start:%Y-%m-%dT%H:%M:%SZ}", "whose": one.whose} for one in held[1:]]
    return {"specification": {**told["specification"], "layer": [{**marks, "data": {"values": changes}}, *layers]}}


async def _whose(desk: Desk, asked: Asked, window: Window, held: Sequence[Stretch]) -> str:
    """Whose a number was; the calls of each piece of the time on their own, so that none counts for the next owner."""
    shown = held[-MOST_STRETCHES:]
    rows = [Markup(await _row(desk, asked, window, one)) for one in shown]  # noqa: S704 - made of a template
    return render("stretches.html", stretches=shown, rows=rows, left_out=len(held) - len(shown))


async def _row(desk: Desk, asked: Asked, window: Window, one: Stretch) -> str:
    edges = {"from": [one.start.isoformat()], "to": [one.end.isoformat()], "tz": [window.zone_name]}
    parameters = {**asked.question, **ANSWERS, **edges, "by": ["source"]}
    kept = await give(desk, None, parameters, f"stretch {one.whose} {asked.here()}", partial(_row_written, asked, one))
    return kept.content.decode()


def _row_written(asked: Asked, one: Stretch, report: Report) -> tuple[bytes, dict[str, str]]:
    told = told_of(replace(report, groups=_with_calls(report)), asked)
    return render("stretch.html", stretch=one, **told).encode(), {}


def _with_calls(report: Report) -> pl.DataFrame:
    return report.groups.filter(pl.col("attempts") > 0).sort("attempts", descending=True, maintain_order=True)


TRACKING_HANDLERS: Sequence[HTTPRouteHandler] = [tracking_number]

"""Tracking numbers: whose each was and is, how often it was called through and answered, and one number's own page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from markupsafe import Markup

from reports.ask import Ask, read_ask
from reports.codes import Codes
from reports.ledger import Ledger
from reports.reader import AskError, Parameters, Reader
from reports.report import Report
from reports.windows import Window
from service.api.parts import Desk, DeskDependency
from service.api.reports import give
from service.db import account_transaction
from service.errors import Fault, InvalidParameter, NotFound
from service.pages.asking import Asked, asked_of, choices
from service.pages.assembling import Making, assemble
from service.pages.columns import column, ordered, scales
from service.pages.entrance import admit
from service.pages.numbers import Group, groups, told_of
from service.pages.parts import chart_part
from service.pages.site import render
from service.requests import AnyRequest
from sql import load

NUMBER = "tracking_number"
# An account has tens of numbers, or hundreds; more are no list to look at.
MOST_NUMBERS = 500
# How many are shown unless more are asked for: the first in the order of the table.
_USUALLY_SHOWN = 25
# Whose a number was before these many changes is left to a narrower time.
MOST_STRETCHES = 20
# Longer times are drawn by week.
_MOST_DAYS = 62

_QUERIES = load("numbers")
_ANSWERS = {"metrics": ["attempts,answer_rate"]}


@dataclass(frozen=True)
class Assignment:
    """Whose a number is from one moment to another, or until further notice; codes as they read now."""

    from_at: datetime
    to_at: datetime | None
    campaign: str | None
    source: str | None
    agent: str | None

    @property
    def whose(self) -> str:
        """Who it belongs to, in words."""
        said = {"campaign": self.campaign, "agent": self.agent}
        known = [self.source or "no source of its own", *(f"{what} {code}" for what, code in said.items() if code)]
        return ", ".join(known)

    def belongs_to(self, ask: Ask) -> bool:
        """Whether it is of the campaigns, sources and agents that a page is narrowed to."""
        held = {"campaign": self.campaign, "source": self.source, "agent": self.agent}
        return all((held[name] or "") in ask.filters[name] for name in held if name in ask.filters)


@dataclass(frozen=True)
class TrackingNumber:
    """One of the account's numbers, with its assignments in order of time."""

    number: str
    name: str | None
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Stretch:
    """A piece of a time in which a number belonged to the same, or to nobody.

    x, width: where it is drawn, in hundredths of the whole time.
    """

    start: datetime
    end: datetime
    held: Assignment | None
    x: float
    width: float

    @property
    def whose(self) -> str:
        """Who it belonged to, in words."""
        return self.held.whose if self.held else "nobody"


@dataclass(frozen=True)
class Line:
    """A number in the list: its page, whose it was, and its calls, where it was called through."""

    number: TrackingNumber
    address: str
    stretches: list[Stretch]
    calls: Group | None


@dataclass(frozen=True)
class Listed:
    """The numbers of an account and the time that is asked for; more: whether there are others that are not here."""

    ask: Ask
    numbers: tuple[TrackingNumber, ...]
    more: bool


def numbers_part(desk: Desk, asked: Asked) -> Making:
    """The tracking numbers of the account, or of the sources and campaigns that a page is narrowed to."""
    return partial(_numbers, desk, asked)


@get("/tracking-number", opt={"page": True, "scopes": ("reports",)}, before_request=admit)
async def tracking_number(request: AnyRequest, desk: DeskDependency) -> Response[Any] | Stream:
    """One tracking number: whose it was, and how often calls through it were answered, over time."""
    asked = asked_of(request)
    listed = await _listed(desk, asked, _number_of(asked))
    if not listed.numbers:
        raise NotFound("The account has no such tracking number.")
    [number] = listed.numbers
    chart = "number-answers" if _days(listed.ask.window) <= _MOST_DAYS else "number-answers-by-week"
    return await assemble(
        "tracking_number.html",
        {"whose": partial(_whose, desk, asked, listed.ask.window, number), "answers": chart_part(desk, asked, chart)},
        session=request.user,
        asked=asked,
        choices={name: codes for name, codes in (await choices(desk)).items() if name in {"campaign", "source"}},
        number=number,
    )


def stretches(number: TrackingNumber, window: Window) -> list[Stretch]:
    """The pieces of a window, each of one assignment or of none, with no moment left out and none twice."""
    pieces, reached = list[tuple[datetime, datetime, Assignment | None]](), window.start
    for held in number.assignments:
        start, end = max(held.from_at, window.start), min(held.to_at or window.end, window.end)
        if start >= end:
            continue
        if start > reached:
            pieces.append((reached, start, None))
        pieces.append((start, end, held))
        reached = end
    if reached < window.end:
        pieces.append((reached, window.end, None))
    return [_placed(window, *piece) for piece in pieces]


def _placed(window: Window, start: datetime, end: datetime, held: Assignment | None) -> Stretch:
    whole = window.end - window.start
    local = window.local(start), window.local(end)
    return Stretch(
        *local, held, round(100 * ((start - window.start) / whole), 2), round(100 * ((end - start) / whole), 2)
    )


def _days(window: Window) -> float:
    return (window.end - window.start).total_seconds() / 86_400


def _number_of(asked: Asked) -> str:
    match asked.question.get(NUMBER, ()):
        case [number]:
            return number
        case _:
            raise InvalidParameter(faults=(Fault(NUMBER, "must be given once"),))


async def _listed(desk: Desk, asked: Asked, number: str | None = None) -> Listed:
    """The account's numbers, or the one, as believed at the moment the page asks for. Raises InvalidParameter."""
    account_id = desk.access.account_id
    async with account_transaction(desk.pool, account_id, readonly=True) as connection:
        ledger = Ledger(connection, account_id)
        account = (await ledger.owner()).account
        reader = Reader({**asked.question, **_ANSWERS})
        as_of = reader.as_of(account.taken_at)
        codes = await ledger.codes(as_of, account.zone.key)
        rows = await connection.fetch(
            _QUERIES["list_numbers"], account_id, as_of or account.taken_at, number, MOST_NUMBERS + 1
        )
    try:
        ask = read_ask(None, reader, account, codes, as_of)
    except AskError as error:
        raise InvalidParameter(faults=tuple(Fault(f.parameter, f.message) for f in error.faults)) from None
    numbers = tuple(TrackingNumber(row["number"], row["name"], _assignments(row, codes)) for row in rows)
    return Listed(ask, numbers[:MOST_NUMBERS], len(numbers) > MOST_NUMBERS)


def _assignments(row: Any, codes: Codes) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            datetime.fromisoformat(held["from_at"]),
            datetime.fromisoformat(held["to_at"]) if held["to_at"] else None,
            *(_reading(codes, name, held[name]) for name in ("campaign", "source", "agent")),
        )
        for held in row["assignments"]
    )


def _reading(codes: Codes, dimension: str, code: str | None) -> str | None:
    return code and (codes.reading(dimension, code) or code)


async def _numbers(desk: Desk, asked: Asked) -> str:
    listed = await _listed(desk, asked)
    # Assignments may change without a call that changes: they are part of what tells the answers apart.
    name = f"numbers {hash(listed.numbers)} {asked.here()}"
    writing = partial(_numbers_written, asked, listed)
    kept = await give(desk, None, _asking(asked), name, writing)
    return kept.content.decode()


def _asking(asked: Asked) -> Parameters:
    """What is asked of the numbers: the page's question, but for the mix, which is not theirs."""
    said = {name: values for name, values in asked.question.items() if name != "stratify"}
    return {**said, **_ANSWERS, "by": [NUMBER]}


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


async def _whose(desk: Desk, asked: Asked, window: Window, number: TrackingNumber) -> str:
    """Whose a number was; the calls of each piece of the time on their own, so that none counts for the next owner."""
    held = stretches(number, window)
    shown = held[-MOST_STRETCHES:]
    rows = [Markup(await _row(desk, asked, window, one)) for one in shown]  # noqa: S704 - made of a template
    return render("stretches.html", stretches=shown, rows=rows, left_out=len(held) - len(shown))


async def _row(desk: Desk, asked: Asked, window: Window, one: Stretch) -> str:
    edges = {"from": [one.start.isoformat()], "to": [one.end.isoformat()], "tz": [window.zone_name]}
    parameters = {**asked.question, **_ANSWERS, **edges, "by": ["source"]}
    kept = await give(desk, None, parameters, f"stretch {one.whose} {asked.here()}", partial(_row_written, asked, one))
    return kept.content.decode()


def _row_written(asked: Asked, one: Stretch, report: Report) -> tuple[bytes, dict[str, str]]:
    told = told_of(replace(report, groups=_with_calls(report)), asked)
    return render("stretch.html", stretch=one, **told).encode(), {}


def _with_calls(report: Report) -> pl.DataFrame:
    return report.groups.filter(pl.col("attempts") > 0).sort("attempts", descending=True, maintain_order=True)


TRACKING_HANDLERS: Sequence[HTTPRouteHandler] = [tracking_number]

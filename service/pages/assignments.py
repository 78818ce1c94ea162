"""Whose the account's tracking numbers were, and when, as believed at the moment a page asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.model.codes import Codes
from reports.model.windows import Window
from reports.query.prepare import prepare_request
from reports.query.request import ReportRequest
from service.pages.filters import PageRequest
from service.platform.db import acquire
from service.reporting.snapshots import open_snapshot
from service.web.services import RequestContext
from sql import load

# An account has tens of numbers, or hundreds; more are no list to look at.
MOST_NUMBERS = 500
ANSWERS = {"metrics": ["attempts,answer_rate"]}

_QUERIES = load("numbers")


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

    def belongs_to(self, ask: ReportRequest) -> bool:
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
class Listed:
    """The numbers of an account and the time that is asked for; more: whether there are others that are not here."""

    ask: ReportRequest
    numbers: tuple[TrackingNumber, ...]
    more: bool


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


async def list_numbers(context: RequestContext, page_request: PageRequest, number: str | None = None) -> Listed:
    """The account's numbers, or the one, as believed at the moment the page asks for. Raises InvalidParameter."""
    account_id = context.access.account_id
    async with open_snapshot(acquire(context.pool), account_id) as snapshot:
        prepared = await prepare_request(snapshot.ledger, None, {**page_request.question, **ANSWERS})
        rows = await snapshot.connection.fetch(
            _QUERIES["list_numbers"], account_id, prepared.request.until, number, MOST_NUMBERS + 1
        )
    numbers = tuple(TrackingNumber(row["number"], row["name"], _assignments(row, prepared.codes)) for row in rows)
    return Listed(prepared.request, numbers[:MOST_NUMBERS], len(numbers) > MOST_NUMBERS)


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

"""The assignments of tracking numbers: which source, campaign or agent each number belonged to, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.model.codes import Codes
from reports.model.language import translate
from reports.model.windows import Window
from reports.query.prepare import prepare_request
from reports.query.request import ReportRequest
from service.pages.filtering.filters import PageRequest
from service.platform.db import acquire
from service.reporting.snapshots import open_snapshot
from service.web.services import RequestContext
from sql import load

# An account has tens or hundreds of tracking numbers; a longer list is unreadable.
MAX_NUMBERS = 500
ANSWER_METRICS = {"metrics": ["attempts,answer_rate"]}

_QUERIES = load("numbers")


@dataclass(frozen=True)
class Assignment:
    """The owner of a tracking number from one moment to another, or until further notice; codes as they read now."""

    from_at: datetime
    to_at: datetime | None
    campaign: str | None
    source: str | None
    agent: str | None

    @property
    def owner(self) -> str:
        """The owner, in words."""
        named = [self.source or translate("no source assigned")]
        named += [translate("campaign {code}", code=self.campaign)] if self.campaign else []
        named += [translate("agent {code}", code=self.agent)] if self.agent else []
        return ", ".join(named)

    def matches(self, request: ReportRequest) -> bool:
        """Whether the owner passes the filters of a page on campaign, source and agent."""
        codes = {"campaign": self.campaign, "source": self.source, "agent": self.agent}
        return all((codes[name] or "") in request.filters[name] for name in codes if name in request.filters)


@dataclass(frozen=True)
class TrackingNumber:
    """One of the account's numbers, with its assignments in order of time.

    retired_at: from then on nobody has the number.
    """

    number: str
    name: str | None
    retired_at: datetime | None
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class OwnerPeriod:
    """A part of a window in which a number had one owner, or none.

    x, width: its position and length in the timeline, in hundredths of the window.
    """

    start: datetime
    end: datetime
    assignment: Assignment | None
    x: float
    width: float

    @property
    def owner(self) -> str:
        """The owner, in words."""
        return self.assignment.owner if self.assignment else translate("not assigned")


@dataclass(frozen=True)
class NumberList:
    """The tracking numbers of an account, and the request of the page; more: whether the list was cut off."""

    request: ReportRequest
    numbers: tuple[TrackingNumber, ...]
    more: bool


def owner_periods(number: TrackingNumber, window: Window) -> list[OwnerPeriod]:
    """The window in periods of one owner or none: they cover every moment, and none twice."""
    periods, reached = list[tuple[datetime, datetime, Assignment | None]](), window.start
    last = min(number.retired_at or window.end, window.end)
    for assignment in number.assignments:
        start, end = max(assignment.from_at, window.start), min(assignment.to_at or last, last)
        if start >= end:
            continue
        if start > reached:
            periods.append((reached, start, None))
        periods.append((start, end, assignment))
        reached = end
    if reached < window.end:
        periods.append((reached, window.end, None))
    return [_with_position(window, *period) for period in periods]


def _with_position(window: Window, start: datetime, end: datetime, assignment: Assignment | None) -> OwnerPeriod:
    length = window.end - window.start
    local = window.local(start), window.local(end)
    return OwnerPeriod(
        *local, assignment, round(100 * ((start - window.start) / length), 2), round(100 * ((end - start) / length), 2)
    )


async def list_numbers(context: RequestContext, page_request: PageRequest, number: str | None = None) -> NumberList:
    """The account's tracking numbers, or the one, as of the moment of the page. Raises InvalidParameter."""
    account_id = context.access.account_id
    async with open_snapshot(acquire(context.pool), account_id) as snapshot:
        prepared = await prepare_request(snapshot.ledger, None, {**page_request.parameters, **ANSWER_METRICS})
        rows = await snapshot.connection.fetch(
            _QUERIES["list_numbers"], account_id, prepared.request.until, number, MAX_NUMBERS + 1
        )
    numbers = tuple(_tracking_number(row, prepared.codes) for row in rows)
    return NumberList(prepared.request, numbers[:MAX_NUMBERS], len(numbers) > MAX_NUMBERS)


def _tracking_number(row: Any, codes: Codes) -> TrackingNumber:
    return TrackingNumber(row["number"], row["name"], row["retired_at"], _assignments(row, codes))


def _assignments(row: Any, codes: Codes) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(
            datetime.fromisoformat(assignment["from_at"]),
            datetime.fromisoformat(assignment["to_at"]) if assignment["to_at"] else None,
            *(_reading(codes, name, assignment[name]) for name in ("campaign", "source", "agent")),
        )
        for assignment in row["assignments"]
    )


def _reading(codes: Codes, dimension: str, code: str | None) -> str | None:
    return code and (codes.reading(dimension, code) or code)

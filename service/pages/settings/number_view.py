"""A tracking number as people read it: its line in the list, its time line, what was saved, and its history."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports.model.language import marked, translate
from service.ingest.attribution import OwnNumber
from service.ingest.editing.saving import versions_of
from service.ingest.number_timeline import Span, afterwards
from service.pages.settings.views import clock_time
from service.web.requests import AnyRequest
from service.web.services import RequestContext
from sql.facts import ASSIGNMENTS

HOLDERS = ("source", "campaign", "agent")
SPAN = (*HOLDERS, "from_at", "to_at")


def number_line(number: OwnNumber, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """A number in the list."""
    holder = number.holder_at(now)
    retired = number.retired_at is not None and number.retired_at <= now
    until = holder.to_at if holder else None
    return {
        "number": number.number,
        "name": number.name or "",
        "holder": holder.words if holder else "",
        "until": clock_time(until, zone) if until else "",
        "state": marked("Retired") if retired else marked("In use") if holder else marked("Nobody has it"),
    }


def span_line(span: Span, number: OwnNumber, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """An assignment on the time line, and what follows it."""
    current = number.holder_at(now) == span
    return {
        "at": span.from_at.isoformat(),
        "holder": span.words,
        "from_at": clock_time(span.from_at, zone),
        "to_at": clock_time(span.to_at, zone) if span.to_at else "",
        "state": marked("Now") if current else marked("Planned") if span.from_at > now else marked("Past"),
        "afterwards": _afterwards(number, span, zone) or "",
    }


def _afterwards(number: OwnNumber, span: Span, zone: ZoneInfo) -> str | None:
    return afterwards(number.spans, span, number.retired_at, lambda moment: clock_time(moment, zone))


def saved_sentences(request: AnyRequest, number: OwnNumber, zone: ZoneInfo) -> list[str]:
    """What was changed last, and what follows from it."""
    at = request.query_params.get("at", "")
    span = next((span for span in number.spans if span.from_at.isoformat() == at), None)
    following = [_afterwards(number, span, zone) or ""] if span else []
    match request.query_params.get("saved", ""):
        case "assigned" if span:
            start, end = (
                clock_time(span.from_at, zone),
                clock_time(span.to_at, zone) if span.to_at else translate("further notice"),
            )
            return [
                translate(
                    "Saved. The number belongs to {words} from {start} until {end}.",
                    words=span.words,
                    start=start,
                    end=end,
                ),
                *following,
            ]
        case "ended":
            return [translate("Saved. The assignment has ended."), *following]
        case "removed":
            return [translate("Saved. The assignment is removed, and its calls count as if it had never existed.")]
        case "changed" if number.retired_at:
            retired = clock_time(number.retired_at, zone)
            return [
                translate(
                    "Saved. The number is retired from {retired} on; calls with it wait in the to-do list.",
                    retired=retired,
                )
            ]
        case "changed":
            return [translate("Saved. The number is in use, with its assignments as they are below.")]
        case _:
            return []


async def number_history(context: RequestContext, number: OwnNumber, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Former and present assignments as they were entered, the latest entry first."""
    versions = await versions_of(context.pool, context.access.account_id, ASSIGNMENTS, {"number": number.number})
    return [
        {
            "entered": clock_time(version["recorded_at"], zone),
            "author": version["author"],
            "replaced": clock_time(version["superseded_at"], zone) if version["superseded_at"] else "",
            "span": (span := Span(**{name: version[name] for name in SPAN})),
            "from_at": clock_time(span.from_at, zone),
            "to_at": clock_time(span.to_at, zone) if span.to_at else "",
            "again": _again(number.number, span, zone),
        }
        for version in versions
    ]


def _again(number: str, span: Span, zone: ZoneInfo) -> dict[str, str]:
    """The fields of a form that would enter an assignment again."""
    moments = {"from_at": span.from_at, "to_at": span.to_at}
    times = {name: f"{moment.astimezone(zone):%Y-%m-%dT%H:%M:%S}" for name, moment in moments.items() if moment}
    holders = {name: code for name in HOLDERS if (code := getattr(span, name))}
    return {"number": number, **holders, **times}

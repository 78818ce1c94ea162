"""How long leads wait for their first call, and which wait now."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.catalogue.dimensions import DIMENSIONS
from reports.query.waiting_leads import METRIC, Waiting, longest_waiting
from reports.render import formatting
from reports.render.response_verdicts import delay
from reports.store.lake import Copies
from reports.store.ledger import Ledger
from service.api.reports import give_read
from service.pages.filters import Asked, asked_of, choices
from service.pages.layout import render
from service.pages.numbers import told
from service.pages.parts import chart_part
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.web.requests import AnyRequest
from service.web.services import Desk, DeskDependency

_MOST_WAITING = 50
_FURTHER = timedelta(days=90)
_CODES = ("source", "campaign", "agent")


@dataclass(frozen=True)
class _Lead:
    """A lead that waits, as people read it: since when on the clock of the page, how long, and how much at work.

    life: the page of what is known of it.
    """

    code: str
    life: str
    codes: list[str]
    since: str
    waited: str
    at_work: str


@get("/lead-response", opt={"page": True, "scopes": ("reports",)}, before_request=admit)
async def lead_response(request: AnyRequest, desk: DeskDependency) -> Response[Any] | Stream:
    """Where leads wait too long, how soon each source's are called, and which wait longest now."""
    asked = asked_of(request)
    response = chart_part(desk, asked, "lead-response", template="lead_response_part.html", also=_also)
    return await assemble(
        "lead_response.html",
        {"response": response, "waiting": partial(_waiting, desk, asked)},
        session=request.user,
        asked=asked,
        choices=await choices(desk),
    )


def _also(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"delay": delay(told["report"]), "whole": told["asked"].at("/look/lead-response", by="source")}


async def _waiting(desk: Desk, asked: Asked) -> str:
    """The leads that wait longest, for whoever may see rows."""
    if "rows" not in desk.access.scopes:
        return render("leads_unseen.html")

    def reading(ledger: Ledger, copies: Copies) -> Awaitable[Waiting]:
        return longest_waiting(ledger, copies, asked.question, _MOST_WAITING)

    kept = await give_read(desk, f"waiting {asked.here()}", asked.question, reading, partial(_written, asked))
    return kept.content.decode()


def _written(asked: Asked, waiting: Waiting) -> tuple[bytes, dict[str, str]]:
    window = waiting.ask.window
    page = render(
        "leads_waiting.html",
        asked=asked,
        count=waiting.count,
        leads=[_lead(waiting, row) for row in waiting.items.iter_rows(named=True)],
        titles=[DIMENSIONS[name].title for name in _CODES],
        zone=window.zone_name,
        at=window.local(waiting.ask.until),
        from_=window.local(window.start),
        to=window.local(window.end),
        working_time=waiting.items["business_response_ms"].is_not_null().any(),
        all_of_them=_door(waiting),
        further_back=asked.here(**{"from": f"{window.local(window.start - _FURTHER):%Y-%m-%d}"}),
    )
    return page.encode(), {}


def _lead(waiting: Waiting, row: Mapping[str, Any]) -> _Lead:
    at_work = row["business_response_ms"]
    return _Lead(
        code=row["lead"],
        life=Asked("/lead", {"external_id": [row["lead"]], **_clock(waiting)}).here(),
        codes=[told(row[name], DIMENSIONS[name].missing) for name in _CODES],
        since=f"{waiting.ask.window.local(row['received_at']):%Y-%m-%d %H:%M}",
        waited=formatting.duration(row["response_ms"] / 1000, spaced=True),
        at_work=formatting.NOTHING if at_work is None else _hours(at_work),
    )


def _hours(ms: int) -> str:
    """Working time in hours, however many: a day of it would be read as one of 24 hours."""
    hours, minutes = divmod(ms // 60_000, 60)
    return f"{hours:,} h {minutes:02} m"


def _clock(waiting: Waiting) -> dict[str, list[str]]:
    """On which clock another page should tell times, and as of when."""
    as_of = waiting.ask.as_of
    return {"tz": [waiting.ask.window.zone_name], **({"as_of": [as_of.isoformat()]} if as_of else {})}


def _door(waiting: Waiting) -> str:
    """The page of all the leads that wait, as of the same moment."""
    ask = waiting.ask
    edges = {"from": ask.window.local(ask.window.start), "to": ask.window.local(ask.window.end), "as_of": ask.until}
    said = {
        "metric": [METRIC.name],
        **{name: [moment.isoformat()] for name, moment in edges.items()},
        "tz": [ask.window.zone_name],
        **ask.filters,
    }
    return Asked("/look/rows", said).here()


HANDLERS: list[HTTPRouteHandler] = [lead_response]

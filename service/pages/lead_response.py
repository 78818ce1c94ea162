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
from reports.query.waiting_leads import METRIC, WaitingLeads, longest_waiting
from reports.render import formatting
from reports.render.response_verdicts import delay
from service.pages.filters import PageRequest, choices, page_request_of
from service.pages.layout import render
from service.pages.numbers import told
from service.pages.parts import chart_part
from service.pages.sign_in import admit
from service.pages.streaming import assemble
from service.reporting.snapshots import OpenSnapshot
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

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


@get("/lead-response", opt=page_options("reports"), before_request=admit)
async def lead_response(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Where leads wait too long, how soon each source's are called, and which wait longest now."""
    page_request = page_request_of(request)
    response = chart_part(context, page_request, "lead-response", template="lead_response_part.html", also=_also)
    return await assemble(
        "lead_response.html",
        {"response": response, "waiting": partial(_waiting, context, page_request)},
        session=request.user,
        page_request=page_request,
        choices=await choices(context),
    )


def _also(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"delay": delay(told["report"]), "whole": told["page_request"].at("/look/lead-response", by="source")}


async def _waiting(context: RequestContext, page_request: PageRequest) -> str:
    """The leads that wait longest, for whoever may see rows."""
    if "rows" not in context.access.scopes:
        return render("leads_unseen.html")

    def read(snapshot: OpenSnapshot) -> Awaitable[WaitingLeads]:
        return longest_waiting(snapshot.ledger, snapshot.copies, page_request.question, _MOST_WAITING)

    kept = await context.reports.get_or_compute(
        f"waiting {page_request.here()}", page_request.question, read, partial(_written, page_request)
    )
    return kept.content.decode()


def _written(page_request: PageRequest, waiting: WaitingLeads) -> tuple[bytes, dict[str, str]]:
    window = waiting.request.window
    page = render(
        "leads_waiting.html",
        page_request=page_request,
        count=waiting.count,
        leads=[_lead(waiting, row) for row in waiting.items.iter_rows(named=True)],
        titles=[DIMENSIONS[name].title for name in _CODES],
        zone=window.zone_name,
        at=window.local(waiting.request.until),
        from_=window.local(window.start),
        to=window.local(window.end),
        working_time=waiting.items["business_response_ms"].is_not_null().any(),
        all_of_them=_door(waiting),
        further_back=page_request.here(**{"from": f"{window.local(window.start - _FURTHER):%Y-%m-%d}"}),
    )
    return page.encode(), {}


def _lead(waiting: WaitingLeads, row: Mapping[str, Any]) -> _Lead:
    at_work = row["business_response_ms"]
    return _Lead(
        code=row["lead"],
        life=PageRequest("/lead", {"external_id": [row["lead"]], **_clock(waiting)}).here(),
        codes=[told(row[name], DIMENSIONS[name].missing) for name in _CODES],
        since=f"{waiting.request.window.local(row['received_at']):%Y-%m-%d %H:%M}",
        waited=formatting.duration(row["response_ms"] / 1000, spaced=True),
        at_work=formatting.NOTHING if at_work is None else _hours(at_work),
    )


def _hours(ms: int) -> str:
    """Working time in hours, however many: a day of it would be read as one of 24 hours."""
    hours, minutes = divmod(ms // 60_000, 60)
    return f"{hours:,} h {minutes:02} m"


def _clock(waiting: WaitingLeads) -> dict[str, list[str]]:
    """On which clock another page should tell times, and as of when."""
    as_of = waiting.request.as_of
    return {"tz": [waiting.request.window.zone_name], **({"as_of": [as_of.isoformat()]} if as_of else {})}


def _door(waiting: WaitingLeads) -> str:
    """The page of all the leads that wait, as of the same moment."""
    ask = waiting.request
    edges = {"from": ask.window.local(ask.window.start), "to": ask.window.local(ask.window.end), "as_of": ask.until}
    said = {
        "metric": [METRIC.name],
        **{name: [moment.isoformat()] for name, moment in edges.items()},
        "tz": [ask.window.zone_name],
        **ask.filters,
    }
    return PageRequest("/look/rows", said).here()


HANDLERS: list[HTTPRouteHandler] = [lead_response]

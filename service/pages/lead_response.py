"""The lead-response page: how fast each source's leads get their first call, and which leads wait longest now."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.catalogue.dimensions import DIMENSIONS
from reports.model.local_dates import full_words
from reports.query.parameters import Parameters
from reports.query.waiting_leads import METRIC, WaitingLeads, longest_waiting
from reports.render import formatting
from reports.render.response_verdicts import response_verdict
from service.pages.components.fragments import chart_fragment
from service.pages.components.layout import render
from service.pages.components.view import PageView, open_page
from service.pages.filtering.filters import PageRequest
from service.pages.sign_in import admit
from service.reporting.snapshots import OpenSnapshot
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

_MAX_WAITING_LEADS = 50
_FURTHER_BACK = timedelta(days=90)
_DIMENSIONS = ("source", "campaign", "agent")


@dataclass(frozen=True)
class _WaitingLead:
    """A lead without its first call, as people read it: since when, for how long, and for how much working time.

    link: the page of the lead.
    """

    code: str
    link: str
    codes: list[str]
    since: str
    waited: str
    working_time: str


@get("/lead-response", opt=page_options("reports", limited=True), before_request=admit)
async def lead_response(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Where leads wait too long, how fast each source's leads are called, and which wait longest now."""
    view = open_page(request, context)
    response = chart_fragment(
        view, "lead-response", template="lead_response_verdict.html", extra_context=_verdict_context
    )
    return await view.respond(
        "lead_response.html", {"response": response, "waiting": partial(_waiting_leads_html, view)}
    )


def _verdict_context(context: Mapping[str, Any]) -> dict[str, Any]:
    page_request: PageRequest = context["page_request"]
    return {
        "verdict": response_verdict(context["report"]),
        "report_link": page_request.link_to("/look/lead-response", by="source"),
    }


async def _waiting_leads_html(view: PageView) -> str:
    """The leads that wait longest, for keys that may see rows."""
    if not view.sees_rows:
        return render("leads_hidden.html")

    parameters = {**view.parameters, **await view.through_today()}

    def read(snapshot: OpenSnapshot, narrowed: Parameters) -> Awaitable[WaitingLeads]:
        return longest_waiting(snapshot.ledger, snapshot.copies, narrowed, _MAX_WAITING_LEADS)

    cached = await view.context.reports.get_or_compute(
        f"waiting {view.page_request.link()}",
        parameters,
        read,
        partial(_write_waiting_leads, view.page_request),
    )
    return cached.content.decode()


def _write_waiting_leads(page_request: PageRequest, waiting: WaitingLeads) -> tuple[bytes, dict[str, str]]:
    window = waiting.request.window
    page = render(
        "leads_waiting.html",
        count=waiting.count,
        leads=[_waiting_lead(waiting, row) for row in waiting.items.iter_rows(named=True)],
        titles=[DIMENSIONS[name].label for name in _DIMENSIONS],
        zone=window.zone_name,
        until=window.local(waiting.request.until),
        window_start=window.local(window.start),
        window_end=window.local(window.end),
        has_working_time=waiting.items["business_response_ms"].is_not_null().any(),
        all_rows_link=_all_rows_link(waiting),
        further_back_link=page_request.link(**{"from": f"{window.local(window.start - _FURTHER_BACK):%Y-%m-%d}"}),
    )
    return page.encode(), {}


def _waiting_lead(waiting: WaitingLeads, row: Mapping[str, Any]) -> _WaitingLead:
    working_ms = row["business_response_ms"]
    return _WaitingLead(
        code=row["lead"],
        link=PageRequest("/lead", {"external_id": [row["lead"]], **_clock(waiting)}).link(),
        codes=[DIMENSIONS[name].value_label(row[name]) for name in _DIMENSIONS],
        since=full_words(waiting.request.window.local(row["received_at"])),
        waited=formatting.duration(row["response_ms"] / 1000),
        working_time=formatting.NOTHING if working_ms is None else _hours(working_ms),
    )


def _hours(ms: int) -> str:
    """Working time in hours, however many: readers would take a day of it for 24 hours."""
    hours, minutes = divmod(ms // 60_000, 60)
    return f"{hours:,} h {minutes:02} m"


def _clock(waiting: WaitingLeads) -> dict[str, list[str]]:
    """The time zone and the moment that links carry to the page of a lead."""
    as_of = waiting.request.as_of
    return {"tz": [waiting.request.window.zone_name], **({"as_of": [as_of.isoformat()]} if as_of else {})}


def _all_rows_link(waiting: WaitingLeads) -> str:
    """The page of all waiting leads, as of the same moment."""
    request, window = waiting.request, waiting.request.window
    edges = {"from": window.local(window.start), "to": window.local(window.end), "as_of": request.until}
    parameters = {
        "metric": [METRIC.name],
        **{name: [moment.isoformat()] for name, moment in edges.items()},
        "tz": [window.zone_name],
        **request.filters,
    }
    return PageRequest("/look/rows", parameters).link()


HANDLERS: list[HTTPRouteHandler] = [lead_response]

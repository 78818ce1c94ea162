"""The page of one inbound call: what it counts as, its waits and offers, and everything that was recorded about it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.model.codes import Codes
from reports.model.language import marked, translate
from reports.store.ledger import Ledger
from service.accounts.own_agents import OwnAgents
from service.errors import NotFound
from service.pages.components.call_history import Row, Viewer, is_erased, known_fields, list_versions, version_at
from service.pages.components.call_links import openable
from service.pages.components.inbound_calls import resolved_inbound_calls
from service.pages.components.records import RecordRequest, fetch_lead, parse_record_request, respond
from service.pages.components.view import open_page
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency
from service.web.trail import note_numbers
from sql import load

_SQL = load("life")
_MAX_DELIVERIES = 100
_NO_CALL = "There is no inbound call with this ID in the account."
_LABELS = {
    "from_number": marked("Caller"),
    "from_country": marked("Country of the caller"),
    "from_region": marked("Region of the caller"),
}
_COUNTED = ("outcome", "offered", "queue", "wait_ms", "agent", "team", "talk_ms", "source", "campaign", "transferred")
_COUNTED_LABELS = {"wait_ms": marked("Waited"), "offered": marked("Offered to agents")}
_WAIT = ("queue", "queued_at", "left_at", "wait_seconds", "agent", "outcome")
_OFFER = ("agent", "from_at", "to_at", "answered")


@get("/inbound-call", opt=page_options("rows", limited=True), before_request=admit)
async def inbound_call(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """One inbound call: what it counts as, its waits and offers, and all its versions."""
    view = open_page(request, context)
    record = await parse_record_request(view, "dialer", "external_id")
    key = (context.access.account_id, record.ids["dialer"], record.ids["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True, isolation="repeatable_read") as connection:
        rows = [dict(row) for row in await connection.fetch(_SQL["inbound_call"], *key)]
        if not rows:
            raise NotFound(_NO_CALL)
        codes = await Ledger(connection, key[0]).codes(record.as_of)
        own = OwnAgents(context.limits, codes)
        if not own.takes_part(rows[-1:]):
            raise NotFound(_NO_CALL)
        rows = [own.without_others(row) for row in rows]
        current = version_at(rows, record.moment)
        lead = await fetch_lead(connection, key[0], (current or rows[-1])["lead"], record.moment)
        deliveries = [] if own.limited else await connection.fetch(_SQL["deliveries"], *key, _MAX_DELIVERIES)
    await note_numbers(context, "inbound-calls", " ".join(key[1:]))
    viewer = Viewer(record.zone, "phone-numbers" in context.access.scopes, codes.tracking_numbers, _LABELS)
    about = (
        await asyncio.to_thread(_about, current, lead, codes, record, viewer)
        if current
        else {"call": None, "recording_link": None}
    )
    history = {"versions": list_versions(rows, viewer), "erased": is_erased(rows, lead), "deliveries": deliveries}
    return respond(view, record, "inbound_call.html", viewer=viewer, current=current, **about, **history)


def _about(current: Row, lead: Row | None, codes: Codes, record: RecordRequest, viewer: Viewer) -> dict[str, Any]:
    """What the call counts as, its parts, its recording and its fields."""
    [call] = resolved_inbound_calls([current], lead, codes, record)
    counted = {name: viewer.display(name, call[name]) for name in _COUNTED if call[name] is not None}
    return {
        "call": call,
        "counts": [(_counted_label(name, viewer), value) for name, value in counted.items()],
        "waits": list(_parts(current["segments"] or (), _WAIT)),
        "offers": list(_parts(current["offers"] or (), _OFFER)),
        "recording_link": openable(current["recording"]["uri"]) if current["recording"] else None,
        "fields": known_fields(current, viewer),
    }


def _counted_label(name: str, viewer: Viewer) -> str:
    return translate(_COUNTED_LABELS[name]) if name in _COUNTED_LABELS else viewer.label(name)


def _parts(parts: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The waits or the offers of a call, with their times as moments."""
    for part in parts:
        values = {name: part.get(name) for name in names}
        yield {
            name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
            for name, value in values.items()
        }


HANDLERS: list[HTTPRouteHandler] = [inbound_call]

"""The page of one attempt, with everything recorded about it and why it counts as it does; and the page of one lead."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.model.codes import Codes
from reports.model.language import translate
from reports.rules.explain import Reason, explain_axes, explain_source
from reports.rules.resolve_calls import outcome_label, resolve_few
from reports.store.ledger import Ledger
from service.accounts.own_agents import OwnAgents
from service.errors import NotFound
from service.pages.components.call_history import (
    Row,
    Viewer,
    group_by_disposition,
    is_erased,
    known_fields,
    known_since,
    list_versions,
    version_at,
)
from service.pages.components.column_labels import column_label, display_value, mask_phone_number
from service.pages.components.inbound_calls import resolved_inbound_calls
from service.pages.components.records import fetch_lead, parse_record_request, respond
from service.pages.components.view import open_page
from service.pages.sign_in import admit
from service.platform.db import Connection, account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency
from service.web.trail import note_numbers
from sql import load

_PAGE = page_options("rows", limited=True)
# How many records that refer to an attempt or a lead are shown, of each kind.
_MAX_RECORDS = 100
_MAX_ATTEMPTS = 500
_SQL = load("life")
_NO_ATTEMPT = "There is no call with this ID in the account."
_NO_LEAD = "There is no lead with this ID in the account."
_LEAD_RECORDS = ("appointments", "follow_ups")
_HIDDEN_LEAD_COLUMNS = ("external_id", "phone_number", "recorded_at", "erased")


@get("/attempt", opt=_PAGE, before_request=admit)
async def attempt(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """One attempt: what it counts as and why, all its versions, and the records that refer to it."""
    view = open_page(request, context)
    record = await parse_record_request(view, "dialer", "external_id")
    key = (context.access.account_id, record.ids["dialer"], record.ids["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True, isolation="repeatable_read") as connection:
        rows = [dict(row) for row in await connection.fetch(_SQL["attempt"], *key)]
        if not rows:
            raise NotFound(_NO_ATTEMPT)
        codes = await Ledger(connection, key[0]).codes(record.as_of)
        own = OwnAgents(context.limits, codes)
        if not own.takes_part(rows[-1:]):
            raise NotFound(_NO_ATTEMPT)
        rows = [own.without_others(row) for row in rows]
        current = version_at(rows, record.moment)
        latest = current or rows[-1]
        lead = await fetch_lead(connection, key[0], latest["lead"], record.moment)
        records = await _fetch_records(connection, key, latest["lead"], own)
    await note_numbers(context, "attempts", " ".join(key[1:]))
    viewer = Viewer(record.zone, "phone-numbers" in context.access.scopes, codes.tracking_numbers)
    records["dispositions"] = [
        (versions[-1], list_versions(versions, viewer)) for versions in group_by_disposition(records["dispositions"])
    ]
    counts = await asyncio.to_thread(_classify, rows, current, lead, codes, viewer) if current else None
    history = {"lead": lead, "versions": list_versions(rows, viewer), "erased": is_erased(rows, lead)}
    return respond(view, record, "attempt.html", viewer=viewer, current=current, counts=counts, **history, **records)


@get("/lead", opt=_PAGE, before_request=admit)
async def lead(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """One lead: its fields, the calls to it and from it, its appointments and its follow-ups."""
    view = open_page(request, context)
    record = await parse_record_request(view, "external_id")
    key = (context.access.account_id, record.ids["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True, isolation="repeatable_read") as connection:
        lead = await fetch_lead(connection, *key, record.moment)
        if lead is None:
            raise NotFound(_NO_LEAD)
        attempts = [dict(row) for row in await connection.fetch(_SQL["attempts_of_lead"], *key, _MAX_ATTEMPTS)]
        received = [dict(row) for row in await connection.fetch(_SQL["inbound_calls_of_lead"], *key, _MAX_ATTEMPTS)]
        records = {name: await connection.fetch(_SQL[f"{name}_of_lead"], *key, _MAX_RECORDS) for name in _LEAD_RECORDS}
        codes = await Ledger(connection, key[0]).codes(record.as_of)
    own = OwnAgents(context.limits, codes)
    if not own.takes_part([lead, *attempts, *received, *(row for rows in records.values() for row in rows)]):
        raise NotFound(_NO_LEAD)
    lead, records = own.without_others(lead), {name: own.only(rows) for name, rows in records.items()}
    await note_numbers(context, "leads", key[1])
    rows = [{**row, **_lead_columns(lead)} for row in own.only(attempts)]
    calls = await asyncio.to_thread(_resolved_calls, rows, codes)
    received = await asyncio.to_thread(resolved_inbound_calls, own.only(received), lead, codes, record)
    viewer = Viewer(record.zone, "phone-numbers" in context.access.scopes)
    fields = _lead_fields(lead, viewer)
    content = {"lead": lead, "fields": fields, "calls": calls, "received": received}
    return respond(view, record, "lead.html", viewer=viewer, **content, **records)


@dataclass(frozen=True)
class Classification:
    """What an attempt counts as: its outcome in words, the resolved call, each axis with its reason, and its fields."""

    outcome: str
    call: Row
    lines: list[tuple[str, str, str]]
    fields: list[tuple[str, str]]


def _classify(rows: Sequence[Row], current: Row, lead: Row | None, codes: Codes, viewer: Viewer) -> Classification:
    row = {**current, **_lead_columns(lead)}
    [call] = resolve_few([row], codes).values()
    since = known_since(rows, current)
    axes = [
        (column_label(axis), display_value(axis, call[axis], viewer.zone), _reason_text(reason, since, viewer))
        for axis, reason in explain_axes(current, codes).items()
    ]
    lines = [*axes, *_other_lines(row, call, codes, viewer)]
    return Classification(outcome_label(call), call, lines, known_fields(current, viewer))


def _reason_text(reason: Reason, since: Mapping[str, datetime], viewer: Viewer) -> str:
    if not reason.field:
        return reason.why
    moment = viewer.display("recorded_at", since[reason.field])
    return translate("{reason}, received {moment}", reason=reason.why, moment=moment)


def _other_lines(row: Row, call: Row, codes: Codes, viewer: Viewer) -> Iterator[tuple[str, str, str]]:
    """The agent, the source, the talk time and the test mark of a call, each with its reason."""
    yield column_label("agent"), call["agent"] or translate("no agent"), _agent_reason(row, call)
    yield (
        column_label("source"),
        call["source"] or translate("unattributed"),
        explain_source(row, row["lead_source"], codes),
    )
    yield column_label("talk_ms"), display_value("talk_ms", call["talk_ms"], viewer.zone), _talk_reason(row, call)
    if call["spam"]:
        yield column_label("spam"), translate("yes"), translate("reported by the dialer")
    elif call["test"]:
        why = translate("reported by the dialer") if row["test"] else translate("call to a test lead")
        yield column_label("test"), translate("yes"), why


def _agent_reason(row: Row, call: Row) -> str:
    column = "agent" if row["agent"] is not None else "disposition_agent"
    if not row[column]:
        return translate("not reported")
    reason = translate("reported by the dialer") if column == "agent" else translate("agent who set the disposition")
    if row[column] == call["agent"]:
        return reason
    return translate("{reason}; {name} is merged into this agent", reason=reason, name=row[column])


def _talk_reason(row: Row, call: Row) -> str:
    if call["talk_ms"] is None:
        return translate("not reported")
    if row["talk_ms"] is not None:
        return translate("reported by the dialer")
    return translate("from agent joined to end of call, less hold time")


def _resolved_calls(rows: Sequence[Row], codes: Codes) -> list[Row]:
    """Attempts as they count, in the same order."""
    resolved = resolve_few(rows, codes)
    calls = [resolved[row["dialer"], row["external_id"]] for row in rows]
    return [call | {"outcome": outcome_label(call)} for call in calls]


def _lead_columns(lead: Row | None) -> Row:
    """The lead's columns that decide how its calls count."""
    return {f"lead_{name}": lead[name] if lead else None for name in ("source", "test")}


def _lead_fields(lead: Row, viewer: Viewer) -> list[tuple[str, str]]:
    """The fields of a lead that have a value, each with its label."""
    known = {name: value for name, value in lead.items() if value is not None and name not in _HIDDEN_LEAD_COLUMNS}
    number = mask_phone_number(lead["phone_number"], whole=viewer.sees_phone_numbers)
    fields = [(column_label(name), display_value(name, value, viewer.zone)) for name, value in known.items()]
    return fields if lead["phone_number"] is None else [(column_label("phone_number"), number), *fields]


async def _fetch_records(
    connection: Connection, key: tuple[int, str, str], lead: str | None, own: OwnAgents
) -> dict[str, Any]:
    """The records that refer to an attempt, by kind. What arrived is only for people who see the whole account."""
    account_id, _, external_id = key
    follow_ups = await connection.fetch(_SQL["follow_ups_of_lead"], account_id, lead, _MAX_RECORDS) if lead else []
    records: dict[str, Any] = {
        "dispositions": [own.without_others(row) for row in await connection.fetch(_SQL["dispositions"], *key)],
        "appointments": own.only(await connection.fetch(_SQL["appointments_of_attempt"], *key, _MAX_RECORDS)),
        "follow_ups": own.only(follow_ups),
        "deliveries": [],
        "rejected": [],
    }
    if not own.limited:
        records["deliveries"] = await connection.fetch(_SQL["deliveries"], *key, _MAX_RECORDS)
        records["rejected"] = await connection.fetch(_SQL["rejected"], account_id, external_id, _MAX_RECORDS)
    return records


HANDLERS: list[HTTPRouteHandler] = [attempt, lead]

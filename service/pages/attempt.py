"""One attempt's life: what was told of it, when, and by whom; and the calls to one lead."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.model.codes import Codes
from reports.model.times import TimeFormError, read_zone
from reports.query.parameters import ParameterParser
from reports.rules.explain import Reason, explain_axes, explain_source
from reports.rules.resolve_calls import outcome_label, resolve_few
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter, NotFound
from service.pages.call_history import Eyes, Row, believed_at, fields, is_erased, learned, told_apart, versions
from service.pages.column_labels import masked, reads, title
from service.pages.filters import page_request_of
from service.pages.layout import render, shown
from service.pages.live_board import zone_of
from service.pages.sign_in import admit
from service.platform.db import Connection, account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_PAGE = page_options("rows")
# Of whatever refers to it, the first so many.
_MOST = 100
_MOST_ATTEMPTS = 500
_SQL = load("life")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see the life of: its name, as of when, and on which clock."""

    names: Mapping[str, str]
    as_of: datetime | None
    zone: ZoneInfo

    @property
    def at(self) -> datetime:
        """The moment of which beliefs are told."""
        return self.as_of or datetime.now(UTC)


@get("/attempt", opt=_PAGE, before_request=admit)
async def attempt(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """What an attempt counts as and why, everything that was told of it, and what refers to it."""
    wanted = await _wanted(request, context, "dialer", "external_id")
    key = (context.access.account_id, wanted.names["dialer"], wanted.names["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True, isolation="repeatable_read") as connection:
        rows = [dict(row) for row in await connection.fetch(_SQL["attempt"], *key)]
        if not rows:
            raise NotFound("There is no attempt of this name in the account.")
        codes = await Ledger(connection, key[0]).codes(wanted.as_of)
        believed = believed_at(rows, wanted.at)
        latest = believed or rows[-1]
        lead = await _lead(connection, key[0], latest["lead"], wanted.at)
        told = await _referring(connection, key, latest["lead"])
    eyes = Eyes(wanted.zone, "phone-numbers" in context.access.scopes, codes.tracking_numbers)
    told["dispositions"] = [(one[-1], versions(one, eyes)) for one in told_apart(told["dispositions"])]
    counts = await asyncio.to_thread(_counts, rows, believed, lead, codes, eyes) if believed else None
    seen = {"lead": lead, "versions": versions(rows, eyes), "erased": is_erased(rows, lead)}
    return _page(request, wanted, "attempt.html", eyes=eyes, believed=believed, counts=counts, **seen, **told)


@get("/lead", opt=_PAGE, before_request=admit)
async def lead(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The calls to one lead, and what was agreed with them."""
    wanted = await _wanted(request, context, "external_id")
    key = (context.access.account_id, wanted.names["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True, isolation="repeatable_read") as connection:
        found = await _lead(connection, *key, wanted.at)
        if found is None:
            raise NotFound("There is no lead of this name in the account.")
        attempts = [dict(row) for row in await connection.fetch(_SQL["attempts_of_lead"], *key, _MOST_ATTEMPTS)]
        told = {name: await connection.fetch(_SQL[f"{name}_of_lead"], *key, _MOST) for name in _OF_LEAD}
        codes = await Ledger(connection, key[0]).codes(wanted.as_of)
    rows = [{**row, **_by_lead(found)} for row in attempts]
    calls = await asyncio.to_thread(_calls, rows, codes)
    eyes = Eyes(wanted.zone, "phone-numbers" in context.access.scopes)
    return _page(request, wanted, "lead.html", eyes=eyes, lead=found, known=_known(found, eyes), calls=calls, **told)


@dataclass(frozen=True)
class Counts:
    """What an attempt counts as: in words, and what of each kind and why."""

    words: str
    call: Row
    lines: list[tuple[str, str, str]]
    fields: list[tuple[str, str]]


def _counts(rows: Sequence[Row], believed: Row, lead: Row | None, codes: Codes, eyes: Eyes) -> Counts:
    told = {**believed, **_by_lead(lead)}
    [call] = resolve_few([told], codes).values()
    since = learned(rows, believed)
    axes = [
        (title(axis), reads(axis, call[axis], eyes.zone), _why(reason, since, eyes))
        for axis, reason in explain_axes(believed, codes).items()
    ]
    return Counts(outcome_label(call), call, [*axes, *_others(told, call, codes, eyes)], fields(believed, eyes))


def _why(reason: Reason, since: Mapping[str, datetime], eyes: Eyes) -> str:
    field = reason.field or ("disposition" if "disposition" in reason.why else "")
    return f"{reason.why}; learned {eyes.see('recorded_at', since[field])}" if field else reason.why


def _others(told: Row, call: Row, codes: Codes, eyes: Eyes) -> Iterator[tuple[str, str, str]]:
    """What else a call counts as: whose it is, where it came from, how long they talked."""
    by = "agent" if told["agent"] is not None else "disposition_agent"
    merged = f"; {told[by]} was merged into it" if told[by] != call["agent"] else ""
    whose = {"agent": "the dialer said so", "disposition_agent": "whoever set the disposition"}[by]
    yield title("agent"), call["agent"] or "no agent", (whose if told[by] else "nobody said whose call it was") + merged
    yield title("source"), call["source"] or "unattributed", explain_source(told, told["lead_source"], codes)
    measured = "from when the agent joined to the end, without the hold"
    nothing = "nobody said how long they talked"
    told_talk = "the dialer said so" if told["talk_ms"] is not None else measured
    yield (
        title("talk_ms"),
        reads("talk_ms", call["talk_ms"], eyes.zone),
        nothing if call["talk_ms"] is None else told_talk,
    )
    if call["test"]:
        yield title("test"), "yes", "the dialer said so" if told["test"] else "it went to a test lead"


def _calls(rows: Sequence[Row], codes: Codes) -> list[Row]:
    """Attempts as they count, in the same order."""
    settled = resolve_few(rows, codes)
    calls = [settled[row["dialer"], row["external_id"]] for row in rows]
    return [call | {"words": outcome_label(call)} for call in calls]


def _by_lead(lead: Row | None) -> Row:
    """What a lead says of the calls to it."""
    return {f"lead_{name}": lead[name] if lead else None for name in ("source", "test")}


def _known(lead: Row, eyes: Eyes) -> list[tuple[str, str]]:
    """What is believed of a lead, field by field."""
    told = {name: value for name, value in lead.items() if value is not None and name not in _NOT_TOLD}
    number = masked(lead["phone_number"], whole=eyes.whole)
    fields = [(title(name), reads(name, value, eyes.zone)) for name, value in told.items()]
    return fields if lead["phone_number"] is None else [(title("phone_number"), number), *fields]


async def _lead(connection: Connection, account_id: int, name: str | None, at: datetime) -> dict[str, Any] | None:
    row = await connection.fetchrow(_SQL["lead"], account_id, name, at) if name is not None else None
    return None if row is None else dict(row)


async def _referring(connection: Connection, key: tuple[int, str, str], lead: str | None) -> dict[str, Any]:
    """What refers to an attempt, by name."""
    account_id, _, external_id = key
    return {
        "dispositions": [dict(row) for row in await connection.fetch(_SQL["dispositions"], *key)],
        "appointments": await connection.fetch(_SQL["appointments_of_attempt"], *key, _MOST),
        "follow_ups": await connection.fetch(_SQL["follow_ups_of_lead"], account_id, lead, _MOST) if lead else [],
        "deliveries": await connection.fetch(_SQL["deliveries"], *key, _MOST),
        "rejected": await connection.fetch(_SQL["rejected"], account_id, external_id, _MOST),
    }


async def _wanted(request: AnyRequest, context: RequestContext, *names: str) -> Wanted:
    """What is asked for. Raises InvalidParameter with all that is wrong."""
    reader = ParameterParser(page_request_of(request).question)
    reader.refuse_unknown((*names, "as_of", "tz"))
    said = {name: reader.single(name) or "" for name in names}
    for name in names:
        if not said[name]:
            reader.fault(name, "must be given")
    as_of, zone = reader.as_of(datetime.now(UTC)), await zone_of(context)
    try:
        zone = read_zone(text) if (text := reader.single("tz")) else zone
    except TimeFormError as error:
        reader.fault("tz", str(error))
    if reader.faults:
        raise InvalidParameter(faults=tuple(Fault(fault.parameter, fault.message) for fault in reader.faults))
    return Wanted(said, as_of, zone)


def _page(request: AnyRequest, wanted: Wanted, template: str, **told: Any) -> Response[str | bytes]:
    page_request = page_request_of(request)
    return shown(render(template, session=request.user, page_request=page_request, wanted=wanted, **told))


_OF_LEAD = ("appointments", "follow_ups")
_NOT_TOLD = ("external_id", "phone_number", "recorded_at", "erased")

HANDLERS: list[HTTPRouteHandler] = [attempt, lead]

"""Tracking numbers: the list, and for each number who holds it over time, its name and its retirement."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.model.language import translate
from service.accounts.accounts import Account
from service.accounts.roles import SETS_UP_MARKETING
from service.errors import (
    AlreadyAssigned,
    AlreadyRetired,
    CalltallyError,
    ChangedMeanwhile,
    InvalidItem,
    InvalidParameter,
    NotFound,
)
from service.ingest.attribution import (
    OwnNumber,
    assign,
    change_number,
    list_own_numbers,
    own_number,
    read_own_number,
    unassign,
)
from service.ingest.configuration import Assignment, TrackingNumber
from service.ingest.number_timeline import Span
from service.ingest.parsing import faults_of
from service.pages.components.forms import faults_by_field, read_form
from service.pages.settings import typed
from service.pages.settings.number_view import HOLDERS, SPAN, number_history, number_line, saved_sentences, span_line
from service.pages.settings.views import (
    CHANGED_MEANWHILE,
    clock_time,
    found_in,
    redirect_to,
    settings_response,
    suggested_codes,
)
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/numbers"
NUMBER = f"{PATH}/number"
_PAGE = page_options(*SETS_UP_MARKETING)
# What keeps a change from being saved, and is shown in the form.
_REFUSALS = (InvalidItem, InvalidParameter, AlreadyAssigned, AlreadyRetired, NotFound)


@get(PATH, opt=_PAGE, before_request=admit)
async def numbers(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The tracking numbers of the account, and who holds each of them now."""
    account = await _account(context)
    async with account_transaction(context.pool, account.account_id, readonly=True) as connection:
        own = await list_own_numbers(connection, account.account_id)
    now = datetime.now(UTC)
    lines = [number_line(number, now, ZoneInfo(account.zone)) for number in own]
    listing = found_in(request, lines, lambda line: " ".join(str(text) for text in line.values()))
    return settings_response(request, "settings_numbers.html", listing=listing, any_numbers=bool(own))


@get(NUMBER, opt=_PAGE, before_request=admit)
async def number_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """One number: who holds it over time, and the forms that change it; without a number, the form for a new one."""
    typed_fields = {name: text for name, text in request.query_params.items() if name in (*SPAN, "number")}
    return await _number_page(request, context, typed_fields)


@post(f"{NUMBER}/assign", opt=_PAGE, before_request=admit, status_code=200)
async def assign_number(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Assign a number; an unknown number is asked about before it is made."""
    fields = await read_form(request)
    account = await _account(context)
    try:
        number = own_number(account, fields.get("number", ""))
        assignment = _assignment(fields, ZoneInfo(account.zone))
        known = await _read(context, number)
        if known is None and fields.get("create") != "yes":
            sent = {name: fields[name] for name in SPAN if name in fields} | {"number": number}
            return settings_response(request, "settings_number_unknown.html", 404, number=number, sent=sent)
        seen = fields.get("seen", "")
        await assign(context.pool, account, number, assignment, create=known is None, seen=seen)
    except (*_REFUSALS, ChangedMeanwhile) as error:
        return await _refused(request, context, fields, error)
    return redirect_to(NUMBER, number=number, saved="assigned", at=assignment.from_at.isoformat())


@post(f"{NUMBER}/end", opt=_PAGE, before_request=admit, status_code=200)
async def end_assignment(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """End an assignment now: the number returns to the holder it interrupted, or nobody has it."""
    fields = await read_form(request)
    account = await _account(context)
    try:
        number, span = await _own_span(context, account, fields)
        ended = span.until(datetime.now(UTC).replace(microsecond=0))
        await assign(context.pool, account, number, ended, seen=fields.get("seen", ""))
    except (*_REFUSALS, ChangedMeanwhile) as error:
        return await _refused(request, context, {"number": fields.get("number", "")}, error)
    return redirect_to(NUMBER, number=number, saved="ended", at=span.from_at.isoformat())


@post(f"{NUMBER}/remove", opt=_PAGE, before_request=admit, status_code=200)
async def remove_assignment(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Take back an assignment made in error; calls count as if it had never existed."""
    fields = await read_form(request)
    account = await _account(context)
    try:
        number, span = await _own_span(context, account, fields)
        await unassign(context.pool, account, number, span.from_at, seen=fields.get("seen", ""))
    except (*_REFUSALS, ChangedMeanwhile) as error:
        return await _refused(request, context, {"number": fields.get("number", "")}, error)
    return redirect_to(NUMBER, number=number, saved="removed")


@post(f"{NUMBER}/change", opt=_PAGE, before_request=admit, status_code=200)
async def change(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Name a number, retire it from a moment on, or use it again."""
    fields = await read_form(request)
    account = await _account(context)
    try:
        number = own_number(account, fields.get("number", ""))
        form = _details(fields, ZoneInfo(account.zone))
        await change_number(
            context.pool,
            account,
            number,
            name=form.name,
            retired_at=form.retired_at,
            seen=fields.get("seen", ""),
        )
    except (*_REFUSALS, ChangedMeanwhile) as error:
        return await _refused(request, context, fields, error)
    return redirect_to(NUMBER, number=number, saved="changed")


@get("/tracking-numbers/change", opt=_PAGE, before_request=admit)
async def former_address(request: AnyRequest) -> Response[str | bytes]:
    """Lead from the former address of these pages to their place in Settings."""
    number = request.query_params.get("tracking_number", "")
    return redirect_to(NUMBER, number=number) if number else redirect_to(NUMBER)


async def _account(context: RequestContext) -> Account:
    return await context.accounts.get(context.access.account_id)


async def _read(context: RequestContext, number: str) -> OwnNumber | None:
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        return await read_own_number(connection, context.access.account_id, number)


async def _own_span(context: RequestContext, account: Account, fields: Mapping[str, str]) -> tuple[str, Span]:
    """The number of a form and the assignment it names. Raises NotFound and InvalidParameter."""
    number = own_number(account, fields.get("number", ""))
    known = await _read(context, number)
    for span in known.spans if known else ():
        if span.from_at.isoformat() == fields.get("at"):
            return number, span
    raise NotFound(translate("The number has no assignment that starts at that time."))


def _assignment(fields: Mapping[str, str], zone: ZoneInfo) -> Assignment:
    """The assignment in a form, its times in the account's zone. Raises InvalidItem with every faulty field."""
    sent: dict[str, Any] = {name: fields[name].strip() for name in HOLDERS if fields.get(name, "").strip()}
    sent |= {name: typed.moment(fields[name], zone) for name in ("from_at", "to_at") if name in fields}
    try:
        return Assignment.model_validate(sent, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def _details(fields: Mapping[str, str], zone: ZoneInfo) -> TrackingNumber:
    """The name and the retirement in a form. Raises InvalidItem."""
    sent = {"name": fields["name"].strip()} if fields.get("name", "").strip() else {}
    retired_at = typed.moment(fields["retired_at"], zone) if "retired_at" in fields else None
    if fields.get("use") == "retire":
        retired_at = retired_at or datetime.now(UTC).isoformat()
    if retired_at and fields.get("use") != "again":
        sent["retired_at"] = retired_at
    try:
        return TrackingNumber.model_validate(sent, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


async def _refused(
    request: AnyRequest, context: RequestContext, fields: Mapping[str, str], error: CalltallyError
) -> Response[str | bytes]:
    """The page of the number with what was typed, and what is wrong with it."""
    at_fields = faults_by_field(InvalidItem(faults=error.faults))
    detail = CHANGED_MEANWHILE if isinstance(error, ChangedMeanwhile) else error.detail
    status = 422 if at_fields else 404 if isinstance(error, NotFound) else 409
    message = "" if at_fields else detail
    return await _number_page(request, context, fields, status, errors=at_fields, problem=message)


async def _number_page(
    request: AnyRequest,
    context: RequestContext,
    fields: Mapping[str, str],
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response[str | bytes]:
    account = await _account(context)
    zone = ZoneInfo(account.zone)
    known = await _known(context, account, fields.get("number", ""))
    now = datetime.now(UTC)
    return settings_response(
        request,
        "settings_number.html",
        status,
        fields={"from_at": f"{now.astimezone(zone):%Y-%m-%dT%H:%M}", **fields},
        errors=errors or {},
        problem=problem,
        number=known,
        holder=known.holder_at(now) if known else None,
        spans=[span_line(span, known, now, zone) for span in known.spans] if known else [],
        history=await number_history(context, known, zone) if known else [],
        sentences=saved_sentences(request, known, zone) if known else [],
        zone=zone,
        retired=bool(known and known.retired_at and known.retired_at <= now),
        choices=await suggested_codes(context),
        clock_time=clock_time,
    )


async def _known(context: RequestContext, account: Account, text: str) -> OwnNumber | None:
    try:
        return await _read(context, own_number(account, text))
    except InvalidParameter:
        return None


HANDLERS: list[HTTPRouteHandler] = [
    numbers,
    number_page,
    assign_number,
    end_assignment,
    remove_assignment,
    change,
    former_address,
]

"""The forms that change a tracking number: assign it, for good or for a while, retire it, use it again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.model.language import translate
from service.accounts.accounts import Account
from service.errors import Fault, InvalidItem, NotFound
from service.ingest.attribution import Assigned, assign, own_number, retire
from service.ingest.configuration import Assignment
from service.ingest.parsing import faults_of
from service.pages.components.filters import form_choices, parse_page_request
from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, render
from service.pages.components.view import account_zone
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("configure")
_HOLDERS = ("source", "campaign", "agent")
_TIMES = ("from_at", "to_at")


@get("/tracking-numbers/change", opt=_PAGE, before_request=admit)
async def change_number(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The forms for one number, or for a number that is still to be named."""
    number = request.query_params.get("tracking_number", "")
    choices = await form_choices(context, parse_page_request(request))
    zone = await account_zone(context)
    return html_response(
        render(
            "number_change.html",
            session=request.user,
            number=number,
            zone=zone.key,
            now=datetime.now(zone),
            choices={name: choices.codes[name] for name in _HOLDERS},
        )
    )


@post("/tracking-numbers/assign", opt=_PAGE, before_request=admit, status_code=200)
async def assign_number(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Assign a number; an unknown number is asked about before it is made."""
    fields = await read_form(request)
    account = await _account(context)
    number = own_number(account, fields.get("number", ""))
    assignment = _assignment(fields, ZoneInfo(account.zone))
    try:
        outcome = await assign(context.pool, account, number, assignment, create=fields.get("create") == "true")
    except NotFound:
        sent = {name: fields[name] for name in (*_TIMES, *_HOLDERS) if name in fields}
        return html_response(render("number_unknown.html", session=request.user, number=number, fields=sent))
    return _changed(request, number, _outcome(number, assignment, outcome, ZoneInfo(account.zone)))


@post("/tracking-numbers/retire", opt=_PAGE, before_request=admit, status_code=200)
async def retire_number(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Retire a number from now on, or use a retired number again."""
    fields = await read_form(request)
    account = await _account(context)
    number = own_number(account, fields.get("number", ""))
    retired_at = None if fields.get("again") == "true" else datetime.now(UTC)
    await retire(context.pool, account, number, retired_at)
    sentences = [translate("The number is in use again, with its earlier assignments.")]
    if retired_at:
        sentences = [
            translate("The number is retired and has no source from now on."),
            translate("Calls to it are listed under “More to do”."),
        ]
    return _changed(request, number, sentences)


async def _account(context: RequestContext) -> Account:
    return await context.accounts.get(context.access.account_id)


def _changed(request: AnyRequest, number: str, sentences: list[str]) -> Response[str | bytes]:
    return html_response(render("number_changed.html", session=request.user, number=number, sentences=sentences))


def _assignment(fields: Mapping[str, str], zone: ZoneInfo) -> Assignment:
    """The assignment in a form, its times in the account's zone. Raises InvalidItem with every faulty field."""
    sent: dict[str, Any] = {name: fields[name] for name in _HOLDERS if name in fields}
    sent |= {name: _moment(name, fields[name], zone) for name in _TIMES if name in fields}
    try:
        return Assignment.model_validate(sent, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def _moment(name: str, text: str, zone: ZoneInfo) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidItem(faults=(Fault(name, "must be a day and a time, such as 2026-03-01T09:30"),)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def _outcome(number: str, assignment: Assignment, outcome: Assigned, zone: ZoneInfo) -> list[str]:
    """What happened, in sentences."""
    named = assignment.source or assignment.campaign or assignment.agent or translate("no source assigned")
    shown = {
        "number": number,
        "name": named,
        "start": f"{assignment.from_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "zone": zone.key,
    }
    if assignment.to_at is None:
        sentence = translate("{number} is assigned to {name} from {start} ({zone}).", **shown)
    else:
        end = f"{assignment.to_at.astimezone(zone):%Y-%m-%d %H:%M}"
        sentence = translate("{number} is assigned to {name} from {start} until {end} ({zone}).", end=end, **shown)
    return [
        sentence,
        translate("Its calls are counted accordingly."),
        *([outcome.afterwards] if outcome.afterwards else []),
    ]


HANDLERS: list[HTTPRouteHandler] = [change_number, assign_number, retire_number]

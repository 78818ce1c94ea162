"""API keys: create one with its purpose and what it may do, see when each was used last, and revoke it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import ValidationError

from reports.model.language import marked, translate
from service.accounts.scopes import SCOPES
from service.errors import InvalidItem, NotFound
from service.ingest.editing.keys import NewKey, end_key, list_account_keys, make_key
from service.ingest.parsing import faults_of
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.view import account_zone
from service.pages.settings import typed
from service.pages.settings.views import clock_time, found_in, redirect_to, settings_response
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/keys"
_PAGE = page_options("admin")
_MOST_KEYS = 10_000
SCOPE_WORDS = {
    "ingest": marked("Send calls, leads, deals and costs"),
    "configure": marked("Change settings, such as campaigns, targets and working hours"),
    "reports": marked("Read reports"),
    "rows": marked("See the calls and leads behind a number"),
    "phone-numbers": marked("See phone numbers in full"),
    "admin": marked("Manage keys, dialers, erasures and the account"),
}

_SHORT_WORDS = {
    "ingest": marked("send data"),
    "configure": marked("change settings"),
    "reports": marked("read reports"),
    "rows": marked("see calls and leads"),
    "phone-numbers": marked("see phone numbers"),
    "admin": marked("administer"),
}


@get(PATH, opt=_PAGE, before_request=admit)
async def keys(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The keys of the account, the newest first."""
    zone = await account_zone(context)
    rows = await list_account_keys(context.pool, context.access.account_id, "", _MOST_KEYS)
    lines = [_line(row, zone, datetime.now(UTC)) for row in reversed(rows)]
    listing = found_in(request, lines, lambda line: f"{line['name']} {line['prefix']} {line['dialer']} {line['state']}")
    return settings_response(
        request, "settings_keys.html", listing=listing, any_keys=bool(rows), own_prefix=context.access.prefix
    )


@get(f"{PATH}/key", opt=_PAGE, before_request=admit)
async def key_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The form of a new key."""
    return await _form_page(request, context, {"scope_ingest": "yes"})


@post(f"{PATH}/key", opt=_PAGE, before_request=admit, status_code=200)
async def create_key(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Create a key and show it, this one time."""
    fields = await read_form(request)
    try:
        form = _new_key(fields, await account_zone(context))
        created = await make_key(context.pool, context.access.account_id, form, context.access.scopes)
    except InvalidItem as error:
        return await _form_page(request, context, fields, 422, _at_fields(error))
    return settings_response(request, "settings_key_created.html", 201, created=created, scope_words=SCOPE_WORDS)


@post(f"{PATH}/revoke", opt=_PAGE, before_request=admit, status_code=200)
async def revoke(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Revoke a key permanently."""
    fields = await read_form(request)
    prefix = fields.get("prefix", "")
    if prefix == context.access.prefix:
        raise NotFound(translate("You are signed in with this key. Sign in with another one to revoke it."))
    ended = await end_key(context.pool, context.access.account_id, prefix)
    return redirect_to(PATH, saved=ended["name"] or prefix)


def _new_key(fields: Mapping[str, str], zone: ZoneInfo) -> NewKey:
    """The key that a form asks for. Raises InvalidItem."""
    sent: dict[str, Any] = {name: fields[name].strip() for name in ("name", "dialer") if name in fields}
    sent["scopes"] = [scope for scope in SCOPES if f"scope_{scope}" in fields]
    if "expires_at" in fields:
        sent["expires_at"] = typed.moment(fields["expires_at"], zone)
    try:
        return NewKey.model_validate(sent, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        raise InvalidItem(faults=tuple(faults_of(error))) from None


def _at_fields(error: InvalidItem) -> dict[str, str]:
    """Each message by the name of its field; those about single scopes stand at all of them."""
    return {pointer.split("/")[0]: message for pointer, message in faults_by_field(error).items()}


async def _form_page(
    request: AnyRequest,
    context: RequestContext,
    fields: Mapping[str, str],
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response[str | bytes]:
    own = [(scope, SCOPE_WORDS[scope]) for scope in SCOPES if scope in context.access.scopes]
    zone = (await account_zone(context)).key
    return settings_response(
        request, "settings_key.html", status, fields=fields, errors=errors or {}, scopes=own, zone=zone
    )


def _line(row: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """A key in one line."""
    ends = row["expires_at"]
    state = marked("Revoked") if row["revoked_at"] else marked("Ended") if ends and ends <= now else marked("Active")
    return {
        "prefix": row["prefix"],
        "name": row["name"] or row["prefix"],
        "may": [_SHORT_WORDS[scope] for scope in row["scopes"]],
        "dialer": row["dialer"] or "",
        "created": clock_time(row["created_at"], zone),
        "last_used": clock_time(row["last_used_at"], zone) if row["last_used_at"] else translate("never"),
        "ends": clock_time(row["revoked_at"] or ends, zone) if row["revoked_at"] or ends else "",
        "state": state,
    }


HANDLERS: list[HTTPRouteHandler] = [keys, key_page, create_key, revoke]

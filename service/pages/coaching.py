"""Coaching: the form with which a manager shares a call with a team, and the one that ends it."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.store.ledger import Ledger
from service.accounts.own_agents import OwnAgents
from service.accounts.roles import SHARES_CALLS
from service.accounts.sessions import Session
from service.errors import Fault, InvalidItem, NotFound
from service.ingest.parsing import Origin, read_item
from service.ingest.resources import Sender
from service.ingest.resources.shared_calls import RESOURCE
from service.pages.components.call_links import call_link, known_calls
from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.filtering.filters import form_choices
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest, current_request_id
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_PAGE = page_options(*SHARES_CALLS, limited=True)
_LIST = "/quality#shared-calls"
_SQL, _LIFE = load("coaching"), load("life")


@get("/coaching/share", opt=_PAGE, before_request=admit)
async def share_form(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The form that shares one call: with which team, and why."""
    dialer, call = (request.query_params.get(name, "") for name in ("dialer", "external_id"))
    known = await _find_call(context, dialer, call)
    choices = await form_choices(context)
    own_teams = context.limits.own_teams(choices.account_codes)
    return html_response(
        render(
            "coaching_share.html",
            session=request.user,
            dialer=dialer,
            call=call,
            link=call_link(known),
            share_id=f"share-{secrets.token_hex(8)}",
            teams=choices.codes["team"] if own_teams is None else sorted(own_teams),
        )
    )


@post("/coaching/share", opt=_PAGE, before_request=admit, status_code=200)
async def share(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Share a call with a team, in the name of the key. Sending the form twice shares it once."""
    fields = await read_form(request)
    await _find_call(context, fields.get("dialer", ""), fields.get("call", ""))
    await _check_team(context, fields.get("team", ""))
    sent = {name: fields[name] for name in ("dialer", "call", "team", "note") if fields.get(name)}
    shared_at = datetime.now(UTC).isoformat()
    share_id = fields.get("external_id", "")
    await _store(
        context,
        {
            **sent,
            "external_id": share_id,
            "manager": await _manager_name(request.user, context),
            "shared_at": shared_at,
        },
    )
    return redirect(_LIST)


@post("/coaching/withdraw", opt=_PAGE, before_request=admit, status_code=200)
async def withdraw(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Stop sharing a call."""
    fields = await read_form(request)
    context.access.require("rows")
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        row = await connection.fetchrow(_SQL["shared_call"], account, fields.get("external_id", ""))
    if row is None:
        raise NotFound("There is no shared call of this name.")
    await _check_team(context, row["team"])
    now = datetime.now(UTC).isoformat()
    await _store(context, {**row, "shared_at": row["shared_at"].isoformat(), "withdrawn_at": now})
    return redirect(_LIST)


async def _find_call(context: RequestContext, dialer: str, call: str) -> Mapping[str, Any]:
    """A call. Raises NotAllowed for a key that may not see calls, and NotFound for one that the account lacks."""
    context.access.require("rows")
    known = (await known_calls(context, [(dialer, call)])).find("either", dialer, call)
    if known is None or not await _is_own(context, known):
        raise NotFound("There is no call of this name in the account.")
    return known


async def _is_own(context: RequestContext, call: Mapping[str, Any]) -> bool:
    """Whether an agent within the limits of the person had a part in a call."""
    key = (context.access.account_id, call["dialer"], call["external_id"])
    async with account_transaction(context.pool, key[0], readonly=True) as connection:
        codes = await Ledger(connection, key[0]).codes(None)
        versions = await connection.fetch(_LIFE["attempt" if call["outbound"] else "inbound_call"], *key)
    return OwnAgents(context.limits, codes).takes_part(versions[-1:])


async def _check_team(context: RequestContext, team: str) -> None:
    """Require a team within the limits of the person. Raises InvalidItem."""
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        own_teams = context.limits.own_teams(await Ledger(connection, account).codes(None))
    if own_teams is not None and team not in own_teams:
        raise InvalidItem(faults=(Fault("team", "is not one of your teams"),))


async def _manager_name(session: Session, context: RequestContext) -> str:
    """The name of the person, or of the key that the manager signed in with."""
    if session.user is not None:
        return session.user.name
    account = context.access.account_id
    async with account_transaction(context.pool, account, readonly=True) as connection:
        return await connection.fetchval(_SQL["key_name"], account, context.access.prefix)


async def _store(context: RequestContext, item: Mapping[str, Any]) -> None:
    """Capture a shared call like any other fact. Raises InvalidItem with every faulty field."""
    account = await context.accounts.get(context.access.account_id)
    sender = Sender.of(account, context.access.dialer)
    origin = Origin(context.access.prefix, current_request_id())
    entry = read_item(RESOURCE, 0, dict(item), sender, origin)
    receipt = await context.batcher.submit(account.account_id, entry)
    if receipt.problem is not None:
        faults = [Fault(error["pointer"].strip("/"), error["message"]) for error in receipt.problem.get("errors", ())]
        raise InvalidItem(faults=tuple(faults))


HANDLERS: list[HTTPRouteHandler] = [share_form, share, withdraw]

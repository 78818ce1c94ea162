"""Signed-in devices: the browsers that are signed in to the account, and ending them."""

from typing import Annotated

import asyncpg
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from reports.model.language import translate
from service.accounts.keys import Access
from service.accounts.sessions import Session, close_other_sessions, close_session, list_sessions
from service.errors import NotFound
from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

SessionId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]

_LIST = "/sessions"


@get(_LIST, opt=page_options("reports", limited=True), before_request=admit)
async def devices(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The devices of this person or key; with the scope admin, those of the whole account."""
    may_end = "admin" in context.access.scopes
    rows = await list_sessions(context.pool, context.access)
    seen = [(row, _is_own(row, context.access)) for row in rows if may_end or _is_own(row, context.access)]
    saved = request.query_params.get("saved", "")
    return html_response(render("sessions.html", session=request.user, devices=seen, may_end=may_end, saved=saved))


def _is_own(row: asyncpg.Record, access: Access) -> bool:
    return (row["user_id"] or row["key_prefix"]) == (access.user_id or access.prefix)


@post(
    "/sessions/{session_id:int}/end", opt=page_options("reports", limited=True), before_request=admit, status_code=200
)
async def end_device(
    request: AnyRequest, context: RequestContextDependency, session_id: SessionId
) -> Response[str | bytes]:
    """End one session: an own one, or with the scope admin any of the account."""
    await read_form(request)
    rows = {row["id"]: row for row in await list_sessions(context.pool, context.access)}
    if session_id not in rows or not _is_own(rows[session_id], context.access):
        context.access.require("admin")
    if not await close_session(context.pool, context.access, session_id):
        raise NotFound(translate("There is no such session; it may be over."))
    return redirect(f"{_LIST}?saved=ended")


@post("/sessions/end-others", opt=page_options("reports", limited=True), before_request=admit, status_code=200)
async def end_other_devices(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """End all other sessions of this person or key."""
    await read_form(request)
    session: Session = request.user
    access = context.access
    key = access.prefix if access.user_id is None else None
    async with account_transaction(context.pool, access.account_id) as connection:
        await close_other_sessions(
            connection, access.account_id, user_id=access.user_id, key_prefix=key, but=session.id
        )
    return redirect(f"{_LIST}?saved=others")


HANDLERS: list[HTTPRouteHandler] = [devices, end_device, end_other_devices]

"""Signing in with an API key, signing out, and the list of open sessions."""

import re
from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from service.accounts.sessions import (
    COOKIE,
    LIFETIME,
    Session,
    close_session,
    find_session,
    list_sessions,
    open_session,
)
from service.errors import NotAllowed, NotAuthenticated, NotFound
from service.pages.components.forms import read_fields, read_form
from service.pages.components.layout import SIGN_IN, html_response, redirect, render
from service.web.requests import AnyRequest
from service.web.route_options import options_of, page_options
from service.web.services import RequestContextDependency, services_of

HOME = "/overview"
_PAGE = page_options()
# A path of this service: browsers take two slashes, or a slash and a backslash, for another host.
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x7e]{0,8000}", re.ASCII)

SessionId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


async def admit(request: AnyRequest) -> None:
    """Admit a signed-in session with a scope that the page needs. Raises NotAuthenticated and NotAllowed."""
    session = await current_session(request)
    if session is None:
        raise NotAuthenticated("Sign in first.")
    request.scope["auth"] = session.access
    request.scope["user"] = session
    session.access.require(*options_of(request.route_handler).scopes)


async def current_session(request: AnyRequest) -> Session | None:
    """The session of a request, if it has one."""
    token = request.cookies.get(COOKIE)
    return await find_session(services_of(request.app).pool, token) if token else None


@get(SIGN_IN, opt=_PAGE)
async def sign_in_page(request: AnyRequest) -> Response[str | bytes]:
    """The form that asks for an API key."""
    if await current_session(request):
        return redirect(_next(request))
    return html_response(render("sign_in.html", session=None, problem=None))


@post(SIGN_IN, opt=_PAGE, status_code=200)
async def sign_in(request: AnyRequest) -> Response[str | bytes]:
    """Open a session for a key that may read reports."""
    services = services_of(request.app)
    try:
        key = (await read_fields(request)).get("key", "").strip()
        access = (await services.authenticator.authenticate(services.pool, key)).require("reports")
    except (NotAuthenticated, NotAllowed) as error:
        status = 403 if isinstance(error, NotAllowed) else 401
        return html_response(render("sign_in.html", session=None, problem=error.detail), status)
    response = redirect(_next(request))
    response.set_cookie(_cookie(await open_session(services.pool, access), services.settings.public_root))
    return response


@post("/sign-out", opt=page_options("reports"), before_request=admit, status_code=200)
async def sign_out(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """End the session of this browser."""
    await read_form(request)
    session: Session = request.user
    await close_session(context.pool, context.access, session.id)
    response = redirect(SIGN_IN)
    response.delete_cookie(COOKIE)
    return response


@get("/sessions", opt=page_options("reports"), before_request=admit)
async def sessions(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The open sessions of the account."""
    rows = await list_sessions(context.pool, context.access)
    may_end = "admin" in context.access.scopes
    return html_response(render("sessions.html", session=request.user, sessions=rows, may_end=may_end))


@post("/sessions/{session_id:int}/end", opt=page_options("reports"), before_request=admit, status_code=200)
async def end_session(
    request: AnyRequest, context: RequestContextDependency, session_id: SessionId
) -> Response[str | bytes]:
    """End a session: one of the same key, or with the scope admin any session of the account."""
    await read_form(request)
    prefixes = {row["id"]: row["key_prefix"] for row in await list_sessions(context.pool, context.access)}
    if prefixes.get(session_id) != context.access.prefix:
        context.access.require("admin")
    if not await close_session(context.pool, context.access, session_id):
        raise NotFound("There is no such session; it may be over.")
    return redirect("/sessions")


def _next(request: AnyRequest) -> str:
    """The address that asked to sign in, if it is one of this service; else the first page."""
    address = request.query_params.get("next", "")
    return address if _LOCAL.fullmatch(address) and not address.startswith(SIGN_IN) else HOME


def _cookie(token: str, root: str) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=root.startswith("https://"),
    )


HANDLERS: list[HTTPRouteHandler] = [sign_in_page, sign_in, sign_out, sessions, end_session]

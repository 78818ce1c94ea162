"""Signing in with an API key, signing out, and seeing who is signed in."""

from typing import Annotated
from urllib.parse import parse_qs

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
from service.pages.layout import SIGN_IN, moved, render, shown
from service.web.requests import AnyRequest, whole_body
from service.web.route_options import options_of, page_options
from service.web.services import RequestContextDependency, services_of

HOME = "/overview"
_LARGEST_FORM = 4096
_PAGE = page_options()

SessionId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


async def admit(request: AnyRequest) -> None:
    """Let in whoever is signed in with a key that may see what is asked for. Raises NotAuthenticated and NotAllowed."""
    session = await session_of(request)
    if session is None:
        raise NotAuthenticated("Sign in first.")
    request.scope["auth"] = session.access
    request.scope["user"] = session
    session.access.require(*options_of(request.route_handler).scopes)


async def session_of(request: AnyRequest) -> Session | None:
    """The session of a request, where it has one."""
    token = request.cookies.get(COOKIE)
    return await find_session(services_of(request.app).pool, token) if token else None


async def form_of(request: AnyRequest) -> dict[str, str]:
    """The fields of a form that was made for this session. Raises NotAllowed for any other."""
    said = await _fields(request)
    session: Session = request.user
    if not session.wrote(said.get("form_token", "")):
        raise NotAllowed("This form is not of your session; load the page again.")
    return said


async def _fields(request: AnyRequest) -> dict[str, str]:
    body = await whole_body(request, _LARGEST_FORM)
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


@get(SIGN_IN, opt=_PAGE)
async def sign_in_page(request: AnyRequest) -> Response[str | bytes]:
    """Where a key is asked for."""
    if await session_of(request):
        return moved(HOME)
    return shown(render("sign_in.html", session=None, problem=None))


@post(SIGN_IN, opt=_PAGE, status_code=200)
async def sign_in(request: AnyRequest) -> Response[str | bytes]:
    """Open a session for whoever shows a key that may read reports."""
    parts = services_of(request.app)
    try:
        key = (await _fields(request)).get("key", "").strip()
        access = (await parts.authenticator.authenticate(parts.pool, key)).require("reports")
    except (NotAuthenticated, NotAllowed) as error:
        status = 403 if isinstance(error, NotAllowed) else 401
        return shown(render("sign_in.html", session=None, problem=error.detail), status)
    answer = moved(HOME)
    answer.set_cookie(_cookie(await open_session(parts.pool, access), parts.settings.public_root))
    return answer


@post("/sign-out", opt=page_options("reports"), before_request=admit, status_code=200)
async def sign_out(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """End the session of this browser."""
    await form_of(request)
    session: Session = request.user
    await close_session(context.pool, context.access, session.id)
    answer = moved(SIGN_IN)
    answer.delete_cookie(COOKIE)
    return answer


@get("/sessions", opt=page_options("reports"), before_request=admit)
async def sessions(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Who is signed in to the account."""
    session = request.user
    found = await list_sessions(context.pool, context.access)
    return shown(render("sessions.html", session=session, sessions=found, may_end="admin" in context.access.scopes))


@post("/sessions/{session_id:int}/end", opt=page_options("reports"), before_request=admit, status_code=200)
async def end_session(
    request: AnyRequest, context: RequestContextDependency, session_id: SessionId
) -> Response[str | bytes]:
    """Sign somebody out: oneself, anybody with the same key, or with the scope admin anybody at all."""
    await form_of(request)
    theirs = {row["id"]: row["key_prefix"] for row in await list_sessions(context.pool, context.access)}
    if theirs.get(session_id) != context.access.prefix:
        context.access.require("admin")
    if not await close_session(context.pool, context.access, session_id):
        raise NotFound("There is no such session; it may be over.")
    return moved("/sessions")


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

"""Signing in, with an e-mail address and a password or with an access key, and signing out."""

import re
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate, use_language
from service.accounts.audit_log import record
from service.accounts.identity_provider import provider_of
from service.accounts.keys import Access, public_part
from service.accounts.second_factor import need_of
from service.accounts.sessions import COOKIE, LIFETIME, Session, close_session, find_session, open_session
from service.accounts.throttle import attempt_of
from service.accounts.users import check_password, read_user
from service.errors import NotAllowed, NotAuthenticated, TooManyAttempts
from service.pages.components.forms import read_fields, read_form
from service.pages.components.layout import SIGN_IN, html_response, redirect, render
from service.platform.db import Connection, account_transaction, name_actor
from service.problems import TABLE
from service.web.admission import check_limits, client_address, name_request
from service.web.devices import device_of
from service.web.error_handlers import answer_error
from service.web.half_signed_in import half_cookie
from service.web.languages import language
from service.web.requests import AnyRequest
from service.web.route_options import options_of, page_options
from service.web.services import RequestContextDependency, Services, services_of
from service.web.trail import note, note_failed_sign_in

HOME = "/overview"
# The session of the own account, while the browser looks at the demo floor.
OWN_COOKIE = "calltally-own"
_PAGE = page_options()
# A path of this service: browsers take two slashes, or a slash and a backslash, for another host.
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x7e]{0,8000}", re.ASCII)


async def admit(request: AnyRequest) -> None:
    """Admit a signed-in session with a scope that the page needs. Raises NotAuthenticated and NotAllowed."""
    session = await current_session(request)
    if session is None:
        raise NotAuthenticated(translate("Sign in first."))
    request.scope["auth"] = session.access
    request.scope["user"] = session
    name_request(request, session.access, session.user and session.user.email)
    if session.user and session.user.language:
        use_language(language(session.user.language))
    session.access.require(*options_of(request.route_handler).scopes)
    check_limits(session.access, options_of(request.route_handler))


async def current_session(request: AnyRequest) -> Session | None:
    """The session of a request, if it has one."""
    token = request.cookies.get(COOKIE)
    return await find_session(services_of(request.app).pool, token) if token else None


@get(SIGN_IN, opt=_PAGE)
async def sign_in_page(request: AnyRequest) -> Response[str | bytes]:
    """The form that asks for an e-mail address and a password."""
    if await current_session(request):
        return redirect(next_address(request))
    return sign_in_form(request)


def sign_in_form(request: AnyRequest, status: int = 200, **variables: str) -> Response[str | bytes]:
    """The sign-in page. variables: the problem with what was sent, and what to show again."""
    # The way back goes along to the page for a forgotten password.
    back = request.url.query and f"?{request.url.query}"
    shown = {"problem": "", "email": "", "way": "password", "saved": request.query_params.get("saved", "")}
    settings = services_of(request.app).settings
    provider = settings.oidc_name if provider_of(settings) else ""
    page = render("sign_in.html", session=None, back=back, provider=provider, **(shown | variables))
    return html_response(page, status)


@post(SIGN_IN, opt=_PAGE, status_code=200)
async def sign_in(request: AnyRequest) -> Response[str | bytes]:
    """Open a session for a person, or for a key that may read reports."""
    services, fields = services_of(request.app), await read_fields(request)
    way = "key" if "key" in fields else "password"
    person = public_part(fields["key"]) if way == "key" else fields.get("email", "")
    attempt = attempt_of(person, client_address(request))
    try:
        await attempt.begin(services.pool)
        access = await _access(services, fields)
    except (NotAuthenticated, NotAllowed, TooManyAttempts) as error:
        answer = answer_error(request, error)
        page = sign_in_form(
            request, TABLE[type(error)].status, problem=error.detail, email=fields.get("email", ""), way=way
        )
        page.headers.update({name: value for name, value in answer.headers.items() if name == "Retry-After"})
        if not isinstance(error, TooManyAttempts):  # those are many, and add nothing to the log
            page.background = BackgroundTask(note_failed_sign_in, services, person, client_address(request))
        return page
    await attempt.succeed(services.pool)
    async with account_transaction(services.pool, access.account_id) as connection:
        return await signed_in(request, connection, access)


async def _access(services: Services, fields: dict[str, str]) -> Access:
    """What the person, or the key, may do. Raises NotAuthenticated and NotAllowed."""
    if "key" in fields:
        access = await services.authenticator.authenticate(services.pool, fields["key"].strip())
        return access.require("reports")
    access = await check_password(services.pool, fields.get("email", ""), fields.get("password", ""))
    if access is None:
        raise NotAuthenticated(translate("The e-mail address or the password is not right."))
    return access


async def signed_in(request: AnyRequest, connection: Connection, access: Access) -> Response[str | bytes]:
    """Open a session in the caller's transaction, or ask for the second factor of the person first."""
    if access.user_id is None or not (await need_of(connection, access.account_id, access.user_id)).any:
        return await open_signed_in(request, connection, access)
    response = redirect(f"/second-factor?{urlencode({'next': next_address(request)})}")
    response.set_cookie(half_cookie(services_of(request.app).settings, access))
    return response


async def open_signed_in(request: AnyRequest, connection: Connection, access: Access) -> Response[str | bytes]:
    """Open a session in the caller's transaction, and continue at the page that was asked for."""
    user = access.user_id and await read_user(connection, access.account_id, access.user_id)
    name_request(request, access, user["email"] if user else None)
    await name_actor(connection)
    await record(connection, access.account_id, "sign_in", "sessions")
    token = await open_session(connection, access, device_of(request.headers.get("user-agent", "")))
    response = redirect(next_address(request))
    response.set_cookie(session_cookie(token, services_of(request.app).settings.public_root))
    return response


@post("/sign-out", opt=page_options("reports", limited=True), before_request=admit, status_code=200)
async def sign_out(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """End the session of this browser."""
    await read_form(request)
    session: Session = request.user
    await close_session(context.pool, context.access, session.id)
    await note(context, "sign_out", "sessions")
    if own := await find_session(context.pool, request.cookies.get(OWN_COOKIE, "")):
        await close_session(context.pool, own.access, own.id)
    response = redirect(SIGN_IN)
    response.delete_cookie(COOKIE)
    response.delete_cookie(OWN_COOKIE)
    return response


def next_address(request: AnyRequest) -> str:
    """The address that asked to sign in, if it is one of this service; else the first page."""
    address = request.query_params.get("next", "")
    return address if _LOCAL.fullmatch(address) and not address.startswith(SIGN_IN) else HOME


def session_cookie(token: str, root: str, name: str = COOKIE) -> Cookie:
    """The cookie of a session, which no script can read."""
    return Cookie(
        key=name,
        value=token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=root.startswith("https://"),
    )


HANDLERS: list[HTTPRouteHandler] = [sign_in_page, sign_in, sign_out]

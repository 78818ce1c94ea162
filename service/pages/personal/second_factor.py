"""The second factor on pages: asked for after the password, and set up or removed by the person."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from markupsafe import Markup

from reports.model.language import marked, translate
from service.accounts.audit_log import record
from service.accounts.second_factor import SecondFactor, need_of, qr_code
from service.accounts.sessions import Session, User
from service.accounts.throttle import SignInAttempt, attempt_of
from service.accounts.users import access_of, read_user
from service.config import SetupError
from service.errors import NotFound, TooManyAttempts
from service.pages.components.forms import read_fields, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit, next_address, open_signed_in
from service.platform.db import Connection, account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.half_signed_in import HALF_COOKIE, HalfSignIn, read_half
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency, Services, services_of

ASK = "/second-factor"
_PROFILE = "/profile/second-factor"
_WRONG = marked("This code is not right, or was used before. Wait for the next one.")


@get(ASK, opt=page_options())
async def ask_page(request: AnyRequest) -> Response[str | bytes]:
    """The form that asks for a code; for people who need an app and have none, with the picture that sets it up."""
    services = services_of(request.app)
    half = read_half(request, services.settings)
    async with account_transaction(services.pool, half.account_id) as connection:
        return await _ask(connection, services, half)


async def _ask(
    connection: Connection, services: Services, half: HalfSignIn, error: str = "", status: int = 200
) -> Response[str | bytes]:
    need = await need_of(connection, half.account_id, half.user_id)
    setup = {} if need.confirmed else await _setup(connection, _factor(services, half.account_id, half.user_id))
    return html_response(render("second_factor_ask.html", session=None, error=error, **{"qr": None, **setup}), status)


async def _setup(connection: Connection, factor: SecondFactor) -> dict[str, str]:
    secret = await factor.secret(connection)
    user = await read_user(connection, factor.account_id, factor.user_id)
    return {"qr": Markup(qr_code(secret, user["email"])), "secret": secret}  # noqa: S704  made by segno


@post(ASK, opt=page_options(), status_code=200)
async def answer(request: AnyRequest) -> Response[str | bytes]:
    """Sign the browser in, if the code is right. Raises NotAuthenticated without the password before it."""
    services, code = services_of(request.app), (await read_fields(request)).get("code", "")
    half = read_half(request, services.settings)
    attempt, factor = _attempt(half.user_id), _factor(services, half.account_id, half.user_id)
    try:
        await attempt.begin(services.pool)
    except TooManyAttempts as error:
        async with account_transaction(services.pool, half.account_id) as connection:
            page = await _ask(connection, services, half, error.detail, 429)
        page.headers["Retry-After"] = str(error.retry_after_seconds)
        return page
    async with account_transaction(services.pool, half.account_id) as connection:
        access = await access_of(connection, half.account_id, half.user_id)
        confirmed = (await need_of(connection, half.account_id, half.user_id)).confirmed
        codes = [] if confirmed else await factor.confirm(connection, code)
        if not codes and not (confirmed and await factor.check(connection, code)):
            user = await read_user(connection, half.account_id, half.user_id)
            await record(connection, half.account_id, "sign_in_failed", "second-factors", user["email"])
            return await _ask(connection, services, half, _WRONG, 401)
        response = await open_signed_in(request, connection, access)
    await attempt.succeed(services.pool)
    if codes:
        page = html_response(render("recovery_codes.html", session=None, codes=codes, next=next_address(request)))
        page.cookies.extend(response.cookies)
        response = page
    response.delete_cookie(HALF_COOKIE)
    return response


def _attempt(user_id: int) -> SignInAttempt:
    """An attempt with a code: only somebody who knows the password can make one, so all addresses count together."""
    return attempt_of(f"code of {user_id}", f"code of {user_id}")


def _factor(services: Services, account_id: int, user_id: int) -> SecondFactor:
    try:
        return SecondFactor(account_id, user_id, cipher_of(services.settings))
    except SetupError as error:
        raise NotFound(
            translate("Authenticator apps are not set up here. For the operator: {error}.", error=error)
        ) from None


@get(_PROFILE, opt=page_options("reports", limited=True), before_request=admit)
async def profile_page(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Set the app up, or see that it is set up."""
    async with account_transaction(context.pool, context.access.account_id) as connection:
        return await _profile(request, connection, context)


async def _profile(
    request: AnyRequest, connection: Connection, services: Services, error: str = "", codes: list[str] | None = None
) -> Response[str | bytes]:
    session: Session = request.user
    account_id, user = session.access.account_id, _user(session)
    need = await need_of(connection, account_id, user.id)
    setup = {} if need.confirmed else await _setup(connection, _factor(services, account_id, user.id))
    variables = {"qr": None, "error": error, "codes": codes or [], "need": need, **setup}
    return html_response(render("second_factor.html", session=session, **variables), 422 if error else 200)


@post(_PROFILE, opt=page_options("reports", limited=True), before_request=admit, status_code=200)
async def change(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Set the app up with a first code, or remove it with a current one."""
    fields, user = await read_form(request), _user(request.user)
    await _attempt(user.id).begin(context.pool)
    account_id, code = context.access.account_id, fields.get("code", "")
    factor = _factor(context, account_id, user.id)
    async with account_transaction(context.pool, account_id) as connection:
        if "remove" in fields:
            if not await factor.check(connection, code):
                return await _profile(request, connection, context, _WRONG)
            await factor.remove(connection)
            response = redirect("/profile")
        else:
            codes = await factor.confirm(connection, code)
            response = await _profile(request, connection, context, "" if codes else _WRONG, codes)
    if response.status_code != 422:
        await _attempt(user.id).succeed(context.pool)
    return response


def _user(session: Session) -> User:
    """The person of a session. Raises NotFound for a session of a key."""
    if session.user is None:
        raise NotFound(translate("An access key has no second factor."))
    return session.user


HANDLERS: list[HTTPRouteHandler] = [ask_page, answer, profile_page, change]

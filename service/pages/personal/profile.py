"""The profile of a person: name, language, time zone and password."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from reports.model.times import zone_names
from service.accounts.passwords import RULES
from service.accounts.roles import ROLES
from service.accounts.sessions import Session, User
from service.accounts.users import LANGUAGES, change_password, change_profile, has_password
from service.errors import InvalidItem, NotFound
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PATH = "/profile"


@get(_PATH, opt=page_options("reports", limited=True), before_request=admit)
async def profile(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """What the signed-in person has chosen."""
    session: Session = request.user
    user = session.user
    if user is None:
        return html_response(render("profile_of_key.html", session=session))
    return await _page(request, context, _choices_of(user))


def _choices_of(user: User) -> dict[str, str]:
    return {"name": user.name, "language": user.language or "", "zone": user.zone or ""}


async def _page(
    request: AnyRequest, context: RequestContext, fields: dict[str, str], error: InvalidItem | None = None
) -> Response[str | bytes]:
    session: Session = request.user
    role, user = session.access.role, _user(session)
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        needs_current = await has_password(connection, context.access.account_id, user.id)
    page = render(
        "profile.html",
        session=session,
        fields=fields,
        errors={} if error is None else faults_by_field(error),
        languages=[("", "Language of the browser"), *LANGUAGES.items()],
        zones=sorted(zone_names()),
        role=role and ROLES[role],
        rules=RULES,
        needs_current=needs_current,
        saved=request.query_params.get("saved", ""),
    )
    return html_response(page, 200 if error is None else 422)


def _user(session: Session) -> User:
    """The person of a session. Raises NotFound for a session of a key."""
    if session.user is None:
        raise NotFound(translate("An access key has no profile."))
    return session.user


@post(_PATH, opt=page_options("reports", limited=True), before_request=admit, status_code=200)
async def save_profile(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Store name, language and time zone."""
    fields = await read_form(request)
    user = _user(request.user)
    chosen = {name: fields.get(name, "") for name in ("name", "language", "zone")}
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            await change_profile(connection, context.access.account_id, user.id, **chosen)
    except InvalidItem as error:
        return await _page(request, context, chosen, error)
    return redirect(f"{_PATH}?saved=profile")


@post(f"{_PATH}/password", opt=page_options("reports", limited=True), before_request=admit, status_code=200)
async def save_password(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Store a new password, and end the other sessions of the person."""
    fields = await read_form(request)
    session: Session = request.user
    user = _user(session)
    current, new = fields.get("current", ""), fields.get("password", "")
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            await change_password(
                connection, context.access.account_id, user.id, current=current, new=new, session_id=session.id
            )
    except InvalidItem as error:
        return await _page(request, context, _choices_of(user), error)
    return redirect(f"{_PATH}?saved=password")


HANDLERS: list[HTTPRouteHandler] = [profile, save_profile, save_password]

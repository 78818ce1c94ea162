"""Forgotten passwords: a mail with a link, and the form where it leads."""

from typing import Annotated

import structlog
from asyncpg.exceptions import PostgresError
from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from reports.model.language import current_language, reading
from service.accounts.links import LIFETIMES, Link, find_link, make_link, reset_password, was_just_made
from service.accounts.passwords import RULES
from service.accounts.users import find_user, read_user
from service.errors import CalltallyError, InvalidItem
from service.ingest.account_settings import read_settings_of
from service.pages.components.forms import faults_by_field, read_fields
from service.pages.components.layout import SIGN_IN, html_response, redirect, render
from service.pages.personal.mails import mail_link
from service.platform.db import account_transaction
from service.web.languages import language
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import Services, services_of

Token = Annotated[str, PathParameter(description="The secret of the link.")]

_log = structlog.get_logger()


@get("/forgot-password", opt=page_options())
async def forgot_password_form(request: AnyRequest) -> Response[str | bytes]:
    """The form that asks for the address of a person who has forgotten the password."""
    return _forgotten(request, answers=False)


def _forgotten(request: AnyRequest, *, answers: bool) -> Response[str | bytes]:
    back = request.url.query and f"?{request.url.query}"
    has_mail = services_of(request.app).settings.smtp_url is not None
    minutes = round(LIFETIMES["reset"].total_seconds() / 60)
    page = render(
        "forgot_password.html",
        session=None,
        has_mail=has_mail,
        is_sent=answers and has_mail,
        minutes=minutes,
        back=back,
    )
    return html_response(page)


@post("/forgot-password", opt=page_options(), status_code=200)
async def forgot_password(request: AnyRequest) -> Response[str | bytes]:
    """Mail a link to the person, if there is one with this address.

    The answer is sent first, so its text and its time say nothing about who has an account.
    """
    email = (await read_fields(request)).get("email", "")
    response = _forgotten(request, answers=True)
    response.background = BackgroundTask(_mail_reset_link, services_of(request.app), email)
    return response


async def _mail_reset_link(services: Services, email: str) -> None:
    try:
        await _try_to_mail(services, email)
    except (CalltallyError, PostgresError, OSError) as error:
        _log.warning("reset_failed", error=type(error).__name__)


async def _try_to_mail(services: Services, email: str) -> None:
    user = await find_user(services.pool, email) if services.settings.smtp_url else None
    if user is None:
        return
    account_id, user_id, root = user["account_id"], user["id"], services.settings.public_root
    async with account_transaction(services.pool, account_id) as connection:
        if await was_just_made(connection, account_id, user_id, "reset"):
            return
        link = await make_link(connection, account_id, user_id, "reset", root)
        account = await read_settings_of(connection, account_id)
        chosen = (await read_user(connection, account_id, user_id))["language"]
    with reading(language(chosen) if chosen else current_language()):
        await mail_link(services.settings, "reset", email.strip().lower(), link, account["name"])


@get("/reset/{token:str}", opt=page_options())
async def reset_form(request: AnyRequest, token: Token) -> Response[str | bytes]:
    """The form where a person chooses a new password."""
    return _form(await find_link(services_of(request.app).pool, token, "reset"))


def _form(link: Link, errors: dict[str, str] | None = None, status: int = 200) -> Response[str | bytes]:
    return html_response(render("reset.html", session=None, link=link, errors=errors or {}, rules=RULES), status)


@post("/reset/{token:str}", opt=page_options(), status_code=200)
async def reset(request: AnyRequest, token: Token) -> Response[str | bytes]:
    """Store the new password, end all sessions of the person, and continue at the sign-in page."""
    pool, fields = services_of(request.app).pool, await read_fields(request)
    link = await find_link(pool, token, "reset")
    try:
        async with account_transaction(pool, link.account_id) as connection:
            await reset_password(connection, link, fields.get("password", ""))
    except InvalidItem as error:
        return _form(link, faults_by_field(error), 422)
    return redirect(f"{SIGN_IN}?saved=password")


HANDLERS: list[HTTPRouteHandler] = [forgot_password_form, forgot_password, reset_form, reset]

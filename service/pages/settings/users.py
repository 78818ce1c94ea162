"""Settings, users: invite people, give them a role, disable them, and make links for them to copy."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import asyncpg
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from reports.model.language import marked, translate
from service.accounts.keys import Access
from service.accounts.links import LIFETIMES, Purpose, make_link
from service.accounts.roles import ROLES
from service.accounts.sessions import Session
from service.accounts.users import (
    add_user,
    change_role,
    check_may_manage,
    choices,
    disable_user,
    enable_user,
    list_users,
    read_user,
)
from service.errors import InvalidItem
from service.ingest.account_settings import read_settings_of
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.personal.mails import mail_link
from service.pages.settings.user_form import UserForm, user_form
from service.pages.sign_in import admit
from service.platform.db import Connection, account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

UserId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]

_LIST = "/settings/users"
_PAGE = page_options("admin")
_SAVED = {
    "invited": marked("The invitation is on its way."),
    "mailed": marked("The mail is on its way."),
    "role": marked("The role is saved. It applies from the next click on."),
    "disabled": marked("The user can no longer sign in."),
    "enabled": marked("The user can sign in again."),
}


@get(_LIST, opt=_PAGE, before_request=admit)
async def users(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Everybody of the account, and the form that invites one more."""
    return await _list_page(request, context, UserForm(role="analyst"))


async def _list_page(
    request: AnyRequest, context: RequestContext, form: UserForm, error: InvalidItem | None = None
) -> Response[str | bytes]:
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        rows = await list_users(connection, account_id)
        teams, agents = await choices(connection, account_id)
    page = render(
        "settings_users.html",
        session=request.user,
        users=[(row, _state(row)) for row in rows],
        saved=_SAVED.get(request.query_params.get("saved", "")),
        **_form_variables(context, form, teams, agents, error),
    )
    return html_response(page, 200 if error is None else 422)


def _form_variables(
    context: RequestContext, form: UserForm, teams: list[str], agents: list[Any], error: InvalidItem | None
) -> dict[str, Any]:
    """What the template of the form needs. Only an owner is offered the role of an owner."""
    offers_owner = "owner" in {context.access.role, form.role}
    titles = [(name, translate(role.title)) for name, role in ROLES.items() if name != "owner" or offers_owner]
    return {
        "form": form,
        "errors": {} if error is None else faults_by_field(error),
        "roles": ROLES,
        "role_names": titles,
        "teams": teams,
        "other_teams": ", ".join(sorted(set(form.teams) - set(teams))),
        "agents": [row["code"] for row in agents],
        "has_mail": context.settings.smtp_url is not None,
    }


def _state(row: asyncpg.Record) -> tuple[str, str]:
    """The state of a person in words, and the kind of its badge."""
    if row["disabled_at"] is not None:
        return marked("disabled"), "neutral"
    if row["joined_at"] is not None:
        return marked("active"), "good"
    is_open = row["invited_until"] is not None and row["invited_until"] > datetime.now(UTC)
    return (marked("invited"), "info") if is_open else (marked("invitation expired"), "warn")


@post(_LIST, opt=_PAGE, before_request=admit, status_code=200)
async def invite(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Add a person, and send the invitation or show its link."""
    form = user_form(await read_form(request))
    account_id = context.access.account_id
    try:
        check_may_manage(context.access, form.role)
        async with account_transaction(context.pool, account_id) as connection:
            user_id = await add_user(
                connection, account_id, email=form.email, role=form.role, teams=form.teams, agent=form.agent
            )
            made = await _make_link(connection, context, user_id, "invitation")
    except InvalidItem as error:
        return await _list_page(request, context, form, error)
    return await _hand_over(request, context, made)


@dataclass(frozen=True)
class _MadeLink:
    """A new link of a person, not yet handed over."""

    purpose: Purpose
    email: str
    account_name: str
    address: str


async def _make_link(connection: Connection, context: RequestContext, user_id: int, purpose: Purpose) -> _MadeLink:
    account_id = context.access.account_id
    user = await read_user(connection, account_id, user_id)
    account = await read_settings_of(connection, account_id)
    link = await make_link(connection, account_id, user_id, purpose, context.settings.public_root)
    return _MadeLink(purpose, user["email"], account["name"], link)


async def _hand_over(request: AnyRequest, context: RequestContext, made: _MadeLink) -> Response[str | bytes]:
    """Mail a link. Without a mail server, or when it fails, the page shows the link to copy."""
    session: Session = request.user
    sender = session.user.name if session.user else ""
    if await mail_link(context.settings, made.purpose, made.email, made.address, made.account_name, sender):
        return redirect(f"{_LIST}?saved={'invited' if made.purpose == 'invitation' else 'mailed'}")
    page = render(
        "settings_user_link.html",
        session=session,
        made=made,
        until=datetime.now(UTC) + LIFETIMES[made.purpose],
        has_mail=context.settings.smtp_url is not None,
    )
    return html_response(page)


@get(f"{_LIST}/{{user_id:int}}", opt=_PAGE, before_request=admit)
async def user(request: AnyRequest, context: RequestContextDependency, user_id: UserId) -> Response[str | bytes]:
    """One person: role and limits, and what an administrator can do."""
    return await _user_page(request, context, user_id)


async def _user_page(
    request: AnyRequest,
    context: RequestContext,
    user_id: int,
    form: UserForm | None = None,
    error: InvalidItem | None = None,
) -> Response[str | bytes]:
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        row = await read_user(connection, account_id, user_id)
        teams, agents = await choices(connection, account_id)
    form = form or UserForm(row["email"], row["role"], tuple(row["teams"]), row["agent"])
    page = render(
        "settings_user.html",
        session=request.user,
        user=row,
        may_change=_may_change(context.access, row),
        **_form_variables(context, form, teams, agents, error),
    )
    return html_response(page, 200 if error is None else 422)


def _may_change(access: Access, row: asyncpg.Record) -> bool:
    return row["role"] != "owner" or access.role == "owner"


@post(f"{_LIST}/{{user_id:int}}", opt=_PAGE, before_request=admit, status_code=200)
async def save_role(request: AnyRequest, context: RequestContextDependency, user_id: UserId) -> Response[str | bytes]:
    """Give a person another role, or other teams."""
    form, account_id = user_form(await read_form(request)), context.access.account_id
    try:
        async with account_transaction(context.pool, account_id) as connection:
            row = await read_user(connection, account_id, user_id)
            check_may_manage(context.access, row["role"], form.role)
            await change_role(connection, account_id, user_id, role=form.role, teams=form.teams, agent=form.agent)
    except InvalidItem as error:
        return await _user_page(request, context, user_id, form, error)
    return redirect(f"{_LIST}?saved=role")


@post(f"{_LIST}/{{user_id:int}}/disable", opt=_PAGE, before_request=admit, status_code=200)
async def disable(request: AnyRequest, context: RequestContextDependency, user_id: UserId) -> Response[str | bytes]:
    """Let a person sign in no more."""
    await read_form(request)
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            await _check_reach(connection, context.access, user_id)
            await disable_user(connection, context.access.account_id, user_id)
    except InvalidItem as error:
        return await _user_page(request, context, user_id, error=error)
    return redirect(f"{_LIST}?saved=disabled")


@post(f"{_LIST}/{{user_id:int}}/enable", opt=_PAGE, before_request=admit, status_code=200)
async def enable(request: AnyRequest, context: RequestContextDependency, user_id: UserId) -> Response[str | bytes]:
    """Let a disabled person sign in again."""
    await read_form(request)
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            await _check_reach(connection, context.access, user_id)
            await enable_user(connection, context.access.account_id, user_id)
    except InvalidItem as error:
        return await _user_page(request, context, user_id, error=error)
    return redirect(f"{_LIST}?saved=enabled")


@post(f"{_LIST}/{{user_id:int}}/link", opt=_PAGE, before_request=admit, status_code=200)
async def send_link(request: AnyRequest, context: RequestContextDependency, user_id: UserId) -> Response[str | bytes]:
    """Send the invitation again, or a link for a new password to a person who has joined."""
    await read_form(request)
    async with account_transaction(context.pool, context.access.account_id) as connection:
        row = await _check_reach(connection, context.access, user_id)
        purpose: Purpose = "invitation" if row["joined_at"] is None else "reset"
        made = await _make_link(connection, context, user_id, purpose)
    return await _hand_over(request, context, made)


async def _check_reach(connection: Connection, access: Access, user_id: int) -> asyncpg.Record:
    """The person, if this access may manage them. Raises NotFound and NotAllowed."""
    row = await read_user(connection, access.account_id, user_id)
    check_may_manage(access, row["role"])
    return row


HANDLERS: list[HTTPRouteHandler] = [users, invite, user, save_role, disable, enable, send_link]

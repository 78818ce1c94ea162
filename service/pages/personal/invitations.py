"""Invitations, and links that sign in once: how a person comes in for the first time."""

from typing import Annotated

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from service.accounts.links import Link, accept_invitation, find_link, use_link
from service.accounts.passwords import RULES
from service.accounts.users import access_of
from service.errors import InvalidItem
from service.pages.components.forms import faults_by_field, read_fields
from service.pages.components.layout import SIGN_IN, html_response, render
from service.pages.sign_in import signed_in
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import services_of

Token = Annotated[str, PathParameter(description="The secret of the link.")]


@get("/invitation/{token:str}", opt=page_options())
async def invitation_form(request: AnyRequest, token: Token) -> Response[str | bytes]:
    """The form where an invited person chooses a name and a password."""
    return _form(await find_link(services_of(request.app).pool, token, "invitation"))


def _form(
    link: Link, name: str | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response[str | bytes]:
    shown_name = link.name if name is None else name
    page = render("invitation.html", session=None, link=link, typed_name=shown_name, errors=errors or {}, rules=RULES)
    return html_response(page, status)


@post("/invitation/{token:str}", opt=page_options(), status_code=200)
async def join_account(request: AnyRequest, token: Token) -> Response[str | bytes]:
    """Let the invited person in, and sign this browser in."""
    pool, fields = services_of(request.app).pool, await read_fields(request)
    link = await find_link(pool, token, "invitation")
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        async with account_transaction(pool, link.account_id) as connection:
            await accept_invitation(connection, link, name=name, password=password)
            return await signed_in(request, connection, await access_of(connection, link.account_id, link.user_id))
    except InvalidItem as error:
        return _form(link, name, faults_by_field(error), 422)


@get(f"{SIGN_IN}/{{token:str}}", opt=page_options())
async def sign_in_by_link(request: AnyRequest, token: Token) -> Response[str | bytes]:
    """Sign this browser in with a link that works once."""
    pool = services_of(request.app).pool
    link = await find_link(pool, token, "sign_in")
    async with account_transaction(pool, link.account_id) as connection:
        await use_link(connection, link)
        return await signed_in(request, connection, await access_of(connection, link.account_id, link.user_id))


HANDLERS: list[HTTPRouteHandler] = [invitation_form, join_account, sign_in_by_link]

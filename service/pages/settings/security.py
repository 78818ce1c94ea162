"""Settings, security: whether everybody who signs in with a password needs an authenticator app."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from service.accounts.second_factor import need_of, require_of_everybody
from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

PATH = "/settings/security"
_NOBODY = 0


@get(PATH, opt=page_options("admin"), before_request=admit)
async def security(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Whether the account asks everybody for a second factor."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        need = await need_of(connection, context.access.account_id, _NOBODY)
    saved = "saved" in request.query_params
    return html_response(render("security.html", session=request.user, required=need.required, saved=saved))


@post(PATH, opt=page_options("admin"), before_request=admit, status_code=200)
async def change_security(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Ask everybody for a second factor, or leave it to them. Raises SetupError without a key for secrets."""
    required = "required" in await read_form(request)
    cipher_of(context.settings)  # not without a place for the secrets
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await require_of_everybody(connection, context.access.account_id, required=required)
    return redirect(f"{PATH}?saved=security")


HANDLERS: list[HTTPRouteHandler] = [security, change_security]

"""The account of a key: its settings, and how to change them."""

from typing import Any, cast

from litestar import Response, get, patch
from litestar.handlers import HTTPRouteHandler

from service.ingest.account_settings import AccountDocument, AccountSettings, change_settings, read_settings_of
from service.ingest.configured.authors import Change
from service.platform.db import account_transaction
from service.web.request_bodies import READ, read_model
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency


@get(
    "/account",
    operation_id="read_account",
    summary="Read the settings of the account",
    tags=["account"],
    opt=RouteOptions(scopes=(*READ, "admin"), limited=True).opt,
)
async def read_account(context: RequestContextDependency) -> AccountDocument:
    """The account that the key belongs to."""
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        return cast("AccountDocument", dict(await read_settings_of(connection, account_id)))


@patch(
    "/account",
    operation_id="change_account",
    summary="Change the settings of the account",
    description=AccountSettings.__doc__,
    tags=["account"],
    opt=RouteOptions(scopes=("admin",), body=AccountSettings, answer=AccountDocument).opt,
)
async def change_account(request: AnyRequest, context: RequestContextDependency) -> Response[Any]:
    """Change the account that the key belongs to."""
    settings = await read_model(request, context, AccountSettings)
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id) as connection:
        row = await change_settings(connection, account_id, settings, Change(context.access))
    context.accounts.forget(account_id)
    return Response(dict(row))


HANDLERS: list[HTTPRouteHandler] = [read_account, change_account]

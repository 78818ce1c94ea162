"""Erasure: removing a person who asks for it, and the list of erasures."""

from inspect import getdoc
from typing import Any, cast

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from service.ingest.erasure import ErasureReceiptDocument, ErasuresDocument, Person, erase
from service.platform.db import account_transaction
from service.web.parameters import AfterId
from service.web.request_bodies import Limit, read_model
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency
from sql import load

_LIST = load("erasures")["list"]
_ADMIN = ("admin",)


@post(
    "/erasures",
    operation_id="post_erasures",
    summary="Erase a person",
    description=f"{getdoc(Person)}\n\nTheir phone number and all words about them are removed from every record and its"
    " history; counts stay as they were. An erasure cannot be undone. Later items about the person are stored without"
    " number and words. Sending the request again is safe: if nothing more is found, it gets the first answer.",
    tags=["people"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN, body=Person, answer=ErasureReceiptDocument).opt,
)
async def post_erasure(request: AnyRequest, context: RequestContextDependency) -> Response[Any]:
    """Erase a person in one transaction."""
    access = context.access
    account = await context.accounts.get(access.account_id)
    person = await read_model(request, context, Person)
    async with account_transaction(context.pool, access.account_id) as connection:
        erasure = await erase(connection, access.account_id, person, account.region, access.prefix)
    status = "unchanged" if erasure.already_erased else "created"
    return Response({"status": status, **erasure.row}, status_code=200 if erasure.already_erased else 201)


@get(
    "/erasures",
    operation_id="list_erasures",
    summary="List who was erased when",
    tags=["people"],
    opt=RouteOptions(scopes=_ADMIN).opt,
)
async def list_erasures(context: RequestContextDependency, after: AfterId = 0, limit: Limit = 100) -> ErasuresDocument:
    """Every erasure and how much it removed, oldest first, in pages. The list does not name the person."""
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_LIST, access.account_id, after, limit + 1)
    items = [dict(row) for row in rows[:limit]]
    page = {"items": items, "next": items[-1]["id"] if len(rows) > limit else None}
    return cast("ErasuresDocument", page)


HANDLERS: list[HTTPRouteHandler] = [post_erasure, list_erasures]

"""API keys of an account: create, list and revoke them."""

import re
from inspect import getdoc
from typing import Annotated, Any

from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from service.errors import Fault, InvalidParameter
from service.ingest.editing.keys import (
    CreatedKeyDocument,
    KeyDocument,
    KeysPage,
    NewKey,
    end_key,
    list_account_keys,
    make_key,
)
from service.web.request_bodies import Limit, in_path, read_model
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency

_ADMIN = ("admin",)
_PREFIX = r"^[a-z0-9]{12}$"

PrefixPath = Annotated[str, in_path("The public part of the key.", pattern=_PREFIX)]
AfterKey = Annotated[
    str,
    QueryParameter(
        description="Continue after this key: the `next` of the previous page.",
        schema_extra={"anyOf": [{"pattern": _PREFIX}, {"const": ""}]},
    ),
]


@post(
    "/keys",
    operation_id="post_keys",
    summary="Create an API key",
    description=getdoc(NewKey),
    tags=["account"],
    status_code=201,
    opt=RouteOptions(scopes=_ADMIN, body=NewKey, answer=CreatedKeyDocument).opt,
)
async def post_key(request: AnyRequest, context: RequestContextDependency) -> dict[str, Any]:
    """Create a key. The answer shows it this one time; the ledger keeps its fingerprint."""
    form = await read_model(request, context, NewKey)
    return await make_key(context.pool, context.access.account_id, form, context.access.scopes)


@get(
    "/keys",
    operation_id="list_keys",
    summary="List the API keys",
    tags=["account"],
    opt=RouteOptions(scopes=_ADMIN, answer=KeysPage).opt,
)
async def list_keys(context: RequestContextDependency, after: AfterKey = "", limit: Limit = 100) -> dict[str, Any]:
    """All keys of the account, revoked ones too, without their secrets, the oldest first, in pages."""
    if after and not re.fullmatch(_PREFIX, after):
        raise InvalidParameter(faults=(Fault("after", "must be the `next` of a page"),))
    items = await list_account_keys(context.pool, context.access.account_id, after, limit + 1)
    return {"items": items[:limit], "next": items[limit - 1]["prefix"] if len(items) > limit else None}


@delete(
    "/keys/{prefix:str}",
    operation_id="revoke_key",
    summary="Revoke an API key",
    tags=["account"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN, answer=KeyDocument).opt,
)
async def revoke_key(context: RequestContextDependency, prefix: PrefixPath) -> dict[str, Any]:
    """Revoke a key permanently. It stops working within five seconds, and its sessions end."""
    return await end_key(context.pool, context.access.account_id, prefix)


HANDLERS: list[HTTPRouteHandler] = [post_key, list_keys, revoke_key]

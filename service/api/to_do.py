"""What waits for a person: rejected items, codes nobody has confirmed, dialers that fell silent."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, cast

import orjson
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from service.api.capture import RESOURCES, answer_one
from service.api.response_types import ReceiptDocument, RejectedItemDocument, RejectedItemsDocument, ToDoDocument
from service.errors import Fault, InvalidParameter, NotFound
from service.ingest.parsing import Origin, read_item, read_json
from service.platform.db import Connection, account_transaction
from service.web.requests import AnyRequest, check_is_json, current_request_id, whole_body
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_QUERIES = load("attention")
_TROUBLE = load("inbox")["trouble"]
_MOST_CODES = 500
# What a hook refused or did not know longer ago is of no concern any more.
_RECENTLY = timedelta(days=7)
# Where ten are usual, chance alone leaves all of them out once in 22,000 times.
_LEAST_A_WEEK_AGO = 10
_LARGEST_ID = 2**63 - 1

ResourceName = Annotated[
    str | None,
    QueryParameter(description="Only items of this resource.", schema_extra={"enum": sorted(RESOURCES)}),
]
ItemId = Annotated[int, PathParameter(ge=1, le=_LARGEST_ID, description="As the list of rejected items says.")]
AfterId = Annotated[int, QueryParameter(ge=0, le=_LARGEST_ID, description="Go on after this id.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Most items of a page.")]


@get(
    "/rejected-items",
    operation_id="list_rejected_items",
    summary="List rejected items",
    tags=["attention"],
    opt={"scopes": ("ingest",)},
)
async def list_rejected(
    context: RequestContextDependency, resource: ResourceName = None, after: AfterId = 0, limit: Limit = 100
) -> RejectedItemsDocument:
    """Items that could not be taken and have not been sent again, oldest first, each with its problem."""
    return await rejected_of(context, resource, after, limit)


async def rejected_of(context: RequestContext, resource: str | None, after: int, limit: int) -> RejectedItemsDocument:
    """A page of the items that wait to be mended. Raises InvalidParameter."""
    access = context.access
    if resource is not None and resource not in RESOURCES:
        raise InvalidParameter(faults=(Fault("resource", f"must be one of {', '.join(sorted(RESOURCES))}"),))
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_rejected"], access.account_id, resource, after, limit + 1)
    shown = [_shown(dict(row)) for row in rows[:limit]]
    return {"items": shown, "next": shown[-1]["id"] if len(rows) > limit else None}


def _shown(row: dict[str, Any]) -> RejectedItemDocument:
    """The item as JSON where it is JSON, else as text."""
    raw: bytes = row.pop("raw")
    try:
        item = orjson.loads(raw)
        orjson.dumps(item)  # not so deep that nobody could read the list it stands in
    except (ValueError, TypeError):
        item = raw.decode("utf-8", "replace")
    return cast("RejectedItemDocument", row | {"item": item})


@post(
    "/rejected-items/{item_id:int}/resubmit",
    operation_id="resubmit_rejected_item",
    summary="Send a rejected item again, mended or as it was",
    tags=["attention"],
    status_code=200,
    opt={
        "scopes": ("ingest",),
        "form": dict[str, Any],
        "form_optional": True,
        "answer": ReceiptDocument,
        "problems": (NotFound,),
    },
)
async def resubmit(request: AnyRequest, context: RequestContextDependency, item_id: ItemId) -> Response[Any]:
    """Take the mended item in the body; with an empty body the item as it was, say after the configuration changed.

    Settled once it is taken; an item rejected again stays listed, and its new form with it.
    """
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        row = await connection.fetchrow(_QUERIES["read_rejected"], access.account_id, item_id)
    if row is None:
        raise NotFound("There is no rejected item with this id.")
    check_is_json(request)
    body = await whole_body(request, context.settings.max_item_bytes)
    account = await context.accounts.get(access.account_id)
    origin = Origin(access.prefix, current_request_id())
    sent: bytes = body or row["raw"]
    entry = read_item(RESOURCES[row["resource"]], 0, read_json(sent), account.sender(access.dialer), origin, sent)
    receipt = await context.batcher.submit(access.account_id, entry)
    if receipt.problem is None:
        async with account_transaction(context.pool, access.account_id) as connection:
            await connection.execute(_QUERIES["settle_rejected"], access.account_id, item_id)
    return answer_one(receipt)


@get(
    "/to-do",
    operation_id="read_to_do",
    summary="What waits for a person",
    tags=["attention"],
    opt={"scopes": ("configure", "reports")},
)
async def to_do(context: RequestContextDependency) -> ToDoDocument:
    """Codes to confirm, map or merge (put them), items to mend, and what hooks refused or could not read.

    Also dialers that nothing was heard from lately, and how many things are known only from what refers to them.
    """
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        codes = await connection.fetch(_QUERIES["unconfirmed_codes"], access.account_id, _MOST_CODES)
        waiting = await _waiting(connection, access.account_id)
    return cast("ToDoDocument", {"unconfirmed": [dict(code) for code in codes], **waiting})


async def waiting_of(context: RequestContext) -> dict[str, Any]:
    """The same, but for how many attempts use a code: to count them takes long where there are many."""
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        codes = await connection.fetch(_QUERIES["waiting_codes"], access.account_id, _MOST_CODES)
        waiting = await _waiting(connection, access.account_id)
    return {"unconfirmed": [dict(code) for code in codes], **waiting}


async def _waiting(connection: Connection, account_id: int) -> dict[str, Any]:
    """What waits for a person, but for codes."""
    now = datetime.now(UTC)
    rejected = await connection.fetchval(_QUERIES["count_rejected"], account_id)
    unseen = await connection.fetchrow(_QUERIES["count_unseen"], account_id)
    silent = await connection.fetch(_QUERIES["silent_dialers"], account_id, now, _LEAST_A_WEEK_AGO)
    hooks = await connection.fetch(_TROUBLE, account_id, now.date() - _RECENTLY)
    return {
        "rejected_items": rejected,
        "unseen": dict(unseen or {}),
        "silent_dialers": [dict(dialer) for dialer in silent],
        "hooks": [dict(trouble) for trouble in hooks],
    }


HANDLERS: list[HTTPRouteHandler] = [list_rejected, resubmit, to_do]

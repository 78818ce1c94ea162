"""Work for a person: rejected items, unconfirmed codes, silent dialers and hooks with trouble."""

from typing import Annotated, Any, cast

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from service.api.capture import RESOURCES, answer_receipt
from service.errors import Fault, InvalidItem, InvalidParameter, NotFound
from service.ingest import to_do
from service.ingest.parsing import Origin, read_item, read_json
from service.ingest.resources import Sender
from service.platform.db import account_transaction
from service.web.parameters import LARGEST_ID, AfterId
from service.web.requests import AnyRequest, check_is_json, current_request_id, whole_body
from service.web.response_types import ReceiptDocument, RejectedItemsDocument, ToDoDocument
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency
from service.web.trail import note_numbers
from sql import load

_QUERIES = load("attention")

ResourceName = Annotated[
    str | None,
    QueryParameter(description="Only items of this resource.", schema_extra={"enum": sorted(RESOURCES)}),
]
ItemId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID, description="Id from the list of rejected items.")]
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="Most items on the page.")]


@get(
    "/rejected-items",
    operation_id="list_rejected_items",
    summary="List rejected items",
    tags=["attention"],
    opt=RouteOptions(scopes=("configure", "admin")).opt,
)
async def list_rejected(
    context: RequestContextDependency, resource: ResourceName = None, after: AfterId = 0, limit: Limit = 100
) -> RejectedItemsDocument:
    """Rejected items that were not sent again, oldest first, each with its problem.

    Only keys that may see phone numbers get the items as they were sent. A page ends early at 4 MiB.
    """
    if resource is not None and resource not in RESOURCES:
        raise InvalidParameter(faults=(Fault("resource", f"must be one of {', '.join(sorted(RESOURCES))}"),))
    access = context.access
    items, following = await to_do.list_rejected(
        context.pool, access.account_id, resource, after, limit, whole="phone-numbers" in access.scopes
    )
    if items:
        await note_numbers(context, "rejected-items")
    return cast("RejectedItemsDocument", {"items": items, "next": following})


@post(
    "/rejected-items/{item_id:int}/resubmit",
    operation_id="resubmit_rejected_item",
    summary="Send a rejected item again, mended or as it was",
    tags=["attention"],
    status_code=200,
    opt=RouteOptions(
        scopes=("ingest",), body=dict[str, Any], body_optional=True, answer=ReceiptDocument, problems=(NotFound,)
    ).opt,
)
async def resubmit(request: AnyRequest, context: RequestContextDependency, item_id: ItemId) -> Response[Any]:
    """Send the corrected item, or an empty body for the item as it was, such as after a configuration change.

    An item that is stored leaves the list. An item rejected again stays listed in its new form.
    """
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        row = await connection.fetchrow(_QUERIES["read_rejected"], access.account_id, item_id)
    if row is None:
        raise NotFound("There is no rejected item with this id.")
    check_is_json(request)
    body = await whole_body(request, context.settings.max_item_bytes)
    if not body and row["raw_bytes"] and not row["raw"]:
        raise InvalidItem(faults=(Fault("", "was too large to store: send the corrected item in the body"),))
    account = await context.accounts.get(access.account_id)
    origin = Origin(access.prefix, current_request_id())
    sent: bytes = body or row["raw"]
    entry = read_item(RESOURCES[row["resource"]], 0, read_json(sent), Sender.of(account, access.dialer), origin, sent)
    receipt = await context.batcher.submit(access.account_id, entry)
    if receipt.problem is None:
        async with account_transaction(context.pool, access.account_id) as connection:
            await connection.execute(_QUERIES["settle_rejected"], access.account_id, item_id)
    return answer_receipt(receipt)


@get(
    "/to-do",
    operation_id="read_to_do",
    summary="What waits for a person",
    tags=["attention"],
    opt=RouteOptions(scopes=("configure", "reports")).opt,
)
async def read_to_do(context: RequestContextDependency) -> ToDoDocument:
    """Codes to confirm, map or merge (put them), items to correct, and deliveries that hooks could not use.

    Also silent dialers, and how many items the ledger knows only from references in other items.
    """
    return cast("ToDoDocument", await to_do.to_do_with_uses(context.pool, context.access.account_id))


HANDLERS: list[HTTPRouteHandler] = [list_rejected, resubmit, read_to_do]

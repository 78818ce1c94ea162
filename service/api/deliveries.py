"""Deliveries: what dialers delivered to the hooks, each with its outcome."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any, cast

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from pydantic import Field
from typing_extensions import TypedDict

from service.errors import Fault, InvalidParameter
from service.hooks.vocabulary import STATUSES, Status
from service.platform.db import account_transaction
from service.web.parameters import LARGEST_ID, AfterId
from service.web.request_bodies import Limit
from service.web.response_types import ProblemDocument
from service.web.route_options import RouteOptions
from service.web.services import RequestContextDependency
from service.web.trail import note_numbers
from sql import load

_LIST = load("inbox")["list"]
_SEE = ("configure", "admin")

AnyHook = Annotated[
    int, QueryParameter(ge=0, le=LARGEST_ID, description="Only deliveries to this hook; 0: to every hook.")
]
AnyStatus = Annotated[
    str | None, QueryParameter(description="Only deliveries with this outcome.", schema_extra={"enum": [*STATUSES]})
]


class DeliveryDocument(TypedDict):
    """A delivery and its outcome."""

    id: int
    hook: int
    received_at: datetime
    event: Annotated[str, Field(description="The dialer's name of the event; empty if it cannot be read.")]
    status: Status
    problem: ProblemDocument | None
    calls: Annotated[list[str], Field(description="The calls in the delivery.")]
    seen: Annotated[int, Field(description="How often the delivery came.")]
    method: str
    query: Annotated[
        str | None,
        Field(
            description="Only for keys with the scope `phone-numbers`, like headers and body. Null without content: a"
            " person in it was erased, or its hook was over the limit of the day."
        ),
    ]
    headers: dict[str, str] | None
    body: Annotated[str | None, Field(description="As it came, without secrets: text, or Base64 if it is not text.")]


class DeliveriesDocument(TypedDict):
    """A page of deliveries, oldest first."""

    items: list[DeliveryDocument]
    next: Annotated[int | None, Field(description="The `after` of the following page; null on the last one.")]


@get(
    "/deliveries",
    operation_id="list_deliveries",
    summary="List what dialers delivered",
    tags=["dialers"],
    opt=RouteOptions(scopes=_SEE).opt,
)
async def list_deliveries(
    context: RequestContextDependency,
    hook: AnyHook = 0,
    status: AnyStatus = None,
    after: AfterId = 0,
    limit: Limit = 100,
) -> DeliveriesDocument:
    """Deliveries with their problems, oldest first. Only keys that may see phone numbers get them as they came."""
    access = context.access
    if status is not None and status not in STATUSES:
        raise InvalidParameter(faults=(Fault("status", f"must be one of {', '.join(STATUSES)}"),))
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_LIST, access.account_id, hook or None, status, after, limit + 1)
    if rows:
        await note_numbers(context, "deliveries")
    whole = "phone-numbers" in access.scopes
    items = [_shown(dict(row), whole=whole) for row in rows[:limit]]
    return cast("DeliveriesDocument", {"items": items, "next": items[-1]["id"] if len(rows) > limit else None})


def _shown(row: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    if not whole:
        return row | {"query": None, "headers": None, "body": None}
    body: bytes | None = row["body"]
    try:
        text = body and body.decode()
    except UnicodeDecodeError:
        text = b64encode(body or b"").decode()
    return row | {"body": "" if body == b"" else text}


HANDLERS: list[HTTPRouteHandler] = [list_deliveries]

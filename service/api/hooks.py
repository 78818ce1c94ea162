"""The hooks of an account: making and closing them, and seeing what dialers delivered and what could not be read."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal, cast

from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from pydantic import Field
from typing_extensions import TypedDict

from service.api.response_types import ProblemDocument
from service.config import SetupError
from service.dialers import dialers
from service.errors import Fault, InvalidItem, InvalidParameter, NotFound
from service.hooks.hooks import HookForm, address, create_hook, list_hooks, revoke_hook, setup_text
from service.hooks.parse import STATUSES, Status
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.parameters import LARGEST_ID, AfterId
from service.web.request_bodies import Limit, read_form
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_LIST = load("inbox")["list"]
_ADMIN = ("admin",)
_SEE = ("configure", "admin")

HookId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID, description="As the list of hooks says.")]
AnyHook = Annotated[
    int, QueryParameter(ge=0, le=LARGEST_ID, description="Only deliveries to this hook; 0: to all of them.")
]
AnyStatus = Annotated[
    str | None, QueryParameter(description="Only deliveries of which this became.", schema_extra={"enum": [*STATUSES]})
]
Days = Annotated[int, QueryParameter(ge=1, le=3660, description="Count so many days back.")]


class DeliveriesCountedDocument(TypedDict):
    """How many deliveries became what; repeated: those that had come before."""

    taken: int
    unknown: int
    unreadable: int
    rejected: int
    repeated: int


class HookDocument(TypedDict):
    """A hook, and what came of its deliveries."""

    id: int
    dialer: Annotated[str, Field(description="Which kind of dialer.")]
    code: Annotated[str, Field(description="What its calls have as their dialer.")]
    campaign: str
    zone: str
    created_at: datetime
    revoked_at: datetime | None
    last_delivery_at: datetime | None
    tells: Annotated[str, Field(description="What this kind of dialer can tell of who answered.")]
    deliveries: DeliveriesCountedDocument
    refused: Annotated[dict[str, int], Field(description="Deliveries nobody could believe, by reason; not kept.")]
    unknown_events: Annotated[dict[str, int], Field(description="Kinds of events calltally does not know; kept.")]


class NewHookDocument(HookDocument):
    """A hook that was just made."""

    status: Literal["created"]
    url: Annotated[str, Field(description="Where the dialer is to deliver. It is a secret, and never told again.")]
    setup: Annotated[str, Field(description="What to paste where, in Markdown.")]


class HooksDocument(TypedDict):
    """Every hook, in the order they were made."""

    items: list[HookDocument]


class DeliveryDocument(TypedDict):
    """A delivery, and what became of it."""

    id: int
    hook: int
    received_at: datetime
    event: Annotated[str, Field(description="Its kind, in the dialer's words; empty where that cannot be read.")]
    status: Status
    problem: ProblemDocument | None
    calls: Annotated[list[str], Field(description="The calls it is about.")]
    seen: Annotated[int, Field(description="How often it came.")]
    method: str
    query: Annotated[str | None, Field(description="For keys with the scope `phone-numbers`; as are headers and body.")]
    headers: dict[str, str] | None
    body: Annotated[str | None, Field(description="As it came, without secrets: text, or Base64 where it is none.")]


class DeliveriesDocument(TypedDict):
    """A page of deliveries, the oldest first."""

    items: list[DeliveryDocument]
    next: Annotated[int | None, Field(description="The `after` of the page that follows; null on the last.")]


@post(
    "/hooks",
    operation_id="post_hooks",
    summary="Make an address for a dialer to deliver to",
    tags=["dialers"],
    status_code=201,
    opt=RouteOptions(scopes=_ADMIN, body=HookForm, answer=NewHookDocument).opt,
)
async def post_hook(request: AnyRequest, context: RequestContextDependency) -> Response[Any]:
    """Make a hook; the answer tells its address, this once, and what to paste where.

    The dialer's own disposition codes get their usual meaning where nobody has given them another.
    """
    account = await context.accounts.get(context.access.account_id)
    form = await read_form(request, context, HookForm, account)
    async with account_transaction(context.pool, account.account_id) as connection:
        try:
            hook_id, token = await create_hook(connection, account, form, partial(cipher_of, context.settings))
        except SetupError as error:
            raise InvalidItem(faults=(Fault("/secret", f"cannot be kept here: {error}"),)) from None
    url = address(context.settings.public_root, form.dialer, token)
    told = {"status": "created", "url": url, "setup": setup_text(dialers()[form.dialer], url)}
    return Response(await _one(context, hook_id, _days_ago(1)) | told, status_code=201)


@get(
    "/hooks",
    operation_id="list_hooks",
    summary="List the hooks and what they took",
    tags=["dialers"],
    opt=RouteOptions(scopes=_SEE).opt,
)
async def get_hooks(context: RequestContextDependency, days: Days = 30) -> HooksDocument:
    """Every hook: when something came last, what came of it, what was refused, and which events are not known."""
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        items = await list_hooks(connection, access.account_id, _days_ago(days))
    return cast("HooksDocument", {"items": items})


@get(
    "/hooks/{hook_id:int}",
    operation_id="read_hooks",
    summary="Read a hook",
    tags=["dialers"],
    opt=RouteOptions(scopes=_SEE).opt,
)
async def get_hook(context: RequestContextDependency, hook_id: HookId, days: Days = 30) -> HookDocument:
    """A hook, and what came of its deliveries."""
    return cast("HookDocument", await _one(context, hook_id, _days_ago(days)))


@delete(
    "/hooks/{hook_id:int}",
    operation_id="delete_hooks",
    summary="Close a hook",
    tags=["dialers"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN).opt,
)
async def delete_hook(context: RequestContextDependency, hook_id: HookId) -> HookDocument:
    """Close a hook for good, within seconds; what it took stays."""
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await revoke_hook(connection, context.access.account_id, hook_id)
    return cast("HookDocument", await _one(context, hook_id, _days_ago(30)))


def _days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


async def _one(context: RequestContext, hook_id: int, since: date) -> dict[str, Any]:
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        found = await list_hooks(connection, context.access.account_id, since, hook_id)
    if not found:
        raise NotFound("There is no hook with this id.")
    return found[0]


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
    """Deliveries, oldest first, each with what is wrong with it; as they came only for who may see phone numbers."""
    access = context.access
    if status is not None and status not in STATUSES:
        raise InvalidParameter(faults=(Fault("status", f"must be one of {', '.join(STATUSES)}"),))
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_LIST, access.account_id, hook or None, status, after, limit + 1)
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


HANDLERS: list[HTTPRouteHandler] = [post_hook, get_hooks, get_hook, delete_hook, list_deliveries]

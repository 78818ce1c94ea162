"""Hooks: the addresses that dialers deliver to, and the deliveries with their outcome."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal, cast

from litestar import Response, delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from pydantic import Field
from typing_extensions import TypedDict

from service.api import deliveries
from service.config import SetupError
from service.errors import Fault, InvalidItem, NotFound
from service.hooks.call_settings import CallSettings, CallSettingsDocument, change_hook
from service.hooks.hooks import (
    HookForm,
    address,
    checked_form,
    create_hook,
    described_dialer,
    list_hooks,
    revoke_hook,
    setup_text,
)
from service.hooks.renewal import SecretForm, change_secret, renew_address
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.parameters import LARGEST_ID
from service.web.request_bodies import read_model
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_ADMIN = ("admin",)
_SEE = ("configure", "admin")

HookId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID, description="Id from the list of hooks.")]
Days = Annotated[int, QueryParameter(ge=1, le=3660, description="Days to count back.")]


class DeliveriesCountedDocument(TypedDict):
    """How many deliveries had each outcome. repeated: they had come before."""

    taken: int
    unknown: int
    unreadable: int
    rejected: int
    repeated: int


class HookDocument(CallSettingsDocument):
    """A hook, and the outcome of its deliveries."""

    id: int
    dialer: Annotated[str, Field(description="Kind of dialer.")]
    code: Annotated[str, Field(description="The `dialer` of its calls.")]
    campaign: str
    zone: str
    created_at: datetime
    revoked_at: datetime | None
    last_delivery_at: datetime | None
    mapping: Annotated[
        str | None, Field(description="The mapping of a `mapped` dialer, as TOML or by name; null for other dialers.")
    ]
    tells: Annotated[str, Field(description="How well this kind of dialer knows who answered.")]
    deliveries: DeliveriesCountedDocument
    refused: Annotated[
        dict[str, int], Field(description="Deliveries without a valid proof of origin, by reason; not kept.")
    ]
    without_content: Annotated[
        int,
        Field(
            description="Deliveries over the limit of a day: their calls are stored, their content is not"
            " (`CALLTALLY_HOOK_BYTES_PER_DAY`)."
        ),
    ]
    unknown_events: Annotated[dict[str, int], Field(description="Events that calltally does not know, by kind; kept.")]


class NewHookDocument(HookDocument):
    """A new hook."""

    status: Literal["created"]
    url: Annotated[
        str, Field(description="Address for the dialer to deliver to. It is a secret and is shown only once.")
    ]
    setup: Annotated[str, Field(description="How to set up the dialer, in Markdown.")]


class ChangedHookDocument(HookDocument):
    """A hook, after a change."""

    status: Literal["updated", "unchanged"]


class RenewedHookDocument(HookDocument):
    """A hook with another address."""

    status: Literal["updated"]
    url: Annotated[
        str, Field(description="Address for the dialer to deliver to. It is a secret and is shown only once.")
    ]
    setup: Annotated[str, Field(description="How to set up the dialer, in Markdown.")]


class HooksDocument(TypedDict):
    """All hooks, oldest first."""

    items: list[HookDocument]


@post(
    "/hooks",
    operation_id="post_hooks",
    summary="Make an address for a dialer to deliver to",
    tags=["dialers"],
    status_code=201,
    opt=RouteOptions(scopes=_ADMIN, body=HookForm, answer=NewHookDocument).opt,
)
async def post_hook(request: AnyRequest, context: RequestContextDependency) -> Response[Any]:
    """Create a hook. The answer shows its address, only this once, and how to set up the dialer.

    The dialer's own disposition codes get their usual meaning unless the account has mapped them.
    """
    account = await context.accounts.get(context.access.account_id)
    form = await read_model(request, context, HookForm)
    async with account_transaction(context.pool, account.account_id) as connection:
        try:
            hook_id, token = await create_hook(connection, account, form, partial(cipher_of, context.settings))
        except SetupError as error:
            raise InvalidItem(faults=(Fault("/secret", f"cannot be stored here: {error}"),)) from None
    url = address(context.settings.public_root, form.dialer, token)
    setup = setup_text(checked_form(form, account.zone).dialer, url)
    created = {"status": "created", "url": url, "setup": setup}
    return Response(await _read_hook(context, hook_id, _days_ago(1)) | created, status_code=201)


@get(
    "/hooks",
    operation_id="list_hooks",
    summary="List the hooks and what they took",
    tags=["dialers"],
    opt=RouteOptions(scopes=_SEE).opt,
)
async def get_hooks(context: RequestContextDependency, days: Days = 30) -> HooksDocument:
    """All hooks with their last delivery, the outcome of deliveries, refusals and unknown events."""
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
    """A hook, and the outcome of its deliveries."""
    return cast("HookDocument", await _read_hook(context, hook_id, _days_ago(days)))


@patch(
    "/hooks/{hook_id:int}",
    operation_id="change_hooks",
    summary="Change how the calls of a hook are read",
    tags=["dialers"],
    opt=RouteOptions(scopes=_ADMIN, body=CallSettings, answer=ChangedHookDocument).opt,
)
async def patch_hook(request: AnyRequest, context: RequestContextDependency, hook_id: HookId) -> Response[Any]:
    """Change some settings; missing ones stay. New deliveries follow within seconds.

    Calls that are stored already change when `calltally replay --hook ID` parses their deliveries again.
    """
    change = await read_model(request, context, CallSettings)
    async with account_transaction(context.pool, context.access.account_id) as connection:
        changed = await change_hook(connection, context.access.account_id, hook_id, change)
    hook = await _read_hook(context, hook_id, _days_ago(30))
    return Response({"status": "updated" if changed else "unchanged"} | hook)


@post(
    "/hooks/{hook_id:int}/address",
    operation_id="renew_hooks_address",
    summary="Give a hook another address",
    tags=["dialers"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN, answer=RenewedHookDocument, problems=(NotFound,)).opt,
)
async def post_address(context: RequestContextDependency, hook_id: HookId) -> Response[Any]:
    """Make another address. The old one stops accepting deliveries within seconds; settings and secret stay.

    The answer shows the address, only this once, and how to set up the dialer.
    """
    async with account_transaction(context.pool, context.access.account_id) as connection:
        cipher = partial(cipher_of, context.settings)
        token = await renew_address(connection, context.access.account_id, hook_id, cipher)
    if token is None:
        raise NotFound("There is no open hook with this id.")
    hook = await _read_hook(context, hook_id, _days_ago(30))
    url = address(context.settings.public_root, hook["dialer"], token)
    dialer = described_dialer(hook)
    return Response({"status": "updated", "url": url, "setup": setup_text(dialer, url) if dialer else ""} | hook)


@put(
    "/hooks/{hook_id:int}/secret",
    operation_id="put_hooks_secret",
    summary="Give a hook another secret",
    tags=["dialers"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN, body=SecretForm, answer=ChangedHookDocument, problems=(NotFound,)).opt,
)
async def put_secret(request: AnyRequest, context: RequestContextDependency, hook_id: HookId) -> Response[Any]:
    """Store another secret. New deliveries are verified with it within seconds."""
    form = await read_model(request, context, SecretForm)
    async with account_transaction(context.pool, context.access.account_id) as connection:
        cipher = partial(cipher_of, context.settings)
        if not await change_secret(connection, context.access.account_id, hook_id, form, cipher):
            raise NotFound("There is no open hook with this id.")
    return Response({"status": "updated"} | await _read_hook(context, hook_id, _days_ago(30)))


@delete(
    "/hooks/{hook_id:int}",
    operation_id="delete_hooks",
    summary="Close a hook",
    tags=["dialers"],
    status_code=200,
    opt=RouteOptions(scopes=_ADMIN).opt,
)
async def delete_hook(context: RequestContextDependency, hook_id: HookId) -> HookDocument:
    """Close a hook for good, within seconds. Its deliveries stay."""
    async with account_transaction(context.pool, context.access.account_id) as connection:
        await revoke_hook(connection, context.access.account_id, hook_id)
    return cast("HookDocument", await _read_hook(context, hook_id, _days_ago(30)))


def _days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


async def _read_hook(context: RequestContext, hook_id: int, since: date) -> dict[str, Any]:
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        hooks = await list_hooks(connection, context.access.account_id, since, hook_id)
    if not hooks:
        raise NotFound("There is no hook with this id.")
    return hooks[0]


HANDLERS: list[HTTPRouteHandler] = [
    post_hook,
    get_hooks,
    get_hook,
    patch_hook,
    post_address,
    put_secret,
    delete_hook,
    *deliveries.HANDLERS,
]

"""Webhooks: dialers deliver their calls here, each in its own format. The secret address stands for a key."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import MediaType
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import HTTPRouteHandler

from service.accounts.accounts import Account
from service.dialers import Delivery, Refused, Reply
from service.errors import (
    BodyTooLarge,
    Busy,
    CalltallyError,
    LedgerUnavailable,
    MalformedBody,
    NotFound,
    NotProven,
    UnsupportedMediaType,
    WronglyProven,
)
from service.hooks.hooks import Hook, address
from service.hooks.store import ParsedDelivery, parsed_delivery
from service.web.request_bodies import in_path
from service.web.requests import AnyRequest, whole_body
from service.web.route_options import RouteOptions
from service.web.services import Services, services_of

# Dialers send a few thousand bytes a delivery.
LARGEST_BODY = 1024 * 1024

# Bodies that are refused before anything can prove them, and how each is counted.
_UNREAD: dict[type[CalltallyError], str] = {
    BodyTooLarge: "too large",
    MalformedBody: "damaged compression",
    UnsupportedMediaType: "unknown compression",
}

DialerPath = Annotated[str, in_path("Kind of dialer.")]
TokenPath = Annotated[str, in_path("Secret part of the hook's address.")]

_OPTIONS = RouteOptions(
    problems=(
        *(NotProven, WronglyProven, NotFound, MalformedBody, UnsupportedMediaType, BodyTooLarge),
        *(Busy, LedgerUnavailable),
    ),
    media_types=(MediaType.TEXT.value,),
    answer=str,
)


async def _deliver(request: AnyRequest, dialer: str, token: str) -> Response[str]:
    services = services_of(request.app)
    hook = await services.hooks.find(services.pool, dialer, token)
    if hook is None:
        raise NotFound("There is no hook at this address, or it is closed.")
    await _check_method(request, services, hook)
    try:
        body = await whole_body(request, LARGEST_BODY)
    except tuple(_UNREAD) as error:
        await services.refused_deliveries.submit(hook.account_id, (hook.id, _UNREAD[type(error)]))
        raise
    delivery = _delivery(request, address(services.settings.public_root, dialer, token), body)
    answer = hook.dialer.handshake(delivery)
    if answer is None:
        await _verify(services, hook, delivery)
        account = await services.accounts.get(hook.account_id)
        await services.inbox.submit(hook.account_id, await _parsed(hook, delivery, account))
        answer = hook.dialer.reply
    return _answer(answer)


async def _check_method(request: AnyRequest, services: Services, hook: Hook) -> None:
    """Refuse and count deliveries by a method that the dialer does not use. Raises MethodNotAllowedException."""
    if request.method not in hook.dialer.methods:
        await services.refused_deliveries.submit(hook.account_id, (hook.id, "wrong method"))
        raise MethodNotAllowedException(headers={"Allow": ", ".join(sorted(hook.dialer.methods))})


def _delivery(request: AnyRequest, url: str, body: bytes) -> Delivery:
    query = request.scope["query_string"].decode("latin-1")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.scope["headers"]}
    return Delivery(request.method, f"{url}?{query}" if query else url, headers, body, datetime.now(UTC))


async def _parsed(hook: Hook, delivery: Delivery, account: Account) -> ParsedDelivery:
    if hook.dialer.slow:
        return await asyncio.to_thread(parsed_delivery, hook, delivery, account)
    return parsed_delivery(hook, delivery, account)


async def _verify(services: Services, hook: Hook, delivery: Delivery) -> None:
    """Refuse and count deliveries that are not from the dialer itself. Raises NotProven and WronglyProven."""
    try:
        hook.verify(delivery)
    except Refused as refused:
        await services.refused_deliveries.submit(hook.account_id, (hook.id, refused.reason))
        raise (NotProven if refused.status == 401 else WronglyProven) from None


def _answer(answer: Reply) -> Response[str]:
    return Response(answer.text, status_code=answer.status, headers=dict(answer.headers), media_type=MediaType.TEXT)


def _handler(decorate: Callable[..., Any], method: str) -> HTTPRouteHandler:
    @decorate(
        "/v1/webhooks/{dialer:str}/{token:str}",
        operation_id=f"{method}_webhooks",
        summary="Deliver what a dialer tells of its calls",
        description="Takes the dialer's own format and verifies it in the dialer's own way. `GET` is for dialers that"
        " call an address. The answer comes once the delivery is durable. A delivery that calltally cannot read is"
        " stored too, and gets the answer that the dialer expects.",
        tags=["dialers"],
        status_code=200,
        opt=_OPTIONS.opt,
    )
    async def deliver(request: AnyRequest, dialer: DialerPath, token: TokenPath) -> Response[str]:
        return await _deliver(request, dialer, token)

    return deliver


HANDLERS: list[HTTPRouteHandler] = [_handler(get, "get"), _handler(post, "post")]

"""Capture: events arrive as one object, an array or a stream of lines, and each item gets a receipt."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from importlib import import_module
from itertools import count
from pkgutil import iter_modules
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from service.accounts.accounts import Account
from service.errors import BatchTooLarge, Fault, MalformedBody
from service.ingest import resources
from service.ingest.parsing import Entry, Origin, read_item, read_json, read_line, reject_bytes
from service.ingest.receipts import STATUSES, Receipt, summary
from service.ingest.resources import Resource, Sender
from service.problems import MEDIA_TYPE
from service.web.requests import JSON, NDJSON, AnyRequest, current_request_id, is_ndjson, lines, whole_body
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

# Lines stored in one transaction: large enough to share its cost, small enough that a stream is never held in memory.
_CHUNK = 1_000
# Items validated before other requests get a turn.
_SLICE = 50
_SPOOL_BYTES = 1_000_000

_TAKES = (
    "Takes one object, an array, or a stream of lines, and answers with receipts. Sending an item again is safe: a"
    " known item is `unchanged`. Valid items are stored even if others are rejected. Rejected items wait under"
    " `/v1/rejected-items`. If an object has a name twice, the last value counts."
)

RESOURCES: dict[str, Resource] = {
    resource.path: resource
    for module in iter_modules(resources.__path__)
    for resource in [import_module(f"{resources.__name__}.{module.name}").RESOURCE]
}


def handler(resource: Resource) -> HTTPRouteHandler:
    """The handler of one resource."""

    @post(
        f"/{resource.path}",
        operation_id=f"post_{resource.fact.table}",
        summary=f"Send {resource.path.replace('-', ' ')}",
        tags=["capture"],
        status_code=200,
        description=f"{resource.form.__doc__}\n\n{_TAKES}",
        opt=RouteOptions(scopes=("ingest",), resource=resource).opt,
    )
    async def capture(request: AnyRequest, context: RequestContextDependency) -> Response[Any]:
        access = context.access
        account = await context.accounts.get(access.account_id)
        origin = Origin(access.prefix, current_request_id())
        if is_ndjson(request):
            return await _answer_stream(request, context, resource, account, origin)
        sent = await whole_body(request, context.settings.max_body_bytes)
        body = read_json(sent)
        if isinstance(body, list):
            return await _answer_array(body, context, resource, account, origin)  # pyright: ignore[reportUnknownArgumentType]
        if not isinstance(body, dict):
            raise MalformedBody("The body must be an object, an array of objects, or a stream of NDJSON lines.")
        entry = read_item(resource, 0, body, Sender.of(account, access.dialer), origin, sent)
        return answer_receipt(await context.batcher.submit(account.account_id, entry))

    return capture


def answer_receipt(receipt: Receipt) -> Response[Any]:
    """201 for a new item, 200 for a known one, and the problem of a rejected item."""
    if receipt.problem is not None:
        return Response(receipt.problem, status_code=422, media_type=MEDIA_TYPE)
    status = 201 if receipt.status == "created" else 200
    return Response(orjson.dumps(receipt.document()), status_code=status, media_type=JSON)


async def _answer_array(
    items: list[Any], context: RequestContext, resource: Resource, account: Account, origin: Origin
) -> Response[Any]:
    most = context.settings.max_batch
    if len(items) > most:
        raise BatchTooLarge(f"An array may hold at most {most:,} items; this one holds {len(items):,}.")
    sender = Sender.of(account, context.access.dialer)
    entries: list[Entry] = []
    for index, item in enumerate(items):
        entries.append(read_item(resource, index, item, sender, origin))
        if index % _SLICE == _SLICE - 1:
            await asyncio.sleep(0)
    return Response(summary(await context.capture.store_entries(account.account_id, entries) if entries else []))


async def _answer_stream(
    request: AnyRequest, context: RequestContext, resource: Resource, account: Account, origin: Origin
) -> Response[Any]:
    """Store a stream chunk by chunk.

    Receipts wait in a file until the last line is in. Some senders read no answer before they have sent everything, and
    the server must keep reading from them.
    """
    counts = dict.fromkeys(STATUSES, 0)
    with ExitStack() as unfinished:
        spool = unfinished.enter_context(SpooledTemporaryFile[bytes](max_size=_SPOOL_BYTES))
        async for chunk in _chunks(request, context, resource, account, origin):
            for receipt in await context.capture.store_entries(account.account_id, chunk):
                counts[receipt.status] += 1
                spool.write(orjson.dumps(receipt.document()) + b"\n")
        spool.write(orjson.dumps(counts) + b"\n")
        spool.seek(0)
        unfinished.pop_all()
    return Stream(_read(spool), media_type=NDJSON, status_code=200)


async def _chunks(
    request: AnyRequest, context: RequestContext, resource: Resource, account: Account, origin: Origin
) -> AsyncIterator[list[Entry]]:
    longest = context.settings.max_item_bytes
    sender = Sender.of(account, context.access.dialer)
    chunk: list[Entry] = []
    places = count()
    async for line in lines(request, longest):
        place = next(places)
        if len(line) > longest:
            fault = Fault("", f"is longer than {longest:,} bytes")
            chunk.append(reject_bytes(resource, place, line[:longest], None, (fault,), origin))
        else:
            chunk.append(read_line(resource, place, line, sender, origin))
        if len(chunk) % _SLICE == 0:
            await asyncio.sleep(0)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def _read(spool: "SpooledTemporaryFile[bytes]") -> AsyncIterator[bytes]:
    with spool:
        while piece := spool.read(65_536):
            yield piece


HANDLERS = [handler(resource) for resource in RESOURCES.values()]

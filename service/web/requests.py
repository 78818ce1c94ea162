"""Request ids, the request log, addresses and bodies: the steps that every request goes through."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from secrets import token_hex
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import structlog
from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPScope, Message, Receive, ReceiveMessage, Scope, Send

from reports.store.doubts import panics_as_errors
from service.errors import BodyTooLarge, Fault, InvalidParameter, UnsupportedMediaType
from service.platform.actor import Actor, act_as
from service.web.compression import encoding_of, plain_chunks

JSON = "application/json"
NDJSON = "application/x-ndjson"
_NDJSON_NAMES = frozenset({NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines"})
_SLOW_SECONDS = 1.0
_MOST_DISCARDED = 256 * 1024 * 1024
_DISCARD_SECONDS = 10.0

_log = structlog.get_logger()
_stdlib_log = logging.getLogger(__name__)
_STAYS_ENCODED = re.compile(rb"%(?=2F|25)", re.IGNORECASE)
_request_id = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch

AnyRequest = Request[Any, Any, Any]


def trace(app: ASGIApp) -> ASGIApp:
    """Give each request an id (the caller's own if it sent one), and log requests that fail or are slow."""

    async def traced(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        sent_id = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = sent_id if _request_id(sent_id) else token_hex(16)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        client = scope.get("client")
        act_as(Actor("unknown", client=client[0] if client else None))
        if "raw_path" in scope:
            scope["path"] = exact_path(scope["raw_path"])
        body = _Incoming(headers, receive)
        started, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                await body.discard_rest()
                MutableScopeHeaders(message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await app(scope, body.receive, sending)
        finally:
            _note(scope, status, time.perf_counter() - started)

    return traced


def report_panics(app: ASGIApp) -> ASGIApp:
    """Let a panic of the engine be answered like every other fault. As it comes, it would pass all handlers."""

    async def reported(scope: Scope, receive: Receive, send: Send) -> None:
        with panics_as_errors():
            await app(scope, receive, send)

    return reported


class _Incoming:
    """The body of one request. An early refusal may leave the rest of it unread.

    If the server closed the connection while the caller still sends, the caller would see a broken connection and no
    answer. The server therefore reads and discards the rest first, within limits.
    """

    __slots__ = ("_may_come", "_receive", "_rest")

    def __init__(self, headers: dict[bytes, bytes], receive: Receive) -> None:
        self._receive = receive
        self._rest = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
        # With `Expect: 100-continue` the caller waits, and sends no body if the answer comes first.
        self._may_come = b"expect" not in headers

    async def receive(self) -> ReceiveMessage:
        """The next message from the caller."""
        self._may_come = True
        message = await self._receive()
        self._rest = message["type"] == "http.request" and message.get("more_body", False)
        return message

    async def discard_rest(self) -> None:
        """Let the caller finish sending."""
        if not (self._rest and self._may_come):
            return
        left = _MOST_DISCARDED
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while self._rest and left > 0:
                    message = await self.receive()
                    left -= len(message["body"]) if message["type"] == "http.request" else 0


def _note(scope: HTTPScope, status: int, seconds: float) -> None:
    """Log every request at debug, and failed and slow ones at info; never the query, which may hold numbers.

    A refusal for now is no failure of a request: one line about the ledger stands for all of them.
    """
    worth_a_line = (status >= 400 and status != 503) or status == 0 or seconds > _SLOW_SECONDS
    if not (worth_a_line or _stdlib_log.isEnabledFor(logging.DEBUG)):
        return
    write = _log.info if worth_a_line else _log.debug
    # An address may hold a phone number too, so the log names the route where there is one.
    path = scope["path_template"] if "path_template" in scope else scope["path"]
    write("request", method=scope["method"], path=path, status=status, ms=round(seconds * 1000, 1))


def exact_path(raw_path: bytes) -> str:
    """The decoded path. Slashes and percent signs stay encoded, because a code may hold a slash.

    >>> exact_path(b"/v1/campaigns/spring%20renewals%2F2026")
    '/v1/campaigns/spring renewals%2F2026'
    """
    try:
        return unquote_to_bytes(_STAYS_ENCODED.sub(b"%25", raw_path)).decode()
    except UnicodeDecodeError:
        return raw_path.decode("ascii", "replace")


def read_address(request: Request[Any, Any, Any]) -> None:
    """Finish decoding the path parameters, once the route is known. Raises InvalidParameter if they are not UTF-8."""
    decoded: dict[str, Any] = {}
    for name, value in request.path_params.items():
        try:
            decoded[name] = unquote(value, errors="strict") if isinstance(value, str) else value
        except UnicodeDecodeError:
            raise InvalidParameter(faults=(Fault(name, "is not valid UTF-8"),)) from None
    request.scope["path_params"] = decoded


def current_request_id() -> str | None:
    """The id of the current request."""
    return structlog.contextvars.get_contextvars().get("request_id")


def is_ndjson(request: AnyRequest) -> bool:
    """Whether the body is a stream of lines. Raises UnsupportedMediaType if it is neither a stream nor JSON."""
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    encoding_of(request)
    if kind in _NDJSON_NAMES:
        return True
    if kind != JSON:
        raise UnsupportedMediaType(f"Send Content-Type: {JSON}, or {NDJSON} for a stream of lines.")
    return False


def check_is_json(request: AnyRequest) -> None:
    """Refuse a body if its Content-Type is not JSON. Raises UnsupportedMediaType."""
    if is_ndjson(request):
        raise UnsupportedMediaType(f"Send Content-Type: {JSON}; this address takes one object, not a stream of lines.")


async def whole_body(request: AnyRequest, most: int) -> bytes:
    """The whole body, expanded if it is compressed. Raises BodyTooLarge as soon as it is over the limit."""
    announced, body = request.headers.get("content-length", ""), bytearray()
    if not announced.isdecimal() or int(announced) <= most:
        async for chunk in plain_chunks(request):
            body += chunk
            if len(body) > most:
                break
        else:
            return bytes(body)
    raise BodyTooLarge(f"The body may have at most {most:,} bytes; send smaller batches or an NDJSON stream.")


async def lines(request: AnyRequest, longest: int) -> AsyncIterator[bytes]:
    """The lines of a streamed body without blank ones. A longer line is cut one byte over the limit."""
    pending = bytearray()
    async for chunk in plain_chunks(request):
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            pending += piece[: longest + 1 - len(pending)]
            if line := bytes(pending).strip():
                yield line
            pending.clear()
        pending += rest[: longest + 1 - len(pending)]
    if line := bytes(pending).strip():
        yield line

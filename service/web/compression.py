"""Compressed bodies: gzip and deflate are expanded piece by piece, so that a small body cannot grow without limit."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

from litestar import Request

from service.errors import BodyTooLarge, MalformedBody, UnsupportedMediaType

_GZIP = frozenset({"gzip", "x-gzip"})
_PIECE = 65_536
# Real bodies shrink to a tenth or a fiftieth; nothing but repetition shrinks to less than a two-hundredth.
_MOST_EXPANSION = 200
_ALWAYS_ALLOWED = 16 * 1024 * 1024
# Other requests get a turn after so many pieces.
_TURN = 16


def encoding_of(request: Request[Any, Any, Any]) -> str:
    """The compression of a body: identity, gzip or deflate. Raises UnsupportedMediaType for any other."""
    encoding = request.headers.get("content-encoding", "").strip().lower() or "identity"
    if encoding in _GZIP:
        return "gzip"
    if encoding not in ("identity", "deflate"):
        raise UnsupportedMediaType("Content-Encoding must be gzip, deflate or identity, and only one of them.")
    return encoding


async def plain_chunks(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it was before compression, chunk by chunk.

    Raises UnsupportedMediaType, MalformedBody if the compressed body is damaged, and BodyTooLarge if it expands too
    much.
    """
    encoding = encoding_of(request)
    if encoding == "identity":
        async for chunk in request.stream():
            yield chunk
        return
    expander = _Expander(encoding)
    async for chunk in request.stream():
        for number, piece in enumerate(expander.expand(chunk), 1):
            yield piece
            if number % _TURN == 0:
                await asyncio.sleep(0)
    expander.check_complete()


class _Member(Protocol):
    """What zlib.decompressobj returns."""

    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Expander:
    """Expands one body. A gzip body may have several members, one after the other."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._begun: _Member | None = None
        self._waiting = b""
        self._taken = self._expanded = 0

    def expand(self, chunk: bytes) -> Iterator[bytes]:
        """The pieces of a compressed chunk, each of a limited size. Raises MalformedBody and BodyTooLarge."""
        self._taken += len(chunk)
        pending, self._waiting = self._waiting + chunk, b""
        while pending:
            if self._begun is None and len(pending) < 2:
                self._waiting = pending
                return
            self._begun = self._begun or zlib.decompressobj(self._window(pending))
            yield from self._expand_member(self._begun, pending)
            pending = self._begun.unused_data
            self._begun = None if self._begun.eof else self._begun

    def _expand_member(self, begun: _Member, pending: bytes) -> Iterator[bytes]:
        while pending or not begun.eof:
            try:
                piece = begun.decompress(pending, _PIECE)
            except zlib.error:
                raise MalformedBody(f"The body is not valid {self._encoding}.") from None
            pending = begun.unconsumed_tail
            yield self._counted(piece)
            if not pending and len(piece) < _PIECE:
                return

    def check_complete(self) -> None:
        """Raises MalformedBody if the body is cut off."""
        if self._begun is not None or self._waiting:
            raise MalformedBody(f"The {self._encoding} body ends too early.")

    def _window(self, start: bytes) -> int:
        """The format of a body by its first two bytes: `deflate` comes with a zlib header or without."""
        if self._encoding == "gzip":
            return zlib.MAX_WBITS + 16
        has_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS

    def _counted(self, piece: bytes) -> bytes:
        self._expanded += len(piece)
        if self._expanded > max(_ALWAYS_ALLOWED, _MOST_EXPANSION * self._taken):
            raise BodyTooLarge(f"The compressed body expands to more than {_MOST_EXPANSION} times its size.")
        return piece

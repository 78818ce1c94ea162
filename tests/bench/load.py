"""A load generator small enough to leave the machine to what it measures: raw HTTP/1.1 on kept connections."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """Where the requests go."""

    host: str
    port: int
    key: str

    def get(self, path: str) -> bytes:
        """One GET as it goes over the wire."""
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()

    def post(self, path: str, body: bytes) -> bytes:
        """One POST of JSON as it goes over the wire."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True)
class Load:
    """What came of a load: requests a second, and the milliseconds half and 99% of them took at most."""

    rate: float
    p50_ms: float
    p99_ms: float


class _Connection(asyncio.Protocol):
    """Sends one request after the other and checks each answer's status."""

    def __init__(self, queue: deque[bytes], took: list[float], done: asyncio.Future[None]) -> None:
        self.queue, self.took, self.done = queue, took, done
        self.pending = b""
        self.since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        if not self.queue:
            self.transport.close()
            self.done.set_result(None)
            return
        self.since = time.perf_counter()
        self.transport.write(self.queue.popleft())

    def data_received(self, data: bytes) -> None:
        self.pending += data
        head, split, body = self.pending.partition(b"\r\n\r\n")
        if not split:
            return
        length = _LENGTH.search(head)
        assert length, head
        if len(body) < int(length[1]):
            return
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            self.done.set_exception(AssertionError(self.pending[:500]))
            self.transport.close()
            return
        self.pending = b""
        self.took.append(time.perf_counter() - self.since)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed in the middle"))


async def send(target: Target, requests: Sequence[bytes], connections: int = 64) -> Load:
    """Send every request over some connections, each waiting for its answer before the next."""
    loop = asyncio.get_running_loop()
    queue, took = deque(requests), list[float]()
    waiting: list[asyncio.Future[None]] = []
    started = time.perf_counter()
    for _ in range(min(connections, len(requests))):
        done = loop.create_future()
        waiting.append(done)
        await loop.create_connection(lambda done=done: _Connection(queue, took, done), target.host, target.port)
    await asyncio.gather(*waiting)
    seconds = time.perf_counter() - started
    took.sort()
    return Load(len(took) / seconds, took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000)

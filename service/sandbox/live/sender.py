"""Sends a floor to a running service over HTTP: single items, arrays and streams, several at a time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from service.config import SetupError
from service.ingest.receipts import STATUSES
from service.sandbox.live.deliveries import Deliveries
from service.sandbox.live.items import Item
from service.sandbox.live.settings import Setting
from service.web.requests import JSON, NDJSON

_ARRAY = 250
_STREAM = 2_000
_SINGLES = 400  # the newest attempts come one by one, as from a dialer at work
_AT_ONCE = 24
_TRIES = 20  # requests to a busy service before giving up

Progress = Callable[[int], None]


@dataclass
class Tally:
    """The receipts of the items: how many for each resource and status."""

    counts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])

    def add(self, resource: str, answer: dict[str, Any]) -> None:
        """Count the receipts of an array or of a stream."""
        counts = self.counts.setdefault(resource, Counter())
        counts.update({status: answer[status] for status in STATUSES})

    def total(self, status: str) -> int:
        """How many items of all resources got this status."""
        return sum(counts[status] for counts in self.counts.values())


def pieces(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, in pieces of this size."""
    return (items[start : start + size] for start in range(0, len(items), size))


class Sender:
    """Sends one floor to one service and counts the receipts; progress(n) is called after n more requests or items."""

    def __init__(self, client: httpx.AsyncClient, progress: Progress) -> None:
        self._client = client
        self._progress = progress
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self.tally = Tally()

    async def send(self, floor: Deliveries) -> Tally:
        """Configure first, then send every resource at the same time."""
        for setting in floor.settings:
            await self._configure(setting)
        await asyncio.gather(*(self._resource(resource, items) for resource, items in floor.items.items()))
        return self.tally

    async def _configure(self, setting: Setting) -> None:
        response = await self._request(setting.method, setting.path, orjson.dumps(setting.body), JSON)
        check(response, setting.path)
        self._progress(1)

    async def _resource(self, resource: str, items: list[Item]) -> None:
        if resource == "agent-states":
            for piece in pieces(items, _STREAM):
                await self._stream(resource, piece)
            return
        singles = min(_SINGLES, len(items)) if resource == "attempts" else 0
        for piece in pieces(items[: len(items) - singles], _ARRAY):
            await self._array(resource, piece)
        await asyncio.gather(*(self._single(resource, item) for item in items[len(items) - singles :]))

    async def _array(self, resource: str, piece: Sequence[Item]) -> None:
        response = check(await self._post(resource, orjson.dumps(piece), JSON), resource)
        self._count(resource, response.json(), len(piece))

    async def _stream(self, resource: str, piece: Sequence[Item]) -> None:
        """Lines in, lines out; the last one holds the counts."""
        body = b"\n".join(orjson.dumps(item) for item in piece)
        response = check(await self._post(resource, body, NDJSON), resource)
        self._count(resource, orjson.loads(response.content.splitlines()[-1]), len(piece))

    async def _single(self, resource: str, item: Item) -> None:
        async with self._at_once:
            response = await self._post(resource, orjson.dumps(item), JSON)
        rejected = response.status_code == 422
        status = "rejected" if rejected else check(response, resource).json()["status"]
        self._count(resource, dict.fromkeys(STATUSES, 0) | {status: 1}, 1)

    def _count(self, resource: str, answer: dict[str, Any], items: int) -> None:
        self.tally.add(resource, answer)
        self._progress(items)

    async def _post(self, resource: str, body: bytes, kind: str) -> httpx.Response:
        return await self._request("POST", f"/v1/{resource}", body, kind)

    async def _request(self, method: str, path: str, body: bytes, kind: str) -> httpx.Response:
        """Send a request, again while the service is busy; nothing is counted twice."""
        for _ in range(_TRIES):
            response = await self._client.request(method, path, content=body, headers={"Content-Type": kind})
            if response.status_code != 503:
                return response
            await asyncio.sleep(float(response.headers.get("Retry-After", "1")))
        raise SetupError(f"The service says it is too busy for {method} {path}, again and again")


def check(response: httpx.Response, what: str) -> httpx.Response:
    """The response, if it is a success. Raises SetupError."""
    if response.is_success:
        return response
    raise SetupError(f"The service refuses {what}: {reason(response)}")


def reason(response: httpx.Response) -> str:
    """The reason of a refusal, as the service gives it."""
    try:
        problem = response.json()
    except ValueError:
        return f"status {response.status_code}"
    faults = "; ".join(f"{fault['pointer']} {fault['message']}" for fault in problem.get("errors", []))
    return f"{problem.get('title', response.status_code)} ({faults or problem.get('detail', '')})"

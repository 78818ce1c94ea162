"""Dialers that send as fast as they can to a real service, on an embedded ledger as durable as it is for users."""

import asyncio
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import orjson
import psutil
import pytest

from service.platform.embedded_server import running_ledger
from tests.make import Item, at, attempt
from tests.serving import Service, serving

NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass
class Writers:
    """Dialers that send as fast as they can until one is refused, and remember what they were told."""

    client: httpx.AsyncClient
    sent: dict[str, Item] = field(default_factory=dict)
    statuses: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: list[httpx.Response] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    target: int = 400
    has_ended: bool = False

    async def run(self) -> None:
        """Singles, arrays and streams at once.

        Ends when one writer has met an error and the others have their answer: a fault can pass some of them by.
        """
        sizes = [1] * 12 + [40] * 3
        await asyncio.gather(
            *(self._write(f"w{number}", size) for number, size in enumerate(sizes)),
            *(self._stream(f"s{number}", 1500) for number in range(2)),
        )

    async def _write(self, name: str, size: int) -> None:
        for turn in count():
            items = [self._item(f"{name}-{turn}-{place}") for place in range(size)]
            if not await self.send(items):
                self.has_ended = True
            if self.has_ended:
                return

    async def _stream(self, name: str, size: int) -> None:
        for turn in count():
            if not await self.stream([self._item(f"{name}-{turn}-{place}") for place in range(size)]):
                self.has_ended = True
            if self.has_ended:
                return

    def _item(self, external_id: str) -> Item:
        number = len(self.sent)
        item = attempt(external_id, dialed_at=at(number / 100), agent=f"agent-{number % 7}", talk_seconds=number % 60)
        self.sent[external_id] = item
        return item

    async def send(self, items: list[Item]) -> bool:
        """Post items, one by itself or an array; whether they were acknowledged."""
        try:
            answer = await self.client.post("/v1/attempts", json=items if len(items) > 1 else items[0])
        except httpx.TransportError:
            return False
        if not answer.is_success:
            self.refused.append(answer)
            return False
        received = answer.json()
        self._note(received["receipts"] if len(items) > 1 else [received])
        return True

    async def stream(self, items: list[Item]) -> bool:
        """Send items as a stream of lines."""

        async def body() -> AsyncIterator[bytes]:
            for item in items:
                yield orjson.dumps(item) + b"\n"

        try:
            answer = await self.client.post("/v1/attempts", content=body(), headers=NDJSON)
        except httpx.TransportError:
            return False
        if not answer.is_success:
            self.refused.append(answer)
            return False
        self._note([orjson.loads(line) for line in answer.content.splitlines()][:-1])
        return True

    def _note(self, receipts: list[Item]) -> None:
        for receipt in receipts:
            self.statuses[receipt["external_id"]].append(receipt["status"])
        if len(self.statuses) >= self.target:
            self.acknowledged.set()

    async def resend(self, items: list[Item]) -> Counter[str]:
        """Send items again, in batches, until each has its receipt; answers what the receipts say."""
        before = Counter(status for received in self.statuses.values() for status in received)
        for start in range(0, len(items), 1000):
            assert await self.send(items[start : start + 1000])
        return Counter(status for received in self.statuses.values() for status in received) - before


@pytest.fixture(scope="session")
def durable_home(folder: Path) -> Path:
    """The home of an embedded ledger that is as durable as it is for users."""
    return folder / "durable"


@pytest.fixture(scope="session")
def key(durable_home: Path, folder: Path) -> str:
    """A key of the durable ledger."""
    return Service({"HOME": str(durable_home)}, folder).run("key", "create")


@pytest.fixture
async def service(durable_home: Path, folder: Path) -> AsyncIterator[Service]:
    """A service on the durable ledger, without any attempts."""
    with serving(folder, HOME=str(durable_home)) as started:
        async with opened_ledger(durable_home) as ledger:
            await ledger.execute("TRUNCATE attempts, attempts_history")
        yield started


@asynccontextmanager
async def opened_ledger(home: Path) -> AsyncGenerator[asyncpg.Connection]:
    """The ledger of a home, seen by its owner."""
    with running_ledger(home) as url:
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()


def kill_database(home: Path) -> None:
    """End the ledger's server as a lack of memory would: its main process, at once. The others notice."""
    pid = int((home / "ledger" / "data" / "postmaster.pid").read_text().partition("\n")[0])
    os.kill(pid, signal.SIGKILL)


def stop_database(home: Path) -> None:
    """End the ledger's server in order, whoever is connected, as an update of the machine would."""
    pid = int((home / "ledger" / "data" / "postmaster.pid").read_text().partition("\n")[0])
    os.kill(pid, signal.SIGINT)
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)

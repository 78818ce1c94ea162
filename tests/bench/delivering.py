"""`python -m tests.bench.delivering`: dialers of every kind deliver at once, two hundred a second; is all of it there?

Each delivery is one of our payloads with a call id of its own, with the proof its vendor gives, sent as it comes by the
clock; then the same again as fast as connections go. The ledger is an embedded one with every promise of durability.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import asyncpg
import click
import httpx
import uvloop
from rich.console import Console

from service.dialers import Delivery, dialers
from service.platform.embedded_server import running_ledger
from tests.bench.__main__ import _free_port, ledger_home
from tests.dialers.deliveries import SECRET, expected, sent
from tests.dialers.signing import SIGNERS, signed
from tests.serving import Service

_ONCE = ("uuid", "request_id")


@dataclass(frozen=True)
class Sending:
    """A hook, and the payload that is sent to it."""

    vendor: str
    url: str
    payload: Delivery
    call: str

    def delivery(self, number: int) -> Delivery:
        """The payload told of another call, with its proof."""
        sent_now = replace(self.payload, url=self._written(self.url + _query(self.payload), number))
        sent_now = replace(sent_now, received_at=datetime.now(UTC), body=self._once(number))
        return signed(self.vendor, sent_now)

    def _written(self, text: str, number: int) -> str:
        return text.replace(self.call, f"{self.call[:-3]}{number:06}")

    def _once(self, number: int) -> bytes:
        text = self._written(self.payload.body.decode(), number)
        if not any(f'"{name}"' in text for name in _ONCE):
            return text.encode()
        body: dict[str, Any] = json.loads(text)
        return json.dumps(body | {name: str(uuid4()) for name in _ONCE if name in body}).encode()


def _query(delivery: Delivery) -> str:
    return "".join(delivery.url.partition("?")[1:])


def payload_of(vendor: str) -> tuple[Delivery, str]:
    """The first of our payloads that tells the begin of a call that goes out, and how the call's id stands in it."""
    for name, told in expected(vendor).items():
        attempts = told.get("attempts", [])
        if attempts and "dialed_at" in attempts[0]:
            delivery = sent(vendor, name)
            written = delivery.url + delivery.body.decode()
            parts = [attempts[0]["external_id"], *attempts[0]["external_id"].split("-")]
            return delivery, next(part for part in parts if part in written)
    raise LookupError(vendor)


@click.command
@click.option("--rate", default=200, show_default=True, help="Deliveries a second.")
@click.option("--seconds", default=30, show_default=True, help="For how long.")
def deliver(rate: int, seconds: int) -> None:
    """Deliver, and count what is in the ledger."""
    console = Console(stderr=True)
    with ledger_home() as home, running_ledger(home) as owner_url:
        port = str(_free_port())
        service = Service({"HOME": str(home), "PORT": port, "SYNC_SECONDS": "0"}, home)
        service.start()
        try:
            key = service.run("key", "create", "--scope", "admin")
            for line in uvloop.run(measure(service, key, owner_url, rate, seconds)):
                console.print(line)
        finally:
            service.stop()


async def measure(service: Service, key: str, owner_url: str, rate: int, seconds: int) -> list[str]:
    """What came of deliveries by the clock, and of as many as fast as they go."""
    port = int(service.settings["PORT"])
    async with service.client(key) as client:
        sendings = [await hooked(client, vendor) for vendor in dialers()]
        count = rate * seconds
        paced = [one.delivery(number) for number, one in islice(enumerate(cycle(sendings)), count)]
        lines = [f"{rate}/s for {seconds} s: {await run(port, paced, rate)}"]
        numbers = islice(enumerate(cycle(sendings), start=count), count)
        lines.append(f"as fast as they go: {await run(port, [one.delivery(number) for number, one in numbers], None)}")
    return [*lines, await found(owner_url, 2 * count)]


async def hooked(client: httpx.AsyncClient, vendor: str) -> Sending:
    """A hook of this vendor, ready to be delivered to."""
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    form = {"dialer": vendor, "campaign": "spring", "zone": "America/New_York", **secret}
    made = (await client.post("/v1/hooks", json=form)).raise_for_status().json()
    return Sending(vendor, made["url"], *payload_of(vendor))


async def run(port: int, deliveries: list[Delivery], rate: int | None) -> str:
    """Deliver at a rate, or as fast as it goes, over 64 connections; answers how it went."""
    took: list[float] = []
    started = time.perf_counter()
    due = ((started + number / rate if rate else started, one) for number, one in enumerate(deliveries))
    await asyncio.gather(*(_connection(port, due, took) for _ in range(64)))
    seconds = time.perf_counter() - started
    took.sort()
    middle, most = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return (
        f"{len(took):,} answered, {len(took) / seconds:,.0f}/s, half within {middle:.1f} ms, 99 % within {most:.1f} ms"
    )


async def _connection(port: int, due: Iterator[tuple[float, Delivery]], took: list[float]) -> None:
    """Deliver one after the other; what is due and late is as late as it is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for moment, delivery in due:
        if (wait := moment - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        begun = time.perf_counter()
        writer.write(_written(delivery))
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        assert head.startswith(b"http/1.1 200"), (delivery.url.split("/")[5], head)
        took.append(time.perf_counter() - begun)
    writer.close()


def _written(delivery: Delivery) -> bytes:
    """A delivery as it goes over the wire."""
    _, _, host, path = delivery.url.split("/", 3)
    headers = {"host": host, "content-length": str(len(delivery.body)), **delivery.headers}
    lines = [f"{delivery.method} /{path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + delivery.body


async def found(owner_url: str, count: int) -> str:
    """What the ledger has of so many deliveries; raises AssertionError where it is not all of them, once."""
    owner = await asyncpg.connect(owner_url)
    [kept] = await owner.fetch("SELECT count(*) AS kept, sum(seen) AS seen FROM deliveries WHERE status = 'taken'")
    [calls] = await owner.fetch("SELECT count(*) AS calls FROM attempts")
    await owner.close()
    assert (kept["kept"], kept["seen"], calls["calls"]) == (count, count, count), (dict(kept), dict(calls))
    return f"in the ledger, once each: {count:,} deliveries, {count:,} attempts"


if __name__ == "__main__":
    deliver()

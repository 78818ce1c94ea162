"""`python -m tests.bench.delivering`: all types of dialers deliver at once, 200 a second. Does everything arrive?

Every delivery is a recorded payload with its own call id and the signature of its vendor. The first run sends at a
fixed rate, the second as fast as connections allow. The ledger is an embedded one with full durability.
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
    """A hook and the payload to send to it."""

    vendor: str
    url: str
    payload: Delivery
    call: str

    def delivery(self, number: int) -> Delivery:
        """The payload with a new call id, signed."""
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
    """The first recorded payload with the start of an outbound call, and the form of the call id inside it."""
    for name, parsed in expected(vendor).items():
        attempts = parsed.get("attempts", [])
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
    """Send deliveries, then count the rows in the ledger."""
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
    """The results at a fixed rate and at full speed, a line per run."""
    port = int(service.settings["PORT"])
    async with service.client(key) as client:
        sendings = [await hooked(client, vendor) for vendor in dialers()]
        count = rate * seconds
        paced = [sending.delivery(number) for number, sending in islice(enumerate(cycle(sendings)), count)]
        lines = [f"{rate}/s for {seconds} s: {await run(port, paced, rate)}"]
        numbers = islice(enumerate(cycle(sendings), start=count), count)
        lines.append(
            f"as fast as they go: {await run(port, [sending.delivery(number) for number, sending in numbers], None)}"
        )
    return [*lines, await count_stored(owner_url, 2 * count)]


async def hooked(client: httpx.AsyncClient, vendor: str) -> Sending:
    """A new hook of this vendor, with the payload for it."""
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    form = {"dialer": vendor, "campaign": "spring", "zone": "America/New_York", **secret}
    made = (await client.post("/v1/hooks", json=form)).raise_for_status().json()
    return Sending(vendor, made["url"], *payload_of(vendor))


async def run(port: int, deliveries: list[Delivery], rate: int | None) -> str:
    """Deliver at a rate, or at full speed, over 64 connections; returns a line about the run."""
    took: list[float] = []
    started = time.perf_counter()
    due = ((started + number / rate if rate else started, delivery) for number, delivery in enumerate(deliveries))
    await asyncio.gather(*(_connection(port, due, took) for _ in range(64)))
    seconds = time.perf_counter() - started
    took.sort()
    middle, most = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return (
        f"{len(took):,} answered, {len(took) / seconds:,.0f}/s, half within {middle:.1f} ms, 99% within {most:.1f} ms"
    )


async def _connection(port: int, due: Iterator[tuple[float, Delivery]], took: list[float]) -> None:
    """Deliver one at a time; a delivery that is already late goes out at once."""
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
    """The bytes of a delivery as an HTTP request."""
    _, _, host, path = delivery.url.split("/", 3)
    headers = {"host": host, "content-length": str(len(delivery.body)), **delivery.headers}
    lines = [f"{delivery.method} /{path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + delivery.body


async def count_stored(owner_url: str, count: int) -> str:
    """The counts of the ledger, as a line; raises AssertionError unless every delivery arrived exactly once."""
    owner = await asyncpg.connect(owner_url)
    [totals] = await owner.fetch(
        "SELECT count(*) AS deliveries, sum(seen) AS seen FROM deliveries WHERE status = 'taken'"
    )
    [calls] = await owner.fetch("SELECT count(*) AS calls FROM attempts")
    await owner.close()
    assert (totals["deliveries"], totals["seen"], calls["calls"]) == (count, count, count), (dict(totals), dict(calls))
    return f"in the ledger, once each: {count:,} deliveries, {count:,} attempts"


if __name__ == "__main__":
    deliver()

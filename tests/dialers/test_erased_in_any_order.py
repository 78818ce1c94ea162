"""Of an erased person nothing stays of what a dialer delivers, in whatever order a call is told, over HTTP."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery, Unreadable, dialers
from service.ingest.phone import is_number
from tests.api.conftest import Caller, NewCaller, new_caller, running
from tests.conftest import Owner
from tests.dialers.deliveries import OURS, SECRET, hook_of, sent
from tests.dialers.signing import SIGNERS, signed
from tests.dialers.test_streams import STREAMS
from tests.make import lead

__all__ = ["new_caller"]

ROOT = "https://calls.example.com"
FEW = 3
ORDERS_OF_MANY = 5
TABLES = ("attempts_versions", "inbound_calls_versions", "dispositions_versions", "leads_versions", "deliveries")


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


def people_of(vendor: str, stream: list[Delivery]) -> dict[str, str]:
    """The numbers of the customers in a stream, by call; callers who hide theirs are nobody."""
    numbers: dict[str, str] = {}
    for delivery in stream:
        try:
            event = dialers()[vendor].parse(delivery, hook_of(vendor))
        except Unreadable:
            continue
        numbers |= {item["external_id"]: item["to_number"] for item in event.attempts if "to_number" in item}
        numbers |= {item["external_id"]: item["from_number"] for item in event.inbound_calls if "from_number" in item}
    return {call: number for call, number in numbers.items() if is_number(number)}


def orders(stream: list[Delivery]) -> Iterator[list[Delivery]]:
    """Every order of a short stream; of a long one its own, the reverse, and some others."""
    if len(stream) <= FEW:
        yield from map(list, permutations(stream))
        return
    yield from (stream, stream[::-1])
    chance = random.Random(len(stream))
    yield from (chance.sample(stream, len(stream)) for _ in range(ORDERS_OF_MANY - 2))


async def deliver(caller: Caller, vendor: str, stream: list[Delivery]) -> None:
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    hook = await caller.post(
        "hooks", {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}, 201
    )
    for delivery in stream:
        _, separator, query = delivery.url.partition("?")
        proven = signed(vendor, replace(delivery, url=hook["url"] + separator + query, received_at=datetime.now(UTC)))
        path = proven.url.removeprefix(ROOT)
        answer = await caller.client.request(proven.method, path, content=proven.body, headers=proven.headers)
        assert answer.status_code == 200, answer.text


async def rows_of(owner: Owner, account: int) -> dict[str, list[dict[str, Any]]]:
    query = "SELECT * FROM {} WHERE account_id = $1"
    return {table: [dict(row) for row in await owner.fetch(query.format(table), account)] for table in TABLES}


@pytest.mark.parametrize(("vendor", "story"), STREAMS)
async def test_nothing_stays_of_an_erased_person(vendor: str, story: str, new_caller: NewCaller, owner: Owner) -> None:
    names = json.loads((OURS / vendor / "streams.json").read_text())[story]
    stream = [sent(vendor, name) for name in names]
    people = people_of(vendor, stream)
    for order in orders(stream):
        caller = await new_caller()
        for place, number in enumerate(sorted({*people.values()})):
            await caller.post("leads", lead(f"lead-{place}", phone_number=number), 201)
            await caller.post("erasures", {"phone_number": number}, 201)
        await deliver(caller, vendor, order)
        rows = await rows_of(owner, caller.account_id)
        assert [row for table in TABLES[:3] for row in rows[table] if _call(row) in people and _tells(row)] == []
        content = [row for row in rows["deliveries"] if row["body"] is not None or row["said"] is not None]
        assert [row["event"] for row in content if not people.keys().isdisjoint(row["calls"])] == []
        assert not [number for number in people.values() if number[-10:] in str(rows)]


def _call(row: dict[str, Any]) -> str:
    return row["attempt"] if "attempt" in row else row["external_id"]


def _tells(row: dict[str, Any]) -> bool:
    """Whether a row holds words or a recording of its call."""
    values = (row.get(name) for name in ("note", "contact", "recording"))
    return any(value is not None and "erased" not in str(value) for value in values)

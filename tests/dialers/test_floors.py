"""Fifty interleaved calls of a dialer equal the table that was written by hand, in any order of their deliveries.

So does the whole life of one call.
"""

import json
import random
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery
from service.platform.db import Pool
from tests.api.conftest import Caller, caller, new_caller, running
from tests.conftest import Owner
from tests.dialers.deliveries import OURS, SECRET
from tests.dialers.floors import CODES, COMPOSERS, Row, at_address, deliveries_of, floor, life_of
from tests.dialers.signing import SIGNERS, signed
from tests.dialers.test_streams import final_state

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"
DAY = {"from": "2026-04-14", "to": "2026-04-15"}
TABLES = {True: "attempts", False: "inbound_calls"}


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


def in_words(value: Any) -> str | None:
    """A value of the ledger as the table writes it."""
    return None if value is None else f"{float(value):g}" if isinstance(value, int | float) else str(value)


def expected(row: Row) -> dict[str, str | None]:
    """The columns that the table states of a call."""
    return {name: None if value in {"", "None"} else value for name, value in row.columns.items()}


def stated(row: Row, record: Any) -> dict[str, str | None]:
    """The same columns of the ledger's row."""
    seconds = {f"{name[:-3]}_seconds": value and value / 1000 for name, value in record.items() if name.endswith("_ms")}
    columns: dict[str, Any] = {**record, **seconds}
    named = {name: columns[name] for name in row.columns}
    return {
        name: str(value) if isinstance(value, bool) else f"{float(value):g}" if name == "value" else in_words(value)
        for name, value in named.items()
    }


@pytest.mark.parametrize("vendor", COMPOSERS)
async def test_fifty_calls_over_http_equal_the_table(vendor: str, caller: Caller, owner: Owner) -> None:
    for code, meaning in CODES.items():
        await caller.put(f"disposition-codes/{code}", meaning)
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    form = {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}
    hook = await caller.post("hooks", form, 201)
    for sent in deliveries_of(vendor):
        delivery = signed(vendor, at_address(sent, hook["url"]))
        path = delivery.url.removeprefix(ROOT)
        for _ in range(2):
            answer = await caller.client.request(delivery.method, path, content=delivery.body, headers=delivery.headers)
            assert answer.status_code == 200, answer.text
    counts = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)
    rows = floor(vendor)
    for attempt, table in TABLES.items():
        begun = "dialed_at" if attempt else "arrived_at"
        query = f"SELECT * FROM {table} WHERE account_id = $1 AND {begun} IS NOT NULL"
        records = {_number_of(record): record for record in await owner.fetch(query, caller.account_id)}
        rows_of_table = {row.phone: row for row in rows if row.attempt == attempt}
        assert {phone: stated(rows_of_table[phone], record) for phone, record in records.items()} == {
            phone: expected(row) for phone, row in rows_of_table.items()
        }
    for dimension, counts_of_table in json.loads((OURS / vendor / "floor" / "totals.json").read_text()).items():
        assert await attempts_by(caller, dimension) == counts_of_table


async def attempts_by(caller: Caller, dimension: str) -> dict[str, int]:
    """The attempts that the report counts, by agent or result."""
    report = await caller.get("reports", metrics="attempts", by=dimension, **DAY)
    return {group["group"][dimension] or "": group["cells"]["attempts"]["value"] for group in report["groups"]}


def _number_of(record: Any) -> str:
    """The customer's number."""
    return record["to_number"] if "dialed_at" in record else record["from_number"]


@pytest.mark.parametrize("stream_of", [life_of, deliveries_of], ids=["life", "floor"])
@pytest.mark.parametrize("vendor", COMPOSERS)
async def test_calls_end_in_one_state_in_any_order(
    vendor: str, stream_of: Callable[[str], list[Delivery]], pool: Pool, owner: Owner
) -> None:
    stream = stream_of(vendor)
    chance = random.Random(vendor)
    play = partial(final_state, pool, owner, vendor)
    in_order = await play(stream, in_one_batch=True)
    begun = [row.get("dialed_at") or row.get("arrived_at") for rows in in_order.values() for row in rows]
    assert len(list(filter(None, begun))) == (50 if stream_of is deliveries_of else 1)
    for turn in range(5):
        mixed = chance.sample(stream, len(stream))
        assert await play(mixed, in_one_batch=True) == in_order, f"mixed up {turn}"
    mixed = chance.sample(stream, len(stream))
    assert await play([sent for sent in mixed for _ in range(2)], in_one_batch=True) == in_order, "doubled"
    late = set(chance.sample(range(len(stream)), len(stream) // 2))
    on_time = [sent for place, sent in enumerate(stream) if place not in late]
    assert await play([*on_time, *(stream[place] for place in sorted(late))]) == in_order, "partly late"

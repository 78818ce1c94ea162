"""Twilio's calls as they live: one long call in every order, and fifty interleaved calls, as the ledger counts them."""

import json
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery
from tests.api.conftest import Caller, NewCaller, new_caller, running
from tests.conftest import Owner
from tests.dialers.deliveries import SECRET
from tests.dialers.signing import signed
from tests.dialers.twilio_floor import FloorCall, floor

__all__ = ["new_caller"]

ROOT = "https://calls.example.com"
DAY = {"from": "2026-04-14", "to": "2026-04-15"}
LEAD = {
    "external_id": "web-61",
    "received_at": "2026-04-14T13:58:00Z",
    "source": "web-form",
    "phone_number": "+16465550361",
}
# The customer waits in a queue, Ada joins, holds, brings in Bea and leaves; the recording comes last.
LIFE = FloorCall(
    call="CA61",
    at="03:00",
    way="conference",
    by="ada",
    agent="ada",
    lead="",
    phone="+16465550361",
    steps="ring 2; answer 10 human; miss cem 30; join ada 40; hold ada 100; unhold ada 130; join bea 140;"
    " leave ada 150; leave bea 240; end 242; record 200",
    result="answered",
    answered_by="human",
    handled="",
    # Ada: 40 to 100 and 130 to 150. Bea: 140 to 240. Together 40 to 100 and 130 to 240.
    talk="170",
    hold="30",
    shares="ada 80 30; bea 100",
)
# The table's attempts by agent. In 16 calls, an agent talked, not with a known machine: for 1,254 s.
ATTEMPTS = {
    None: 8,
    "abe": 3,
    "mira": 5,
    "noor": 2,
    "olu": 6,
    "pia": 3,
    "quin": 3,
    "rui": 3,
    "uma": 3,
    "vik": 1,
    "zoe": 4,
}
TALKS, TALK = 16, 1254


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


async def deliver(caller: Caller, stream: Iterable[Delivery]) -> None:
    """Create a hook, and post these deliveries to it one after another."""
    form = {"dialer": "twilio", "campaign": "spring-renewals", "zone": "America/New_York", "secret": SECRET}
    hook = await caller.post("hooks", form, 201)
    for sent in stream:
        query = sent.url.partition("?")[2]
        at_hook = replace(sent, url=f"{hook['url']}?{query}" if query else hook["url"], received_at=datetime.now(UTC))
        delivery = signed("twilio", at_hook)
        path = delivery.url.removeprefix(ROOT)
        answer = await caller.client.request(delivery.method, path, content=delivery.body, headers=delivery.headers)
        assert answer.status_code == 200, answer.text
    counts = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)


async def counted(owner: Owner, account: int) -> dict[str, dict[str, Any]]:
    """The calls that count, by their own id."""
    attempts = await owner.fetch("SELECT * FROM attempts WHERE account_id = $1 AND dialed_at IS NOT NULL", account)
    inbound = await owner.fetch("SELECT * FROM inbound_calls WHERE account_id = $1 AND arrived_at IS NOT NULL", account)
    return {record["external_id"]: dict(record) for record in (*attempts, *inbound)}


def as_written(row: FloorCall, record: dict[str, Any]) -> dict[str, Any]:
    """A row of the ledger in the words of the table."""
    shares = json.loads(record["shares"]) if record["shares"] else []
    columns = ["agent", "lead", "outcome" if row.is_inbound else "network_result"]
    if not row.is_inbound:
        columns += ["answered_by", "handled"]
    return {
        **{"result" if "_result" in name or name == "outcome" else name: record[name] or "" for name in columns},
        "talk": seconds(record["talk_ms"]),
        "hold": seconds(record["hold_ms"]),
        "shares": "; ".join(
            " ".join([share["agent"], *(seconds(share[part]) for part in ("talk_ms", "hold_ms") if part in share)])
            for share in shares
        ),
    }


def seconds(milliseconds: int | None) -> str:
    """A duration in the words of the table."""
    return "" if milliseconds is None else f"{milliseconds / 1000:g}"


def in_table(row: FloorCall) -> dict[str, str]:
    """A row of the table, without what happened."""
    columns = ["agent", "lead", "result", "talk", "hold", "shares"]
    columns += [] if row.is_inbound else ["answered_by", "handled"]
    return {name: getattr(row, name) for name in columns}


async def test_a_call_with_queue_hold_and_transfer_counts_the_same_in_any_order(
    new_caller: NewCaller, owner: Owner
) -> None:
    stream = list(LIFE.deliveries())
    chance = random.Random(61)
    mixed = [chance.sample(stream, len(stream)) for _ in range(5)]
    late = [*stream[::2], *stream[1::2]]
    doubled = [delivery for delivery in mixed[0] for _ in range(2)]
    for number, order in enumerate([stream, *mixed, late, doubled, [*stream, *mixed[1]]]):
        caller = await new_caller()
        await caller.post("leads", LEAD, 201)
        await deliver(caller, order)
        calls = await counted(owner, caller.account_id)
        rows = {call: as_written(LIFE, record) for call, record in calls.items()}
        assert rows == {"CA61": in_table(LIFE) | {"lead": "web-61"}}, f"order {number}"
        assert await report(caller) == [["ada", "web-form", "none", 1, 1, 170.0]], f"order {number}"


async def report(caller: Caller) -> list[list[Any]]:
    """Agent, source, result, attempts, answer rate, and talk of the calls of the day."""
    names = ("attempts", "answer_rate", "avg_talk_time")
    groups = (await caller.get("reports", metrics=",".join(names), by="agent,source,result", **DAY))["groups"]
    return [[*group["group"].values(), *(group["cells"][name]["value"] for name in names)] for group in groups]


async def test_fifty_interleaved_calls_equal_the_table(new_caller: NewCaller, owner: Owner) -> None:
    rows = floor()
    stream = sorted((sent for row in rows for sent in row.deliveries()), key=lambda sent: sent.received_at)
    chance = random.Random(50)
    table = {row.call: in_table(row) for row in rows}
    for order in (stream, chance.sample(stream, len(stream)), [*stream, *reversed(stream)]):
        caller = await new_caller()
        await deliver(caller, order)
        calls = await counted(owner, caller.account_id)
        assert {row.call: as_written(row, calls[row.call]) for row in rows if row.call in calls} == table
        assert set(calls) == set(table)
        groups = (await caller.get("reports", metrics="attempts", by="agent", **DAY))["groups"]
        assert {group["group"]["agent"]: group["cells"]["attempts"]["value"] for group in groups} == ATTEMPTS
        total = (await caller.get("reports", metrics="attempts,avg_talk_time", **DAY))["total"]
        assert (total["attempts"]["value"], total["avg_talk_time"]["value"]) == (41, TALK / TALKS)


async def test_no_delivery_holds_the_number_of_an_erased_person(new_caller: NewCaller, owner: Owner) -> None:
    """Also those that tell of agents only: a browser that dials the person, an agent's phone that rings for them."""
    caller = await new_caller()
    erased, *others = floor()
    inbound = next(row for row in others if row.is_inbound and "miss" in row.steps)
    for number in (erased.phone, inbound.phone):
        await caller.post("erasures", {"phone_number": number}, 201)
    await deliver(caller, [*erased.deliveries(), *inbound.deliveries(), *others[1].deliveries()])
    bodies = await owner.fetch("SELECT body FROM deliveries WHERE account_id = $1", caller.account_id)
    texts = [record["body"].decode() for record in bodies if record["body"]]
    assert any(others[1].phone.removeprefix("+") in text for text in texts)
    assert not any(number.removeprefix("+") in text for text in texts for number in (erased.phone, inbound.phone))

"""Calls as Aircall and CloudTalk tell them: one long call in every order, and fifty interleaved calls on one floor.

What the ledger and the report say is compared with tables worked by hand.
"""

import json
import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery, dialers
from tests.api.conftest import Caller, NewCaller, new_caller, running
from tests.conftest import Owner
from tests.dialers import aircall_calls, cloudtalk_calls
from tests.dialers.call_tables import TableCall, floor
from tests.dialers.deliveries import SECRET, hook_of
from tests.dialers.signing import signed

__all__ = ["new_caller"]

ROOT = "https://calls.example.com"
SPAN = {"from": "2026-04-15", "to": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}
CODES = {"Won": "sale", "Demo booked": "appointment", "Call later": "callback_requested", "Refused": "not_interested"}
TELLERS: dict[str, Callable[[TableCall], Iterator[Delivery]]] = {
    "aircall": aircall_calls.deliveries,
    "cloudtalk": cloudtalk_calls.deliveries,
}
LIVES = {
    # Ines talks from 12 to 60 and from 85 to 130, Otto from 130 to 200 and from 215 to 310.
    "aircall": TableCall(
        call="8800",
        at="02:00",
        way="turned",
        agent="ines",
        phone="+12125550180",
        steps="answer 12; hold 60; unhold 85; pass 130 otto; hold 200; unhold 215; end 310; tag 345 Refused;"
        " tag 350 Spanish; tag 360 Won; untag 365 Refused; comment 370 Signs today.; comm_assets_generated 400",
        last="otto",
        lead="web-80",
        result="answered",
        talk="258",
        hold="40",
        shares="ines 93 25; otto 165 15",
        code="Won",
        note="Signs today.",
    ),
    "cloudtalk": TableCall(
        call="8801",
        at="02:00",
        way="out",
        agent="ines",
        phone="+12125550181",
        steps="started 0; answered 9; recording 170; ended 175 wait=9 talk=150 wrap=12 tags=Refused;"
        " modified 200 tags=Refused,Won; modified 210 tags=Won,Spanish note=Signs_today.",
        last="ines",
        lead="web-81",
        result="answered",
        talk="150",
        hold="",
        shares="",
        code="Won",
        note="Signs today.",
    ),
}
# The attempts of each floor by agent, and its sales, counted in the table.
TOTALS = {
    "aircall": ({"ines": 15, "otto": 16, "ruth": 5}, 6),
    "cloudtalk": ({"ines": 17, "otto": 17}, 9),
}


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


async def deliver(caller: Caller, vendor: str, rows: list[TableCall], stream: Iterable[Delivery]) -> None:
    """Define the codes and the leads of these calls, create a hook, and post the deliveries one after another."""
    for code, result in CODES.items():
        await caller.put(f"disposition-codes/{code}", {"result": result})
    for row in rows:
        if row.lead:
            received = (row.starts - timedelta(minutes=5)).isoformat()
            lead = {"external_id": row.lead, "received_at": received, "source": "web-form", "phone_number": row.phone}
            await caller.post("leads", lead, 201)
    form = {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", "secret": SECRET}
    hook = await caller.post("hooks", form, 201)
    for sent in stream:
        delivery = signed(vendor, replace(sent, url=hook["url"], received_at=datetime.now(UTC)))
        path = delivery.url.removeprefix(ROOT)
        answer = await caller.client.post(path, content=delivery.body, headers=delivery.headers)
        assert answer.status_code == 200, answer.text
    counts = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)


async def counted(owner: Owner, account: int) -> dict[str, dict[str, str]]:
    """The calls that count, by their own id, in the words of the table."""
    attempts = await owner.fetch("SELECT * FROM attempts WHERE account_id = $1 AND dialed_at IS NOT NULL", account)
    inbound = await owner.fetch("SELECT * FROM inbound_calls WHERE account_id = $1 AND arrived_at IS NOT NULL", account)
    calls = [(record, "network_result") for record in attempts] + [(record, "outcome") for record in inbound]
    assert len(calls) == len({record["external_id"] for record, _ in calls}), "a call in both directions"
    return {record["external_id"]: as_written(dict(record), result) for record, result in calls}


def as_written(record: dict[str, Any], result: str) -> dict[str, str]:
    """A row of the ledger in the words of the table."""
    shares = json.loads(record["shares"] or "[]")
    return {
        "last": named(record["agent"]),
        "lead": record["lead"] or "",
        "result": record[result] or "",
        "talk": seconds(record["talk_ms"]),
        "hold": seconds(record["hold_ms"]),
        "shares": "; ".join(
            " ".join(
                [named(share["agent"]), *(seconds(share[part]) for part in ("talk_ms", "hold_ms") if part in share)]
            )
            for share in shares
        ),
        "code": record["disposition"] or "",
        "note": record["note"] or "",
    }


def named(agent: str | None) -> str:
    """An agent in the words of the table."""
    return (agent or "").partition("@")[0]


def seconds(milliseconds: int | None) -> str:
    """A duration in the words of the table."""
    return "" if milliseconds is None else f"{milliseconds / 1000:g}"


def orders(vendor: str, stream: list[Delivery]) -> Iterator[tuple[str, list[Delivery]]]:
    """Ways in which deliveries arrive. CloudTalk sends no times, so its changes of tags keep their order."""
    chance = random.Random(vendor)
    yield "in order", stream
    yield "doubled", [delivery for delivery in stream for _ in range(2)]
    yield "late", in_own_order(vendor, [*stream[::2], *stream[1::2]], stream)
    for turn in range(5):
        yield f"mixed up {turn}", in_own_order(vendor, chance.sample(stream, len(stream)), stream)


def in_own_order(vendor: str, mixed: list[Delivery], stream: list[Delivery]) -> list[Delivery]:
    """A mixed stream; of a dialer without times, deliveries that name tags stand in their own order."""
    if vendor == "aircall":
        return mixed
    changes = (delivery for delivery in stream if b'"tags"' in delivery.body)
    return [next(changes) if b'"tags"' in delivery.body else delivery for delivery in mixed]


@pytest.mark.parametrize("vendor", LIVES)
async def test_a_whole_life_counts_the_same_in_any_order(vendor: str, new_caller: NewCaller, owner: Owner) -> None:
    row = LIVES[vendor]
    stream = list(TELLERS[vendor](row))
    for way, order in orders(vendor, stream):
        caller = await new_caller()
        await deliver(caller, vendor, [row], order)
        assert await counted(owner, caller.account_id) == {row.call: row.right}, way
        names = ("attempts", "answer_rate", "sales", "avg_talk_time")
        report = await caller.get("reports", metrics=",".join(names), by="agent,source,result", **SPAN)
        groups = [
            [*group["group"].values(), *(group["cells"][name]["value"] for name in names)] for group in report["groups"]
        ]
        assert groups == [[f"{row.last}@floor.example", "web-form", "sale", 1, 1, 1, float(row.talk)]], way


@pytest.mark.parametrize("vendor", LIVES)
def test_a_whole_life_is_one_call_to_one_person(vendor: str) -> None:
    row = LIVES[vendor]
    events = [dialers()[vendor].parse(delivery, hook_of(vendor)) for delivery in TELLERS[vendor](row)]
    attempts = [item for event in events for item in event.attempts]
    assert {item["external_id"] for item in attempts} == {row.call}
    assert {item["to_number"] for item in attempts if "to_number" in item} == {row.phone}
    assert [item for event in events for item in event.inbound_calls if "arrived_at" in item] == []
    assert [outcome["code"] for outcome in attempts[-1]["outcomes"]] == ["Spanish", "Won"]


@pytest.mark.parametrize("vendor", TOTALS)
async def test_fifty_interleaved_calls_equal_the_table(vendor: str, new_caller: NewCaller, owner: Owner) -> None:
    rows = floor(vendor)
    stream = sorted((sent for row in rows for sent in TELLERS[vendor](row)), key=lambda sent: sent.received_at)
    mixed = in_own_order(vendor, random.Random(50).sample(stream, len(stream)), stream)
    by_agent, sales = TOTALS[vendor]
    # CloudTalk does not say when a change was made, so a change that arrives again is a new one.
    again = [delivery for delivery in stream[::3] if b'"modified"' not in delivery.body]
    for order in (stream, [*mixed, *again]):
        caller = await new_caller()
        await deliver(caller, vendor, rows, order)
        calls = await counted(owner, caller.account_id)
        assert calls == {row.call: row.right for row in rows}
        assert (await caller.get("to-do"))["unseen"] == {"leads": 0, "attempts": 0, "inbound_calls": 0}
        report = await caller.get("reports", metrics="attempts,sales", by="agent", **SPAN)
        groups = {named(group["group"]["agent"]): group["cells"]["attempts"]["value"] for group in report["groups"]}
        assert (groups, report["total"]["sales"]["value"]) == (by_agent, sales)

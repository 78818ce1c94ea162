"""Calls as RingCentral and Ringover tell them: one whole life in every order, and fifty interleaved calls on one floor.

What the ledger and the report say is compared with tables worked by hand.
"""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery, dialers
from tests.api.conftest import Caller, NewCaller, new_caller, running
from tests.conftest import Owner
from tests.dialers import ringcentral_calls, ringover_calls
from tests.dialers.call_tables import TableCall, floor
from tests.dialers.deliveries import OURS, hook_of
from tests.dialers.test_call_tables import ROOT, SPAN, counted, deliver
from tests.dialers.test_cases import case_of, play

__all__ = ["new_caller"]

TELLERS: dict[str, Callable[[TableCall], Iterator[Delivery]]] = {
    "ringcentral": ringcentral_calls.deliveries,
    "ringover": ringover_calls.deliveries,
}
LIVES = {
    # 8801 talks from 12 to 60 and from 85 to 130; 8802 from 142 to 200 and from 215 to 310.
    "ringcentral": TableCall(
        call="s-life",
        at="02:00",
        way="click",
        agent="8801",
        phone="+17735550280",
        steps="pickup 3; ring 4; answer 12; hold 60; unhold 85; pass 130 8802; join 142 8802; hold 200; unhold 215;"
        " end 310",
        last="8801",
        lead="web-80",
        result="answered",
        talk="246",
        hold="40",
        shares="8801 93 25; 8802 153 15",
        code="",
        note="",
    ),
    # 7101 talks from 12 to 130, 7102 from 142 to 310.
    "ringover": TableCall(
        call="9100200300400500080",
        at="02:00",
        way="out",
        agent="7101",
        phone="+33655500280",
        steps="answer 12; leave 130; join 142 7102; end 310; tags 345 Refused; tags 350 Refused|Zurich;"
        " tags 360 Refused|Zurich|Won; tags 365 Zurich|Won; comment 370 Signs today; record 400",
        last="7102",
        lead="web-80",
        result="answered",
        talk="286",
        hold="",
        shares="7101 118; 7102 168",
        code="Won",
        note="Signs today",
    ),
}
# Of each life: agent, source, result, attempts, answer rate. Then the seconds of each agent's talk.
REPORTS = {
    "ringcentral": ([["8801", "web-form", "none", 1, 1.0]], {"8801": 93.0, "8802": 153.0}),
    "ringover": ([["7102", "web-form", "sale", 1, 1.0]], {"7101": 118.0, "7102": 168.0}),
}
# The attempts of each floor by agent, its answer rate, and its sales, counted in the table.
TOTALS = {
    # One of 37 attempts ended before it rang, and two were blocked. Of the other 34, 21 were answered.
    "ringcentral": ({"8801": 12, "8802": 11, "8803": 9, "8804": 5}, 21 / 34, 0),
    "ringover": ({"7101": 11, "7102": 9, "7103": 9, "7104": 9}, 33 / 38, 6),
}


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


def orders(vendor: str, stream: list[Delivery]) -> Iterator[tuple[str, list[Delivery]]]:
    """Ways in which deliveries arrive."""
    chance = random.Random(vendor)
    yield "in order", stream
    yield "doubled", [delivery for delivery in stream for _ in range(2)]
    yield "late", [*stream[::2], *stream[1::2]]
    for turn in range(5):
        yield f"mixed up {turn}", chance.sample(stream, len(stream))


async def report_by(caller: Caller, by: str, *metrics: str) -> list[list[Any]]:
    """The groups of a report: their names, then the values of the metrics."""
    report = await caller.get("reports", metrics=",".join(metrics), by=by, **SPAN)
    return [
        [*group["group"].values(), *(group["cells"][name]["value"] for name in metrics)] for group in report["groups"]
    ]


@pytest.mark.parametrize("vendor", LIVES)
async def test_a_whole_life_counts_the_same_in_any_order(vendor: str, new_caller: NewCaller, owner: Owner) -> None:
    row, (calls, talks) = LIVES[vendor], REPORTS[vendor]
    for way, order in orders(vendor, list(TELLERS[vendor](row))):
        caller = await new_caller()
        await deliver(caller, vendor, [row], order)
        assert await counted(owner, caller.account_id) == {row.call: row.right}, way
        assert await report_by(caller, "agent,source,result", "attempts", "answer_rate") == calls, way
        hours = {agent: pytest.approx(seconds / 3600) for agent, seconds in talks.items()}
        assert dict(await report_by(caller, "agent", "talk_time")) == hours, way


@pytest.mark.parametrize("vendor", LIVES)
def test_a_whole_life_is_one_call_to_one_person(vendor: str) -> None:
    row = LIVES[vendor]
    events = [dialers()[vendor].parse(delivery, hook_of(vendor)) for delivery in TELLERS[vendor](row)]
    attempts = [item for event in events for item in event.attempts]
    assert {item["external_id"] for item in attempts} == {row.call}
    assert {item["to_number"] for item in attempts if "to_number" in item} == {row.phone}
    assert [item for event in events for item in event.inbound_calls if "arrived_at" in item] == []


@pytest.mark.parametrize("vendor", TOTALS)
async def test_fifty_interleaved_calls_equal_the_table(vendor: str, new_caller: NewCaller, owner: Owner) -> None:
    rows = floor(vendor)
    stream = sorted((sent for row in rows for sent in TELLERS[vendor](row)), key=lambda sent: sent.received_at)
    mixed = random.Random(50).sample(stream, len(stream))
    by_agent, answered, sales = TOTALS[vendor]
    for order in (stream, mixed, [*stream, *mixed]):
        caller = await new_caller()
        await deliver(caller, vendor, rows, order)
        assert await counted(owner, caller.account_id) == {row.call: row.right for row in rows}
        assert dict(await report_by(caller, "agent", "attempts")) == by_agent
        assert (await caller.get("to-do"))["unseen"] == {"leads": 0, "attempts": 0, "inbound_calls": 0}
        total = (await caller.get("reports", metrics="answer_rate,sales", **SPAN))["total"]
        assert (total["answer_rate"]["value"], total["sales"]["value"]) == (pytest.approx(answered), sales)


@pytest.mark.parametrize("name", ["ringover-inside-the-company", "ringcentral-click-to-call-agent-away"])
async def test_a_call_without_a_customer_waits_for_nothing(name: str, new_caller: NewCaller) -> None:
    case = case_of(OURS / "cases" / f"{name}.jsonl")
    caller = await new_caller()
    await play(caller, case, case.lines)
    assert (await caller.get("to-do"))["unseen"] == {"leads": 0, "attempts": 0, "inbound_calls": 0}

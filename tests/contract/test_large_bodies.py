"""Whatever size a body has, the service holds a bounded part of it."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest

from tests.contract.conftest import Caller, Peak, worker_of
from tests.contract.problems import refused
from tests.make import MAKERS, at, attempt
from tests.serving import Service

MEGABYTE = 1_000_000
JSON = {"Content-Type": "application/json"}


async def pieces(body: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
async def test_an_array_of_50_megabytes_is_refused_unread(announced: bool, caller: Caller, service: Service) -> None:
    item = orjson.dumps(attempt(agent="x" * 200))
    body = b"[" + b",".join([item] * (50 * MEGABYTE // len(item))) + b"]"
    await caller.get("agents")
    peak = Peak(worker_of(service).pid)
    answer = await caller.send("POST", "/v1/attempts", content=body if announced else pieces(body), headers=JSON)
    refused(answer, 413, "body-too-large")
    # Announced, it is refused at once; else after the 16 MiB that an array may have.
    assert peak.growth() < (8 if announced else 45) * MEGABYTE, peak.growth()
    assert (await caller.get("rejected-items"))["items"] == []


async def test_one_item_sent_thousands_of_times_is_merged_once(caller: Caller) -> None:
    """By who tries again and again; each repetition is told what became of it all the same."""
    newer, older = attempt(agent="ada", observed_at=at(9)), attempt(agent="grace", observed_at=at(8))
    async with asyncio.timeout(10):
        receipts = (await caller.post("attempts", [newer] * 2_000 + [older] * 2_000)).json()["receipts"]
    assert [receipt["status"] for receipt in receipts] == ["created"] + ["unchanged"] * 3_999
    assert [receipt.get("outranked") for receipt in receipts] == [None] * 2_000 + [["agent"]] * 2_000


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
async def test_whoever_is_refused_hears_why_however_much_there_was_to_send(announced: bool, caller: Caller) -> None:
    body = b" " * (20 * MEGABYTE)
    content = body if announced else pieces(body)
    answer = await caller.client.post("/v1/attempts", content=content, headers=JSON | {"Authorization": "Bearer x"})
    refused(answer, 401, "not-authenticated")
    answer = await caller.send("POST", "/v1/nowhere", content=body if announced else pieces(body), headers=JSON)
    refused(answer, 404, None)


async def test_who_asks_first_whether_to_send_is_spared_the_body(service: Service) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(service.settings["PORT"]))
    writer.write(
        b"POST /v1/attempts HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/json\r\nContent-Length: 20000000\r\n\r\n"
    )
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_a_configured_thing_may_be_small_only(caller: Caller) -> None:
    answer = await caller.send("PUT", "/v1/agents/ada", json={"name": "x" * 70_000})
    refused(answer, 413, "body-too-large")


async def test_a_stream_of_200_000_lines_is_not_held(caller: Caller, service: Service) -> None:
    """Lines are padded, so that together they are far more than the service may hold."""
    agents, times, padding = 1_000, 200, b" " * 900
    states = [MAKERS["agent-states"](f"agent-{number}") for number in range(agents)]
    thousand = b"".join(orjson.dumps(state)[:-1] + padding + b"}\n" for state in states)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(times):
            yield thousand

    assert (await caller.post("agent-states", states)).json()["created"] == agents
    peak = Peak(worker_of(service).pid)
    headers = {"Content-Type": "application/x-ndjson"}
    answer = await caller.send("POST", "/v1/agent-states", content=body(), headers=headers, timeout=httpx.Timeout(110))
    *_, counts = answer.text.splitlines()
    assert orjson.loads(counts) == {"created": 0, "updated": 0, "unchanged": 200_000, "rejected": 0}
    assert answer.text.count("\n") == 200_001
    assert peak.growth() < 40 * MEGABYTE, f"{peak.growth():,} of {len(thousand) * times:,} bytes"


async def test_one_endless_line_is_cut_and_rejected_and_the_next_is_read(caller: Caller, service: Service) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(500):
            yield b'{"external_id": "' + b"x" * 100_000
        yield b"\n" + orjson.dumps(attempt("good")) + b"\n"

    await caller.get("agents")
    peak = Peak(worker_of(service).pid)
    answer = await caller.raw("attempts", body(), "application/x-ndjson")
    assert answer.text.splitlines()[-1] == '{"created":1,"updated":0,"unchanged":0,"rejected":1}'
    assert peak.growth() < 10 * MEGABYTE, peak.growth()
    [kept] = (await caller.get("rejected-items"))["items"]
    assert len(kept["item"]) == 65_536
    assert kept["problem"]["errors"] == [{"pointer": "", "message": "is longer than 65,536 bytes"}]

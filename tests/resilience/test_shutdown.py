"""A service told to end answers what it has begun, refuses the rest by not listening any more, and leaves in order."""

import asyncio
from pathlib import Path

import httpx

from tests.resilience.conftest import Writers, opened_ledger
from tests.serving import Service


async def test_every_request_begun_before_the_end_is_answered_and_nothing_else_is_stored(
    service: Service, key: str, durable_home: Path
) -> None:
    async with service.client(key) as client:
        writers = Writers(client)
        work = asyncio.create_task(writers.run())
        await writers.acknowledged.wait()
        assert await asyncio.to_thread(service.stop) == 0
        await work
    assert writers.refused == []
    assert not (durable_home / "ledger" / "data" / "postmaster.pid").exists()
    async with opened_ledger(durable_home) as ledger:
        stored = {row["external_id"] for row in await ledger.fetch("SELECT external_id FROM attempts")}
    assert stored == set(writers.statuses)
    assert {status for acknowledged in writers.statuses.values() for status in acknowledged} == {"created"}


async def test_boards_that_are_open_end_with_the_service_and_do_not_hold_it_up(service: Service, key: str) -> None:
    async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
        signed_in = await client.post("/sign-in", data={"key": key})
        cookies = {"Cookie": signed_in.headers["set-cookie"].split(";")[0]}
        async with (
            client.stream("GET", "/live/events", headers=cookies) as first,
            client.stream("GET", "/live/events", headers=cookies) as other,
        ):
            lines = [answer.aiter_lines() for answer in (first, other)]
            assert [await anext(stream) for stream in lines] == ["retry: 3000"] * 2
            assert await asyncio.to_thread(service.stop) == 0
            # A process that has to be killed breaks its connections off, which raises.
            for stream in lines:
                assert [line async for line in stream]

"""A service told to end answers what it has begun, refuses the rest by not listening any more, and leaves in order."""

import asyncio
from pathlib import Path

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
        kept = {row["external_id"] for row in await ledger.fetch("SELECT external_id FROM attempts")}
    assert kept == set(writers.told)
    assert {status for told in writers.told.values() for status in told} == {"created"}

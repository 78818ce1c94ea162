"""Nothing acknowledged is lost, and nothing is there twice, whatever is killed in the middle of the work."""

import asyncio
from pathlib import Path

import pytest

from tests.resilience.conftest import Writers, kill_database, opened_ledger
from tests.serving import Service


async def assert_nothing_is_lost_or_doubled(writers: Writers, home: Path) -> None:
    """Resend what nobody acknowledged; then the ledger holds exactly what was sent, once."""
    acknowledged = set(writers.statuses)
    unanswered = [item for external_id, item in writers.sent.items() if external_id not in acknowledged]
    assert acknowledged
    assert unanswered
    async with opened_ledger(home) as ledger:
        stored = {row["external_id"] for row in await ledger.fetch("SELECT external_id FROM attempts")}
    assert acknowledged <= stored <= set(writers.sent)

    await writers.resend(unanswered)
    assert all(received.count("created") <= 1 and "updated" not in received for received in writers.statuses.values())
    assert await writers.resend(list(writers.sent.values())) == {"unchanged": len(writers.sent)}
    async with opened_ledger(home) as ledger:
        rows = await ledger.fetch("SELECT external_id, agent, dialed_at, talk_ms FROM attempts")
        assert await ledger.fetchval("SELECT count(*) FROM attempts_history") == 0
    assert len(rows) == len(writers.sent)
    for row in rows:
        item = writers.sent[row["external_id"]]
        assert (row["agent"], row["talk_ms"]) == (item["agent"], item["talk_seconds"] * 1000)


@pytest.mark.parametrize("database_too", [False, True], ids=["the service", "the service and its database"])
async def test_everything_acknowledged_outlives_the_death_of(
    database_too: bool, service: Service, key: str, durable_home: Path
) -> None:
    async with service.client(key) as client:
        writers = Writers(client)
        work = asyncio.create_task(writers.run())
        await writers.acknowledged.wait()
        service.kill()
        if database_too:
            kill_database(durable_home)
        await work
        assert writers.refused == []
        service.start()
        await assert_nothing_is_lost_or_doubled(writers, durable_home)


async def test_everything_acknowledged_outlives_the_death_of_the_database_and_the_service_goes_on(
    service: Service, key: str, durable_home: Path
) -> None:
    async with service.client(key) as client:
        writers = Writers(client)
        work = asyncio.create_task(writers.run())
        await writers.acknowledged.wait()
        kill_database(durable_home)
        await work
        assert (await client.get("/health/live")).status_code == 200
        assert writers.refused
        for answer in writers.refused:
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"].isdigit()
            assert answer.json()["type"] == "/problems/ledger-unavailable"

        service.run("key", "list")
        await assert_nothing_is_lost_or_doubled(writers, durable_home)
    assert "unforeseen" not in service.logged()

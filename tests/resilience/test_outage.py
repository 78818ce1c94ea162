"""While the ledger is away or held up the service says so, and goes on by itself when it is back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from service.accounts.keys import create_key
from service.platform.embedded_server import running_ledger
from sql.migrate import migrate
from tests.api.conftest import Caller, running
from tests.conftest import FAST, make_account
from tests.ledger import holding
from tests.make import at, attempt, attempts
from tests.resilience.conftest import stop_database

EVERYTHING = "LOCK attempts, agents, tracking_numbers, rejected_items"


def assert_come_again(answers: list[httpx.Response], kind: str) -> None:
    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), answer.text
        assert answer.json()["type"] == f"/problems/{kind}"
        assert int(answer.headers["retry-after"]) > 0


def requests(caller: Caller) -> list["asyncio.Task[httpx.Response]"]:
    """One request of each kind, all at once."""
    lines = {"content": b'{"external_id": "call-9"}', "headers": {"Content-Type": "application/x-ndjson"}}
    calls = [
        caller.send("POST", "attempts", json=attempt()),
        caller.send("POST", "attempts", json=attempts(3)),
        caller.send("POST", "attempts", **lines),
        caller.send("PUT", "agents/ada", json={}),
        caller.send("POST", "tracking-numbers/+14155550100/assignments?create=true", json={"from_at": at()}),
        caller.send("GET", "agents"),
        caller.send("GET", "to-do"),
    ]
    return [asyncio.create_task(request) for request in calls]


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is as patient in a test as a sender is."""
    monkeypatch.setattr("service.platform.db.PATIENCE_SECONDS", 0.4)


@pytest.fixture
async def caller(fresh_ledger: str, held_up: None) -> AsyncIterator[Caller]:
    """Someone with a key to a service with three connections to its ledger."""
    async with running(fresh_ledger, pool_size=3) as (_, client):
        yield await new_caller(fresh_ledger, client)


async def new_caller(url: str, client: httpx.AsyncClient) -> Caller:
    owner = await asyncpg.connect(url)
    try:
        account = await make_account(owner)
        return Caller(client, (await create_key(owner, account, name="test"))[0], account)
    finally:
        await owner.close()


async def test_requests_held_up_for_too_long_are_told_to_come_again(caller: Caller, fresh_ledger: str) -> None:
    await caller.get("agents")
    async with holding(fresh_ledger, EVERYTHING):
        answers = await asyncio.gather(*requests(caller), *requests(caller))
        assert_come_again(answers, "busy")
    assert await caller.post("attempts", [attempt(), *attempts(3)]) is not None
    assert (await caller.get("agents"))["items"] == []


async def test_requests_without_a_free_connection_are_told_to_come_again(caller: Caller) -> None:
    pool = caller.client._transport.app.state.services.pool  # pyright: ignore[reportAttributeAccessIssue]
    taken = [await pool.acquire() for _ in range(3)]
    assert_come_again(await asyncio.gather(*requests(caller)), "busy")
    assert (await caller.client.get("/health/live")).status_code == 200
    for connection in taken:
        await pool.release(connection)
    await caller.post("attempts", attempt(), 201)


async def test_connections_ended_in_the_middle_of_requests_are_replaced(fresh_ledger: str) -> None:
    async with running(fresh_ledger) as (_, client):
        caller = await new_caller(fresh_ledger, client)
        await caller.get("agents")
        async with holding(fresh_ledger, EVERYTHING) as waiters:
            under_way = requests(caller)
            await waiters.arrive(len(under_way))
            await waiters.end()
            answers = await asyncio.gather(*under_way)
        # On a slow machine, one may have waited too long for its row before its connection ended.
        late = [answer for answer in answers if answer.json()["type"] == "/problems/busy"]
        ended = [answer for answer in answers if answer not in late]
        assert ended
        assert_come_again(late, "busy")
        assert_come_again(ended, "ledger-unavailable")
        assert (await caller.post("attempts", attempts(3)))["created"] == 3


@pytest.fixture
def own_ledger(home: Path) -> Iterator[str]:
    """An embedded ledger that the test may stop."""
    with running_ledger(home, extra=FAST) as url:
        yield url


async def test_a_service_outlives_a_restart_of_its_ledger(own_ledger: str, home: Path) -> None:
    await migrate(own_ledger)
    async with running(own_ledger) as (_, client):
        caller = await new_caller(own_ledger, client)
        assert (await caller.post("attempts", attempts(3)))["created"] == 3
        under_way = requests(caller)
        stop_database(home)
        answers = await asyncio.gather(*under_way)
        assert {answer.status_code for answer in answers} <= {200, 201, 503}
        assert_come_again(await asyncio.gather(*requests(caller)), "ledger-unavailable")
        assert (await client.get("/health/live")).status_code == 200
        assert_come_again([await client.get("/health/ready")], "ledger-unavailable")

        with running_ledger(home, extra=FAST):
            assert (await client.get("/health/ready")).status_code == 200
            assert {answer.status_code for answer in await asyncio.gather(*requests(caller))} <= {200, 201}
            assert (await caller.post("attempts", attempts(3)))["unchanged"] == 3

"""Whatever dies, the service stays: workers and the ledger's server come back by themselves."""

import asyncio
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from service.platform.postgres_server import Server
from tests.make import attempts
from tests.resilience.conftest import kill_database, opened_ledger
from tests.serving import Service, serving


def server_of(home: Path) -> Server:
    return Server.under(home, {}, lambda _: None)


def workers_of(service: Service) -> list[psutil.Process]:
    """The worker processes that run. The ledger's server is no child of the service."""
    children = psutil.Process(service.process.pid).children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]


async def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def status_of(service: Service, path: str) -> int | None:
    try:
        return httpx.get(f"{service.url}/health/{path}", timeout=15).status_code
    except httpx.TransportError:
        return None


async def test_workers_and_the_server_of_the_ledger_come_back_again_and_again(
    service: Service, key: str, durable_home: Path
) -> None:
    async with service.client(key) as client:
        await client.post("/v1/attempts", json=attempts(3))
        # Two workers at once, their successors too, and that without a ledger.
        for _ in range(2):
            await until(lambda: len(workers_of(service)) == 2)
            for worker in workers_of(service):
                worker.kill()
        kill_database(durable_home)
        await until(lambda: status_of(service, "ready") == 200)
        assert (await client.post("/v1/attempts", json=attempts(3))).json()["unchanged"] == 3

        # The file of the server's number is empty, as a full disk leaves it.
        kill_database(durable_home)
        (durable_home / "ledger/data/postmaster.pid").write_text("")
        await until(lambda: status_of(service, "ready") != 200 or server_of(durable_home).process() is not None)
        await until(lambda: status_of(service, "ready") == 200)
        assert (await client.post("/v1/attempts", json=attempts(3))).json()["unchanged"] == 3
    logged = service.logged()
    assert "a worker ended and was started again" in logged
    assert "the ledger's server has ended; it is started again" in logged
    assert "the ledger's server is back" in logged
    assert "Traceback" not in logged


async def test_a_service_whose_server_is_suspended_answers_and_stops(service: Service, durable_home: Path) -> None:
    server = server_of(durable_home).process()
    assert server is not None
    server.suspend()
    assert status_of(service, "live") == 200
    assert await asyncio.to_thread(service.stop) == 0
    assert server_of(durable_home).process() is None


async def test_a_service_stops_while_its_server_recovers_and_the_next_command_finds_everything(
    service: Service, key: str, durable_home: Path
) -> None:
    async with service.client(key) as client:
        await client.post("/v1/attempts", json=attempts(3))
    server = server_of(durable_home).process()
    assert server is not None
    backend = next(child for child in server.children() if "calltally_service" in " ".join(child.cmdline()))
    backend.kill()
    await asyncio.sleep(0.1)  # the server ends the others and begins to recover: a clean stop would never end now
    assert await asyncio.to_thread(service.stop) == 0
    async with opened_ledger(durable_home) as ledger:
        assert await ledger.fetchval("SELECT count(*) FROM attempts") == 3


async def test_a_service_starts_before_its_external_ledger_and_outlives_its_absence(folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = folder / "external"
    home.mkdir()
    external = Server.under(home, {"listen_addresses": "127.0.0.1", "port": str(port), "fsync": "off"}, lambda _: None)
    url = f"postgresql://calltally@127.0.0.1:{port}/calltally"
    with serving(folder, "the ledger is away", HOME=str(folder / "unused"), DATABASE_URL=url) as service:
        await until(lambda: status_of(service, "live") == 200)
        async with service.client("none") as client:
            answer = await client.get("/health/ready")
        assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (503, True)
        key = ""
        for _ in range(2):
            external.start()
            await until(lambda: status_of(service, "ready") == 200)
            key = key or service.run("key", "create")
            async with service.client(key) as client:
                assert (await client.post("/v1/attempts", json=attempts(3))).status_code == 200
                external.stop()
                answers = [await client.get("/v1/agents") for _ in range(5)]
            assert {answer.status_code for answer in answers} == {503}
        logged = service.logged()
    assert "Traceback" not in logged
    assert 2 <= logged.count("the ledger is away") <= 2 * 3  # once in each process that noticed

"""The service in this process, on the ledger of the module, asked over HTTP by whoever holds a key."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import orjson
import pytest
from litestar import Litestar

from service.accounts.keys import SCOPES, create_key
from service.app import create_app
from service.config import Settings
from tests.conftest import Owner, cloned, make_account
from tests.serving import Service, serving


@dataclass(frozen=True)
class Caller:
    """Someone with a key: every call answers the parsed body, after checking its status."""

    client: httpx.AsyncClient
    key: str
    account_id: int

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request under /v1, answered as it came."""
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return await self.client.request(method, f"/v1/{path}", headers=headers, **options)

    async def get(self, path: str, status: int = 200, /, **parameters: Any) -> Any:
        return _checked(await self.send("GET", path, params=parameters), status)

    async def post(self, path: str, body: Any, status: int | None = None) -> Any:
        """One object answers its receipt, an array its summary."""
        return _checked(await self.send("POST", path, json=body), status)

    async def stream(self, path: str, items: list[Any]) -> tuple[list[Any], dict[str, int]]:
        """Items as NDJSON; answers their receipts and the counts at the end."""
        body = b"\n".join(map(orjson.dumps, items))
        answer = await self.send("POST", path, content=body, headers={"Content-Type": "application/x-ndjson"})
        assert answer.status_code == 200, answer.text
        *receipts, counts = [orjson.loads(line) for line in answer.content.splitlines()]
        return receipts, counts

    async def put(self, path: str, body: Any, status: int | None = None) -> Any:
        return _checked(await self.send("PUT", path, json=body), status)

    async def delete(self, path: str, status: int = 200) -> Any:
        return _checked(await self.send("DELETE", path), status)


def _checked(answer: httpx.Response, status: int | None) -> Any:
    assert answer.status_code == status or (status is None and answer.is_success), (answer.status_code, answer.text)
    return answer.json()


@asynccontextmanager
async def running(url: str, **settings: Any) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """One process of the service, and a client of it; errors are answered as a server answers them."""
    # No lake and no store but those that a test asks for: the default ones are this machine's own.
    none = {"lake": "/dev/null/lake", "cache": "/dev/null/store", "sync_seconds": 0}
    app = create_app(Settings(**none | settings), url)
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
    started, leave = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In a task of its own: a fixture is left in another task than it was entered in, which a lifespan may not be.
        async with app.lifespan():
            started.set()
            await leave.wait()

    life = asyncio.create_task(live())
    await asyncio.wait({life, waiting := asyncio.create_task(started.wait())}, return_when="FIRST_COMPLETED")
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=30) as client:
            yield app, client
    finally:
        leave.set()
        waiting.cancel()
        await life


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The service on the module's ledger."""
    async with running(ledger_url) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    """A client of the module's service, with no key of its own."""
    return service[1]


NewCaller = Callable[..., Coroutine[Any, Any, Caller]]


@pytest.fixture
def new_caller(client: httpx.AsyncClient, owner: Owner) -> NewCaller:
    """Makes a caller: of a new account, or with another key of the account named."""

    async def make(account_id: int | None = None, **key: Any) -> Caller:
        account = await make_account(owner) if account_id is None else account_id
        text, _ = await create_key(owner, account, **{"name": "test", "scopes": SCOPES} | key)
        return Caller(client, text, account)

    return make


@pytest.fixture
async def caller(new_caller: NewCaller) -> Caller:
    """A caller who may do everything in an account of the test's own."""
    return await new_caller()


@dataclass(frozen=True)
class Server:
    """A running service, and the owner's URL of its ledger."""

    service: Service
    ledger_url: str

    async def caller(self, **key: Any) -> Caller:
        """A caller of a new account, over the network."""
        owner = await asyncpg.connect(self.ledger_url)
        try:
            account = await make_account(owner)
            text, _ = await create_key(owner, account, **{"name": "test", "scopes": SCOPES} | key)
        finally:
            await owner.close()
        return Caller(self.service.client(text), text, account)


@pytest.fixture(scope="session")
async def server(server_url: str, template: str, folder: Path) -> AsyncIterator[Server]:
    """A real `calltally serve` of two workers, on a ledger of its own."""
    async with cloned(server_url, template) as url:
        with serving(folder, DATABASE_URL=url, SYNC_SECONDS="0") as service:
            yield Server(service, url)

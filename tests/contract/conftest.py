"""The service as its callers meet it: a server process, asked over HTTP, whose log every test must leave clean."""

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from service.accounts.keys import SCOPES, create_key
from tests.conftest import Owner, cloned, make_account
from tests.serving import Service, serving

# The fictitious numbers our tests send, however they are written, and what else stands for a person.
_NUMBER = re.compile(r"555\W{0,2}01\d\d|client:anna")
_SECRET = re.compile(r"ct_[a-z0-9]{12}_[\w-]{8}")
# Thirty-two random hexadecimal digits hold such a number by chance, once in some thousand lines.
_REQUEST_ID = re.compile(r'"request_id":"[0-9a-f]{32}"')


@dataclass(frozen=True)
class Caller:
    """Someone with a key of an account; every answer comes back as it was given."""

    client: httpx.AsyncClient
    key: str
    account_id: int

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.send("POST", f"/v1/{path}", json=body)

    async def raw(self, path: str, body: Any, kind: str = "application/json") -> httpx.Response:
        """A body sent byte for byte."""
        return await self.send("POST", f"/v1/{path}", content=body, headers={"Content-Type": kind})

    async def get(self, path: str, **parameters: Any) -> Any:
        answer = await self.send("GET", f"/v1/{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="session")
async def server(server_url: str, template: str, folder: Path) -> AsyncIterator[Service]:
    """One server process with one worker, for all contract tests. No lake: opening one costs more than most answers."""
    settings = {"WORKERS": "1", "LOG_LEVEL": "debug", "LOG_FORMAT": "json", "SYNC_SECONDS": "0", "SECRET_KEY": "k" * 32}
    async with cloned(server_url, template) as url:
        with serving(folder, DATABASE_URL=url, **settings) as started:
            yield started


@pytest.fixture
def service(server: Service) -> Iterator[Service]:
    """The server; what it logs during the test must hold no number, no key and no mistake of ours."""
    log = server.logs[-1]
    before = log.stat().st_size
    yield server
    with log.open() as file:
        file.seek(before)
        log_text = file.read()
    for line in _REQUEST_ID.sub("", log_text).splitlines():
        assert not _NUMBER.search(line), line
        assert not _SECRET.search(line), line
        assert '"level":"error"' not in line, line


@pytest.fixture(scope="session")
async def server_owner(server: Service) -> AsyncIterator[Owner]:
    """A connection to the server's ledger as its owner."""
    connection = await asyncpg.connect(server.settings["DATABASE_URL"])
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def server_client(server: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the server: making one costs more than most tests."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as opened:
        yield opened


@pytest.fixture
def client(service: Service, server_client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client without a key."""
    return server_client


NewCaller = Callable[..., Coroutine[Any, Any, Caller]]


@pytest.fixture
def new_caller(client: httpx.AsyncClient, server_owner: Owner) -> NewCaller:
    """Makes a caller: of a new account, or with another key of the account named."""

    async def make(account_id: int | None = None, **key: Any) -> Caller:
        account = await make_account(server_owner) if account_id is None else account_id
        text, _ = await create_key(server_owner, account, **{"name": "test", "scopes": SCOPES} | key)
        return Caller(client, text, account)

    return make


@pytest.fixture
async def caller(new_caller: NewCaller) -> Caller:
    """A caller who may do everything in an account of the test's own."""
    return await new_caller()


def worker_of(service: Service) -> psutil.Process:
    """The process that answers: of the children the one that holds most."""
    children = psutil.Process(service.process.pid).children()
    return max(children, key=lambda child: child.memory_info().rss)


class Peak:
    """The most memory a process held since this was made, beyond what it held then, in bytes."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")
        (self._folder / "clear_refs").write_text("5")
        self._before = self._highest()

    def growth(self) -> int:
        return self._highest() - self._before

    def _highest(self) -> int:
        peak = re.search(r"VmHWM:\s+(\d+) kB", (self._folder / "status").read_text())
        assert peak
        return int(peak[1]) * 1024

"""What every test stands on: one embedded PostgreSQL per run, and a migrated ledger cloned from a template.

Tests share the ledger of their module and keep apart by account: each test that asks for `account` has one to itself.
A test that needs a whole ledger for itself (several processes, a restart, something it breaks) asks for `fresh_ledger`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import hypothesis
import pytest

from service.platform.db import Pool, open_pool
from service.platform.embedded_server import running_ledger
from sql.migrate import migrate
from tests.proof import PROVING

# What passes here passes everywhere: the examples of laws are the same in every run. `make proof` looks for new ones.
hypothesis.settings.register_profile("suite", derandomize=True, database=None, deadline=None, max_examples=40)
hypothesis.settings.register_profile("proof", deadline=None, max_examples=300)
hypothesis.settings.load_profile("proof" if PROVING else "suite")

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB"}

Owner = asyncpg.Connection

_numbers = count(1)

for _name in [name for name in os.environ if name.startswith(("CALLTALLY_", "PG"))]:
    del os.environ[_name]

# A run compiles each file once, and not again in every worker and in every command that a test starts.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder every system user can enter, gone after the run: a server started by root runs as another user.

    In memory where there is room for it, which makes cloning a ledger ten times faster.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4_000_000_000
    made = Path(tempfile.mkdtemp(prefix="calltally-test-", dir=memory if roomy else None))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def home(folder: Path) -> Path:
    """A home folder of the test's own, not made yet."""
    return folder / f"home-{next(_numbers)}"


@pytest.fixture(scope="session")
def server_url(folder: Path) -> Iterator[str]:
    """The PostgreSQL of this run: the owner's URL of its first, empty database."""
    with running_ledger(folder / "server", extra=FAST) as url:
        yield url


@pytest.fixture(scope="session")
async def template(server_url: str) -> str:
    """The name of a migrated database, to be cloned and never connected to again."""
    await _run_on(server_url, "CREATE DATABASE template")
    await migrate(database_url(server_url, "template"))
    return "template"


@pytest.fixture(scope="module")
async def ledger_url(server_url: str, template: str) -> AsyncIterator[str]:
    """The owner's URL of a migrated ledger shared by the tests of a module."""
    async with cloned(server_url, template) as url:
        yield url


@pytest.fixture
async def fresh_ledger(server_url: str, template: str) -> AsyncIterator[str]:
    """The owner's URL of a migrated ledger that this test has to itself."""
    async with cloned(server_url, template) as url:
        yield url


@pytest.fixture
async def empty_database(server_url: str) -> AsyncIterator[str]:
    """The owner's URL of a database without any schema."""
    async with cloned(server_url, "template1") as url:
        yield url


@pytest.fixture(scope="module")
async def pool(ledger_url: str) -> AsyncIterator[Pool]:
    """Connections to the module's ledger as the service makes them: in the role that row-level security holds."""
    async with await open_pool(ledger_url) as opened:
        yield opened


@pytest.fixture
async def owner(ledger_url: str) -> AsyncIterator[Owner]:
    """A connection to the module's ledger as its owner, past row-level security, to arrange and to look."""
    connection = await asyncpg.connect(ledger_url)
    yield connection
    await connection.close()


@pytest.fixture
async def account(owner: Owner) -> int:
    """The id of an account that this test has to itself, in the module's ledger."""
    return await make_account(owner)


async def make_account(owner: Owner) -> int:
    """Another account, for a test that needs more than one."""
    insert = "INSERT INTO accounts (code, name) VALUES ($1::text, $1::text) RETURNING account_id"
    return await owner.fetchval(insert, f"account-{next(_numbers)}")


def database_url(url: str, name: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@asynccontextmanager
async def cloned(server_url: str, template: str) -> AsyncIterator[str]:
    """A copy of a database, for as long as the block runs. Copying files takes a tenth of copying block by block."""
    name = f"ledger_{next(_numbers)}"
    await _run_on(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield database_url(server_url, name)
    finally:
        await _run_on(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _run_on(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

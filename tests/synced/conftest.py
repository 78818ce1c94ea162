"""An account with a lake, in a ledger of the module's own."""

import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from reports.store.lake import Lake
from service.platform.db import Pool
from tests.conftest import Owner, make_account
from tests.synced.scene import Scene

_numbers = count(1)

NewScene = Callable[[], Awaitable[Scene]]


@pytest.fixture(scope="module")
async def owners(ledger_url: str) -> AsyncIterator[list[Owner]]:
    """Two connections past row-level security."""
    opened = [await asyncpg.connect(ledger_url, server_settings={"timezone": "UTC"}) for _ in range(2)]
    yield opened
    for owner in opened:
        await owner.close()


@pytest.fixture
async def new_scene(pool: Pool, owners: list[Owner], folder: Path) -> AsyncGenerator[NewScene]:
    """Makes accounts, each with a lake of its own and nothing in either."""
    made: list[Scene] = []

    async def make() -> Scene:
        number = next(_numbers)
        lake = Lake(str(folder / f"lake-{number}"), folder / f"cache-{number}")
        owner, second = owners
        made.append(Scene(pool, owner, second, await make_account(owner), lake))
        return made[-1]

    yield make
    for scene in made:
        shutil.rmtree(scene.lake.root, ignore_errors=True)


@pytest.fixture
async def scene(new_scene: NewScene) -> Scene:
    """An account of which a little is told, and nothing is in its lake."""
    made = await new_scene()
    await made.furnish(batches=6)
    return made

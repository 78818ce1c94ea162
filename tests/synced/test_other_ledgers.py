"""A lake is of one ledger: whoever has the same account in another, or in a copy of this one, is told their own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from reports.model.tables import TABLES
from reports.store.lake import Lake, LakeTable
from reports.store.ledger import Ledger
from service.platform.db import open_pool
from tests.conftest import cloned, database_url, make_account
from tests.synced.scene import Scene, snapshot
from tests.synced.store import KINDS, day_files
from tests.synced.store import opened as opened_days

Open = Callable[[str], AbstractAsyncContextManager[Scene]]


@pytest.fixture
async def account(fresh_ledger: str) -> int:
    """Another ledger numbers its accounts alike."""
    owner = await asyncpg.connect(fresh_ledger)
    made = await make_account(owner)
    await owner.close()
    return made


@pytest.fixture
def opened(account: int, folder: Path) -> Open:
    """Opens the account and its lake in a ledger; nobody is connected to that afterwards."""

    @asynccontextmanager
    async def enter(url: str) -> AsyncGenerator[Scene]:
        owner = await asyncpg.connect(url)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(owner.close)
            pool = await stack.enter_async_context(await open_pool(url))
            yield Scene(pool, owner, owner, account, Lake(str(folder / "shared"), folder / "store"))

    return enter


async def used(scene: Scene) -> set[str]:
    """The tables of the lake that reports read."""
    async with snapshot(scene.owner):
        with Ledger(scene.owner, scene.account) as ledger:
            state = await ledger.state()
    tables = scene.lake.open_all(scene.account)
    return {name for name, delta in tables.items() if LakeTable(name, delta, state.ledger_id).watermark}


async def filled(opened: Open, url: str) -> None:
    """Some things are told and are in the lake."""
    async with opened(url) as scene:
        await scene.furnish(batches=8)
        await scene.synchronize()
        assert await used(scene) == set(TABLES)


async def go_its_own_way(opened: Open, url: str) -> None:
    """A ledger that differs from the one that the lake is of, in rows of the same keys and transactions."""
    async with opened(url) as scene:
        await scene.owner.execute("UPDATE attempts SET test = true")
        assert await used(scene) == set()
        assert (await scene.agrees()).counted["attempts"] == 0
        await scene.synchronize()
        assert await used(scene) == set(TABLES)
        await scene.is_exact()
        assert (await scene.agrees()).counted["attempts"] == 0


async def test_a_copy_of_a_ledger_is_another(opened: Open, fresh_ledger: str, server_url: str) -> None:
    await filled(opened, fresh_ledger)
    async with cloned(server_url, urlsplit(fresh_ledger).path[1:]) as copy:
        await go_its_own_way(opened, copy)
        async with opened(fresh_ledger) as scene:
            assert await used(scene) == set()
            assert (await scene.agrees()).counted["attempts"] > 0
            await scene.synchronize()
            await scene.is_exact()


async def test_what_was_restored_in_the_place_of_a_ledger_is_another(
    opened: Open, fresh_ledger: str, server_url: str
) -> None:
    await filled(opened, fresh_ledger)
    name = urlsplit(fresh_ledger).path[1:]
    server = await asyncpg.connect(server_url)
    async with cloned(server_url, name) as copy:
        names = [(name, "replaced"), (urlsplit(copy).path[1:], name)]
        for old, new in names:
            await server.execute(f"ALTER DATABASE {old} RENAME TO {new}")
        try:
            await go_its_own_way(opened, database_url(server_url, name))
        finally:
            for old, new in reversed(names):
                await server.execute(f"ALTER DATABASE {new} RENAME TO {old}")
    await server.close()


async def test_a_ledger_that_was_put_back_with_its_files_does_without_the_lake_of_its_future(
    opened: Open, fresh_ledger: str
) -> None:
    await filled(opened, fresh_ledger)
    async with opened(fresh_ledger) as scene:
        with Ledger(scene.owner, scene.account) as ledger:
            state = await ledger.state()
        for name, delta in scene.lake.open_all(scene.account).items():
            LakeTable(name, delta, state.ledger_id).commit([], [], state.watermark + 1_000)
        for kind in KINDS:
            days = opened_days(scene, kind)
            later = replace(days.edition, watermark=state.watermark + 1_000)
            day_files(scene, kind).commit(later, days.files)
        await scene.owner.execute("UPDATE attempts SET test = true")
        assert (await scene.agrees()).counted["attempts"] == 0
        await scene.synchronize()
        await scene.is_exact()
        assert (await scene.agrees()).counted["attempts"] == 0

"""A ledger that was restored on a server that has counted less: its rows join that server's transactions, once."""

import os
import shutil
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from reports.store.lake import Lake
from service.platform.db import open_pool
from service.platform.embedded_server import running_ledger
from service.platform.system_user import installed_programs
from sql.migrate import migrate
from sql.restored import TABLES, adopt_restored_rows
from tests.conftest import FAST, database_url, make_account
from tests.synced.scene import Scene

AHEAD = "SELECT count(*) FROM {table} WHERE changed_xid >= pg_snapshot_xmax(pg_current_snapshot())"
BURN = "DO $$ BEGIN FOR turn IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"


def run(program: str, *arguments: str | Path) -> None:
    done = subprocess.run(
        [installed_programs() / program, *arguments], capture_output=True, text=True, check=False, env={"LC_ALL": "C"}
    )
    assert done.returncode == 0, done.stderr


async def ahead(owner: "asyncpg.Connection[asyncpg.Record]") -> int:
    """How many rows have transactions from the future."""
    return sum([await owner.fetchval(AHEAD.format(table=table)) for table in TABLES])


@pytest.fixture
async def dumped(fresh_ledger: str, folder: Path) -> tuple[Path, int]:
    """A dump of a ledger whose server has counted far, and an account in it."""
    owner = await asyncpg.connect(fresh_ledger)
    await owner.execute(BURN)
    account = await make_account(owner)
    async with await open_pool(fresh_ledger) as pool:
        await Scene(pool, owner, owner, account, Lake(str(folder / "lake-before"))).furnish(batches=6)
    await owner.close()
    dump = folder / "ledger.dump"
    run("pg_dump", "--format=custom", f"--file={dump}", fresh_ledger)
    return dump, account


async def test_a_dump_restored_on_a_new_server_is_copied_once_and_then_only_its_changes(
    dumped: tuple[Path, int], home: Path, folder: Path
) -> None:
    dump, account = dumped
    with running_ledger(home, extra=FAST) as server_url:
        owner = await asyncpg.connect(server_url)
        await owner.execute("CREATE ROLE calltally_service NOLOGIN")
        await owner.execute("CREATE DATABASE restored")
        await owner.close()
        url = database_url(server_url, "restored")
        run("pg_restore", f"--dbname={url}", dump)
        owner = await asyncpg.connect(url)
        assert await ahead(owner) > 50
        assert await migrate(url) == []
        assert await ahead(owner) == 0
        assert await adopt_restored_rows(url) == {}
        async with await open_pool(url) as pool:
            scene = Scene(pool, owner, owner, account, Lake(str(folder / "lake-after"), folder / "store-after"))
            first = sum(table.rows for table in await scene.synchronize())
            await scene.is_exact()
            assert [table for table in await scene.synchronize() if table.rows or table.files] == []
            await scene.tell(50)
            assert 0 < sum(table.rows for table in await scene.synchronize()) < first
            await scene.is_exact()
            await scene.agrees()
        await owner.close()


async def test_a_ledger_restored_on_the_same_server_has_nothing_to_put_right(
    dumped: tuple[Path, int], empty_database: str
) -> None:
    run("pg_restore", f"--dbname={empty_database}", dumped[0])
    assert await adopt_restored_rows(empty_database) == {}


async def test_a_ledger_put_back_with_its_files_is_another_although_it_has_counted_on(home: Path, folder: Path) -> None:
    aside, data = folder / "aside", home / "ledger/data"
    lake = Lake(str(folder / "lake-of-files"), folder / "store-of-files")

    @asynccontextmanager
    async def opened(account: int = 0) -> AsyncGenerator[Scene]:
        with running_ledger(home, extra=FAST) as url:
            await migrate(url)
            owner = await asyncpg.connect(url)
            async with await open_pool(url) as pool:
                yield Scene(pool, owner, owner, account or await make_account(owner), lake)
            await owner.close()

    async with opened() as scene:
        account = scene.account
        await scene.furnish(batches=6)
    shutil.copytree(data, aside)
    async with opened(account) as scene:
        await scene.tell(50)
        await scene.synchronize()
        await scene.is_exact()
    async with opened(account) as scene:
        assert [table for table in await scene.synchronize() if table.rows or table.files] == []
    shutil.rmtree(data)
    shutil.copytree(aside, data)
    _give(data, (home / "ledger").stat())
    async with opened(account) as scene:
        await scene.tell(51)
        await scene.owner.execute(BURN)
        await scene.agrees()
        await scene.synchronize()
        await scene.is_exact()


def _give(folder: Path, owner: os.stat_result) -> None:
    """Give a folder to the user of the server, if that is another one."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)

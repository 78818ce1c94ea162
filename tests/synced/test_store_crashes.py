"""A sync of the store that dies, finds no room, or meets another: reports stay right, and the next sync heals."""

import asyncio
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reports.query.stored.call_sync import open_copies
from reports.store.durable import UnwritableError
from reports.store.file_lock import alone
from reports.store.lake import Lake
from service.platform.db import acquire
from service.reporting.lake_sync import sync_account
from service.reporting.last_fault import last_fault
from tests.lake import synced
from tests.synced.scene import Scene
from tests.synced.store import KINDS, agrees, day_files, expect_store_serves, healed, of_store, opened, store_files

DYING = Path(__file__).parent / "dying_store.py"
# In the middle of files, before a manifest is renamed, and before it is on the disk.
PLACES = [
    ("leads", ".arrow", 1),
    ("calls", ".arrow", 2),
    ("calls", "folder", 1),
    ("calls", "folder", 2),
    ("leads", "folder", 2),
]


async def die(scene: Scene, url: str, kind: str, what: str, turn: int) -> None:
    """Run a sync that is killed."""
    arguments = (url, str(scene.account), scene.lake.root, str(scene.lake.cache), kind, what, str(turn))
    process = await asyncio.create_subprocess_exec(sys.executable, str(DYING), *arguments)
    assert await process.wait() == -signal.SIGKILL


async def test_a_sync_that_is_killed_anywhere_is_healed_by_the_next(scene: Scene, ledger_url: str) -> None:
    await scene.synchronize()
    for number, place in enumerate(PLACES):
        await scene.tell(*range(100 + 4 * number, 104 + 4 * number))
        before = open_copies(scene.lake, scene.account)
        await die(scene, ledger_url, *place)
        await agrees(scene, before)
        await agrees(scene)
        await healed(scene)


@pytest.mark.parametrize("place", [("calls", "manifest.json", 1), ("leads", ".arrow", 1), ("leads", "folder", 2)])
async def test_a_first_sync_that_is_killed_is_healed_by_the_next(
    scene: Scene, ledger_url: str, place: tuple[str, str, int]
) -> None:
    await die(scene, ledger_url, *place)
    await agrees(scene)
    await healed(scene)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """No process of this user writes a longer file: as on a full disk, a write ends in the middle."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def names(scene: Scene) -> set[str]:
    """Whatever is in the store."""
    return {str(path.relative_to(of_store(scene))) for path in of_store(scene).rglob("*")}


async def test_a_disk_without_room_leaves_the_store_as_it_was(scene: Scene) -> None:
    await scene.synchronize()
    sizes = sorted(path.stat().st_size for path in store_files(scene))
    await scene.tell(*range(50, 60))
    await synced(scene.owner, scene.account, Lake(scene.lake.root))
    before = names(scene)
    for size in (1_000, sizes[0] + 1, sizes[-1] - 1):
        with no_file_longer_than(size), pytest.raises(UnwritableError, match="File too large") as raised:
            await scene.synchronize()
        assert Path(raised.value.filename).is_relative_to(of_store(scene))
        assert names(scene) == before
        await expect_store_serves(scene)
    await healed(scene)


async def account_synced(scene: Scene, lake: Lake | None = None) -> set[str] | None:
    """Which tables a sync by the service has brought up to date; None if it left that to others."""
    async with acquire(scene.pool) as connection:
        done = await sync_account(connection, lake or scene.lake, scene.account)
    return None if done is None else {table.name for table in done}


async def test_a_fault_of_the_store_is_kept_for_the_operator_and_the_lake_is_brought_up_to_date(scene: Scene) -> None:
    assert last_fault(scene.lake, scene.account) is None
    await scene.synchronize()
    await scene.tell(*range(50, 54))
    await synced(scene.owner, scene.account, Lake(scene.lake.root))
    with no_file_longer_than(1_000), pytest.raises(UnwritableError):
        await account_synced(scene)
    fault = last_fault(scene.lake, scene.account)
    assert fault is not None
    assert (fault.copy, fault.reason) == ("store", "File too large")
    await scene.is_exact()
    await healed(scene)


async def test_the_store_is_brought_up_to_date_although_the_lake_cannot_be(scene: Scene) -> None:
    broken = replace(scene, lake=Lake("/dev/null/lake", scene.lake.cache))
    with pytest.raises(OSError, match="Not a directory"):
        await account_synced(broken)
    fault = last_fault(scene.lake, scene.account)
    assert fault is not None
    assert fault.copy == "lake"
    assert opened(scene).rows > 0
    await expect_store_serves(broken)


async def test_of_two_processes_of_a_machine_one_makes_the_store(scene: Scene) -> None:
    await scene.synchronize()
    before = {kind: opened(scene, kind).updated_at for kind in KINDS}
    await scene.tell(50)
    async with alone(of_store(scene) / "lock", wait=False) as is_alone:
        assert is_alone
        assert await account_synced(scene) is None
    assert before == {kind: opened(scene, kind).updated_at for kind in KINDS}
    assert "settled_calls" in (await account_synced(scene) or ())
    await expect_store_serves(scene)


async def test_each_machine_makes_its_own_store_while_another_writes_the_lake(scene: Scene, folder: Path) -> None:
    await account_synced(scene)
    other = replace(scene, lake=Lake(scene.lake.root, folder / "other-machine"))
    await scene.owner.execute("SELECT pg_advisory_lock(7322, $1::integer)", scene.account)
    try:
        assert await account_synced(other) == {"settled_calls", "facts_by_lead"}
        assert await account_synced(other, Lake(scene.lake.root)) is None
    finally:
        await scene.owner.execute("SELECT pg_advisory_unlock(7322, $1::integer)", scene.account)
    await expect_store_serves(other)
    assert day_files(other).folder != day_files(scene).folder

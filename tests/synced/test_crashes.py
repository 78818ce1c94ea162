"""A process that dies in the middle of a sync leaves a lake that reports are right over, and the next sync heals."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from reports.store.sync import clear
from tests.synced.scene import Scene, logged

DYING = Path(__file__).parent / "dying.py"


async def die(scene: Scene, url: str, table: str, step: str) -> None:
    """Run a sync that is killed at a step."""
    arguments = (url, str(scene.account), scene.lake.root, table, step)
    process = await asyncio.create_subprocess_exec(sys.executable, str(DYING), *arguments)
    assert await process.wait() == -signal.SIGKILL


def whole(scene: Scene) -> None:
    """Every file of every table is there, and as long as its log says."""
    for name, file in logged(scene):
        assert (scene.folder / name / file.path).stat().st_size == file.size


def strays(scene: Scene) -> set[Path]:
    """Files that are of no table."""
    known = {scene.folder / name / file.path for name, file in logged(scene)}
    return set(scene.folder.rglob("*.parquet")) - known


async def healed(scene: Scene) -> None:
    """The next sync writes what is missing, the one after it nothing, and nothing is left over."""
    whole(scene)
    await scene.agrees()
    await scene.synchronize()
    whole(scene)
    await scene.is_exact()
    assert not any(table.rows or table.files for table in await scene.synchronize())
    clear(scene.lake, scene.account, at_once=True)
    whole(scene)
    assert strays(scene) == set()
    await scene.agrees()


@pytest.mark.parametrize("step", ["counted", "written", "committed"])
async def test_a_sync_that_is_killed_is_healed_by_the_next(scene: Scene, ledger_url: str, step: str) -> None:
    await scene.synchronize()
    await scene.tell(*range(50, 58))
    await die(scene, ledger_url, "attempts", step)
    assert bool(strays(scene)) == (step != "counted")
    await healed(scene)


async def test_a_first_sync_that_is_killed_is_healed_by_the_next(scene: Scene, ledger_url: str) -> None:
    await die(scene, ledger_url, "dispositions", "written")
    assert strays(scene)
    await healed(scene)

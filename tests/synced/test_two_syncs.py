"""Two syncs at once, with no lock between them: one of them wins, and nothing is lost."""

import asyncio

import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError

from reports.model.tables import TABLES
from reports.store.sync import Step, clear
from tests.synced.halting import halting, overtake
from tests.synced.scene import Scene


@pytest.mark.parametrize(("step", "known"), [("counted", False), ("written", True)])
async def test_one_wins_and_the_other_says_so(scene: Scene, ledger_url: str, step: Step, known: bool) -> None:
    if known:
        await scene.synchronize()
        await scene.tell(*range(50, 58))
    with pytest.raises(CommitFailedError):
        await overtake(scene, ledger_url, step)
    await scene.synchronize()
    await scene.is_exact()
    await scene.agrees()
    assert not any(table.rows for table in await scene.synchronize())


async def test_of_several_that_make_a_table_at_once_one_does(scene: Scene) -> None:
    for name in TABLES:
        makers = (asyncio.to_thread(scene.lake.make, scene.account, name, "ours") for _ in range(4))
        made = await asyncio.gather(*makers, return_exceptions=True)
        assert {type(outcome) for outcome in made} <= {DeltaTable, CommitFailedError}
    await scene.synchronize()
    await scene.is_exact()


async def clear_meanwhile(scene: Scene, url: str) -> None:
    """A sync begins, and what it has written is cleared away before it goes on."""
    async with halting(url, scene.account, scene.lake) as slow:
        await slow.reach("attempts", "written")
        clear(scene.lake, scene.account, at_once=True)


async def test_files_that_were_cleared_are_not_committed(scene: Scene, ledger_url: str) -> None:
    with pytest.raises(CommitFailedError):
        await clear_meanwhile(scene, ledger_url)
    await scene.agrees()
    await scene.synchronize()
    await scene.is_exact()

"""What is in the lake: every version of everything, read in place of the ledger, found again wherever it lies."""

from datetime import datetime, timedelta

import pytest

from tests.metrics.floor import FIRST
from tests.synced.items import ATTEMPT
from tests.synced.scene import Scene

A_MICROSECOND = timedelta(microseconds=1)
CALLED = [FIRST, FIRST + 500 * A_MICROSECOND, FIRST + timedelta(days=1) - A_MICROSECOND]


async def test_the_lake_has_everything_after_every_sync(scene: Scene) -> None:
    for seed in (50, 60):
        await scene.tell(*range(seed, seed + 6))
        await scene.synchronize()
        await scene.is_exact()


async def test_a_report_takes_from_the_ledger_only_what_the_lake_has_not(scene: Scene) -> None:
    await scene.synchronize()
    before = await scene.agrees()
    # Behind everybody's back: by its transaction this row is as it was.
    await scene.owner.execute("UPDATE attempts SET test = true WHERE account_id = $1", scene.account)
    assert (await scene.report()).counted == before.counted
    await scene.synchronize(rebuild=True)
    assert (await scene.agrees()).counted["attempts"] == 0


async def counted(scene: Scene, start: datetime, end: datetime) -> int:
    """The calls of a window."""
    asked = {"metrics": ["attempts"], "from": [start.isoformat()], "to": [end.isoformat()]}
    return (await scene.agrees(parameters=asked)).counted["attempts"]


@pytest.mark.parametrize("called", CALLED)
async def test_a_call_is_in_the_windows_that_it_lies_in(scene: Scene, called: datetime) -> None:
    # Alone in its file, so that the file's first and last moment are its own.
    await scene.owner.execute("DELETE FROM attempts WHERE account_id = $1", scene.account)
    await scene.deliver([(ATTEMPT, {"external_id": "edge", "campaign": "spring", "dialed_at": called.isoformat()})])
    await scene.synchronize()
    hour = timedelta(hours=1)
    for near in (A_MICROSECOND, 300 * A_MICROSECOND):
        assert await counted(scene, called, called + near) == 1
        assert await counted(scene, called - near, called + A_MICROSECOND) == 1
        assert await counted(scene, called + near, called + 2 * hour) == 0
        assert await counted(scene, called - hour, called) == 0

"""What is in the lake: every version of everything, read in place of the ledger, found again wherever it lies."""

from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from tests.metrics.floor import FIRST
from tests.synced.items import ATTEMPT, LINES
from tests.synced.questions import USUAL
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


async def test_calls_that_are_attributed_again_are_copied_again(scene: Scene) -> None:
    dialed_at = (FIRST + timedelta(days=1)).isoformat()
    await scene.deliver(
        [(ATTEMPT, {"external_id": "shown", "campaign": "spring", "dialed_at": dialed_at, "from_number": LINES[0]})]
    )
    by_source = {**USUAL, "metrics": ["attempts"], "by": ["source"]}
    answers = [(await scene.agrees(parameters=by_source)).groups]
    await scene.synchronize()
    for change in (
        partial(scene.assign, LINES[0], FIRST, "fair"),
        partial(scene.assign, LINES[0], FIRST, "radio"),
        partial(scene.unassign, LINES[0], FIRST),
    ):
        await change()
        answers.append((await scene.agrees(parameters=by_source)).groups)
        await scene.synchronize()
        await scene.is_exact()
    first, *others, last = answers
    assert first.equals(last)
    assert not any(earlier.equals(other) for earlier, other in pairwise([first, *others, last]))


async def counted(scene: Scene, start: datetime, end: datetime) -> int:
    """The calls of a window."""
    parameters = {"metrics": ["attempts"], "from": [start.isoformat()], "to": [end.isoformat()]}
    return (await scene.agrees(parameters=parameters)).counted["attempts"]


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

"""Whatever happens, and in whatever order: every report over the lake says what the ledger says at that instant."""

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from reports.store import sync
from tests.proof import WALK_STEPS
from tests.synced.conftest import NewScene
from tests.synced.walk import STEPS, Walk

_LENGTH = 40

steps = st.sampled_from([step for step, often in STEPS.items() for _ in range(often)])
walks = st.lists(st.tuples(steps, st.integers(0, 2**32)), min_size=_LENGTH // 2, max_size=_LENGTH * 3 // 2)


@pytest.mark.timeout(0)  # a walk that goes wrong is walked again and again, until it is as short as can be
@settings(
    max_examples=max(1, WALK_STEPS // _LENGTH),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=walks)
async def test_every_report_is_the_ledgers(
    taken: list[tuple[str, int]], new_scene: NewScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "_ROWS_AT_ONCE", 40)  # so that also a little comes in several parts
    walk = Walk(await new_scene())
    try:
        await walk.scene.furnish(batches=4)
        for step, seed in taken:
            note(f"{step} {seed}")
            await walk.take(step, seed)
    finally:
        await walk.end_everything()

"""Metrics of leads, broken down by a declared attribute: every kind of fact knows the lead of each of its rows."""

import pytest

from reports.catalogue.catalogue import catalogue
from tests.metrics.test_oracles import World, agree
from tests.synced.conftest import NewScene
from tests.synced.questions import SIZE, USUAL
from tests.synced.scene import Scene

METRICS = [name for name, entry in catalogue().items() if entry.metric.has_leads]


@pytest.fixture
async def scene(new_scene: NewScene) -> Scene:
    """A floor with every kind of fact, half of it in the lake."""
    scene = await new_scene()
    await scene.furnish(batches=8)
    await scene.synchronize()
    await scene.furnish(batches=4)
    return scene


async def test_every_metric_that_knows_its_leads_says_by_attribute_what_its_oracle_says(scene: Scene) -> None:
    report = await scene.agrees(None, {**USUAL, "metrics": METRICS, "by": [SIZE]})
    await agree(World(scene.owner, scene.account, None), report)

"""What codes mean and read as: reports follow at once, and the store as far as its rows depend on it."""

from functools import partial

from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE
from tests.metrics.floor import FIRST
from tests.synced.items import AGENTS, ATTEMPT, CAMPAIGNS, SOURCES, TEAMS
from tests.synced.questions import USUAL, Parameters
from tests.synced.scene import Scene
from tests.synced.store import agrees, expect_store_serves, opened, store_files, written

BY: dict[str, Parameters] = {
    by: {**USUAL, "metrics": ["attempts", "leads", "goal_events"], "by": [by]}
    for by in ("agent", "team", "source", "campaign")
}
READ_AS = {
    "a merged agent": (AGENT, AGENTS[1], {"merged_into": AGENTS[0]}, "agent"),
    "another team": (AGENT, AGENTS[2], {"team": TEAMS[1]}, "team"),
    "a merged source": (SOURCE, SOURCES[1], {"merged_into": SOURCES[0]}, "source"),
    "the source of a campaign": (CAMPAIGN, CAMPAIGNS[0], {"source": SOURCES[2]}, "source"),
    "a merged campaign": (CAMPAIGN, CAMPAIGNS[1], {"merged_into": CAMPAIGNS[0]}, "campaign"),
}


async def test_what_a_code_reads_as_changes_reports_at_once_and_no_file_of_calls(scene: Scene) -> None:
    plain = {"campaign": CAMPAIGNS[0], "dialed_at": FIRST.isoformat(), "talk_seconds": 5}
    names = {"campaign": CAMPAIGNS, "source": SOURCES, "agent": AGENTS}
    calls = [plain | {"external_id": f"plain {name}", field: name} for field in names for name in names[field]]
    await scene.deliver([(ATTEMPT, call) for call in calls])
    await scene.synchronize()
    files = store_files(scene, "calls")
    for what, (put, code, fields, by) in READ_AS.items():
        before = await scene.agrees(parameters=BY[by])
        await scene.deliver([(put.resource(code, confirmed=True), fields)])
        after = await scene.agrees(parameters=BY[by])
        assert not after.groups.equals(before.groups), what
        await scene.synchronize()
        assert store_files(scene, "calls") == files, what
        assert (await scene.agrees(parameters=BY[by])).groups.equals(after.groups), what
    await expect_store_serves(scene)


async def test_another_meaning_of_a_disposition_is_in_reports_at_once_and_in_the_store_after_a_sync(
    scene: Scene,
) -> None:
    mean = partial(DISPOSITION_CODE.resource, confirmed=True)
    refused = {"code": "no", "set_at": FIRST.isoformat()}
    plain = {"external_id": "plain", "campaign": CAMPAIGNS[0], "dialed_at": FIRST.isoformat(), "talk_seconds": 90}
    await scene.deliver([(ATTEMPT, plain | {"disposition": refused})])
    await scene.synchronize()
    before = (await scene.agrees()).total
    meanings = opened(scene).edition.meanings
    await scene.deliver([(mean("no"), {"result": "sale"})])
    after = (await scene.agrees()).total
    assert not after.equals(before)
    assert written(await scene.synchronize())["settled_calls"] == len(opened(scene).files)
    assert opened(scene).edition.meanings != meanings
    assert (await scene.agrees()).total.equals(after)
    await agrees(scene)
    await expect_store_serves(scene)

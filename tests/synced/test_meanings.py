"""What codes mean and read as: reports follow at once, and the store as far as its rows depend on it."""

from datetime import datetime, timedelta

import pytest

from reports.query.stored import settled_calls
from service.ingest.configuration import AGENT, CAMPAIGN, DISPOSITION_CODE, SOURCE
from service.ingest.resources import Resource
from service.ingest.resources.leads import RESOURCE as LEAD
from tests.metrics.floor import FIRST
from tests.synced.items import AGENTS, ATTEMPT, CAMPAIGNS, SOURCES, TEAMS
from tests.synced.questions import USUAL, Parameters
from tests.synced.scene import Scene
from tests.synced.store import KINDS, agrees, expect_store_serves, opened, store_files, written

BY: dict[str, Parameters] = {
    by: {**USUAL, "metrics": ["attempts", "leads", "goal_events"], "by": [by]}
    for by in ("agent", "team", "source", "campaign")
}
RESPONSES: Parameters = {**USUAL, "metrics": ["lead_response_time", "assigned_response_time"]}
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
    await _call(scene, "plain", "no")
    await scene.synchronize()
    before = (await scene.agrees()).total
    files = _files(scene)
    await scene.deliver([(_mean("no"), {"result": "sale"})])
    after = (await scene.agrees()).total
    assert not after.equals(before)
    await scene.synchronize()
    assert not _files(scene) >= files
    assert (await scene.agrees()).total.equals(after)
    await _serves_without_another_sync(scene)


async def test_a_new_disposition_leaves_all_files_of_other_days_as_they_are(scene: Scene) -> None:
    await scene.synchronize()
    files = _files(scene)
    later = FIRST + timedelta(days=60)
    await scene.deliver([(_mean("fresh"), {"result": "appointment"})])
    assert await scene.synchronize()
    assert _files(scene) == files
    await _call(scene, "with a new code", "fresh", later)
    await agrees(scene)
    await scene.synchronize()
    assert _files(scene) > files
    await _serves_without_another_sync(scene)


async def test_dispositions_are_merged_and_parted_again(scene: Scene) -> None:
    for number, code in enumerate(("sale", "no", "nix")):
        await _call(scene, f"call {number}", code)
    await scene.synchronize()
    before = (await scene.agrees()).total
    for merged_into in ("sale", None, "no", "sale", None):
        await scene.deliver([(_mean("nix"), {"merged_into": merged_into})])
        at_once = (await scene.agrees()).total
        assert merged_into or at_once.equals(before)
        await agrees(scene)
        await scene.synchronize()
        assert (await scene.agrees()).total.equals(at_once)
        await _serves_without_another_sync(scene)


async def test_a_campaign_with_a_source_and_a_merge_change_only_the_leads_that_have_them(scene: Scene) -> None:
    await scene.deliver(
        [(LEAD, {"external_id": "lead autumn", "campaign": "autumn", "received_at": FIRST.isoformat()})]
    )
    await _call(scene, "autumn's", "sale", campaign="autumn", lead="lead autumn")
    await scene.synchronize()
    files = _files(scene)
    for code, fields in (("new", {"source": SOURCES[0]}), ("autumn", {"source": SOURCES[0]})):
        await scene.deliver([(CAMPAIGN.resource(code, confirmed=True), fields)])
        await agrees(scene)
        await scene.synchronize()
        assert (_files(scene) == files) == (code == "new")
        await _serves_without_another_sync(scene)
    for source in (SOURCES[0], AGENTS[0]):
        merged = SOURCE if source in SOURCES else AGENT
        others = SOURCES if source in SOURCES else AGENTS
        await scene.deliver([(merged.resource(source, confirmed=True), {"merged_into": others[-1]})])
        await agrees(scene)
        await scene.synchronize()
        await _serves_without_another_sync(scene)


async def test_merged_codes_are_parted_again(scene: Scene) -> None:
    usual = {"received_at": FIRST.isoformat(), "campaign": CAMPAIGNS[1], "source": SOURCES[1], "owner": AGENTS[2]}
    await scene.deliver([(LEAD, {"external_id": f"owned {n}", **usual}) for n in range(3)])
    await _call(scene, "by the owner", "sale", agent=AGENTS[2], lead="owned 0")
    await scene.synchronize()
    for put, code, into, by in (
        (AGENT, AGENTS[2], AGENTS[0], "agent"),
        (SOURCE, SOURCES[1], SOURCES[2], "source"),
        (CAMPAIGN, CAMPAIGNS[1], CAMPAIGNS[0], "campaign"),
    ):
        before = await scene.agrees(parameters=BY[by])
        for merged_into in (into, None):
            await scene.deliver([(put.resource(code, confirmed=True), {"merged_into": merged_into})])
            at_once = await scene.agrees(parameters=BY[by])
            await scene.agrees(parameters=RESPONSES | {"by": [by]})
            await scene.synchronize()
            assert (await scene.agrees(parameters=BY[by])).groups.equals(at_once.groups)
            assert at_once.groups.equals(before.groups) == (merged_into is None), (code, merged_into)
            await _serves_without_another_sync(scene)


async def test_codes_of_too_many_calls_are_read_from_the_ledger_until_the_next_sync(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _call(scene, "sold", "sale")
    await scene.synchronize()
    monkeypatch.setattr(settled_calls, "_FEW_CHANGES", 0)
    for put, code, fields in (
        (DISPOSITION_CODE, "sale", {"result": "not_interested"}),
        (CAMPAIGN, CAMPAIGNS[0], {"source": SOURCES[3]}),
    ):
        await scene.deliver([(put.resource(code, confirmed=True), fields)])
        await agrees(scene)
        await scene.synchronize()
        await agrees(scene)
    await _serves_without_another_sync(scene)


def _mean(code: str) -> Resource:
    return DISPOSITION_CODE.resource(code, confirmed=True)


async def _call(scene: Scene, name: str, code: str, at: datetime = FIRST, **more: str) -> None:
    call = {"external_id": name, "campaign": CAMPAIGNS[0], "dialed_at": at.isoformat(), "talk_seconds": 90}
    await scene.deliver([(ATTEMPT, call | {"disposition": {"code": code, "set_at": at.isoformat()}} | more)])


def _files(scene: Scene) -> set[str]:
    """The names of all files that count."""
    return {file.name for kind in KINDS for file in opened(scene, kind).files}


async def _serves_without_another_sync(scene: Scene) -> None:
    """All files are of the account's codes, so reports read them and a sync has nothing to do."""
    assert not written(await scene.synchronize())
    await expect_store_serves(scene)

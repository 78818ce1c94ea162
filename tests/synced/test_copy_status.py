"""What an operator reads of the lake and the store: whether reports use them, how far behind they are, and why not."""

import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from reports.store.durable import UnwritableError
from service.ingest.configuration import AGENT, DISPOSITION_CODE
from service.platform.db import acquire
from service.reporting.copy_status import CopiesStatus, status_lines, status_of
from service.reporting.lake_sync import sync_store_alone
from service.reporting.last_fault import note_fault
from service.reporting.snapshots import open_snapshot
from tests.metrics.floor import FIRST
from tests.synced.items import AGENTS, ATTEMPT, CAMPAIGNS
from tests.synced.scene import Scene, garbage_of_the_same_size, lose
from tests.synced.store import KINDS, agrees, of_store, opened, store_files, version


async def status(scene: Scene) -> CopiesStatus:
    async with open_snapshot(acquire(scene.pool), scene.account, scene.lake) as snapshot:
        return await status_of(snapshot, scene.lake)


async def use(scene: Scene) -> list[str]:
    """Whether reports use the lake, and the store."""
    return [copy.use for copy in (await status(scene)).copies]


async def test_copies_are_counted_and_their_lag_is_known(scene: Scene) -> None:
    assert await use(scene) == ["not in use: it was not made yet"] * 2
    await scene.synchronize()
    lake, store = (await status(scene)).copies
    assert (lake.use, store.use) == ("in use, up to date", "in use, up to date")
    everything = [opened(scene, kind) for kind in KINDS]
    assert store.rows == sum(days.rows for days in everything)
    assert store.files == len(store_files(scene))
    assert store.size == sum(path.stat().st_size for path in store_files(scene))
    assert lake.rows == sum(scene.rows(name).height for name in scene.lake.open_all(scene.account))
    assert lake.files == len(list(scene.folder.rglob("*.parquet")))
    for copy in (lake, store):
        assert copy.updated_at is not None
        assert abs((datetime.now(UTC) - copy.updated_at).total_seconds()) < 600
    call = {"external_id": "new", "campaign": "spring", "dialed_at": FIRST.isoformat()}
    await scene.deliver([(ATTEMPT, call)])
    assert await use(scene) == ["in use, 1 changed row behind"] * 2


async def test_the_store_is_brought_up_to_date_between_updates_of_the_lake(scene: Scene) -> None:
    await scene.synchronize()
    call = {"external_id": "new", "campaign": "spring", "dialed_at": FIRST.isoformat()}
    await scene.deliver([(ATTEMPT, call)])
    async with acquire(scene.pool) as connection:
        done = await sync_store_alone(connection, scene.lake, scene.account)
    assert done is not None
    assert sum(table.rows for table in done) > 0
    assert await use(scene) == ["in use, 1 changed row behind", "in use, up to date"]
    await agrees(scene)


async def test_why_the_store_is_not_in_use(scene: Scene) -> None:
    async def lose_leads() -> None:
        shutil.rmtree(version(scene, "leads"))

    async def rename() -> None:
        version(scene).rename(version(scene).with_name("0123456789abcdef"))

    async def break_file() -> None:
        file = next(iter(opened(scene).files))
        garbage_of_the_same_size(version(scene) / file.name)

    async def delete() -> None:
        shutil.rmtree(of_store(scene))

    reasons: dict[Callable[[], Awaitable[None]], str] = {
        lose_leads: "partly in use: rows of leads are not of the same state as calls",
        rename: "not in use: another version of calltally made it",
        break_file: "not in use: files are missing or broken",
        delete: "not in use: it was not made yet",
    }
    for happen, reason in reasons.items():
        await scene.synchronize()
        assert await use(scene) == ["in use, up to date"] * 2
        await happen()
        assert await use(scene) == ["in use, up to date", reason]


async def test_calls_with_codes_that_mean_something_else_since_are_behind(scene: Scene) -> None:
    plain = {"external_id": "plain", "agent": AGENTS[1], "campaign": CAMPAIGNS[0], "dialed_at": FIRST.isoformat()}
    await scene.deliver([(ATTEMPT, plain | {"disposition": {"code": "rare", "set_at": FIRST.isoformat()}})])
    for resource, fields in (
        (DISPOSITION_CODE.resource("rare", confirmed=True), {"result": "sale"}),
        (AGENT.resource(AGENTS[1], confirmed=True), {"merged_into": AGENTS[0]}),
    ):
        await scene.synchronize()
        await scene.deliver([(resource, fields)])
        lake, store = await use(scene)
        assert lake == "in use, up to date"
        assert re.fullmatch(r"in use, [1-9]\d* changed rows? behind", store)


async def test_the_lines_of_a_terminal_fit_and_name_what_is_broken(scene: Scene) -> None:
    await scene.synchronize()
    lose("its files", scene.folder / "attempts")
    shutil.rmtree(scene.folder / "follow_ups")
    note_fault(scene.lake, scene.account, "store", UnwritableError(28, "No space left on device " * 5, "x"))
    lines = status_lines(await status(scene))
    assert max(map(len, lines)) <= 80
    text = " ".join(line.strip() for line in lines)
    assert "lake: partly in use: attempts, files are missing or broken; follow ups, it was not made yet" in text
    assert "store: in use, up to date" in text
    assert "UTC, store: No space left on device" in text
    assert "A later sync has succeeded." not in text
    call = {"external_id": "later", "campaign": CAMPAIGNS[0], "dialed_at": FIRST.isoformat()}
    await scene.deliver([(ATTEMPT, call)])
    await scene.synchronize()
    assert "A later sync has succeeded." in " ".join(line.strip() for line in status_lines(await status(scene)))

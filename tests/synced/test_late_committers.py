"""Whoever is late: writes that end after a sync began, syncs that end after a report began, and the other way round."""

import asyncio
from datetime import timedelta
from typing import Any

from reports.query.stored.call_sync import open_copies
from reports.store.ledger import Ledger
from reports.store.sync import clear, no_progress, sync
from tests.lake import synced
from tests.metrics.floor import FIRST
from tests.synced.halting import Place, halting
from tests.synced.items import ATTEMPT, SentItem
from tests.synced.scene import Scene, agrees, snapshot

STOPS: list[Place] = [("attempts", "counted"), ("attempts", "written"), ("attempts", "committed"), ("leads", "written")]


def call(external_id: str, **fields: Any) -> SentItem:
    dialed_at = (FIRST + timedelta(hours=9)).isoformat()
    return ATTEMPT, {"external_id": external_id, "campaign": "spring", "dialed_at": dialed_at, **fields}


def copied(scene: Scene, external_id: str) -> list[dict[str, Any]]:
    """What the lake has of a call."""
    return scene.rows("attempts").filter(external_id=external_id).sort("recorded_at").to_dicts()


async def test_what_is_committed_after_a_sync_is_in_the_next_report_and_in_the_next_sync(scene: Scene) -> None:
    await scene.deliver([call("known")])
    await scene.synchronize()
    before = (await scene.agrees()).counted["attempts"]

    writing = await scene.write([call("late"), call("known", agent="bo")])
    await scene.deliver([call("in time")])
    await scene.synchronize()
    assert copied(scene, "late") == []
    assert len(copied(scene, "known")) == len(copied(scene, "in time")) == 1

    await writing.aclose()
    assert (await scene.agrees()).counted["attempts"] == before + 2
    await scene.synchronize()
    assert len(copied(scene, "late")) == 1
    first, last = copied(scene, "known")
    assert (first["agent"], last["agent"]) == (None, "bo")
    assert first["superseded_at"] == last["recorded_at"]
    assert (await scene.agrees()).counted["attempts"] == before + 2


async def test_a_report_that_began_before_a_sync_says_what_was_then(scene: Scene) -> None:
    await scene.synchronize()
    copies = open_copies(scene.lake, scene.account)
    async with snapshot(scene.second):
        await scene.tell(*range(100, 104))
        await scene.deliver([call("too late")])
        await scene.synchronize()
        # Its files are deleted or they are not.
        report = await agrees(scene.second, scene.account, copies)
        clear(scene.lake, scene.account, at_once=True)
        again = await agrees(scene.second, scene.account, copies)
    assert report.counted == again.counted
    assert (await scene.agrees()).counted["attempts"] > report.counted["attempts"]


async def test_a_sync_that_began_before_another_takes_nothing_back(scene: Scene) -> None:
    writing = await scene.write([call("slow")])
    async with snapshot(scene.second):
        await scene.deliver([call("known", agent="bo")])
        await writing.aclose()
        await scene.synchronize()
        with Ledger(scene.second, scene.account) as ledger:
            await sync(ledger, scene.lake, no_progress)
    await scene.agrees()
    await scene.synchronize()
    await scene.agrees()
    assert len(copied(scene, "slow")) == len(copied(scene, "known")) == 1


async def test_a_report_at_any_step_of_a_sync_is_right(scene: Scene, ledger_url: str) -> None:
    await scene.synchronize()
    await scene.tell(*range(200, 206))
    before = open_copies(scene.lake, scene.account)
    async with halting(ledger_url, scene.account, scene.lake) as syncing:
        for table, step in STOPS:
            await syncing.reach(table, step)
            await scene.deliver([call(f"told at {table} {step}")])
            assert (await scene.agrees()).counted == (await scene.agrees(before)).counted
    await scene.agrees()


async def test_reports_are_right_while_others_write_and_bring_the_lake_up_to_date(scene: Scene) -> None:
    requested = asyncio.Event()

    async def ask() -> None:
        for _ in range(5):
            await scene.agrees()
        requested.set()

    async def write() -> None:
        for seed in range(100, 120):
            await scene.tell(seed)

    async def keep() -> None:
        while not requested.is_set():
            await synced(scene.second, scene.account, scene.lake)
            await asyncio.to_thread(clear, scene.lake, scene.account, at_once=True)

    await asyncio.gather(ask(), write(), keep())
    await scene.synchronize()
    await scene.is_exact()

"""A lake that is deleted, or a part of it, whenever that is: the same numbers, and the next sync makes it anew."""

import asyncio

import pytest

from reports.query.stored.call_sync import open_copies
from tests.ledger import holding
from tests.synced.scene import LOSSES, Scene, lose

TABLE = "attempts"


async def changed(scene: Scene) -> None:
    """Bring the lake up to date, and tell more."""
    await scene.synchronize()
    await scene.tell(*range(50, 54))


async def made_anew(scene: Scene) -> None:
    """After the next sync the lake has everything again."""
    await scene.synchronize()
    await scene.is_exact()
    await scene.agrees()


@pytest.mark.parametrize("what", LOSSES)
async def test_lost_while_nobody_reads(scene: Scene, what: str) -> None:
    await changed(scene)
    lose(what, scene.folder / TABLE)
    await scene.agrees()
    await made_anew(scene)


@pytest.mark.parametrize("what", LOSSES)
async def test_lost_after_it_was_opened(scene: Scene, what: str) -> None:
    await changed(scene)
    copies = open_copies(scene.lake, scene.account)
    lose(what, scene.folder / TABLE)
    await scene.agrees(copies)


@pytest.mark.parametrize("what", ["the lake", "its log", "a file"])
async def test_lost_while_it_is_read(scene: Scene, ledger_url: str, what: str) -> None:
    await changed(scene)
    async with holding(ledger_url, f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE") as waiters:
        report = asyncio.create_task(scene.agrees())
        await waiters.arrive()
        lose(what, scene.folder / TABLE)
    await report

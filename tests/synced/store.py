"""The store of an account: its files, and what is expected of them."""

import os
import shutil
from pathlib import Path
from random import Random

from structlog.testing import capture_logs

from reports.query.stored.call_sync import call_files, clear_copies
from reports.query.stored.fact_sync import fact_files
from reports.query.stored.lead_facts import FRAMES
from reports.store.copies import Copies
from reports.store.day_files import DayFiles
from reports.store.doubts import is_doubted
from reports.store.opened_days import OpenedDays
from reports.store.sync import SyncedTable
from tests.synced.questions import USUAL, Parameters
from tests.synced.scene import Scene, garbage_of_the_same_size

# The kinds of rows in a store.
KINDS = ("calls", *FRAMES)
# Of all kinds of fact: of calls, of leads, and of others.
EVERYTHING: Parameters = {**USUAL, "metrics": ["attempts", "leads", "goal_events", "marketing_cost"]}


def of_store(scene: Scene) -> Path:
    """Where the store of the account is."""
    assert scene.lake.cache is not None
    return scene.lake.cache / str(scene.account)


def store_files(scene: Scene, kind: str = "*") -> list[Path]:
    """The day files of the store, or those of a kind of row; those that no longer count included."""
    return sorted(of_store(scene).glob(f"{kind}/*/*.arrow"))


def store_holds(scene: Scene, text: str) -> bool:
    """Whether any file of the store has a text in it."""
    return any(text.encode() in path.read_bytes() for path in of_store(scene).rglob("*") if path.is_file())


def day_files(scene: Scene, kind: str = "calls") -> DayFiles:
    files = {"calls": call_files(scene.lake, scene.account), **fact_files(scene.lake, scene.account)}[kind]
    assert files is not None
    return files


def version(scene: Scene, kind: str = "calls") -> Path:
    return day_files(scene, kind).folder


def opened(scene: Scene, kind: str = "calls") -> OpenedDays:
    days = day_files(scene, kind).open()
    assert days is not None
    return days


def manifest(scene: Scene, kind: str = "calls") -> Path:
    return version(scene, kind) / "manifest.json"


async def agrees(scene: Scene, copies: Copies | None = None) -> None:
    await scene.agrees(copies, EVERYTHING)


def written(done: list[SyncedTable]) -> dict[str, int]:
    """The files of the store that a sync wrote, by kind."""
    return {table.name: table.files for table in done if table.name in ("settled_calls", "facts_by_lead")}


async def healed(scene: Scene) -> None:
    """The next sync writes again what is broken; the one after it writes nothing, and nothing is left over."""
    assert written(await scene.synchronize())
    assert not written(await scene.synchronize())
    assert not is_doubted(str(version(scene)))
    clear_copies(scene.lake, scene.account, at_once=True)
    for kind in KINDS:
        counted = {file.name for file in opened(scene, kind).files}
        assert {path.name for path in version(scene, kind).iterdir()} == counted | {"manifest.json"}
        assert [path.name for path in version(scene, kind).parent.iterdir()] == [version(scene, kind).name]
    await expect_store_serves(scene)


async def expect_store_serves(scene: Scene) -> None:
    """A report over the store without a doubt."""
    with capture_logs() as logs:
        await agrees(scene)
    assert logs == []


def lose_of_store(scene: Scene, random: Random) -> None:
    """Delete a store, or a part of it, or break one of its files."""
    paths = [path for path in sorted(of_store(scene).rglob("*")) if path.exists()]
    files = [path for path in paths if path.is_file()]
    match random.choice(["the store", "a folder", "a file", "a manifest", "a break", "a cut"]):
        case "the store":
            shutil.rmtree(of_store(scene), ignore_errors=True)
        case "a folder" if folders := [path for path in paths if path.is_dir()]:
            shutil.rmtree(random.choice(folders))
        case "a file" if files:
            random.choice(files).unlink()
        case "a manifest" if manifests := [path for path in files if path.suffix == ".json"]:
            random.choice(manifests).unlink()
        case "a break" if files:
            garbage_of_the_same_size(random.choice(files))
        case "a cut" if files:
            path = random.choice(files)
            os.truncate(path, path.stat().st_size // 2)
        case _:
            pass

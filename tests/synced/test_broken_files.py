"""A lake with a broken file: reports take the ledger's rows, and the next sync writes the table again."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from structlog.testing import capture_logs

from reports.store.copies import Copies
from reports.store.doubts import EngineError, is_doubted, panics_as_errors
from reports.store.lake import Lake, LakeTable
from tests.synced.conftest import NewScene
from tests.synced.scene import Scene, garbage_of_the_same_size

TABLE = "attempts"


@pytest.fixture
async def scene(new_scene: NewScene) -> Scene:
    """An account without a store, so that every report reads the lake."""
    made = await new_scene()
    await made.furnish(batches=6)
    return replace(made, lake=Lake(made.lake.root))


def files(scene: Scene, name: str = TABLE) -> list[Path]:
    """The files of a table, as its log names them."""
    delta = scene.lake.open(scene.account, name)
    assert delta is not None
    return sorted(scene.folder / name / file.path for file in LakeTable(name, delta, "").files())


def last_log(scene: Scene) -> Path:
    return max((scene.folder / TABLE / "_delta_log").glob("*.json"))


def exchange(scene: Scene, name: str) -> None:
    """Put a file of one table, or of another day, in the place of a file."""
    shutil.copyfile(files(scene, name)[-1], files(scene)[0])


def a_file_in_place_of_the_log(scene: Scene) -> None:
    shutil.rmtree(scene.folder / TABLE)
    (scene.folder / TABLE).write_text("not a table")


def swap_tables(scene: Scene) -> None:
    aside = scene.folder / "aside"
    (scene.folder / TABLE).rename(aside)
    (scene.folder / "leads").rename(scene.folder / TABLE)
    aside.rename(scene.folder / "leads")


BREAKS = {
    "a truncated file": lambda scene: os.truncate(files(scene)[0], files(scene)[0].stat().st_size // 2),
    "an empty file": lambda scene: os.truncate(files(scene)[-1], 0),
    "garbage of the same size": lambda scene: garbage_of_the_same_size(files(scene)[0]),
    "a file of another table": lambda scene: exchange(scene, "leads"),
    "a file of another day": lambda scene: exchange(scene, TABLE),
    "a folder in place of a file": lambda scene: (files(scene)[0].unlink(), files(scene)[0].mkdir()),
    "an empty log": lambda scene: [os.truncate(path, 0) for path in (scene.folder / TABLE / "_delta_log").iterdir()],
    "an empty last entry of the log": lambda scene: os.truncate(last_log(scene), 0),
    "garbage in the log": lambda scene: garbage_of_the_same_size(last_log(scene)),
    "a file in place of the table": a_file_in_place_of_the_log,
    "two tables exchanged": swap_tables,
}


@pytest.mark.parametrize("what", BREAKS)
async def test_reports_do_without_a_broken_table_and_the_next_sync_writes_it_again(scene: Scene, what: str) -> None:
    await scene.synchronize()
    await scene.tell(50)
    opened_before = Copies(scene.lake.open_all(scene.account))
    BREAKS[what](scene)
    await scene.agrees(opened_before)
    with capture_logs() as logs:
        await scene.agrees()
        await scene.agrees()
    assert len(logs) <= 1
    await scene.synchronize()
    await scene.is_exact()
    await scene.agrees()
    assert not any(table.rows or table.files for table in await scene.synchronize())
    assert not is_doubted(scene.lake.address(scene.account, TABLE))


async def test_a_thorough_sync_finds_a_broken_file_that_no_report_has_read(scene: Scene) -> None:
    await scene.synchronize()
    garbage_of_the_same_size(files(scene)[0])
    await scene.synchronize(thorough=True)
    await scene.is_exact()


async def test_a_file_that_breaks_while_a_sync_needs_it_is_written_again(scene: Scene) -> None:
    await scene.synchronize()
    for path in files(scene):
        garbage_of_the_same_size(path)
    await scene.tell(50)
    await scene.synchronize()
    await scene.is_exact()


def test_a_panic_of_the_engine_is_an_ordinary_error() -> None:
    with pytest.raises(EngineError) as raised, panics_as_errors():
        raise pl.exceptions.PanicException("the engine cannot go on")
    assert isinstance(raised.value.__cause__, pl.exceptions.PanicException)
    with pytest.raises(KeyboardInterrupt), panics_as_errors():
        raise KeyboardInterrupt


async def test_what_a_sync_has_written_is_on_the_disk_before_its_commit(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    flush = os.fsync
    commit = LakeTable.commit

    def noting(number: int) -> None:
        steps.append(Path(f"/proc/self/fd/{number}").readlink().name)
        flush(number)

    def committing(self: LakeTable, *arguments: object) -> None:
        steps.append("commit")
        commit(self, *arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(os, "fsync", noting)
    monkeypatch.setattr(LakeTable, "commit", committing)
    await scene.synchronize()
    first = steps.index("commit")
    assert any(step.startswith("superseded=") for step in steps[:first])
    assert any(step.endswith(".json") for step in steps[first:])
    assert "_delta_log" in steps[first:]

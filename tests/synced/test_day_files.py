"""The store of a machine with broken files: reports do without them, and the next sync writes all days again."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from structlog.testing import capture_logs

from reports.query.stored.call_sync import clear_copies, open_copies
from reports.store.day_files import DayFiles
from reports.store.file_spans import Span
from tests.metrics.floor import FIRST
from tests.synced.conftest import NewScene
from tests.synced.items import ATTEMPT, LINES, PEOPLE, SentItem
from tests.synced.scene import Scene, garbage_of_the_same_size
from tests.synced.store import (
    KINDS,
    agrees,
    day_files,
    expect_store_serves,
    healed,
    manifest,
    of_store,
    opened,
    store_files,
    store_holds,
    version,
    written,
)


def calls(scene: Scene) -> list[Path]:
    return store_files(scene, "calls")


def edited(scene: Scene, **changes: Any) -> None:
    """Write other values into the manifest."""
    manifest(scene).write_text(json.dumps(json.loads(manifest(scene).read_text()) | changes))


def exchange_days(scene: Scene) -> None:
    first, second, *_ = calls(scene)
    aside = first.with_suffix(".aside")
    for path, place in ((first, aside), (second, first), (aside, second)):
        path.rename(place)


def put_aside(path: Path) -> None:
    """Put a file in the place of a folder."""
    shutil.rmtree(path)
    path.write_text("not a folder")


def an_older_version(scene: Scene) -> None:
    version(scene).rename(version(scene).with_name("0123456789abcdef"))


def a_folder_in_place_of(path: Path) -> None:
    path.unlink()
    path.mkdir()


def garbage_of_the_same_time(path: Path) -> None:
    """Break content as a faulty disk does: size and time stay."""
    status = path.stat()
    garbage_of_the_same_size(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


# Each names what reports cannot see coming: these say in the log that they do without the store.
BROKEN: dict[str, Callable[[Scene], object]] = {
    "a truncated file": lambda scene: os.truncate(calls(scene)[0], calls(scene)[0].stat().st_size // 2),
    "garbage of the same size": lambda scene: garbage_of_the_same_size(calls(scene)[0]),
    "garbage of the same size and time": lambda scene: garbage_of_the_same_time(calls(scene)[0]),
    "a file of another day": lambda scene: shutil.copyfile(calls(scene)[-1], calls(scene)[0]),
    "two days exchanged": exchange_days,
    "a folder in place of a file": lambda scene: a_folder_in_place_of(calls(scene)[0]),
    "deleted files": lambda scene: [path.unlink() for path in store_files(scene)],
    "garbage in rows of leads": lambda scene: garbage_of_the_same_time(store_files(scene, "leads")[0]),
}
# Without a readable manifest there is no store, and nothing to say.
MANIFESTS: dict[str, Callable[[Scene], object]] = {
    "empty": lambda scene: os.truncate(manifest(scene), 0),
    "garbage": lambda scene: garbage_of_the_same_size(manifest(scene)),
    "other JSON": lambda scene: manifest(scene).write_text("[1, {}]"),
    "files without a size": lambda scene: edited(scene, files=[{"day": "2026-03-02", "name": "x.arrow"}]),
    "a watermark that is none": lambda scene: edited(scene, edition={"ledger": 7, "watermark": "soon", "meanings": []}),
    "a list of files that is none": lambda scene: edited(scene, files=None),
}
ABSENT: dict[str, Callable[[Scene], object]] = {
    "a folder in place of the manifest": lambda scene: a_folder_in_place_of(manifest(scene)),
    "no manifest of leads": lambda scene: manifest(scene, "leads").unlink(),
    "an older version": an_older_version,
    "a file in place of the folder": lambda scene: put_aside(version(scene)),
    "a file in place of all versions": lambda scene: put_aside(version(scene).parent),
    "a deleted store": lambda scene: shutil.rmtree(of_store(scene)),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_reports_do_without_broken_files_and_the_next_sync_writes_them_again(scene: Scene, what: str) -> None:
    await scene.synchronize()
    await scene.tell(50)
    before = open_copies(scene.lake, scene.account)
    BROKEN[what](scene)
    with capture_logs() as logs:
        await agrees(scene, before)
        await agrees(scene)
    of_kinds = {str(version(scene, kind)) for kind in KINDS}
    assert logs
    assert len(logs) <= len(KINDS)
    assert {(entry["log_level"], entry["copy"] in of_kinds) for entry in logs} == {("warning", True)}
    await healed(scene)


@pytest.mark.parametrize("what", ABSENT)
async def test_reports_do_without_a_store_that_cannot_be_opened_and_the_next_sync_makes_it(
    scene: Scene, what: str
) -> None:
    await scene.synchronize()
    await scene.tell(50)
    before = open_copies(scene.lake, scene.account)
    ABSENT[what](scene)
    await agrees(scene, before)
    await healed(scene)


async def test_rows_made_by_other_rules_count_as_none(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    await scene.synchronize()
    monkeypatch.setattr("reports.store.day_files._rules", lambda: "of another calltally")
    assert day_files(scene).open() is None
    await healed(scene)


async def test_a_manifest_that_cannot_be_read_is_none(scene: Scene) -> None:
    await scene.synchronize()
    content = manifest(scene).read_bytes()
    for name, spoil in MANIFESTS.items():
        spoil(scene)
        assert day_files(scene).open() is None, name
        manifest(scene).write_bytes(content)
    await expect_store_serves(scene)


async def test_a_sync_that_reads_a_broken_file_writes_all_days(scene: Scene) -> None:
    await scene.synchronize()
    for path in store_files(scene):
        garbage_of_the_same_time(path)
    await scene.tell(*range(50, 54))
    await healed(scene)


async def test_a_thorough_sync_finds_what_no_report_has_read(scene: Scene) -> None:
    await scene.synchronize()
    garbage_of_the_same_time(calls(scene)[0])
    assert not written(await scene.synchronize())
    assert written(await scene.synchronize(thorough=True))["settled_calls"] == len(opened(scene).files)
    await expect_store_serves(scene)


async def test_a_store_is_made_from_the_ledger_where_the_lake_is_broken(scene: Scene) -> None:
    await scene.synchronize()
    shutil.rmtree(of_store(scene))
    lake_file = next((scene.folder / "attempts").glob("day=*/superseded=false/*.parquet"))
    garbage_of_the_same_size(lake_file)
    assert written(await scene.synchronize())["settled_calls"] == len(opened(scene).files) > 0
    await expect_store_serves(scene)
    await scene.synchronize()
    await scene.is_exact()


async def test_the_files_of_another_account_serve_no_report(scene: Scene, new_scene: NewScene) -> None:
    other = await new_scene()
    await other.furnish(batches=3)
    await other.synchronize()
    await scene.synchronize()
    shutil.rmtree(of_store(scene))
    shutil.copytree(of_store(other), of_store(scene))
    await agrees(scene)
    await scene.synchronize()
    await expect_store_serves(scene)


async def test_files_stay_for_the_readers_of_before(scene: Scene) -> None:
    await scene.synchronize()
    before = open_copies(scene.lake, scene.account)
    assert before.calls is not None
    await scene.tell(*range(50, 54))
    await scene.synchronize()
    clear_copies(scene.lake, scene.account, at_once=False)
    assert before.calls.is_intact
    await scene.tell(54)
    await scene.synchronize()
    clear_copies(scene.lake, scene.account, at_once=False)
    assert before.calls.is_intact
    clear_copies(scene.lake, scene.account, at_once=True)
    assert not before.calls.is_intact
    await agrees(scene, before)


def call(external_id: str, **fields: Any) -> SentItem:
    return ATTEMPT, {"external_id": external_id, "campaign": "spring", "dialed_at": FIRST.isoformat(), **fields}


async def test_the_store_holds_no_number_and_an_erased_person_leaves_it_with_the_next_sync(scene: Scene) -> None:
    agent = f"agent on the line {PEOPLE[0]}"
    theirs = call("theirs", lead="their lead", agent=agent, to_number=PEOPLE[0], from_number=LINES[0])
    await scene.deliver([theirs, call("others", to_number=PEOPLE[1], from_number=LINES[1])])
    await scene.synchronize()
    assert store_holds(scene, agent)
    await scene.erase(phone_number=PEOPLE[0])
    await scene.synchronize()
    clear_copies(scene.lake, scene.account, at_once=True)
    assert not store_holds(scene, agent)
    assert not any(store_holds(scene, number.removeprefix("+")) for number in [*LINES, *PEOPLE])
    await expect_store_serves(scene)


def test_a_file_holds_no_text_of_rows_that_were_left_out(folder: Path) -> None:
    # Long texts lie outside their column, where they stay in memory when their row is left out.
    texts = [f"call {number:04} to {'somebody ' * 3}" for number in range(2_000)]
    rows = pl.DataFrame({"text": texts}).filter(pl.col("text") != texts[5])
    files = DayFiles(folder / "store", {"text": pl.String})
    content = (files.folder / files.write(Span(FIRST.date(), FIRST.date()), rows).name).read_bytes()
    assert texts[6].encode() in content
    assert texts[5].encode() not in content

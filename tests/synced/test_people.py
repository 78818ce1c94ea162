"""The lake tells of nobody: no phone number is in it, and whoever was erased is not even there as an id."""

import re
from collections.abc import Iterator

import polars as pl

from reports.store.sync import clear
from service.ingest.phone import is_number, written_forms
from tests.synced.items import PEOPLE
from tests.synced.questions import USUAL
from tests.synced.scene import Scene

NUMBERS = """
    SELECT phone_number FROM leads_versions WHERE account_id = $1
    UNION SELECT to_number FROM attempts_versions WHERE account_id = $1
    UNION SELECT from_number FROM attempts_versions WHERE account_id = $1
    UNION SELECT tracking_number FROM attempts_versions WHERE account_id = $1
    UNION SELECT tracking_number FROM spend_versions WHERE account_id = $1
    UNION SELECT number FROM tracking_numbers WHERE account_id = $1
"""
IDS = "SELECT lake_id(lake_key, n) FROM accounts, unnest($2::text[]) n WHERE account_id = $1"


def texts(scene: Scene) -> Iterator[str]:
    """Everything that stands in the lake's files, those that no table has any more included."""
    for file in sorted(path for path in scene.folder.rglob("*") if path.is_file()):
        if file.suffix == ".parquet":
            rows = pl.read_parquet(file, hive_partitioning=False)
            yield from (text for name in rows.columns for text in map(str, rows[name].unique()))
        else:
            yield file.read_text(errors="replace")
        yield str(file)


async def test_no_number_is_in_the_lake(scene: Scene) -> None:
    await scene.synchronize()
    await scene.tell(*range(50, 60))
    await scene.synchronize()
    numbers = [row[0] for row in await scene.owner.fetch(NUMBERS, scene.account) if row[0] and is_number(row[0])]
    assert {*PEOPLE[:3]} < {*numbers}
    written = list(texts(scene))
    ids = {row[0] for row in await scene.owner.fetch(IDS, scene.account, numbers)}
    assert {str(number_id) for number_id in ids}.intersection(written)
    digits = re.compile("|".join(form for number in numbers for form in written_forms(number)))
    assert [text for text in written if digits.search(re.sub(r"\W", "", text))] == []


async def test_who_is_erased_is_gone_with_the_next_sync_and_every_number_stays(scene: Scene) -> None:
    await scene.tell(*range(50, 60))
    await scene.synchronize()
    moment = await scene.owner.fetchval("SELECT clock_timestamp()")
    then = {**USUAL, "as_of": [moment.isoformat()]}
    before = [await scene.agrees(), await scene.agrees(parameters=then)]
    [theirs] = [str(row[0]) for row in await scene.owner.fetch(IDS, scene.account, PEOPLE[:1])]
    assert theirs in texts(scene)

    await scene.erase(phone_number=PEOPLE[0])
    reports = [await scene.agrees(), await scene.agrees(parameters=then)]
    await scene.synchronize()
    clear(scene.lake, scene.account, at_once=True)
    assert theirs not in texts(scene)
    await scene.is_exact()
    reports += [await scene.agrees(), await scene.agrees(parameters=then)]
    for report, was in zip(reports, [*before, *before], strict=True):
        assert report.groups.equals(was.groups)
        assert (report.counted, report.excluded) == (was.counted, was.excluded)

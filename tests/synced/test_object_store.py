"""A lake in an object store: the same as in a folder, entered by nothing but AWS_ variables."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from deltalake.exceptions import CommitFailedError
from moto.server import ThreadedMotoServer

from reports.query.stored.call_sync import open_copies
from reports.store.lake import Lake
from reports.store.sync import clear
from tests.synced.conftest import NewScene
from tests.synced.halting import overtake
from tests.synced.items import PEOPLE
from tests.synced.scene import Scene, logged


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an object store on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket, in an environment that tells everybody how to get in."""
    environment = {
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": store,
        "AWS_ALLOW_HTTP": "true",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    s3: Any = boto3.resource("s3")
    made = s3.Bucket("sales")
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield made
    made.objects.delete()
    made.delete()


@pytest.fixture
async def stored(new_scene: NewScene, bucket: Any) -> Scene:
    """An account of which hardly anything is told, whose lake is in the bucket."""
    scene = await new_scene()
    await scene.furnish(batches=3)
    return replace(scene, lake=Lake("s3://sales/lake"))


def sizes(bucket: Any) -> dict[str, int]:
    """The files of all tables, and how long they are."""
    return {item.key: item.size for item in bucket.objects.all() if item.key.endswith(".parquet")}


def known(scene: Scene) -> dict[str, int]:
    """The same, as the logs tell."""
    return {f"lake/{scene.account}/{name}/{file.path}": file.size for name, file in logged(scene)}


async def test_a_lake_in_a_bucket_is_kept_up_to_date_and_cleared(stored: Scene, bucket: Any) -> None:
    await stored.synchronize()
    assert sizes(bucket) == known(stored)
    await stored.agrees()
    await stored.erase(phone_number=PEOPLE[0])
    await stored.synchronize()
    assert sizes(bucket).items() > known(stored).items()
    clear(stored.lake, stored.account, at_once=True)
    assert sizes(bucket) == known(stored)
    await stored.is_exact()


async def test_a_lake_that_is_deleted_from_a_bucket_changes_no_number(stored: Scene, bucket: Any) -> None:
    await stored.synchronize()
    copies = open_copies(stored.lake, stored.account)
    bucket.objects.filter(Prefix=f"lake/{stored.account}/attempts/day=").delete()
    await stored.agrees(copies)
    bucket.objects.delete()
    await stored.agrees(copies)
    await stored.agrees()


async def test_of_two_syncs_to_a_bucket_one_wins(stored: Scene, ledger_url: str) -> None:
    with pytest.raises(CommitFailedError):
        await overtake(stored, ledger_url, "written")

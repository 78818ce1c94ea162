"""Every ready mapping reads the composed life of its vendor's calls into numbers worked by hand, in any order."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.mapped.mapping import read_hook_mapping
from service.mapped.ready_mappings import ready
from tests.api.conftest import NewCaller, caller, new_caller, running
from tests.conftest import Owner
from tests.mapped.signing import SECRET, signed

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"
LIVES = Path(__file__).parent / "lives"
Life = dict[str, Any]


@pytest.fixture(scope="module")
async def client(ledger_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32, inbox_days=0) as (_, started):
        yield started


def life_of(name: str) -> Life:
    return json.loads((LIVES / f"{name}.json").read_text())


def orders(deliveries: list[Any]) -> Iterator[list[Any]]:
    """As they happened, backwards, and shuffled three times with every delivery doubled."""
    yield deliveries
    yield deliveries[::-1]
    for seed in range(3):
        doubled = [*deliveries, *deliveries]
        random.Random(seed).shuffle(doubled)
        yield doubled


def written(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


async def rows(owner: Owner, table: str, account: int, began: str) -> dict[str, dict[str, Any]]:
    """The calls that count, by id."""
    query = f"SELECT * FROM {table} WHERE account_id = $1 AND {began} IS NOT NULL"
    result: dict[str, dict[str, Any]] = {}
    for row in await owner.fetch(query, account):
        values = {name: written(value) for name, value in row.items()}
        values["recording"] = values["recording"] and json.loads(values["recording"])
        result[row["external_id"]] = values
    return result


def of_interest(found_rows: dict[str, dict[str, Any]], expected: dict[str, dict[str, Any]]) -> Any:
    """The rows, with the columns that the expectation names."""
    return {
        call: {name: row[name] for name in expected.get(call, {"external_id": ""})} for call, row in found_rows.items()
    }


def test_every_ready_mapping_has_a_life() -> None:
    assert {path.stem for path in LIVES.glob("*.json")} == set(ready())
    assert len(ready()) == 11


@pytest.mark.parametrize("name", sorted(ready()))
def test_a_ready_mapping_tells_people_what_to_do(name: str) -> None:
    mapping = read_hook_mapping(name)
    assert mapping.code
    assert mapping.vendor.title != "Any other dialer"
    assert "{url}" in mapping.vendor.setup
    assert mapping.proof.by != "none"


@pytest.mark.parametrize("name", sorted(ready()))
async def test_a_life_ends_in_the_same_numbers_in_every_order(
    name: str, client: httpx.AsyncClient, new_caller: NewCaller, owner: Owner
) -> None:
    life = life_of(name)
    for order in orders(life["deliveries"]):
        hooked = await new_caller()
        form = {"dialer": "mapped", "mapping": name, "campaign": "spring", "zone": life.get("zone"), "secret": SECRET}
        made = await hooked.post("hooks", form, 201)
        for body in order:
            content, headers = signed(name, body, life.get("forms"))
            answer = await client.post(made["url"].removeprefix(ROOT), content=content, headers=headers)
            assert answer.status_code == 200, answer.text
        delivered = (await hooked.get("deliveries", limit=100))["items"]
        assert [item["problem"] for item in delivered if item["status"] not in {"taken", "unknown"}] == []
        attempts = await rows(owner, "attempts", hooked.account_id, "dialed_at")
        inbound_calls = await rows(owner, "inbound_calls", hooked.account_id, "arrived_at")
        assert of_interest(attempts, life["attempts"]) == life["attempts"]
        assert of_interest(inbound_calls, life["inbound_calls"]) == life["inbound_calls"]
        assert {row["dialer"] for row in attempts.values()} == {read_hook_mapping(name).code}


@pytest.mark.parametrize("name", sorted(ready()))
async def test_a_delivery_of_a_ready_mapping_needs_its_proof(
    name: str, client: httpx.AsyncClient, new_caller: NewCaller
) -> None:
    life = life_of(name)
    hooked = await new_caller()
    form = {"dialer": "mapped", "mapping": name, "campaign": "spring", "secret": SECRET}
    path = (await hooked.post("hooks", form, 201))["url"].removeprefix(ROOT)
    content, headers = signed(name, life["deliveries"][0], life.get("forms"))
    bare = {header: value for header, value in headers.items() if header == "Content-Type"}
    body = json.dumps(life["deliveries"][0]).encode()
    assert (await client.post(path, content=body, headers=bare)).status_code == 401
    forged = {header: value[:-1] + ("A" if value[-1] != "A" else "B") for header, value in headers.items()}
    assert (await client.post(path, content=content[:-1] + b"A", headers={**forged, **bare})).status_code == 403

"""For each dialer the whole story, over HTTP: a hook is made, its deliveries come in, and the report is right.

Each folder's `story.json` has what the account says of its disposition codes, and the rows of the report, worked by
hand from the payloads: agent, source, result, attempts, and the seconds an agent talked with a person, where that is
known.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery, dialers
from tests.api.conftest import Caller, caller, new_caller, running
from tests.dialers.deliveries import OURS, SECRET, sent
from tests.dialers.signing import SIGNERS, signed

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"
ASKED = {"by": "agent,source,result", "from": "2026-01-01", "to": "2027-12-31"}


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


@pytest.mark.parametrize("vendor", dialers())
async def test_what_a_dialer_tells_is_what_the_report_shows(vendor: str, caller: Caller) -> None:
    story = json.loads((OURS / vendor / "story.json").read_text())
    for code, meaning in story["codes"].items():
        await caller.put(f"disposition-codes/{code}", meaning)
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    hook = await caller.post(
        "hooks", {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}, 201
    )
    for delivery in told_by(vendor, hook["url"]):
        path = delivery.url.removeprefix(ROOT)
        answer = await caller.client.request(delivery.method, path, content=delivery.body, headers=delivery.headers)
        assert answer.status_code == 200, answer.text
    kept = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (kept["unreadable"], kept["rejected"]) == (0, 0)
    report = await caller.get("reports", metrics="attempts,avg_talk_time", **ASKED)
    rows = [
        [*group["group"].values(), *(group["cells"][name]["value"] for name in ("attempts", "avg_talk_time"))]
        for group in report["groups"]
    ]
    assert sorted(rows, key=str) == sorted(story["rows"], key=str)


def told_by(vendor: str, url: str) -> Iterator[Delivery]:
    """Every story of the vendor, one delivery after the other, as it would come to this address."""
    stories: dict[str, list[str]] = json.loads((OURS / vendor / "streams.json").read_text())
    for name in (name for names in stories.values() for name in names):
        delivery = sent(vendor, name)
        _, behind, query = delivery.url.partition("?")
        yield signed(vendor, replace(delivery, url=url + behind + query, received_at=datetime.now(UTC)))

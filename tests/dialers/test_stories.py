"""The whole story of each dialer over HTTP: a hook is created, deliveries arrive, and the report is right.

Each folder's `story.json` has the account's definitions of its disposition codes, and the rows of the report, worked by
hand from the payloads: agent, source, result, attempts, and the seconds an agent talked to a person, if that is
known.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from litestar import Litestar

from service.dialers import Delivery, dialers
from tests.api.conftest import Caller, caller, new_caller, running
from tests.dialers.deliveries import OURS, SECRET, sent
from tests.dialers.signing import SIGNERS, signed

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"
# The recorded calls, and those without a time of their own, which count from when they arrive.
REPORT = {
    "by": "agent,source,result",
    "from": "2026-01-01",
    "to": (datetime.now(UTC) + timedelta(days=2)).date().isoformat(),
}


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


@pytest.mark.parametrize("vendor", dialers())
async def test_the_report_shows_the_calls_that_a_dialer_delivers(vendor: str, caller: Caller) -> None:
    story = json.loads((OURS / vendor / "story.json").read_text())
    for code, meaning in story["codes"].items():
        await caller.put(f"disposition-codes/{code}", meaning)
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    hook = await caller.post(
        "hooks", {"dialer": vendor, "campaign": "spring-renewals", "zone": "America/New_York", **secret}, 201
    )
    for delivery in story_deliveries(vendor, hook["url"]):
        path = delivery.url.removeprefix(ROOT)
        answer = await caller.client.request(delivery.method, path, content=delivery.body, headers=delivery.headers)
        assert answer.status_code == 200, answer.text
    counts = (await caller.get(f"hooks/{hook['id']}"))["deliveries"]
    assert (counts["unreadable"], counts["rejected"]) == (0, 0)
    report = await caller.get("reports", metrics="attempts,avg_talk_time", **REPORT)
    rows = [
        [*group["group"].values(), *(group["cells"][name]["value"] for name in ("attempts", "avg_talk_time"))]
        for group in report["groups"]
    ]
    assert sorted(rows, key=str) == sorted(story["rows"], key=str)


def story_deliveries(vendor: str, url: str) -> Iterator[Delivery]:
    """Every delivery of the vendor's stories in order, sent to this address."""
    stories: dict[str, list[str]] = json.loads((OURS / vendor / "streams.json").read_text())
    for name in (name for names in stories.values() for name in names):
        delivery = sent(vendor, name)
        _, separator, query = delivery.url.partition("?")
        yield signed(vendor, replace(delivery, url=url + separator + query, received_at=datetime.now(UTC)))

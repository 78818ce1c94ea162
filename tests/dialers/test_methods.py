"""A hook takes only the methods that its dialer uses."""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from service.dialers import dialers
from tests.api.conftest import Caller, caller, new_caller, running
from tests.dialers.deliveries import SECRET
from tests.dialers.signing import SIGNERS

__all__ = ["caller", "new_caller"]

ROOT = "https://calls.example.com"


@pytest.fixture(scope="module")
async def service(ledger_url: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, public_url=ROOT, secret_key="k" * 32) as started:
        yield started


@pytest.fixture(scope="module")
def client(service: tuple[Litestar, httpx.AsyncClient]) -> httpx.AsyncClient:
    return service[1]


@pytest.mark.parametrize("vendor", dialers())
async def test_another_method_is_refused_with_those_that_are_allowed(vendor: str, caller: Caller) -> None:
    secret = {"secret": SECRET} if vendor in SIGNERS else {}
    hook = await caller.post("hooks", {"dialer": vendor, "campaign": "spring-renewals", **secret}, 201)
    path = hook["url"].removeprefix(ROOT)
    allowed = ", ".join(sorted(dialers()[vendor].methods))
    refused = {"GET", "POST"} - dialers()[vendor].methods
    for method in refused:
        answer = await caller.client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.headers["content-type"] == "application/problem+json"
    counts = (await caller.get(f"hooks/{hook['id']}"))["refused"]
    assert counts == ({"wrong method": 1} if refused else {})


def test_vicidial_delivers_by_get_only() -> None:
    assert dialers()["vicidial"].methods == {"GET"}

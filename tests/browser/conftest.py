"""A browser and a running service for it to look at: over a simulated floor, or over an account that changes."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, StorageState

from service.accounts.keys import create_key
from service.accounts.scopes import SCOPES, USUAL_SCOPES
from tests.api.conftest import Caller
from tests.browser import chromium
from tests.browser.visiting import House, Visitor
from tests.conftest import cloned, make_account
from tests.pages import uploading
from tests.serving import Service, serving

# The days of the simulated floor never change, so that its pages show the same numbers on every day of the year. A page
# shows the last of its weeks, as the account knew it that evening.
_LAST_DAY = "2026-03-20"
LAST_WEEK = "from=2026-03-14&to=2026-03-21&as_of=2026-03-20T23:00:00Z"

# A file of leads that waits for its import; its second row has no moment.
_LEADS = b"Lead ID,Created,Source\nfile-1,2026-03-19T09:00:00Z,web\nfile-2,soon,web\n"

_NO_BROWSER = "there is no browser here: install Debian's package chromium, or say in CHROMIUM where one is"


class Visits(Protocol):
    """Lets a signed-in visitor in; options: those of a browser's context."""

    def __call__(self, **options: Any) -> AbstractAsyncContextManager[Visitor]: ...


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for the whole run. `.ci/run` says BROWSER_TESTS=required, so that there they are never skipped."""
    executable = chromium.find()
    if executable is None:
        (pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip)(_NO_BROWSER)
    async with chromium.started(executable) as browser:
        yield browser


@pytest.fixture(scope="session")
async def looked_at(server_url: str, template: str, folder: Path) -> AsyncIterator[tuple[Service, str]]:
    """A real `calltally serve`, and the owner's URL of its ledger."""
    async with cloned(server_url, template) as url:
        with serving(folder, DATABASE_URL=url, HOME=str(folder / "looked-at"), SYNC_SECONDS="0") as service:
            yield service, url


@pytest.fixture(scope="session")
async def house(browser: Browser, looked_at: tuple[Service, str]) -> House:
    """The service over five weeks of a simulated floor, with a rejected item, a dialer and a file with a bad row."""
    service, _ = looked_at
    service.run("simulate", "--attempts", "20000", "--days", "35", "--until", _LAST_DAY, "--account", "default")
    scopes = [option for scope in (*USUAL_SCOPES, "admin") for option in ("--scope", scope)]
    key = service.run("key", "create", *scopes).splitlines()[-1]
    service.run("user", "create", "ada@example.com", "--role", "owner", "--name", "Ada Okafor", "--link")
    service.run("hook", "create", "--dialer", "vicidial", "--campaign", "spring")
    async with service.client(key) as client:
        assert (await client.post("/v1/attempts", json={"external_id": "nowhere"})).status_code == 422
    async with httpx.AsyncClient(base_url=service.url) as client:
        uploader = await uploading.signed_in(client, key)
        upload = await uploading.upload(uploader, "leads.csv", _LEADS)
        assert uploading.numbers(await uploading.checked(uploader, upload, "leads"))["Rejected"] == 1
    return House(browser, service.url, key)


@pytest.fixture(scope="session")
async def signed_in(house: House) -> StorageState:
    """What a browser keeps of whoever looks at the simulated floor."""
    return await house.signed_in()


@pytest.fixture
def visiting(house: House, signed_in: StorageState) -> Visits:
    """Lets somebody look at the simulated floor."""
    return lambda **options: house.stranger(storage_state=signed_in, **options)


@pytest.fixture
async def changing(browser: Browser, looked_at: tuple[Service, str]) -> AsyncIterator[tuple[House, Caller]]:
    """The service over an account of the test's own, and somebody who posts to it."""
    service, url = looked_at
    owner = await asyncpg.connect(url)
    try:
        account = await make_account(owner)
        key, _ = await create_key(owner, account, name="test", scopes=SCOPES)
    finally:
        await owner.close()
    async with service.client(key) as client:
        yield House(browser, service.url, key), Caller(client, key, account)

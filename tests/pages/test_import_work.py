"""The background work of an import in the browser: cancelled, continued after a restart, and cleaned up."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar

from service.accounts.keys import create_key
from service.accounts.scopes import SCOPES
from service.importing.uploads.runner import UploadRunner
from tests.api.conftest import Caller, caller, client, new_caller, running
from tests.conftest import Owner
from tests.pages.test_pages import Browser
from tests.pages.uploading import PAGE, checked, imported, numbers, send, signed_in, upload, waited

__all__ = ["caller", "client", "new_caller"]

MANY = 30_000


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    return folder / "home-of-imports"


@pytest.fixture(scope="module")
async def service(ledger_url: str, home: Path) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, home=home) as started:
        yield started


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    return await signed_in(caller.client, caller.key)


def many_calls() -> list[str]:
    """A file of several chunks."""
    rows = (f"c{number},spring,2026-03-02T09:00:00Z" for number in range(MANY))
    return ["external_id,campaign,dialed_at", *rows]


async def test_a_cancelled_import_keeps_what_it_stored_and_goes_on(
    browser: Browser, caller: Caller, owner: Owner
) -> None:
    lines = many_calls()
    path = await upload(browser, "many.csv.gz", gzip.compress("\n".join(lines).encode()))
    await checked(browser, path, "attempts")
    form = await browser.look(path)
    await send(browser, form, f"{path}/import", {})
    await send(browser, form, f"{path}/cancel", {})
    result = await waited(browser, path)
    assert "Cancelled" in result
    stored = await owner.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", caller.account_id)
    assert stored < MANY
    assert numbers(await imported(browser, path))["New"] == MANY
    assert await owner.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", caller.account_id) == MANY


@asynccontextmanager
async def running_account(url: str, home: Path) -> AsyncIterator[Browser]:
    """A service of its own, and a browser that is signed in to its account."""
    async with running(url, home=home) as (_, client):
        owner = await asyncpg.connect(url)
        account = await owner.fetchval("SELECT account_id FROM accounts WHERE code = 'default'")
        key, _ = await create_key(owner, account, name="test", scopes=SCOPES)
        await owner.close()
        yield await signed_in(client, key)


async def test_an_import_goes_on_after_the_service_has_stopped(fresh_ledger: str, tmp_path: Path) -> None:
    lines = many_calls()
    home = tmp_path / "home"
    async with running_account(fresh_ledger, home) as browser:
        path = await upload(browser, "many.csv", "\n".join(lines).encode())
        await checked(browser, path, "attempts")
        await send(browser, await browser.look(path), f"{path}/import", {})
    async with running_account(fresh_ledger, home) as browser:
        assert numbers(await waited(browser, path))["New"] == MANY


async def test_old_files_are_removed(browser: Browser, owner: Owner, service: Any, ledger_url: str, home: Path) -> None:
    path = await upload(browser, "old.csv", b"id,created at\n1,2026-03-02T09:00:00Z\n")
    await owner.execute("UPDATE uploads SET created_at = now() - interval '25 hours' WHERE file_name = 'old.csv'")
    await UploadRunner(service[0].state.services.pool, ledger_url, home).remove_old()
    assert not list(home.rglob("old.csv"))
    assert "old.csv" in await browser.look(PAGE)
    assert "Upload it again" in await browser.look(path)

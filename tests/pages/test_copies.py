"""The lake and the store, as operators see them: with the command, and on their page."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from litestar import Litestar

from service.__main__ import commands
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, running
from tests.conftest import Owner
from tests.make import attempts
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller"]


@pytest.fixture(scope="module")
async def service(ledger_url: str, folder: Path) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The service with a lake and a store, which nothing but the command updates."""
    async with running(ledger_url, lake=str(folder / "own-lake"), cache=folder / "own-store") as started:
        yield started


async def test_operators_see_the_state_of_both_and_their_last_fault(
    caller: Caller, new_caller: NewCaller, owner: Owner, ledger_url: str, folder: Path
) -> None:
    places = {"LAKE": str(folder / "own-lake"), "CACHE": str(folder / "own-store"), "DATABASE_URL": ledger_url}
    code = await owner.fetchval("SELECT code FROM accounts WHERE account_id = $1", caller.account_id)

    async def run(*arguments: str, **settings: str) -> tuple[int, list[str]]:
        env = {f"CALLTALLY_{name}": value for name, value in (places | settings).items()}
        result = await asyncio.to_thread(CliRunner(env=env).invoke, commands, ("sync", "--account", code, *arguments))
        return result.exit_code, result.stdout.splitlines()

    def as_text(lines: list[str]) -> list[str]:
        return [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|\d+\.\d MB", "X", line.strip()) for line in lines]

    at_end = [f"The lake is in {places['LAKE']}.", f"The store is in {places['CACHE']}."]
    await caller.post("attempts", attempts(3))
    never = [code, "lake: not in use: it was not made yet", "store: not in use: it was not made yet"]
    assert as_text((await run("--status"))[1]) == [*never, *at_end]

    assert (await run(CACHE="/dev/null/store"))[0] == 1
    status, lines = await run()
    assert status == 0
    assert re.fullmatch(rf"{code}: 3 of settled calls in \d+ files, \d+\.\d s\.", lines[0]), lines
    assert lines[1:] == at_end
    up_to_date = ["lake: in use, up to date", "3 rows, X in 1 file", "updated X UTC"]
    assert as_text((await run("--status"))[1])[:4] == [code, *up_to_date]
    assert (await run("--status", "--rebuild"))[0] == 2

    await caller.post("attempts", attempts(1, prefix="new"))
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    assert '<a href="/copies">' in await browser.look("/sessions")
    page = await browser.look("/copies")
    assert page.count("In use, 1 changed row behind") == 2
    assert "Last error: none." in page
    (folder / "own-store" / str(caller.account_id) / "last_fault.json").write_text(
        '{"at": "2026-03-02T09:00:00+00:00", "copy": "store", "reason": "No space left on <device>"}'
    )
    fault = "2026-03-02 09:00:00 UTC, store: No space left on"
    assert f"Last error: {fault} &lt;device&gt;. A later sync has succeeded." in await browser.look("/copies")
    lines = " ".join(line.strip() for line in (await run("--status"))[1])
    assert f"last fault: {fault} <device>. A later sync has succeeded." in lines

    reader = await new_caller(caller.account_id, scopes=("reports",))
    other = Browser(caller.client)
    await other.sign_in(reader.key)
    assert "/copies" not in await other.look("/sessions")
    await other.look("/copies", 403)

"""A new account: its checklist ticks itself from the data, and the demo floor comes and goes without a trace."""

import asyncio
import re
from html import unescape
from typing import Any

import pytest

from service.accounts.keys import create_key
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.make import attempt, disposition, lead, spend
from tests.pages.test_pages import Browser
from tests.sql.test_roles import OWNED_TABLES

__all__ = ["caller", "client", "new_caller", "service"]

DEMO = "/settings/demo"
# Enough for a busy machine: a floor of three weeks takes some seconds.
_TRIES = 240


async def send(browser: Browser, form: str, path: str, fields: dict[str, str], status: int = 200) -> str:
    """Send a form of a page, with the token of the page; returns the text of the answer."""
    token = re.findall(r'name="form_token" value="([^"]+)"', form)[-1]
    answer = await browser.ask("POST", path, data={"form_token": token, **fields})
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def ticked(page: str) -> dict[str, bool]:
    """The steps of the checklist, and whether each is done."""
    steps = re.findall(r'<li class="(done|open)"><a href="[^"]*">(.*?)</a>', page)
    return {unescape(label): state == "done" for state, label in steps}


async def test_each_step_ticks_itself_from_the_data_and_the_list_can_be_put_away(
    browser: Browser, caller: Caller
) -> None:
    page = await browser.look("/overview")
    assert set(ticked(page).values()) == {False}
    assert "See a demo floor" in page
    assert ticked(await browser.look("/settings")) == ticked(page)
    assert '<a href="/settings/dialers">Connect a dialer</a>' in await browser.look("/agents")
    hook = await caller.post("hooks", {"dialer": "vicidial", "campaign": "spring"}, 201)
    assert hook["status"] == "created"
    steps = ticked(await browser.look("/settings"))
    assert [label for label, done in steps.items() if done] == ["Connect a dialer, or import calls from a file"]
    await caller.post("attempts", attempt("call-1"), 201)
    await caller.post("dispositions", disposition("call-1", code="SOLD"), 201)
    await caller.post("leads", lead(), 201)
    await caller.post("spend", spend(), 201)
    steps = ticked(await browser.look("/settings"))
    assert steps["Wait for the first call"]
    assert steps["See your first report"]
    assert not steps["Say what your disposition codes mean"]
    assert not steps["Give the account its name and time zone"]
    assert "first-steps" not in (await browser.look("/overview")).partition("<main")[2]
    assert "no calls yet" not in await browser.look("/agents")
    await caller.put("disposition-codes/SOLD", {"result": "sale"})
    page = await browser.look("/settings")
    assert ticked(page)["Say what your disposition codes mean"]
    await send(browser, page, "/settings/first-steps", {}, 303)
    hidden = await browser.look("/settings")
    assert ticked(hidden) == {}
    await send(browser, hidden, "/settings/first-steps", {"show": "yes"}, 303)
    assert ticked(await browser.look("/settings")) == ticked(page)


async def rows_of(owner: Owner, account: int) -> dict[str, int]:
    """How many rows each table has of an account, for every table that has any."""
    tables = [row["relname"] for row in await owner.fetch(OWNED_TABLES)]
    counts = {
        name: await owner.fetchval(f"SELECT count(*) FROM {name} WHERE account_id = $1", account) for name in tables
    }
    return {name: count for name, count in counts.items() if count}


async def made(browser: Browser) -> str:
    """Make the demo floor; returns the page once it is ready."""
    await send(browser, await browser.look(DEMO), DEMO, {}, 303)
    for _ in range(_TRIES):
        page = await browser.look(DEMO)
        if "Preparing" not in page:
            return page
        await asyncio.sleep(0.25)
    raise AssertionError("the demo floor is not ready")


async def test_the_demo_floor_is_made_looked_at_and_removed_without_a_trace(
    browser: Browser, caller: Caller, owner: Owner
) -> None:
    own_before = await rows_of(owner, caller.account_id)
    page = await made(browser)
    assert "Ready" in page
    demo = await owner.fetchval("SELECT demo_account_id FROM demo_floors WHERE account_id = $1", caller.account_id)
    filled = await rows_of(owner, demo)
    assert filled["attempts"] > 10_000
    assert {"leads", "spend", "agents", "disposition_codes", "inbound_calls", "stage_changes", "surveys"} <= set(filled)
    own_token = browser.cookies["calltally"]
    await send(browser, page, f"{DEMO}/open", {}, 303)
    assert browser.cookies["calltally"] != own_token
    overview = await browser.look("/overview")
    assert "all calls here are simulated" in overview
    assert "first-steps" not in overview.partition("<main")[2]
    assert "You are looking at the demo floor" in await browser.look(DEMO)
    refused = await send(browser, overview, DEMO, {}, 303)
    assert refused == ""
    assert await owner.fetchval("SELECT count(*) FROM demo_floors WHERE account_id = $1", demo) == 0
    await send(browser, overview, "/demo/leave", {}, 303)
    assert browser.cookies["calltally"] == own_token
    own = await browser.look(DEMO)
    assert "simulated</strong>" not in own
    assert (await caller.get("reports", metrics="attempts"))["total"]["attempts"]["value"] == 0
    await send(browser, own, f"{DEMO}/remove", {}, 303)
    assert "Nothing of it is left" in await browser.look(DEMO, saved="removed")
    assert await rows_of(owner, demo) == {}
    assert await rows_of(owner, caller.account_id) == {**own_before, "sessions": own_before["sessions"]}


async def test_signing_out_of_the_demo_floor_ends_both_sessions(browser: Browser) -> None:
    page = await made(browser)
    own_token = browser.cookies["calltally"]
    await send(browser, page, f"{DEMO}/open", {}, 303)
    await send(browser, await browser.look("/overview"), "/sign-out", {}, 303)
    browser.cookies = {"calltally": own_token}
    assert (await browser.ask("GET", "/overview")).status_code == 303


async def test_an_account_with_calls_is_offered_no_demo_floor(
    browser: Browser, caller: Caller, owner: Owner, new_caller: NewCaller
) -> None:
    await caller.post("attempts", attempt("call-1"), 201)
    page = await browser.look(DEMO)
    assert "so it needs no demo floor" in page
    await send(browser, page, DEMO, {}, 303)
    count = "SELECT count(*) FROM demo_floors WHERE account_id = $1"
    assert await owner.fetchval(count, caller.account_id) == 0
    key, _ = await create_key(owner, caller.account_id, name="looks", scopes=("reports",))
    looking = Browser(caller.client)
    await looking.sign_in(key)
    await looking.look(DEMO, 403)
    await looking.look("/settings", 403)
    other: Any = await new_caller()
    reading = Browser(other.client)
    await reading.sign_in((await new_caller(other.account_id, scopes=("reports",))).key)
    page = await reading.look("/overview")
    assert "Ask your administrator to connect a dialer." in page
    assert ticked(page) == {}
    stranger = Browser(other.client)
    await stranger.sign_in(other.key)
    assert "Make a demo floor" in await stranger.look(DEMO)

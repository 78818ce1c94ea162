"""Giving, lending and retiring a tracking number in the browser; an unknown number is asked about first."""

import re
from html import unescape

import pytest

from service.accounts.keys import create_key
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

LINE = "+14155550100"


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def send(browser: Browser, form: str, path: str, fields: dict[str, str], status: int = 200) -> str:
    """Send a form of a page, with the token of the page; returns the text of the answer."""
    token = re.findall(r'name="form_token" value="([^"]+)"', form)[-1]
    answer = await browser.ask("POST", path, data={"form_token": token, **fields})
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


async def test_a_number_is_given_lent_retired_and_used_again(browser: Browser, caller: Caller) -> None:
    form = await browser.look("/tracking-numbers/change")
    radio = {"number": "(415) 555-0100", "source": "radio", "from_at": "2026-03-01T09:00"}
    question = await send(browser, form, "/tracking-numbers/assign", radio)
    assert f"Is {LINE} one of your numbers?" in question
    assert (await caller.get("tracking-numbers"))["items"] == []
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', question.partition("<main")[2]))
    done = await send(browser, question, "/tracking-numbers/assign", hidden)
    assert f"The number {LINE} belongs to radio from 2026-03-01 09:00 until further notice (UTC)." in done

    fair = {"number": LINE, "source": "fair", "from_at": "2026-03-02T09:00", "to_at": "2026-03-04T18:00"}
    lent = await send(browser, form, "/tracking-numbers/assign", fair)
    assert "From 2026-03-04T18:00:00Z the number returns to radio." in lent
    held = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert [span["source"] for span in held] == ["radio", "fair", "radio"]
    refused = await send(browser, form, "/tracking-numbers/assign", fair | {"from_at": "2026-03-03T09:00"}, 409)
    assert "A number has one holder at a time." in refused

    retired = await send(browser, form, "/tracking-numbers/retire", {"number": LINE})
    assert "The number is retired and has no source from now on." in retired
    assert (await caller.get(f"tracking-numbers/{LINE}"))["retired_at"] is not None
    assert "Retired since" in await browser.look("/tracking-number", tracking_number=LINE)
    assert "retired since" in await browser.look("/sources")
    assert "in use again" in await send(browser, form, "/tracking-numbers/retire", {"number": LINE, "again": "true"})
    assert (await caller.get(f"tracking-numbers/{LINE}"))["retired_at"] is None


async def test_a_form_that_makes_no_sense_names_its_faults(browser: Browser) -> None:
    form = await browser.look("/tracking-numbers/change", tracking_number=LINE)
    for field, fields in {
        "number": {"number": "hello", "from_at": "2026-03-01T09:00"},
        "from_at": {"number": LINE, "from_at": "tomorrow"},
        "to_at": {"number": LINE, "from_at": "2026-03-02T09:00", "to_at": "2026-03-01T09:00"},
    }.items():
        answer = await send(browser, form, "/tracking-numbers/assign", fields, 400 if field == "number" else 422)
        assert f"<b>{'' if field in ('number', 'from_at') else '/'}{field}</b>" in answer
    await send(browser, form, "/tracking-numbers/retire", {"number": "+14155550199"}, 404)
    assert (await browser.ask("POST", "/tracking-numbers/retire", data={"number": LINE})).status_code == 403


async def test_only_keys_that_configure_change_numbers(caller: Caller, owner: Owner) -> None:
    key, _ = await create_key(owner, caller.account_id, name="reader", scopes=("reports",))
    reader = Browser(caller.client)
    await reader.sign_in(key)
    await reader.look("/tracking-numbers/change", 403)

"""A dialer connected in the browser: the form, what to paste, the first delivery, its calls, and every change."""

import json
import re
from html import unescape
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service.accounts.keys import create_key
from service.mapped.ready_mappings import ready
from tests.api.conftest import Caller, caller, new_caller
from tests.conftest import Owner
from tests.hooks.conftest import ROOT, SECRET, Hooked, call, client, dispo, service
from tests.pages.test_first_steps import send
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DIALERS = "/settings/dialers"
CONNECT = f"{DIALERS}/connect"
MAPPING = """
[proof]
by = "bearer"

[attempt]
external_id = "id"
to_number = "to"
dialed_at = "start"
network_result = { column = "status", values = { done = "answered" } }
"""
BODY = {"id": "rf-1", "to": "+14155550123", "start": "2026-03-02T09:00:00Z", "status": "done"}


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def texts(page: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page.partition("<main")[2])))


def value(page: str, label: str) -> str:
    """The text in a field that is only for reading."""
    shown = re.search(rf'aria-label="{label}" readonly value="([^"]+)"', page)
    assert shown, page
    return unescape(shown[1])


async def connected(browser: Browser, **fields: str) -> str:
    """Connect a dialer; returns the page with its address."""
    form = await browser.look(CONNECT, dialer=fields["dialer"])
    usual = {"campaign": "spring", "answered_means": "person_after", "person_after_seconds": "20", "match_leads": "yes"}
    return await send(browser, form, CONNECT, usual | fields | {"step": "connect"})


async def test_a_vendor_is_chosen_connected_and_delivers_its_first_call(browser: Browser, caller: Caller) -> None:
    empty = await browser.look(DIALERS)
    assert "No dialer is connected yet" in empty
    for title in ("Aircall", "CallRail", "CloudTalk", "JustCall", "RingCentral", "Ringover", "Twilio", "VICIdial"):
        assert f">{title}" in empty
    assert empty.count("dialer=mapped&amp;mapping=") == len(ready())
    page = await connected(browser, dialer="twilio", code="floor-2", secret=SECRET)
    url = value(page, "Address")
    assert url.startswith(f"{ROOT}/v1/webhooks/twilio/")
    assert url in texts(page).replace(value(page, "Address"), url)
    assert f"StatusCallback={url}" in texts(page)
    assert SECRET not in page
    assert "Waiting for the first delivery." in page
    [hook] = (await caller.get("hooks"))["items"]
    assert (hook["dialer"], hook["code"], hook["campaign"]) == ("twilio", "floor-2", "spring")

    await Hooked(caller, hook["id"], url, "twilio").form(call())
    await Hooked(caller, hook["id"], url, "twilio").form(call("CA2"), secret=None)
    seen = await browser.look(f"{DIALERS}/{hook['id']}")
    assert "Receiving calls" in seen
    assert url.rpartition("/")[2] not in seen
    assert f"{ROOT}/v1/webhooks/twilio/TOKEN" in texts(seen)
    assert "1 refused, without the proof" in texts(seen)
    assert 'href="/attempt?dialer=floor-2&amp;external_id=CA1"' in seen
    assert "CallSid=CA1" in unescape(seen)
    assert "Receiving calls" in await browser.look(DIALERS)


async def test_the_page_and_the_api_refuse_the_same_and_the_form_keeps_what_was_typed(
    browser: Browser, caller: Caller
) -> None:
    for fields in (
        {"dialer": "twilio", "campaign": "spring"},
        {"dialer": "vicidial", "campaign": "spring", "zone": "Mars/One"},
        {"dialer": "vicidial", "campaign": ""},
        {"dialer": "mapped", "campaign": "spring", "mapping": "[attempt"},
        {"dialer": "mapped", "campaign": "spring", "mapping": "[attempt]\nexternal_id = 'a'\nfrob = 'b'"},
        {"dialer": "vicidial", "campaign": "spring", "person_after_seconds": "-3", "answered_means": "person_after"},
    ):
        sent: dict[str, Any] = {name: text for name, text in fields.items() if text}
        if "person_after_seconds" in sent:
            sent["person_after_seconds"] = float(sent["person_after_seconds"])
        refused = await caller.post("hooks", sent, 422)
        form = await browser.look(CONNECT, dialer=fields["dialer"])
        page = await send(browser, form, CONNECT, fields | {"step": "connect", "code": "kept & well"}, 422)
        for fault in refused["errors"]:
            name = fault["pointer"].strip("/")
            assert re.search(rf'<p class="error" id="error-{name}">[^<]*', page), (name, page)
            assert fault["message"] in page
        assert 'value="kept & well"' in page
    assert (await caller.get("hooks"))["items"] == []


async def test_a_secret_that_the_account_may_choose_is_made_and_shown_once(browser: Browser, caller: Caller) -> None:
    page = await connected(browser, dialer="cloudtalk")
    secret, url = value(page, "Secret"), value(page, "Address")
    assert f"Authorization: Bearer {secret}" in texts(page)
    body = {
        "action": "ended",
        "call_id": "7",
        "direction": "outgoing",
        "talking_time": "30",
        "external_number": "+14155550123",
    }
    answer = await caller.client.post(url.removeprefix(ROOT), json=body, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.text
    [hook] = (await caller.get("hooks"))["items"]
    assert hook["deliveries"]["taken"] == 1
    assert secret not in await browser.look(f"{DIALERS}/{hook['id']}")


async def test_any_other_dialer_is_previewed_connected_and_given_another_mapping(
    browser: Browser, caller: Caller
) -> None:
    form = await browser.look(CONNECT, dialer="mapped")
    typed = {"dialer": "mapped", "campaign": "spring", "mapping": MAPPING, "example": json.dumps(BODY)}
    shown = await send(browser, form, CONNECT, typed | {"step": "preview"})
    assert "outbound call rf-1" in shown
    assert "network_result answered" in texts(shown)
    faulty = await send(
        browser, form, CONNECT, typed | {"step": "preview", "example": json.dumps(BODY | {"status": "?"})}
    )
    assert "network_result: is not among the values of the mapping" in faulty
    assert (await caller.get("hooks"))["items"] == []
    page = await send(browser, form, CONNECT, typed | {"step": "connect"})
    bearer = {"Authorization": f"Bearer {value(page, 'Secret')}"}
    path = value(page, "Address").removeprefix(ROOT)
    unread = await caller.client.post(path, json=BODY | {"status": "over"}, headers=bearer)
    assert unread.status_code == 200
    [hook] = (await caller.get("hooks"))["items"]
    address = f"{DIALERS}/{hook['id']}"
    assert "is not among the values of the mapping" in await browser.look(address, status="rejected")

    right = MAPPING.replace('done = "answered"', 'done = "answered", over = "answered"')
    seen = await browser.look(address)
    refused = await send(browser, seen, f"{address}/mapping", {"mapping": "[", "step": "save"}, 422)
    assert "is not TOML" in refused
    await send(browser, seen, f"{address}/mapping", {"mapping": right.replace("\n", "\r\n"), "step": "save"}, 303)
    again = await send(browser, seen, f"{address}/replay", {"status": ""})
    assert "Parsed 1 of 1 deliveries again: 1 changed." in again
    assert (await caller.get(f"hooks/{hook['id']}"))["deliveries"]["taken"] == 1


async def test_a_ready_mapping_stays_a_name_until_it_is_changed(browser: Browser, caller: Caller) -> None:
    form = await browser.look(CONNECT, dialer="mapped", mapping="zoom-phone")
    text = re.search(r'<textarea[^>]*name="mapping"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    assert text
    fields = {
        "dialer": "mapped",
        "ready": "zoom-phone",
        "mapping": unescape(text[1]),
        "secret": "s",
        "campaign": "spring",
    }
    page = await send(browser, form, CONNECT, fields | {"step": "connect"})
    assert "Zoom App Marketplace" in page
    [hook] = (await caller.get("hooks"))["items"]
    assert (hook["mapping"], hook["code"]) == ("zoom-phone", "zoom-phone")


async def test_how_calls_are_read_is_changed_and_a_dialer_is_closed(browser: Browser, caller: Caller) -> None:
    await connected(browser, dialer="vicidial")
    [hook] = (await caller.get("hooks"))["items"]
    address = f"{DIALERS}/{hook['id']}"
    page = await browser.look(address)
    await send(
        browser, page, f"{address}/settings", {"answered_means": "person_after", "person_after_seconds": "45"}, 303
    )
    changed = await caller.get(f"hooks/{hook['id']}")
    assert (changed["person_after_seconds"], changed["match_leads"]) == (45, False)
    wrong = {"answered_means": "person_after", "person_after_seconds": "soon"}
    assert 'value="soon"' in await send(browser, page, f"{address}/settings", wrong, 422)
    await send(browser, page, f"{address}/close", {}, 303)
    assert (await caller.get(f"hooks/{hook['id']}"))["revoked_at"] is not None
    assert "Closed" in await browser.look(address, saved="closed")
    assert (await browser.ask("POST", f"{address}/close", data={})).status_code == 403


async def test_a_page_follows_the_first_delivery(browser: Browser, caller: Caller) -> None:
    url = value(await connected(browser, dialer="vicidial"), "Address")
    [hook] = (await caller.get("hooks"))["items"]
    stranger = Browser(caller.client)
    assert (await stranger.ask("GET", f"{DIALERS}/{hook['id']}")).status_code == 303
    await Hooked(caller, hook["id"], url, "vicidial").get(dispo())
    assert "Receiving calls" in await browser.look(f"{DIALERS}/{hook['id']}")


async def test_only_administrators_change_dialers_and_no_account_sees_anothers(
    browser: Browser, caller: Caller, owner: Owner, service: tuple[Litestar, httpx.AsyncClient], new_caller: Any
) -> None:
    await connected(browser, dialer="vicidial")
    [hook] = (await caller.get("hooks"))["items"]
    key, _ = await create_key(owner, caller.account_id, name="looks", scopes=("reports", "configure"))
    looking = Browser(caller.client)
    await looking.sign_in(key)
    assert "Only an administrator can connect" in await looking.look(DIALERS)
    assert "<form" not in (await looking.look(f"{DIALERS}/{hook['id']}")).partition("<main")[2]
    await looking.look(CONNECT, 403, dialer="vicidial")
    other = Browser(caller.client)
    await other.sign_in((await new_caller()).key)
    await other.look(f"{DIALERS}/{hook['id']}", 404)
    assert "No dialer is connected yet" in await other.look(DIALERS)


async def test_an_address_and_a_secret_are_renewed_and_the_old_ones_stop(browser: Browser, caller: Caller) -> None:
    url = value(await connected(browser, dialer="twilio", secret=SECRET), "Address")
    [hook] = (await caller.get("hooks"))["items"]
    address = f"{DIALERS}/{hook['id']}"
    page = await browser.look(address)
    renewed = value(await send(browser, page, f"{address}/address", {}), "Address")
    assert renewed != url
    assert "is required for Twilio" in await send(browser, page, f"{address}/secret", {"secret": ""}, 422)
    other = "another secret of the account and the vendor"
    await send(browser, page, f"{address}/secret", {"secret": other}, 303)
    assert (await Hooked(caller, hook["id"], url, "twilio").form(call())).status_code == 404
    assert (await Hooked(caller, hook["id"], renewed, "twilio").form(call())).status_code == 403
    assert (await Hooked(caller, hook["id"], renewed, "twilio").form(call(), secret=other)).status_code == 200

    by_api = await caller.post(f"hooks/{hook['id']}/address", {}, 200)
    assert by_api["status"] == "updated"
    assert f"StatusCallback={by_api['url']}" in by_api["setup"]
    assert (
        await Hooked(caller, hook["id"], by_api["url"], "twilio").form(call("CA2"), secret=other)
    ).status_code == 200
    await caller.put(f"hooks/{hook['id']}/secret", {"secret": SECRET}, 200)
    await caller.put(f"hooks/{hook['id']}/secret", {"secret": ""}, 422)
    await caller.delete(f"hooks/{hook['id']}")
    await caller.post(f"hooks/{hook['id']}/address", {}, 404)
    await caller.put(f"hooks/{hook['id']}/secret", {"secret": SECRET}, 404)

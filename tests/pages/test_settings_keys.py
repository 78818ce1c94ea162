"""API keys: the API and the page create, list and revoke them, and neither gives away more than its caller has."""

import re
from typing import Any

import pytest

from service.accounts.scopes import SCOPES
from service.pages.settings.keys import SCOPE_WORDS
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import attempt
from tests.pages.settings import error_at, send, sent
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

PATH = "/settings/keys"


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_a_key_of_the_api_works_until_it_is_revoked(caller: Caller) -> None:
    created = await caller.post("keys", {"name": "CRM", "scopes": ["ingest"], "dialer": "main"}, 201)
    assert re.fullmatch(rf"ct_{created['prefix']}_[\w-]{{43}}", created["key"])
    crm = Caller(caller.client, created["key"], caller.account_id)
    await crm.post("attempts", attempt("call-1"), 201)
    assert (await crm.send("GET", "keys")).status_code == 403
    listed = await caller.get("keys")
    assert [item["name"] for item in listed["items"]] == ["test", "CRM"]
    assert "key" not in listed["items"][1]
    first = await caller.get("keys", limit="1")
    assert (await caller.get("keys", after=first["next"]))["items"][0]["name"] == "CRM"
    assert (await caller.delete(f"keys/{created['prefix']}"))["revoked_at"] is not None
    await caller.delete("keys/unknownprefi", 404)


async def test_nobody_gives_a_key_more_than_they_have(new_caller: NewCaller) -> None:
    admin = await new_caller(scopes=["admin", "reports"])
    problem = await admin.post("keys", {"name": "too much", "scopes": ["reports", "phone-numbers"]}, 422)
    assert problem["errors"] == [{"pointer": "/scopes/1", "message": "is not a scope of yours"}]
    await admin.post("keys", {"name": "dashboard", "scopes": ["reports"]}, 201)
    browser = Browser(admin.client)
    await browser.sign_in(admin.key)
    form = await browser.look(f"{PATH}/key")
    assert SCOPE_WORDS["reports"] in form
    assert SCOPE_WORDS["phone-numbers"] not in form
    forged = {"name": "too much", "scope_phone-numbers": "yes"}
    assert (
        error_at((await send(browser, form, f"{PATH}/key", 422, **forged)).text, "scopes") == "is not a scope of yours"
    )


async def test_a_key_is_created_shown_once_and_revoked_in_the_browser(browser: Browser, caller: Caller) -> None:
    assert set(SCOPE_WORDS) == set(SCOPES)
    form = await browser.look(f"{PATH}/key")
    fields = {"name": "Floor 2", "scope_ingest": "yes", "scope_reports": "yes", "expires_at": "2031-01-31T18:00"}
    created = (await send(browser, form, f"{PATH}/key", 201, **fields)).text
    [key] = re.findall(r'value="(ct_[^"]+)"', created)
    listed = await browser.look(PATH)
    assert key not in listed
    assert "2031-01-31 18:00" in listed
    [stored] = [item for item in (await caller.get("keys"))["items"] if item["name"] == "Floor 2"]
    assert (stored["scopes"], stored["expires_at"]) == (["ingest", "reports"], "2031-01-31T18:00:00Z")
    floor = Caller(caller.client, key, caller.account_id)
    await floor.post("attempts", attempt("call-1"), 201)
    assert f"Revoke {'Floor 2'}" in listed
    assert "Revoked the key Floor 2." in await sent(browser, listed, f"{PATH}/revoke", prefix=stored["prefix"])
    [stored] = [item for item in (await caller.get("keys"))["items"] if item["name"] == "Floor 2"]
    assert stored["revoked_at"] is not None
    own = caller.key.split("_")[1]
    await send(browser, listed, f"{PATH}/revoke", 404, prefix=own)
    assert len((await caller.get("keys"))["items"]) == 2


@pytest.mark.parametrize(
    ("fields", "body", "field"),
    [
        ({"scope_ingest": "yes"}, {"scopes": ["ingest"]}, "name"),
        ({"name": "CRM"}, {"name": "CRM", "scopes": []}, "scopes"),
        (
            {"name": "CRM", "scope_ingest": "yes", "expires_at": "2020-01-01T00:00"},
            {"name": "CRM", "scopes": ["ingest"], "expires_at": "2020-01-01T00:00:00Z"},
            "expires_at",
        ),
        (
            {"name": "CRM", "scope_ingest": "yes", "expires_at": "soon"},
            {"name": "CRM", "scopes": ["ingest"], "expires_at": "soon"},
            "expires_at",
        ),
    ],
)
async def test_a_wrong_key_has_the_faults_of_the_api_at_its_fields(
    browser: Browser, caller: Caller, fields: dict[str, str], body: dict[str, Any], field: str
) -> None:
    [fault] = (await caller.post("keys", body, 422))["errors"]
    page = (await send(browser, await browser.look(f"{PATH}/key"), f"{PATH}/key", 422, **fields)).text
    assert (fault["pointer"], error_at(page, field)) == (f"/{field}", fault["message"])
    assert len((await caller.get("keys"))["items"]) == 1


async def test_only_administrators_see_the_keys(new_caller: NewCaller) -> None:
    reader = await new_caller(scopes=["configure", "reports"])
    browser = Browser(reader.client)
    await browser.sign_in(reader.key)
    await browser.look(PATH, 403)
    await browser.look(f"{PATH}/key", 403)

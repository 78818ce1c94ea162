"""The second factor: set up with an app, asked for after the password, and replaced by recovery codes."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from service.accounts.users import set_password
from tests.api.conftest import running
from tests.conftest import Owner
from tests.pages.test_pages import Browser
from tests.pages.users import PASSWORD, browser_of, post

PAGE = "/profile/second-factor"


@pytest.fixture(scope="module")
async def client(ledger_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(ledger_url, secret_key="k" * 32) as (_, started):
        yield started


@pytest.fixture
async def email(account: int) -> str:
    return f"flo-{account}@example.com"


@pytest.fixture
async def flo(client: httpx.AsyncClient, owner: Owner, account: int, email: str) -> Browser:
    """A person with a password, signed in by a link."""
    browser = await browser_of(client, owner, account, email, role="admin")
    user_id = await owner.fetchval("SELECT id FROM users WHERE email = $1", email)
    await set_password(owner, account, user_id, PASSWORD)
    return browser


def secret_on(page: str) -> str:
    assert "<svg" in page
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    return secret


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([0-9a-f]{6}-[0-9a-f]{6})</code>", page)


async def sign_in(client: httpx.AsyncClient, email: str, query: str = "") -> Browser:
    browser = Browser(client)
    answer = await browser.ask("POST", f"/sign-in{query}", data={"email": email, "password": PASSWORD})
    assert answer.headers["location"].startswith("/second-factor?next="), answer.text
    assert (await browser.ask("GET", "/overview")).status_code == 303, "the password alone opens nothing"
    return browser


async def type_code(browser: Browser, code: str, query: str = "") -> httpx.Response:
    return await browser.ask("POST", f"/second-factor{query}", data={"code": code})


async def test_an_app_is_asked_for_and_each_code_works_once(
    client: httpx.AsyncClient, flo: Browser, email: str, owner: Owner, account: int
) -> None:
    secret = secret_on(await flo.look(PAGE))
    assert secret_on(await flo.look(PAGE)) == secret
    wrong = await post(flo, PAGE, PAGE, code="000000")
    assert (wrong.status_code, "This code is not right" in wrong.text) == (422, True)
    first = code_of(secret, -1)
    confirmed = await post(flo, PAGE, PAGE, code=first)
    recovery = codes_on(confirmed.text)
    assert len(set(recovery)) == 10
    assert codes_on(await flo.look(PAGE)) == []
    stored = await owner.fetchrow("SELECT * FROM second_factors WHERE account_id = $1", account)
    assert secret.encode() not in stored["secret"]

    asked_for = "?next=%2Fagents%3Fteam%3Dnorth"
    browser = await sign_in(client, email, asked_for)
    assert "Scan the picture" not in await browser.look("/second-factor")
    used = await type_code(browser, first, asked_for)
    assert (used.status_code, "was used before" in used.text) == (401, True)
    code = code_of(secret)
    right = await type_code(browser, f" {code[:3]} {code[3:]} ", asked_for)
    assert (right.status_code, right.headers["location"]) == (303, "/agents?team=north")
    assert (await browser.ask("GET", "/overview")).status_code == 200
    second = await sign_in(client, email)
    assert (await type_code(second, code)).status_code == 401

    assert (await type_code(second, recovery[0].upper().replace("-", " "))).status_code == 303
    third = await sign_in(client, email)
    assert (await type_code(third, recovery[0])).status_code == 401
    assert (await type_code(third, recovery[1])).status_code == 303


async def test_codes_cannot_be_guessed_from_many_addresses(client: httpx.AsyncClient, flo: Browser, email: str) -> None:
    secret = secret_on(await flo.look(PAGE))
    await post(flo, PAGE, PAGE, code=code_of(secret, -1))
    browser = await sign_in(client, email)
    answers = [(await type_code(browser, f"{number:06}")).status_code for number in range(6)]
    assert answers == [401] * 5 + [429]
    refused = await type_code(browser, code_of(secret))
    assert (refused.status_code, "too many attempts" in refused.text) == (429, True)


async def test_nobody_reaches_the_question_without_the_password(client: httpx.AsyncClient, flo: Browser) -> None:
    stranger = Browser(client)
    for cookie in ("", "x", "A" * 80):
        stranger.cookies["calltally-half"] = cookie
        assert (await stranger.ask("GET", "/second-factor")).headers["location"].startswith("/sign-in")
        assert (await type_code(stranger, "123456")).status_code == 303


async def test_an_account_can_ask_everybody_and_people_set_the_app_up_at_the_door(
    client: httpx.AsyncClient, flo: Browser, email: str
) -> None:
    assert (await post(flo, "/settings/security", "/settings/security", required="yes")).status_code == 303
    assert "checked" in await flo.look("/settings/security")
    browser = await sign_in(client, email)
    secret = secret_on(await browser.look("/second-factor"))
    assert (await type_code(browser, "123456")).status_code == 401
    page = await type_code(browser, code_of(secret))
    assert (page.status_code, len(codes_on(page.text))) == (200, 10)
    assert (await browser.ask("GET", "/overview")).status_code == 200
    log = (await browser.ask("GET", "/v1/audit-log?resource=second-factors")).json()["items"]
    assert [entry["action"] for entry in log] == ["change", "sign_in_failed"]
    assert secret not in str(log)


async def test_the_app_is_removed_with_a_code(client: httpx.AsyncClient, flo: Browser, email: str) -> None:
    secret = secret_on(await flo.look(PAGE))
    await post(flo, PAGE, PAGE, code=code_of(secret, -1))
    assert (await post(flo, PAGE, PAGE, code="000000", remove="yes")).status_code == 422
    assert (await post(flo, PAGE, PAGE, code=code_of(secret), remove="yes")).status_code == 303
    answer = await Browser(client).ask("POST", "/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.headers["location"] == "/overview"

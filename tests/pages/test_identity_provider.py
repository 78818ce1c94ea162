"""Signing in with an identity provider: a real process, a browser between it and us, and what is refused."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.api.conftest import running
from tests.conftest import Owner, make_account
from tests.pages.test_pages import Browser
from tests.pages.users import browser_of, post

PEOPLE = {
    "ada": {"email": "ada@corp.example", "email_verified": True, "name": "Ada Byron"},
    "unsure": {"email": "unsure@corp.example", "email_verified": False},
    "outsider": {"email": "out@elsewhere.example", "email_verified": True},
    "known": {"email": "Known@Partner.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider, a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [f"--user-claims={json.dumps({'sub': sub, **claims})}" for sub, claims in PEOPLE.items()]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "-n", "true", *people]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None
        time.sleep(0.1)
    raise AssertionError("the provider does not start")


@pytest.fixture(scope="module")
async def client(ledger_url: str, issuer: str) -> AsyncIterator[httpx.AsyncClient]:
    """A service with this provider."""
    provider = {"oidc_issuer": issuer, "oidc_client_id": "calltally", "oidc_client_secret": "hush-hush"}
    async with running(ledger_url, secret_key="k" * 32, public_url="http://test", oidc_name="Corp", **provider) as (
        _,
        started,
    ):
        yield started


async def approve(browser: Browser, sub: str, query: str = "") -> str:
    """Go to the provider and say who one is there; answers the address that it leads back to."""
    away = (await browser.ask("GET", f"/oidc{query}")).headers["location"]
    asked = parse_qs(urlsplit(away).query)
    assert (asked["code_challenge_method"], asked["redirect_uri"]) == (["S256"], ["http://test/oidc/return"])
    assert asked["state"] != asked["nonce"]
    async with httpx.AsyncClient() as outside:
        back = (await outside.post(away, data={"sub": sub})).headers["location"]
    return back.removeprefix("http://test")


async def come_back(client: httpx.AsyncClient, sub: str, query: str = "") -> tuple[Browser, httpx.Response]:
    browser = Browser(client)
    return browser, await browser.ask("GET", await approve(browser, sub, query))


async def test_a_person_of_the_domain_joins_and_comes_to_the_page_asked_for(
    client: httpx.AsyncClient, owner: Owner, account: int
) -> None:
    assert "Sign in with Corp" in (await client.get("/sign-in")).text
    _, stranger = await come_back(client, "ada")
    assert (stranger.status_code, "Nobody has invited ada@corp.example yet" in stranger.text) == (403, True)
    boss = await browser_of(client, owner, account, f"boss-{account}@example.com")
    page = "/settings/security"
    wrong = await post(boss, page, page, domain="corp", role="analyst")
    assert (wrong.status_code, "must be a domain" in wrong.text, 'value="corp"' in wrong.text) == (422, True, True)
    assert (await post(boss, page, page, domain="corp.example", role="owner")).status_code == 422
    assert (await post(boss, page, page, domain=" @Corp.example", role="analyst")).status_code == 303
    other = await make_account(owner)
    rival = await browser_of(client, owner, other, f"rival-{other}@example.com")
    assert "joins another account" in (await post(rival, page, page, domain="corp.example", role="analyst")).text

    browser, answer = await come_back(client, "ada", "?next=%2Fagents%3Fteam%3Dnorth")
    assert (answer.status_code, answer.headers["location"]) == (303, "/agents?team=north")
    assert (await browser.ask("GET", "/overview")).status_code == 200
    user = await owner.fetchrow("SELECT role::text, name, account_id FROM users WHERE email = 'ada@corp.example'")
    assert user is not None
    assert tuple(user) == ("analyst", "Ada Byron", account)
    _, again = await come_back(client, "ada")
    assert again.headers["location"] == "/overview"
    await owner.execute("UPDATE users SET disabled_at = now() WHERE email = 'ada@corp.example'")
    _, disabled = await come_back(client, "ada")
    assert (disabled.status_code, "no longer sign in" in disabled.text) == (403, True)
    for sub, message in (("unsure", "has not verified"), ("outsider", "Nobody has invited")):
        _, refused = await come_back(client, sub)
        assert (refused.status_code, message in refused.text) == (403, True), sub


async def test_a_person_with_a_role_keeps_it_however_the_address_is_spelled(
    client: httpx.AsyncClient, owner: Owner, account: int
) -> None:
    await browser_of(client, owner, account, "known@partner.example", role="manager", teams=["north"])
    browser, answer = await come_back(client, "known")
    assert answer.status_code == 303
    assert (await browser.ask("GET", "/v1/exports/attempts")).status_code == 403, "a manager sees own teams only"


async def test_an_answer_of_another_sign_in_is_refused(client: httpx.AsyncClient) -> None:
    browser, victim = Browser(client), Browser(client)
    address = await approve(browser, "known")
    refused = await victim.ask("GET", address)
    assert (refused.status_code, "was not begun in this browser" in refused.text) == (403, True)
    await approve(victim, "outsider")
    forced = await victim.ask("GET", address)
    assert (forced.status_code, "belongs to another sign-in" in forced.text) == (403, True)
    fresh = Browser(client)
    right = await approve(fresh, "known")
    spoiled = right.replace("code=", "code=x")
    assert (await fresh.ask("GET", spoiled)).status_code == 403
    assert (await client.get("/oidc/return?error=access_denied")).status_code == 403
    assert "calltally" not in fresh.cookies or fresh.cookies["calltally"] == ""

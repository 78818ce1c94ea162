"""Errors as pages with the way back, and links that survive signing in."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import asyncpg
import httpx
import pytest

from service.accounts.keys import SCOPES, create_key
from tests.api.conftest import Caller, caller, client, new_caller, running, service
from tests.conftest import make_account
from tests.pages.test_pages import Browser, form_token

__all__ = ["caller", "client", "new_caller", "service"]

PERSON = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
DEEP = "/look/calls?from=2026-03-02&to=2026-03-03&by=agent&tz=Europe%2FBerlin"


class Person(Browser):
    """A browser that asks for pages, and says where it comes from."""

    referer = ""

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**PERSON, **({"Referer": urljoin("http://test", self.referer)} if self.referer else {})}
        self.client.headers.update(headers)
        try:
            return await super().ask(method, path, **options)
        finally:
            for name in headers:
                del self.client.headers[name]


@pytest.fixture
async def person(caller: Caller) -> Person:
    person = Person(caller.client)
    await person.sign_in(caller.key)
    return person


def ways(page: str) -> dict[str, str]:
    """The links of an error page, by their texts."""
    [links] = re.findall(r'<ul class="ways">(.*?)</ul>', page, re.DOTALL)
    return {text: unescape(address) for address, text in re.findall(r'<a href="([^"]+)">(.*?)</a>', links)}


async def test_a_deep_link_survives_signing_in_with_a_wrong_key_first(caller: Caller) -> None:
    stranger = Person(caller.client)
    first_answer = await stranger.ask("GET", DEEP)
    location = first_answer.headers["location"]
    assert (first_answer.status_code, parse_qs(urlsplit(location).query)["next"]) == (303, [DEEP])
    assert '<form method="post" class' in await stranger.look(location)
    assert (await stranger.ask("POST", location, data={"key": "ct_wrong"})).status_code == 401
    answer = await stranger.ask("POST", location, data={"key": caller.key})
    assert (answer.status_code, answer.headers["location"]) == (303, DEEP)
    assert (await stranger.ask("GET", location)).headers["location"] == DEEP
    assert (await stranger.ask("GET", DEEP)).status_code == 200


async def test_a_link_to_a_file_survives_signing_in_but_a_program_is_told(caller: Caller) -> None:
    file = "/v1/reports/calls?format=csv&from=2026-03-02&to=2026-03-03"
    location = (await Person(caller.client).ask("GET", file)).headers["location"]
    assert parse_qs(urlsplit(location).query)["next"] == [file]
    refusal = await Browser(caller.client).ask("GET", file)
    assert (refusal.status_code, refusal.headers["content-type"]) == (401, "application/problem+json")


async def test_a_form_of_a_session_that_is_over_leads_back_to_its_page(person: Person) -> None:
    page = await person.look("/sessions")
    person.referer = "/sessions"
    await person.ask("POST", "/sign-out", data={"form_token": form_token(page)})
    person.cookies["calltally"] = "over"
    answer = await person.ask("POST", "/sessions/1/end", data={"form_token": form_token(page)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fsessions")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "overview",
        "/sign-in?next=/sign-in",
        "/ok\r\nSet-Cookie: a=b",
        "/" + "a" * 9_000,
        "",
    ],
)
async def test_signing_in_leads_to_no_other_host(elsewhere: str, caller: Caller) -> None:
    answer = await Person(caller.client).ask("POST", f"/sign-in?next={quote(elsewhere)}", data={"key": caller.key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")


async def test_an_error_on_a_page_is_named_and_leads_back(person: Person) -> None:
    person.referer = "/agents?tz=UTC"
    wrong = await person.look("/look/calls?by=agent&from=never&frob=1", 400)
    assert "<b>First day</b>" in wrong
    assert "<b>frob</b>" in wrong
    assert '<a href="/look/calls?by=agent">This page without them</a>' in wrong
    assert (await person.ask("GET", "/look/calls?by=agent")).status_code == 200
    for path, status in (
        ("/nowhere/at-all", 404),
        ("/look/nothing", 404),
        ("/sign-out", 405),
        ("/lead?external_id=x", 404),
    ):
        page = await person.look(path, status)
        assert page.startswith("<!doctype html>")
        assert ways(page)["Back to Overview"] == "/overview"
    person.referer = ""
    page = await person.look("/nowhere", 404)
    assert page.partition("<main")[2].count("There is nothing at this address") == 1
    unknown = await person.look("/lead?external_id=x", 404)
    assert unknown.partition("<main")[2].count("There is no such thing") == 1
    forged = await person.ask("POST", "/sign-out", data={"form_token": "guessed"})
    assert (forged.status_code, "Back to Overview" in forged.text) == (403, True)


async def test_a_fault_of_ours_has_a_reference_and_a_ledger_that_is_away_a_way_to_try_again(fresh_ledger: str) -> None:
    owner = await asyncpg.connect(fresh_ledger)
    key, _ = await create_key(owner, await make_account(owner), name="test", scopes=SCOPES)
    async with running(fresh_ledger) as (app, client):
        person = Person(client)
        await person.sign_in(key)
        await owner.execute("DROP TABLE targets CASCADE")
        await owner.close()
        answer = await person.ask("GET", "/look/calls")
        assert (answer.status_code, ways(answer.text)["Back to Overview"]) == (500, "/overview")
        assert f"request id {answer.headers['x-request-id']}" in answer.text
        await app.state.services.pool.close()
        away = await person.ask("GET", "/look/calls?by=agent")
        assert (away.status_code, away.headers["retry-after"]) == (503, "2")
        assert ways(away.text)["Try again"] == "/look/calls?by=agent"


async def test_a_page_of_another_site_is_no_way_back(person: Person) -> None:
    person.referer = "//elsewhere.example/"
    assert "Back to the previous page" not in ways(await person.look("/nowhere", 404))


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/overview", "html"), ("/nowhere", "html"), ("/assets/calltally.css", "css"), ("/assets/live.js", "javascript")],
)
async def test_text_names_its_encoding_once(path: str, media_type: str, person: Person) -> None:
    answer = await person.ask("GET", path)
    assert answer.headers["content-type"] == f"text/{media_type}; charset=utf-8"


async def test_programs_keep_the_problem_document(person: Person, caller: Caller) -> None:
    for path, status in (("/v1/nowhere", 404), ("/v1/reports/nothing", 404), ("/v1/reports/calls?by=frob", 400)):
        answer = await person.ask("GET", path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    answer = await Browser(caller.client).ask("GET", "/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_definitions_are_listed_searched_and_linked_by_name(person: Person) -> None:
    page = await person.look("/definitions")
    assert page.count("<dt>") > 90
    assert 'id="answer_rate"' in page
    assert 'href="/definitions#answer_rate"' in await person.look("/definitions/answer_rate")
    matching = await person.look("/definitions", q="Machine SHARE")
    assert 0 < matching.count("<dt>") < 20
    assert "No definition contains" in await person.look("/definitions", q="<b>nothing like it</b>")


async def test_a_browser_finds_the_icon_where_it_looks(caller: Caller) -> None:
    assert (await Person(caller.client).ask("GET", "/favicon.ico")).headers["location"] == "/assets/calltally.svg"

"""Settings in the browser: whatever a page writes the API reads, and the other way round; faults are the API's own."""

import asyncio
import re
from html import unescape

import pytest

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.conftest import Owner
from tests.make import attempt, attempts, lead
from tests.pages.test_pages import Browser, form_token
from tests.pages.users import browser_of

__all__ = ["caller", "client", "new_caller", "service"]

ROW = re.compile(r"<tr><th scope=\"row\">(.*?)</tr>", re.DOTALL)
# A form of each kind: what is typed, and what the API reads after it.
FORMS = {
    "campaigns": (
        {"name": "Spring", "source": "web", "region": "DE", "zone": "Europe/Berlin", "starts_on": "2026-03-01"},
        {"ends_on": None, "merged_into": None},
    ),
    "sources": ({"name": "Website", "medium": "organic"}, {"merged_into": None}),
    "agents": ({"name": "Ada Lovelace", "team": "closers", "zone": "Europe/London"}, {"merged_into": None}),
    "disposition-codes": (
        {"name": "Sold", "result": "sale", "answered_by": "human", "party": "right_party", "next_step": "none"},
        {"network_result": None, "handled": None, "merged_into": None},
    ),
}
FAULTY = {
    "campaigns": {"zone": "Europe/Berln", "starts_on": "2026-03-02", "ends_on": "2026-03-01"},
    "sources": {"merged_into": "nowhere"},
    "agents": {"zone": "+02:00", "merged_into": "x"},
    "disposition-codes": {"result": "sold", "party": "me"},
}


def page_of(kind: str) -> str:
    return f"/settings/{'codes' if kind == 'disposition-codes' else kind}"


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def send(browser: Browser, path: str, status: int = 303, /, **fields: str) -> str:
    """Send a form with the token of this session; returns the page, or the address it leads to."""
    token = form_token(await browser.look("/settings/account"))
    answer = await browser.ask("POST", path, data={"form_token": token, **fields})
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else unescape(answer.text)


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of the form with this label."""
    body = re.search(rf'<form[^>]*aria-label="{re.escape(form)}".*?</form>', page, re.DOTALL)
    assert body, page
    fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body[0])
    return {name: unescape(value) for name, value in fields}


@pytest.mark.parametrize("kind", FORMS)
async def test_what_a_page_writes_the_api_reads_and_the_other_way_round(
    kind: str, browser: Browser, caller: Caller
) -> None:
    typed, empty = FORMS[kind]
    path = page_of(kind)
    assert await send(browser, f"{path}/item", code=" SPR/1 ", **typed) == f"{path}?saved=SPR%2F1"
    stored = await caller.get(f"{kind}/SPR%2F1")
    assert {name: stored[name] for name in {**typed, **empty}} == {**typed, **empty}
    assert stored["confirmed"]
    assert "is saved" in await browser.look(path, saved="SPR/1")

    await caller.put(f"{kind}/SPR%2F1", {"name": "By the API"}, 200)
    form = await browser.look(f"{path}/item", code="SPR/1")
    assert re.search(r'name="name"[^>]*', form)
    assert 'value="By the API"' in form
    assert [line.count("Access key test") for line in ROW.findall(form)] == [1, 1]


@pytest.mark.parametrize("kind", FORMS)
async def test_a_page_finds_the_faults_of_the_api_and_keeps_what_was_typed(
    kind: str, browser: Browser, caller: Caller
) -> None:
    refusal = await caller.put(f"{kind}/x", FAULTY[kind], 422)
    expected = {(fault["pointer"].strip("/"), fault["message"]) for fault in refusal["errors"]}
    assert expected
    page = await send(browser, f"{page_of(kind)}/item", 422, code="x", **FAULTY[kind])
    shown = set(re.findall(r'<p class="error" id="error-(\w+)">(.*?)</p>', page))
    assert shown == expected
    for name, text in FAULTY[kind].items():
        typed = rf'<input[^>]*value="{re.escape(text)}"[^>]*id="field-{name}"|<option value="{text}" selected>'
        assert re.search(typed, page), name
    assert (await caller.get(kind))["items"] == []


async def test_a_code_that_cannot_be_is_refused_at_its_field(browser: Browser, caller: Caller) -> None:
    await caller.put("agents/ada", {"name": "Ada"}, 201)
    for code, words in {
        "": "should have at least 1 character",
        "+14155550123": "must be an agent, not a phone number",
        "ada": "is in the list already",
    }.items():
        page = await send(browser, "/settings/agents/item", 409 if code == "ada" else 422, code=code, name="Eve")
        assert re.search(r'id="error-code">([^<]*)', page), page
        assert words in page
        assert 'value="Eve"' in page
    assert (await caller.get("agents/ada"))["name"] == "Ada"


async def test_a_value_that_the_form_does_not_offer_stays_as_it_is(browser: Browser, caller: Caller) -> None:
    await caller.put("campaigns/pole", {"region": "AQ", "zone": "Antarctica/Troll"}, 201)
    form = await browser.look("/settings/campaigns/item", code="pole")
    assert '<option value="AQ" selected>' in form
    await send(browser, "/settings/campaigns/item", **hidden(form, "campaign"), region="AQ", name="Pole")
    assert (await caller.get("campaigns/pole"))["region"] == "AQ"


async def test_the_second_of_two_editors_is_told_and_overwrites_nothing_unseen(
    browser: Browser, caller: Caller
) -> None:
    await caller.put("campaigns/spring", {"name": "Spring"}, 201)
    seen = hidden(await browser.look("/settings/campaigns/item", code="spring"), "campaign")
    await caller.put("campaigns/spring", {"name": "Theirs", "zone": "Europe/Paris"}, 200)
    late = await send(browser, "/settings/campaigns/item", 409, **{**seen, "name": "Mine"})
    assert "changed this while you had it open" in late
    assert 'value="Mine"' in late
    assert "Name: Spring → Theirs" in late
    assert (await caller.get("campaigns/spring"))["name"] == "Theirs"
    await send(browser, "/settings/campaigns/item", **{**hidden(late, "campaign"), "name": "Mine"})
    assert (await caller.get("campaigns/spring"))["name"] == "Mine"
    # A form that names no version is refused, and one of another session too.
    await send(browser, "/settings/campaigns/item", 422, code="spring", seen="yesterday", name="x")
    refused = await browser.ask("POST", "/settings/campaigns/item", data={"code": "spring", "name": "x"})
    assert refused.status_code == 403


async def test_of_changes_at_the_same_moment_one_is_stored_and_merges_make_no_chain(
    browser: Browser, caller: Caller
) -> None:
    for code in ("a", "b", "c"):
        await caller.put(f"sources/{code}", {}, 201)
    form = await browser.look("/settings/sources/item", code="a")
    fields = {"form_token": form_token(form), **hidden(form, "source")}
    saves = [browser.ask("POST", "/settings/sources/item", data={**fields, "name": f"Name {n}"}) for n in range(5)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*saves)) == [303, *[409] * 4]

    merges = [caller.send("PUT", f"sources/{code}", json={"merged_into": into}) for code, into in ("ab", "bc", "ca")]
    assert [answer.status_code for answer in await asyncio.gather(*merges)].count(200) == 1


async def test_earlier_values_are_restored_as_a_new_version(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", attempt(campaign="spring"), 201)
    await caller.put("campaigns/spring", {"name": "Spring", "starts_on": "2026-03-01"}, 200)
    await caller.put("campaigns/spring", {"name": "Sprung"}, 200)
    page = await browser.look("/settings/campaigns", saved="spring")
    undo = hidden(page, "Undo the last change")
    assert await send(browser, "/settings/campaigns/undo", **undo) == "/settings/campaigns?saved=spring"
    stored = await caller.get("campaigns/spring")
    assert (stored["name"], stored["starts_on"]) == ("Spring", "2026-03-01")
    history = ROW.findall(await browser.look("/settings/campaigns/item", code="spring"))
    assert len(history) == 4
    assert "Sprung → Spring" in history[0]
    assert "First seen" in history[3]
    listed = (await caller.get("campaigns/spring/versions"))["items"]
    assert [(version["name"], version["confirmed"]) for version in listed] == [
        *(("Spring", True), ("Sprung", True), ("Spring", True), (None, False)),
    ]
    assert [version["author"] and version["author"]["name"] for version in listed] == ["test", "test", "test", None]
    await caller.get("campaigns/nowhere/versions", 404)
    # What a call brought was not confirmed; restored, it waits again.
    versions = re.findall(r'name="version" value="([^"]+)"', history[3])
    current = re.findall(r'name="seen" value="([^"]+)"', history[3])
    await send(browser, "/settings/campaigns/undo", code="spring", version=versions[0], seen=current[0])
    stored = await caller.get("campaigns/spring")
    assert (stored["name"], stored["confirmed"]) == (None, False)
    # The same button pressed twice, from a page that is old by now.
    stale = await send(browser, "/settings/campaigns/undo", 409, code="spring", version=versions[0], seen=current[0])
    assert "while you had it open" in stale
    await send(browser, "/settings/campaigns/undo", 404, code="nowhere", version=versions[0], seen=current[0])


async def test_spellings_are_merged_kept_apart_and_taken_back(browser: Browser, caller: Caller) -> None:
    await caller.put("sources/google-ads", {"name": "Google Ads"}, 201)
    await caller.post("attempts", attempts(3, source="Googel Ads"))
    await caller.post("attempts", [attempt(f"late-{n}", source=s) for n, s in enumerate(("GOOGLE ADS", "web", "Webb"))])
    page = await browser.look("/settings/sources")
    merge = hidden(page, "Merge Googel Ads into google-ads")
    assert "Merge GOOGLE ADS into google-ads" in page
    assert "Merge web into" not in page
    await send(browser, "/settings/sources/merge", **merge)
    stored = await caller.get("sources/Googel%20Ads")
    assert (stored["merged_into"], stored["confirmed"]) == ("google-ads", True)
    report = await caller.get("reports", metrics="attempts", by="source", **{"from": "2026-03-01", "to": "2026-03-31"})
    assert {g["group"]["source"]: g["cells"]["attempts"]["value"] for g in report["groups"]}["google-ads"] == 3

    await send(
        browser,
        "/settings/sources/undo",
        **hidden(await browser.look("/settings/sources", saved="Googel Ads"), "Undo the last change"),
    )
    stored = await caller.get("sources/Googel%20Ads")
    assert (stored["merged_into"], stored["confirmed"]) == (None, False)
    page = await browser.look("/settings/sources")
    await send(browser, "/settings/sources/different", **hidden(page, "Keep Googel Ads and google-ads apart"))
    page = await browser.look("/settings/sources")
    assert "Merge Googel Ads into google-ads" not in page
    again = hidden(page, "Compare Googel Ads and google-ads again")
    await send(browser, "/settings/sources/propose-again", **again)
    assert "Merge Googel Ads into google-ads" in await browser.look("/settings/sources")
    await send(browser, "/settings/sources/different", 404, code="web", other="nowhere")


async def test_a_list_is_searched_shortened_and_says_what_waits(browser: Browser, caller: Caller) -> None:
    assert "No agents and teams yet" in await browser.look("/settings/agents")
    await caller.post("attempts", [attempt(f"call-{n}", agent=f"extension {n}") for n in range(30)])
    await caller.post("attempts", [attempt(f"more-{n}", agent="extension 29") for n in range(5)])
    await caller.put("agents/zoe", {"name": "Zoe", "team": "closers"}, 201)
    page = await browser.look("/settings/agents")
    assert "30 names wait to be confirmed or merged; 35 calls use them." in page
    rows = ROW.findall(page)
    assert len(rows) == 25
    assert ">extension 29</a>" in rows[0]
    assert "25 of 31" in page
    assert len(ROW.findall(await browser.look("/settings/agents", show="125"))) == 31
    [only] = ROW.findall(await browser.look("/settings/agents", search="CLOSERS"))
    assert "Zoe" in only
    assert "Nothing fits" in await browser.look("/settings/agents", search="nobody")
    await send(browser, "/settings/agents/confirm", **hidden(page, "Confirm extension 29"))
    assert (await caller.get("agents/extension%2029"))["confirmed"]
    assert len(ROW.findall(await browser.look("/settings/agents", state="confirmed"))) == 2
    await browser.look("/settings/agents", state="odd", show="many")

    picked = re.findall(r'form="many" name="((?:pick|seen)-\d+)" value="([^"]*)"', page)
    stale = [value for name, value in picked if value == "extension 29"]
    assert (len(picked), len(stale)) == (50, 1)
    moved = await send(browser, "/settings/agents/many", team="openers", move="yes", **dict(picked))
    assert moved == "/settings/agents?done=24&left=extension+29"
    page = await browser.look("/settings/agents", done="24", left="extension 29")
    assert "24 are saved." in page
    agents = (await caller.get("agents", limit=100))["items"]
    assert sum(agent["team"] == "openers" and agent["confirmed"] for agent in agents) == 24


async def test_a_code_gets_its_meaning_with_a_suggestion_and_examples(browser: Browser, caller: Caller) -> None:
    calls = [attempt(f"call-{n}", disposition={"code": "not_interested"}) for n in range(7)]
    await caller.post("attempts", [*calls, attempt("sold", disposition={"code": "SALE"})])
    await caller.put("disposition-codes/SALE", {"result": "sale"}, 200)
    page = await browser.look("/settings/codes")
    assert "1 code waits for a meaning; 7 calls use it." in page
    first, second = ROW.findall(page)
    assert ">not_interested</a>" in first
    assert ">SALE</a>" in second
    form = await browser.look("/settings/codes/item", code="not_interested")
    assert "suggested by the name of the code" in form
    assert '<option value="not_interested" selected>' in form
    assert "What came of the call?" in form
    assert form.count("/attempt?dialer=") == 5
    chosen = dict(re.findall(r'<select id="field-(\w+)".*?<option value="(\w*)" selected', form))
    await send(browser, "/settings/codes/item", **hidden(form, "code"), **{n: v for n, v in chosen.items() if v})
    stored = await caller.get("disposition-codes/not_interested")
    assert (stored["result"], stored["party"], stored["confirmed"]) == ("not_interested", "right_party", True)
    assert "wait" not in (await browser.look("/settings/codes")).partition("<main")[2].partition("<form")[0]


CODES = ["Ä", "a b", "🙂", "x" * 200, "null", "a'b\"c\\d", "%", "<b>&amp;</b>", "a/b?c=d#e", "+1"]


async def test_codes_are_the_senders_own_strings_on_pages_too(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", [attempt(f"call-{n}", source=code) for n, code in enumerate(CODES)])
    page = await browser.look("/settings/sources", show="125")
    links = [unescape(link) for link in re.findall(r'href="(/settings/sources/item\?code=[^"]+)"', page)]
    assert len(set(links)) >= len(CODES)
    for link in links:
        form = await browser.look(link)
        await send(browser, "/settings/sources/item", **hidden(form, "source"), name="Same for all")
    stored = (await caller.get("sources", limit=1000))["items"]
    assert [source["code"] for source in stored] == sorted(CODES, key=str.encode)
    assert {source["name"] for source in stored} == {"Same for all"}


async def test_the_to_do_list_leads_to_the_forms(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", attempt(agent="a/b", disposition={"code": "X&Y"}), 201)
    page = unescape(await browser.look("/overview", **{"from": "2026-03-01", "to": "2026-03-31"}))
    for link in ("/settings/agents/item?code=a/b", "/settings/codes/item?code=X%26Y"):
        assert f'href="{link}"' in page
        await browser.look(link)


async def test_the_account_is_set_on_its_page_as_by_the_api(browser: Browser, caller: Caller) -> None:
    form = await browser.look("/settings/account")
    fields = hidden(form, "Account")
    berlin = {"name": "Berlin", "zone": "Europe/Berlin", "region": "DE", "currency": "EUR"}
    await send(browser, "/settings/account", **fields, **berlin)
    stored = await caller.get("account")
    assert {name: stored[name] for name in berlin} == berlin

    late = await send(browser, "/settings/account", 409, **fields, **berlin | {"name": "Late"})
    assert "while you had them open" in late
    assert (await caller.get("account"))["name"] == "Berlin"
    seen = hidden(late, "Account")["seen"]
    wrong = {"name": "", "zone": "Europe/Berln", "region": "ZZ", "currency": "euro"}
    refusal = (await caller.send("PATCH", "account", json=wrong)).json()["errors"]
    page = await send(browser, "/settings/account", 422, seen=seen, **wrong)
    assert dict(re.findall(r'id="error-(\w+)">(.*?)</p>', page)) == {
        fault["pointer"].strip("/"): fault["message"] for fault in refusal
    }

    await caller.send("PATCH", "account", json={"zone": "Asia/Tokyo"})
    history = ROW.findall(await browser.look("/settings/account"))
    assert len(history) == 3
    assert "Time zone: Europe/Berlin → Asia/Tokyo" in history[0]
    assert all("Access key test" in line for line in history[:2])
    restore = dict(re.findall(r'name="(seen|version)" value="([^"]+)"', history[2]))
    await send(browser, "/settings/account/undo", **restore)
    stored = await caller.get("account")
    assert (stored["zone"], stored["region"], stored["currency"]) == ("UTC", "US", "USD")


async def test_attributes_of_leads_are_declared_changed_withdrawn_and_restored(
    browser: Browser, caller: Caller
) -> None:
    path = "/settings/lead-attributes"
    await caller.post("leads", [lead(f"lead-{n}", attributes={"industry": "Zoo", "age": n}) for n in range(3)])
    page = await browser.look(path)
    assert "No lead attributes yet" in page
    assert 'href="/settings/lead-attributes/item?name=industry"' in page
    form = {"name": "industry", "title": "Industry", "values": "Bank\r\n Shop \r\n\r\n", "fewest_leads": "2"}
    assert await send(browser, f"{path}/item", **form) == f"{path}?saved=industry"
    stored = await caller.get("lead-attributes/industry")
    assert {name: stored[name] for name in ("title", "values", "bands", "fewest_leads")} == {
        "title": "Industry",
        "values": ["Bank", "Shop"],
        "bands": None,
        "fewest_leads": 2,
    }
    page = await browser.look(f"{path}/item", name="industry")
    assert re.search(r'<th scope="row">Zoo</th><td>3</td>', page)
    await send(browser, f"{path}/item", 409, **form)

    for typed, sent in (
        ({"bands": "65, 18"}, {"bands": [65, 18]}),
        ({"bands": "old"}, {"bands": ["old"]}),
        ({"values": "a\na", "fewest_leads": "1"}, {"values": ["a", "a"], "fewest_leads": 1}),
        ({"values": "a", "bands": "3"}, {"values": ["a"], "bands": [3]}),
        ({"fewest_leads": "2.5"}, {"fewest_leads": 2.5}),
    ):
        refusal = await caller.put("lead-attributes/age", sent, 422)
        page = await send(browser, f"{path}/item", 422, name="age", **typed)
        assert dict(re.findall(r'id="error-(\w+)">(.*?)</p>', page)) == {
            fault["pointer"].split("/")[1]: fault["message"] for fault in refusal["errors"]
        }
    await send(browser, f"{path}/item", name="age", bands="18, 65.5, 12345678")
    assert (await caller.get("lead-attributes/age"))["bands"] == [18, 65.5, 12345678]
    assert 'value="18, 65.5, 12345678"' in await browser.look(f"{path}/item", name="age")

    await send(browser, f"{path}/withdraw", **hidden(await browser.look(f"{path}/item", name="industry"), "Withdraw"))
    await caller.get("lead-attributes/industry", 404)
    history = ROW.findall(await browser.look(f"{path}/item", name="industry"))
    assert "State: used in reports → withdrawn" in history[0]
    restore = dict(re.findall(r'name="(code|seen|version)" value="([^"]+)"', history[1]))
    await send(browser, f"{path}/undo", **restore)
    assert (await caller.get("lead-attributes/industry"))["values"] == ["Bank", "Shop"]


async def test_the_history_names_the_person_who_changed_something(caller: Caller, owner: Owner) -> None:
    await caller.put("campaigns/spring", {"name": "Spring"}, 201)
    ana = await browser_of(caller.client, owner, caller.account_id, f"ana-{caller.account_id}@example.com")
    form = hidden(await ana.look("/settings/campaigns/item", code="spring"), "campaign")
    await send(ana, "/settings/campaigns/item", **form, name="Sprung")
    newest, first = ROW.findall(await ana.look("/settings/campaigns/item", code="spring"))
    name = f"Ana-{caller.account_id}"
    assert f"<td>{name}</td>" in newest
    assert "<td>Access key test</td>" in first
    author = (await caller.get("campaigns/spring/versions"))["items"][0]["author"]
    assert (author["name"], author["prefix"].partition(":")[0]) == (name, "user")
    late = await send(ana, "/settings/campaigns/item", 409, **form, name="Late")
    assert f"{name} changed this" in late


async def test_who_may_not_configure_sees_no_settings(new_caller: NewCaller, caller: Caller) -> None:
    for scopes, statuses in {
        ("reports",): {"/settings/account": 403, "/settings/codes": 403},
        ("reports", "configure"): {"/settings/account": 200, "/settings/codes": 200},
        ("reports", "admin"): {"/settings/account": 200, "/settings/codes": 403},
    }.items():
        browser = Browser(caller.client)
        await browser.sign_in((await new_caller(caller.account_id, scopes=scopes)).key)
        for path, status in statuses.items():
            page = await browser.look(path, status)
            assert ('name="zone"' in page) == ("admin" in scopes and path == "/settings/account")


async def test_settings_of_another_account_are_out_of_reach(browser: Browser, new_caller: NewCaller) -> None:
    other = await new_caller()
    await other.put("sources/theirs", {"name": "Theirs"}, 201)
    await other.put("sources/their-s", {}, 201)
    assert "heirs" not in await browser.look("/settings/sources")
    await browser.look("/settings/sources/item", 404, code="theirs")
    for action in ("confirm", "merge", "undo", "different"):
        fields = {"code": "theirs", "other": "their-s", "into": "their-s", "seen": "2026-03-01T00:00:00+00:00"}
        await send(browser, f"/settings/sources/{action}", 404, **fields)
    assert (await other.get("sources/theirs"))["name"] == "Theirs"

"""The history of one attempt: what it counts as and why, its versions, the records around it, and who may see it."""

import re
from html import unescape
from typing import Any

import pytest

from reports.model.vocabulary import AXES
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.hooks.conftest import dispo
from tests.make import appointment, at, attempt, disposition, follow_up, inbound_call, lead
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

ATTEMPT = {"dialer": "default", "external_id": "life"}
WHOLE, ENDING = "+14155550123", "ends with 23"


def texts(page: str, tag: str) -> list[str]:
    """The texts of all elements of a kind, without marks."""
    matches = re.findall(rf"<({tag})(?: [^>]*)?>(.*?)</\1>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", text)).split()) for _, text in matches]


def section(page: str, title: str) -> str:
    """A section of a page, by its heading."""
    return re.findall(rf"<h2>{title}</h2>(.*?)</section>", page, re.DOTALL)[0]


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser that may see everything, over one attempt with several observations."""
    await caller.put("disposition-codes/SOLD", {"result": "sale"})
    await caller.post("leads", lead("lead-1", source="fairs", phone_number=WHOLE))
    guessed = {"answered_by": "machine", "detector": "amd", "network_result": "answered"}
    for observation in (
        attempt("life", lead="lead-1", to_number=WHOLE),
        attempt("life", agent="ada", answered_at=at(0.1), observed_at=at(0.2), **guessed),
        attempt("life", ended_at=at(4), talk_seconds=200),
    ):
        await caller.post("attempts", observation)
    await caller.post("dispositions", disposition("life", code="XFER", agent="ada", set_at=at(5), note="over to bo"))
    await caller.post("dispositions", disposition("life", code="SOLD", agent="bo", set_at=at(9), callback_at=at(90)))
    await caller.post("appointments", appointment("visit", lead="lead-1", attempt="life", dialer="default"))
    await caller.post("follow-ups", follow_up("letter", lead="lead-1", channel="email"))
    await caller.post("attempts", attempt("life", dialed_at="yesterday"), 422)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_a_life_tells_what_it_counts_as_and_why(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/attempt", **ATTEMPT)
    rows = [texts(line, "t[hd]") for line in re.findall(r"<tr>.*?</tr>", section(page, "How it is counted, and why"))]
    counted = {what: (value, why) for what, value, why in rows[1:]}
    rows_document = await caller.get("reports/rows", metric="attempts", **{"from": "2026-03-02", "to": "2026-03-03"})
    [row] = rows_document["items"]
    for axis in set(AXES) & set(row):
        assert counted[axis.replace("_", " ").capitalize()][0] == row[axis].replace("_", " ")
    assert "overrides the dialer (machine)" in counted["Answered by"][1]
    assert counted["Result"][1].startswith('from disposition "SOLD", received 20')
    assert counted["Source"] == ("fairs", "source of the lead")
    assert counted["Talk time"] == ("3 m 20 s", "reported by the dialer")


async def test_what_was_told_stands_in_order_with_what_it_changed(browser: Browser) -> None:
    page = await browser.look("/attempt", **ATTEMPT)
    history = [texts(item, "li") for item in section(page, "History").split("<li><b>")[1:]]
    assert [len(changes) > 0 for changes in history] == [True] * 5
    assert "Number called: ends with 23" in history[0] or f"Number called: {WHOLE}" in history[0]
    assert "Answered by: machine" in history[1]
    assert "Talk time: 3 m 20 s" in history[2]
    assert "Disposition: XFER → SOLD" in history[4]
    dispositions = section(page, "Dispositions")
    assert texts(dispositions, "h3") == ["XFER, set 2026-03-02 09:05:00", "SOLD, set 2026-03-02 09:09:00"]
    assert "over to bo" in dispositions
    for named in ("visit", "letter", "/dialed_at"):
        assert named in page


async def test_as_of_a_moment_it_is_what_was_believed_then(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/attempt", **ATTEMPT)
    before = await browser.look("/attempt", as_of="2026-03-01T00:00:00Z", **ATTEMPT)
    assert "There was no data on this call at that time." in before
    link = re.findall(r'href="(/attempt\?[^"]*as_of[^"]*)"', page)[0]
    then = await browser.look(unescape(link))
    await caller.post("dispositions", disposition("life", code="OTHER", set_at=at(20)))
    assert texts(await browser.look(unescape(link)), "td") == texts(then, "td")
    assert texts(await browser.look("/attempt", **ATTEMPT), "td") != texts(then, "td")


async def test_numbers_are_whole_only_for_whoever_may_see_them(
    browser: Browser, caller: Caller, new_caller: NewCaller
) -> None:
    assert WHOLE in await browser.look("/attempt", **ATTEMPT)
    assert WHOLE in await browser.look("/lead", external_id="lead-1")
    other = Browser(caller.client)
    await other.sign_in((await new_caller(caller.account_id, scopes=("reports", "rows"))).key)
    for page in (await other.look("/attempt", **ATTEMPT), await other.look("/lead", external_id="lead-1")):
        assert ENDING in page
        assert WHOLE.removeprefix("+") not in page
    few = Browser(caller.client)
    await few.sign_in((await new_caller(caller.account_id, scopes=("reports",))).key)
    for path, named in (("/attempt", ATTEMPT), ("/lead", {"external_id": "lead-1"})):
        assert "scope rows" in await few.look(path, 403, **named)
    stranger = Browser(caller.client)
    await stranger.sign_in((await new_caller()).key)
    assert "There is no call with this ID" in await stranger.look("/attempt", 404, **ATTEMPT)


async def test_of_somebody_erased_it_says_so_and_tells_no_number(browser: Browser, caller: Caller) -> None:
    await caller.post("erasures", {"phone_number": WHOLE})
    for page in (await browser.look("/attempt", **ATTEMPT), await browser.look("/lead", external_id="lead-1")):
        assert "erased" in page
        assert WHOLE.removeprefix("+") not in page
        assert "over to bo" not in page
    assert "has been erased" in await browser.look("/attempt", **ATTEMPT)


async def test_deliveries_that_told_of_it_are_named_and_not_shown(caller: Caller) -> None:
    made = await caller.post("hooks", {"dialer": "vicidial", "campaign": "spring", "code": "floor"})
    path = "/v1/" + made["url"].partition("/v1/")[2]
    assert (await caller.client.get(f"{path}?{dispo()}")).status_code == 200
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/attempt", dialer="floor", external_id="1772461800.4411-12345")
    cells = texts(section(page, "Webhook deliveries"), "td")
    [stored_delivery] = (await caller.get("deliveries"))["items"]
    assert (cells[0], cells[1], cells[4], cells[5]) == (f"{stored_delivery['id']}", "vicidial", "dispo", "taken")
    assert stored_delivery["query"] not in unescape(page)


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({}, "<b>external_id</b>"),
        ({**ATTEMPT, "as_of": "then"}, "<b>as_of</b>"),
        ({**ATTEMPT, "tz": "Nowhere"}, "<b>tz</b>"),
        ({**ATTEMPT, "frob": "1"}, "<b>frob</b>"),
    ],
)
async def test_what_is_wrong_with_the_question_is_said(
    browser: Browser, parameters: dict[str, Any], wrong: str
) -> None:
    assert wrong in await browser.look("/attempt", 400, **parameters)


async def test_a_lead_leads_to_every_call_to_it(browser: Browser, caller: Caller) -> None:
    await caller.post(
        "attempts", [attempt(f"again-{number}", lead="lead-1", dialed_at=at(60 + number)) for number in range(3)]
    )
    page = await browser.look("/lead", external_id="lead-1", tz="Asia/Kathmandu")
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', page)
    assert len(links) == 4
    assert "2026-03-02 14:45:00" in page, "nine o'clock in UTC"
    assert "again-2" in await browser.look(unescape(links[0]))


async def test_a_lead_leads_to_every_call_from_it(browser: Browser, caller: Caller) -> None:
    talked = {"queue": "sales", "queue_seconds": 30, "talk_seconds": 90, "ended_at": at(10)}
    agents = [{"agent": "gus", "state": "left"}, {"agent": "ada", "from_at": at(1)}]
    await caller.post("inbound-calls", inbound_call("call-in", lead="lead-1", participants=agents, **talked), 201)
    page = await browser.look("/lead", external_id="lead-1")
    assert "1 call from this lead" in page
    rows = section(page, "1 call from this lead")
    assert re.findall(r"<td[^>]*>([^<]*)</td>", rows)[-2:] == ["ada", "sales"]
    [link] = re.findall(r'href="(/inbound-call[^"]+)"', rows)
    counted = section(await browser.look(unescape(link)), "How it is counted")
    assert re.search(r"<dt>Agent</dt><dd>ada</dd>", counted), counted

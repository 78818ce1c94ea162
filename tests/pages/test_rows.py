"""The rows of a number: as many as it says, in pages both ways, readable, linked, and downloadable."""

import csv
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.make import at, attempt, lead, spend
from tests.pages.test_attempt import texts
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
CALLS = 250


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over more calls than a page holds; every third has a talk."""
    floor = [
        attempt(f"call-{number:03}", agent="=1+1" if number % 2 else "bo", lead="lead-1", dialed_at=at(number / 10))
        | ({"network_result": "answered", "talk_seconds": 125, "ended_at": at(30)} if number % 3 == 0 else {})
        for number in range(CALLS)
    ]
    await caller.post("attempts", floor)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def calls(page: str) -> list[str]:
    """The calls on a page, in its order."""
    return re.findall(r">(call-\d+)</a>", page)


async def test_pages_lead_through_all_rows_and_back(browser: Browser) -> None:
    page = await browser.look("/look/rows", metric="attempts", **DAY)
    first, seen = calls(page), calls(page)
    assert f"<b>{CALLS} " in page
    while links := re.findall(r'href="([^"]+)" rel="next"', page):
        page = await browser.look(unescape(links[0]))
        seen += calls(page)
    assert len(seen) == len(set(seen)) == CALLS
    while links := re.findall(r'href="([^"]+)" rel="prev"', page):
        page = await browser.look(unescape(links[0]))
    assert calls(page) == first


async def test_rows_without_an_agent_stay_those_on_every_page(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", [attempt(f"call-9{number}", dialed_at=at(60)) for number in range(3)])
    page = await browser.look("/look/rows", metric="attempts", agent="", limit="2", **DAY)
    assert "<b>3 " in page
    assert " · no agent" in page
    [further, *_] = re.findall(r'href="([^"]+)" rel="next"', page)
    assert calls(await browser.look(unescape(further))) == ["call-92"]
    [link] = re.findall(r'href="([^"]+)">CSV', page)
    assert len((await browser.look(unescape(link))).splitlines()) == 4


async def test_it_says_what_the_rows_are_and_what_they_were_narrowed_to(browser: Browser, caller: Caller) -> None:
    parameters = {"metric": "answer_rate", "agent": "bo", "tz": "Asia/Kathmandu", "limit": "5", **DAY}
    page = await browser.look("/look/rows", **parameters)
    entry = await caller.get("metrics/answer_rate")
    text = " ".join(unescape(page).split())
    assert entry["meaning"] in text
    assert " ".join(entry["definition"].split("\n")[0].split()) in text
    assert "2026-03-02 00:00 to 2026-03-03 00:00, Asia/Kathmandu" in text
    assert "Agent bo" in text
    assert "2 m 05 s" in text, "units stand with the numbers"
    assert "2026-03-02 14:45:00" in text, "on the clock that was asked for"
    assert "Empty columns are hidden:" in text
    [below] = re.findall(r'href="([^"]+)">Show all that the rate is measured against', page)
    report = await caller.get("reports", metrics="answer_rate", agent="bo", tz="Asia/Kathmandu", **DAY)
    cell = report["total"]["answer_rate"]
    assert f"<b>{cell['numerator']:.0f} " in text
    assert f"<b>{cell['denominator']:.0f} " in await browser.look(unescape(below))


async def test_every_call_is_a_door_to_its_life_and_every_lead_to_its_calls(browser: Browser) -> None:
    page = await browser.look("/look/rows", metric="attempts", limit="2", **DAY)
    [life, _] = re.findall(r'href="(/attempt[^"]+)">call', page)
    assert "Call <b>call-000</b>" in await browser.look(unescape(life))
    leads = set(re.findall(r'href="(/lead[^"]+)">lead-1<', page))
    assert f"{CALLS} calls, latest first" in await browser.look(unescape(leads.pop()))
    assert not leads


async def test_all_rows_are_taken_along_as_csv_that_no_spreadsheet_runs(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/look/rows", metric="attempts", **DAY)
    [link] = re.findall(r'href="([^"]+)">CSV', page)
    answer = await browser.ask("GET", unescape(link))
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="calltally-attempts-rows-2026-03-02.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert sum(float(row["adds"]) for row in rows) == CALLS
    assert {row["agent"] for row in rows} == {"bo", "'=1+1"}
    document = await caller.get("reports/rows", metric="attempts", limit=1000, **DAY)
    assert list(document["items"][0]) == list(rows[0])
    assert [row["external_id"] for row in rows] == [item["external_id"] for item in document["items"]]
    few = await caller.send("GET", "reports/rows", params={"metric": "attempts", "limit": 3, "format": "csv", **DAY})
    assert len(few.text.splitlines()) == 4
    await caller.get("reports/rows", 400, metric="attempts", format="xlsx", **DAY)


async def test_costs_say_what_they_come_to(browser: Browser, caller: Caller) -> None:
    await caller.post("spend", spend(amount="12.50", currency="USD", from_on="2026-03-02", to_on="2026-03-02"))
    page = await browser.look("/look/rows", metric="marketing_cost", **DAY)
    document: dict[str, Any] = await caller.get("reports/rows", metric="marketing_cost", **DAY)
    assert document["total"] == 12.5
    assert "total $12.50" in page
    assert "$12.50" in texts(page, "td")


async def test_no_rows_are_said_to_be_none(browser: Browser, caller: Caller) -> None:
    assert "No data in this period." in await browser.look("/look/rows", metric="sales", **DAY)
    assert "There are only" in await browser.look("/look/rows", metric="attempts", offset="9000", **DAY)
    await caller.post("leads", lead("lead-9", received_at=at()))
    assert ">lead-9</a>" in await browser.look("/look/rows", metric="leads", **DAY)

"""Service: when callers wait, the service level under each mode, their patience, and who waits to be called back."""

import re
from html import unescape
from typing import Any

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import Item, at, attempt, inbound_call, lead
from tests.pages.test_agents import row_links, words
from tests.pages.test_pages import Browser
from tests.pages.test_quality import table

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03", "tz": "UTC"}


def call(name: str, minute: float, waited: float, **fields: Any) -> Item:
    """A call to the queue billing that an agent answered after some seconds."""
    arrived, answered = at(minute), at(minute + waited / 60)
    usual = {"queue": "billing", "arrived_at": arrived, "queued_at": arrived, "answered_at": answered, "agent": "ada"}
    return inbound_call(name, **{**usual, "ended_at": at(minute + waited / 60 + 2), "outcome": "answered", **fields})


def given_up(name: str, minute: float, waited: float, **fields: Any) -> Item:
    return call(name, minute, waited, answered_at=None, agent=None, outcome="abandoned", **fields) | {
        "ended_at": at(minute + waited / 60)
    }


async def furnish(caller: Caller) -> Browser:
    """30 calls at nine answered within 10 seconds, 30 at noon after a minute; five callers gave up."""
    await caller.post("leads", [lead("L1", owner="bo", phone_number="+14155550123"), lead("L2", owner="bo")])
    quick = [call(f"q{n}", n, 10) for n in range(30)]
    slow = [call(f"s{n}", 180 + n, 60, queue="help") for n in range(30)]
    gone = [given_up(f"g{n}", 185 + n, 10, queue="help") for n in range(3)]
    gone += [given_up("old", 186, 90, queue="help", lead="L1"), given_up("back", 187, 90, queue="help", lead="L2")]
    await caller.post("inbound-calls", [*quick, *slow, *gone])
    await caller.post("attempts", attempt("back", lead="L2", dialed_at=at(300), network_result="answered"))
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


async def test_the_page_names_the_hours_and_queues_in_which_callers_wait(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/service", **DAY)
    # In time: 30 of 30 at nine; at noon none of 32, for three who gave up in time do not count.
    assert any(
        "(20 s, early hang-ups left out) clearly below average: 12:00 0% (" in text
        and "above average: 09:00 100% (" in text
        for text in words(page)
    )
    assert any("clearly below average: help 0% (" in text for text in words(page))
    hours = table(page, "Hours")
    assert hours["12:00"][:4] == ["35", "30", "5", "0%"]
    assert table(page, "Queues")["billing"][:4] == ["30", "30", "0", "100%"]
    # Of five who gave up, two have a lead, and one of these was called back.
    assert table(page, "Calls of each queue")["help"][-1] == "1"


async def test_the_mode_of_the_service_level_is_the_readers_choice(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/service", **DAY)
    shares = dict(re.findall(r"<dt>Service level \(20 s, ([^)]+)\)[^<]*</dt><dd>([^<]+)</dd>", page))
    # 30 in time, 30 answered late, 3 gave up in time and 2 late.
    assert shares == {
        "early hang-ups left out": "48.4%",
        "answered calls only": "50.0%",
        "hang-ups missed": "46.2%",
        "early hang-ups served": "50.8%",
    }
    [link] = [
        unescape(address) for address in re.findall(r'href="(/service\?[^"]*metrics=service_level_positive)"', page)
    ]
    chosen = await browser.look(link)
    # At noon 3 of 35 gave up in time, which counts as served.
    assert table(chosen, "Hours")["12:00"][3] == "9%"
    assert (await browser.ask("GET", "/service?metrics=attempts")).status_code == 400


async def test_callers_who_got_nobody_are_a_list_of_work(caller: Caller, new_caller: NewCaller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/service", **DAY)
    missed = table(page, "Missed calls to return")
    assert [line[1:5] for name, line in missed.items() if name == "2026-03-02 12:06"] == [
        ["bo", "L1", "help", "hung up while waiting"]
    ]
    assert len(missed) == 2, "the caller who was called back is settled, and three are unknown"
    [(behind, count)] = [link for link in row_links(page, "not_called_back") if link[1] == "1"][:1]
    assert count == "1"
    assert "<b>1 " in await browser.look(behind)
    reader = await new_caller(caller.account_id, scopes=("reports",))
    browser = Browser(caller.client)
    await browser.sign_in(reader.key)
    page = await browser.look("/service", **DAY)
    assert ("You do not have access to individual calls" in page, "/look/rows" in page) == (True, False)


async def test_the_list_of_work_names_its_own_period_and_tells_none_left_from_no_calls(caller: Caller) -> None:
    browser = await furnish(caller)
    period = "from 2026-03-02 00:00 to 2026-03-03 00:00"
    assert f"1 caller {period} waits" in re.sub(r"<[^>]+>", "", await browser.look("/service", **DAY))
    await caller.post("attempts", attempt("back-1", lead="L1", dialed_at=at(400), network_result="answered"))
    assert f"All missed callers {period}" in await browser.look("/service", **DAY)
    before = await browser.look("/service", **{**DAY, "from": "2026-02-01", "to": "2026-02-02"})
    assert "No calls came in from 2026-02-01 00:00 to 2026-02-02 00:00 (UTC)." in before


async def test_how_long_callers_wait_counts_those_who_were_answered_as_still_patient(caller: Caller) -> None:
    browser = await furnish(caller)
    page = await browser.look("/service", **DAY)
    [sentence] = [text for text in words(page) if text.startswith("Callers who would still wait")]
    # 3 of 65 hang up after 10 s. Of the 32 who wait longer, 30 are answered at 60 s and 2 hang up at 90 s.
    assert "95% after 20 s, 95% after 60 s." in sentence
    assert "Median patience is 1 m 30 s." in sentence

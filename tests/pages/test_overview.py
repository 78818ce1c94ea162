"""The overview: the API's numbers and verdicts in words, what needs attention, the funnel, and the to-do list."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from service.pages.overview import HOURLY_DAYS
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import at, attempt, attempts
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
TALKED = {"network_result": "answered", "answered_by": "human", "handled": "agent", "ended_at": at(5)}
BUSY = {"network_result": "busy"}
CODES = {
    "SALE": ("sale", "right_party"),
    "APPT": ("appointment", "right_party"),
    "NO": ("not_interested", "right_party"),
}


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over a floor with configured codes and no calls."""
    for code, (result, party) in CODES.items():
        meaning = {"result": result, "party": party, "answered_by": "human", "handled": "agent"}
        await caller.put(f"disposition-codes/{code}", meaning)
    await caller.put("campaigns/spring", {"name": "Spring"})
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def talked(code: str | None, seconds: float = 90, **fields: Any) -> dict[str, Any]:
    """What is fields of a call that a person answered; without a code nobody says with whom it was."""
    outcome = {"disposition": {"code": code, "set_at": at(5)}} if code else {}
    return {**TALKED, "talk_seconds": seconds, **outcome, **fields}


def steps(page: str) -> Iterator[tuple[str, str, str, str, str]]:
    """The steps of the funnel: title, address of the rows, calls, share, and of what."""
    line = r'<tr><th scope="row">([^<]+)</th><td><a href="([^"]+)">([\d,]+)</a></td><td>([^<]+)</td><td[^>]*>([^<]*)'
    for title, address, count, share, of in re.findall(line, page):
        yield title, unescape(address), count, share, of


def text_of(page: str, heading: str) -> str:
    """The text between a heading and the next one."""
    [text] = re.findall(rf"<h[23][^>]*>{heading}</h[23]>(.*?)(?:<h[23]|</section)", page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def reached(days: int) -> dict[str, Any]:
    """A conversation without a success, some days later."""
    return talked("NO", ended_at=at(30, days=days), disposition={"code": "NO", "set_at": at(30, days=days)})


async def test_each_step_is_a_share_of_what_it_is_part_of_and_leads_to_its_rows(
    browser: Browser, caller: Caller
) -> None:
    """A sale in a short call is a sale, and no part of the conversations."""
    await caller.post(
        "attempts",
        [
            *attempts(4, "busy", network_result="busy", ended_at=at(1)),
            *attempts(3, "machine", network_result="answered", answered_by="machine", ended_at=at(1)),
            *attempts(2, "person", **talked(None)),
            *attempts(5, "no", **talked("NO", 70)),
            *attempts(2, "short-no", **talked("NO", 30)),
            attempt("sale", **talked("SALE")),
            *attempts(9, "short-sale", **talked("SALE", 20)),
            *attempts(2, "meeting", **talked("APPT")),
        ],
    )
    page = await browser.look("/overview", **DAY)
    funnel = list(steps(page))
    assert [(title, count, share, of) for title, _, count, share, of in funnel] == [
        ("Calls", "28", "-", ""),
        ("Answered", "24", "85.7%", "calls"),
        ("Reached a person", "21", "87.5%", "answered calls"),
        ("Reached the right contact", "19", "90.5%", "people reached"),
        ("Conversations", "8", "42.1%", "right contacts"),
        ("Appointments", "2", "25.0%", "conversations"),
        ("Sales", "10", "12.5%", "conversations"),
    ]
    assert "9 more in other calls" in page
    assert "Largest drop: Conversations, 42.1% of right contacts." in unescape(page)
    for _, address, count, _, _ in funnel:
        assert f"<b>{count} " in await browser.look(address)
    goals = await browser.look("/overview", **DAY, goal="appointment")
    assert list(steps(goals))[-1][2:] == funnel[-1][2:], "a sale is a sale, whatever the goal"


async def test_a_change_is_told_in_words_with_the_verdict_of_the_api(browser: Browser, caller: Caller) -> None:
    before = [attempt(f"was-{n}", dialed_at=at(days=-7), **talked("NO" if n < 60 else None)) for n in range(100)]
    for call in before:
        call |= {"ended_at": at(5, days=-7)}
        if "disposition" in call:
            call |= {"disposition": {"code": "NO", "set_at": at(5, days=-7)}}
    now = [attempt(f"now-{n}", **(talked("SALE") if n < 20 else {"network_result": "busy"})) for n in range(100)]
    await caller.post("attempts", before + now)
    total = (await caller.get("reports/outbound", compare="week", **DAY))["total"]
    page = await browser.look("/overview", compare="week", **DAY)
    headlines = text_of(page, "Key metrics")
    assert total["dial_efficiency"]["verdict"] == "worse"
    assert total["conv_per_conversation"]["verdict"] == "better"
    assert total["attempts"]["verdict"] == "cannot_tell"
    worry = text_of(page, "Metrics")
    assert "Dial efficiency: 20% . Down 80 pts from 100% (significant)." in worry
    assert "Significantly better: Conversion per conversation" in worry
    cards = re.findall(r'title="Definition: (\w+)">.*?<span class="badge (\w+)">([^<]+)</span>', page, re.DOTALL)
    judged = {name: (kind, text.endswith(", significant")) for name, kind, text in cards}
    kinds = {"better": ("good", True), "worse": ("bad", True), "cannot_tell": ("neutral", False)}
    compared = {name: kinds[cell["verdict"]] for name, cell in total.items() if cell.get("verdict") in kinds}
    assert {name: judged[name] for name in compared if name in judged} == {
        name: verdict for name, verdict in compared.items() if name in judged
    }
    assert len(compared) >= 3
    assert "Dial efficiency is significantly worse" in text_of(page, "Needs attention")
    assert "Compared with Mon, Feb 23, 2026, as known on" in headlines


async def test_an_agent_needs_attention_only_if_the_difference_is_significant(browser: Browser, caller: Caller) -> None:
    """Of four agents one sells to every tenth of those whom the others sell to; then all sell alike."""
    for agent, sold in {"ada": 40, "bo": 42, "cy": 38, "di": 4}.items():
        made = [attempt(f"{agent}-{n}", agent=agent, **talked("SALE" if n < sold else "NO")) for n in range(200)]
        await caller.post("attempts", made)
    page = await browser.look("/overview", **DAY)
    worry = text_of(page, "Agents")
    assert re.search(
        r"below average di : success rate \(sale, .*\) 2% \(4 of 200 contacts\), all agents 15.5%;",
        worry,
    )
    assert "last of 4 (significant)." in worry
    assert "/agent?" in page
    assert "agent=di" in page
    report = await caller.get("reports", metrics="conv_per_contact", by="agent", **DAY)
    likely = {group["group"]["agent"]: group["cells"]["conv_per_contact"] for group in report["groups"]}
    assert [agent for agent, cell in likely.items() if cell["shrunk_high"] < 124 / 800] == ["di"]
    alone = text_of(await browser.look("/overview", **DAY, agent="ada"), "Agents")
    assert "Not enough data to compare agents: fewer than two of them had a contact." in alone


async def test_agents_who_sell_alike_cannot_be_told_apart(browser: Browser, caller: Caller) -> None:
    for agent, sold in {"ada": 5, "bo": 6, "cy": 3}.items():
        made = [attempt(f"{agent}-{n}", agent=agent, **talked("SALE" if n < sold else "NO")) for n in range(30)]
        await caller.post("attempts", made)
    worry = text_of(await browser.look("/overview", **DAY), "Agents")
    assert "no clear difference No agent is significantly below average. Lowest: cy : success rate" in worry
    assert "10% (3 of 30 contacts)" in worry


async def test_of_agents_with_the_same_rate_none_is_the_lowest(browser: Browser, caller: Caller) -> None:
    for agent in ("ada", "bo", "cy"):
        made = [attempt(f"{agent}-{n}", agent=agent, **talked("SALE" if n < 3 else "NO")) for n in range(30)]
        await caller.post("attempts", made)
    worry = text_of(await browser.look("/overview", **DAY), "Agents")
    assert "no clear difference All agents have the same success rate (10%)." in worry
    assert "Lowest" not in worry


async def test_a_week_with_better_numbers_and_none_worse_is_not_called_undecided(
    browser: Browser, caller: Caller
) -> None:
    for days, sold in ((0, 60), (-7, 6)):
        when = {"dialed_at": at(days=days)}
        made = [attempt(f"call{days}-{n}", **talked("SALE" if n < sold else "NO"), **when) for n in range(100)]
        await caller.post("attempts", made)
    total = (await caller.get("reports/outbound", compare="week", **DAY))["total"]
    assert "worse" not in {cell.get("verdict") for cell in total.values()}
    worry = text_of(await browser.look("/overview", compare="week", **DAY), "Metrics")
    assert "better No key metric is significantly worse than in the compared period." in worry
    page = await browser.look("/overview", compare="week", **DAY)
    assert "Up 54 pts, significant" in page


async def test_a_long_time_is_drawn_by_days_and_no_time_is_refused(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", attempts(3, **talked("NO")))
    assert "Calls by hour" in await browser.look("/overview", **DAY)
    page = await browser.look("/overview", **{"from": "2026-02-01", "to": "2026-03-03"})
    assert "Calls by day" in page
    assert "Busiest day: Mon, Mar 2, 2026 with 3 calls." in page
    assert "Calls by hour" not in page
    assert HOURLY_DAYS < 30
    assert 'name="from" value="yesterday" aria-invalid="true"' in await browser.look(
        "/overview", 400, **{"from": "yesterday"}
    )
    empty = await browser.look("/overview", **{"from": "2025-01-06", "to": "2025-01-07"})
    assert "There is no data in this period." in text_of(empty, "Needs attention")


async def test_what_waits_is_said_with_what_to_do_and_items_only_to_whoever_may_see_them(
    browser: Browser, caller: Caller, new_caller: NewCaller
) -> None:
    clear = text_of(await browser.look("/overview", **DAY), "To do")
    assert "Nothing to do" in clear
    await caller.post("attempts", [attempt(f"new-{n}", **talked("DUNNO", campaign="sprong")) for n in range(3)])
    await caller.post("attempts", attempt("bad", to_number="+14155550199", talk_seconds=-3), 422)
    page = await browser.look("/overview", **DAY)
    for heading, code in (
        ("New campaign names", "sprong"),
        ("Unmapped disposition codes", "DUNNO"),
    ):
        assert f"{code} : 3 calls in this period" in text_of(page, heading)
    links = re.findall(r"<b>(?:sprong|DUNNO)</b>(?:</a>)?: <a href=\"([^\"]+)\">3</a>", page)
    assert len(links) == 2
    for link in links:
        assert "<b>3 " in await browser.look(unescape(link))
    assert '<a href="/to-do/rejected">1 item</a>' in page
    items = await browser.look("/to-do/rejected")
    assert "<b>/talk_seconds</b>" in items
    assert "+14155550199" in items
    reader = await new_caller(caller.account_id, scopes=("reports", "rows"))
    other = Browser(caller.client)
    await other.sign_in(reader.key)
    theirs = await other.look("/overview", **DAY)
    assert "You need access to the configuration" in theirs
    assert "/to-do/rejected" not in theirs
    refused = await other.look("/to-do/rejected", 403)
    assert "configure or admin" in refused
    assert "+14155550199" not in refused


async def test_the_funnel_states_nothing_that_the_calls_do_not_tell(caller: Caller) -> None:
    """Six calls were answered by nobody knows whom; six more ended without any result."""
    await caller.post(
        "attempts",
        [
            *attempts(6, "answered", network_result="answered", ended_at=at(1)),
            *attempts(6, "ended", ended_at=at(1)),
        ],
    )
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = unescape(await browser.look("/overview", **DAY))
    shown = {title: (count, share) for title, _, count, share, _ in steps(page)}
    assert shown["Answered"] == ("6", "50.0%")
    assert shown["Reached a person"] == ("0", "not enough data (0-100%)")
    assert "12 calls: 0 to 12 reached the right contact" in page
    assert "12 calls, 0 to 12 reached the right contact" in page
    assert "Reached a person, 0.0%" not in page


async def test_a_card_has_its_trend_by_day_the_period_before_behind_it_and_its_target(
    browser: Browser, caller: Caller
) -> None:
    """Ten calls a day, of which 2, 5 and 8 are answered; a week before, of ten calls a day 4."""
    for days, answered in {0: 2, 1: 5, 2: 8, -7: 4, -6: 4, -5: 4}.items():
        made = [
            attempt(f"call{days}-{n}", dialed_at=at(n, days=days), **(reached(days) if n < answered else BUSY))
            for n in range(10)
        ]
        await caller.post("attempts", made)
    await caller.put("targets/dial_efficiency", {"value": 0.9}, 201)
    page = await browser.look("/overview", **{"from": "2026-03-02", "to": "2026-03-05"}, compare="week")
    [card] = re.findall(r"<li>\s*<h3><a[^>]*Definition: dial_efficiency.*?</li>", page, re.DOTALL)
    assert "Target 90" in card
    assert '<span class="badge bad">Below target</span>' in card
    assert "/look/outbound?" in card
    [ghost] = re.findall(r'<polyline class="ghost" points="([^"]+)"', card)
    [line] = re.findall(r'<polyline points="([^"]+)"', card)
    heights = [float(point.split(",")[1]) for point in line.split()]
    before = {float(point.split(",")[1]) for point in ghost.split()}
    assert heights == [29.0, 16.0, 3.0], "from the least to the most, evenly"
    assert len(before) == 1
    assert "<!--trend" not in page

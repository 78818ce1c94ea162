"""Agents: who surely stands out and who does not, one agent against all agents, and the callbacks due."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

import pytest

from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, service
from tests.make import at, attempt, lead
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
CODES = {
    "SALE": {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"},
    "NO": {"result": "not_interested", "answered_by": "human", "handled": "agent", "party": "right_party"},
}
# How many contacts each agent had, and how many of them were sold to.
FLOOR = {"ada": (60, 40), "bo": (60, 38), "cy": (60, 4), "dee": (3, 3), "eve": (60, 41)}
TALKS = (10, 45, 90, 200, 400, 700)


def contacts(agent: str, count: int, sold: int) -> list[dict[str, Any]]:
    """Contacts in three hours of the morning, of all lengths in turn."""
    return [
        attempt(
            f"{agent}-{number}",
            agent=agent,
            dialed_at=at(3 * number),
            ended_at=at(3 * number + 12),
            network_result="answered",
            talk_seconds=TALKS[number % len(TALKS)],
            disposition={"code": "SALE" if number < sold else "NO", "set_at": at(3 * number + 1)},
        )
        for number in range(count)
    ]


async def floor(caller: Caller, agents: Iterable[str]) -> Browser:
    """A signed-in browser, over a floor of these agents."""
    for code, axes in CODES.items():
        await caller.put(f"disposition-codes/{code}", axes)
    for agent in agents:
        await caller.post("attempts", contacts(agent, *FLOOR[agent]))
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def words(page: str) -> list[str]:
    """The summaries of the charts on a page."""
    return [unescape(summary) for summary in re.findall(r'<p class="words">(.*?)</p>', page)]


def row_links(page: str, metric: str) -> list[tuple[str, str]]:
    """The numbers of a metric with a drill-through link: the address, and the text."""
    links = re.findall(rf'<a href="(/look/rows\?metric={metric}&amp;[^"]+)">([^<]+)</a>', page)
    return [(unescape(address), text) for address, text in links]


async def test_whoever_clearly_stands_out_is_named_first_and_nobody_else(caller: Caller) -> None:
    browser = await floor(caller, FLOOR)
    page = await browser.look("/agents", **DAY)
    summary = words(page)[0]
    assert "qualified lead per contact) 52%." in summary, "126 of 243"
    below, above = summary.split("Below average: ")[1].split("Above average: ")
    assert re.findall(r"(\w+) ([\d.]+%) of (\d+) contacts", below) == [("cy", "7%", "60")]
    assert "eve 68% of 60" in above
    assert "dee" not in summary, "three of three are no proof"


async def test_where_nobody_stands_out_the_page_says_so(caller: Caller) -> None:
    browser = await floor(caller, ("ada", "bo", "eve"))
    summary = words(await browser.look("/agents", **DAY))[0]
    assert "No agent is clearly better or worse; the differences are within normal variation." in summary
    lone = words(await browser.look("/agents", agent="ada", **DAY))[0]
    assert lone == "Not enough data to compare agents: fewer than two of them had a contact."


async def test_an_agents_page_has_the_apis_numbers_beside_those_of_all(caller: Caller) -> None:
    browser = await floor(caller, ("ada", "cy"))
    page = await browser.look("/agents", **DAY)
    link = re.findall(r'<th scope="row"><a href="([^"]+)">cy</a>', page)[0]
    page = await browser.look(unescape(link))
    [(mine, value), (whole, all_value)] = row_links(page, "conv_per_contact")
    assert (value, all_value) == ("7%", "37%")
    for address, count in ((mine, 4), (whole, 44)):
        assert f"<b>{count} " in await browser.look(address)
    report = await caller.get("reports", metrics="answer_rate,avg_talk_time", agent="cy", **DAY)
    assert report["total"]["avg_talk_time"]["numerator"] == sum(TALKS) * 10
    assert "worse than average" in page
    assert "<td>2 of 2 (2-2)</td>" in page


async def test_hours_and_lengths_of_an_agents_page_are_those_of_the_calls(caller: Caller) -> None:
    browser = await floor(caller, ("cy",))
    page = await browser.look("/agent", agent="cy", **DAY)
    tables = [part.split("</table>")[0] for part in page.split("<tbody>")[1:]]
    lengths = next(table for table in tables if "under 30 s" in table)
    assert [int(text) for _, text in row_links(lengths, "attempts")][: len(TALKS)] == [10] * len(TALKS)
    hours = next(table for table in tables if ">09:00<" in table)
    assert [int(text) for _, text in row_links(hours, "attempts")] == [20, 20, 20, 60]
    summaries = words(page)
    assert "Busiest hour: 09:00 with 20 calls." in summaries[0]
    assert "No hour reaches the right contact clearly more often" in summaries[0]
    assert summaries[1] == "60 talks: 17% ended within 30 seconds, 67% lasted a minute or longer."
    assert summaries[2] == "Most frequent of 60 dispositions: NO (93.3%), SALE (6.7%)."


async def test_promised_callbacks_wait_oldest_first_for_whoever_may_see_them(
    caller: Caller, new_caller: NewCaller
) -> None:
    await caller.put("disposition-codes/LATER", {"result": "callback_requested", "next_step": "callback"})
    due = {"lead-a": 300, "lead-b": 120, "lead-c": 200, "lead-d": 150}
    await caller.post("leads", [lead(name) for name in due])
    promises = [
        attempt(
            f"call-{name}",
            agent="ada",
            lead=name,
            ended_at=at(1),
            disposition={"code": "LATER", "set_at": at(2), "callback_at": at(minutes)},
        )
        for name, minutes in due.items()
    ]
    callback = attempt("kept", agent="bo", lead="lead-d", dialed_at=at(151), ended_at=at(152))
    await caller.post("attempts", [*promises, callback])
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    page = await browser.look("/agent", agent="ada", **DAY)
    assert re.findall(r'external_id=(lead-\w)&amp;tz=UTC">lead-\w</a></th><td>([\d: -]+)</td>', page) == [
        ("lead-b", "2026-03-02 11:00"),
        ("lead-c", "2026-03-02 12:20"),
        ("lead-a", "2026-03-02 14:00"),
    ]
    [(behind, count)] = row_links(page, "callback_backlog")
    assert count == "3"
    assert "<b>3 " in await browser.look(behind)
    reader = await new_caller(caller.account_id, scopes=("reports",))
    browser = Browser(caller.client)
    await browser.sign_in(reader.key)
    page = await browser.look("/agent", agent="ada", **DAY)
    assert "You do not have access to individual calls and leads" in page
    assert "lead-a" not in page


@pytest.mark.parametrize("parameters", [{}, {"agent": "nobody"}, {"agent": ["ada", "bo"]}])
async def test_an_agents_page_is_about_one_agent_that_there_is(caller: Caller, parameters: dict[str, Any]) -> None:
    browser = await floor(caller, ("ada", "bo"))
    answer = await browser.ask("GET", "/agent", params={**parameters, **DAY})
    assert (answer.status_code, "<b>agent</b>" in answer.text) == (400, True)


async def test_an_agent_is_found_by_another_spelling_and_told_of_when_idle(caller: Caller) -> None:
    browser = await floor(caller, ("ada",))
    await caller.put("agents/ADA", {"merged_into": "ada"})
    page = await browser.look("/agent", agent="ADA", **DAY)
    assert "<h1>ada</h1>" in page
    assert row_links(page, "attempts")[0][1] == "60"
    page = await browser.look("/agent", agent="ada", **{"from": "2026-01-05", "to": "2026-01-06"})
    assert "No data in this period" in page


async def test_agents_whose_contacts_are_in_doubt_are_not_said_to_have_had_none(caller: Caller) -> None:
    usual: dict[str, Any] = {"network_result": "answered", "answered_by": "human", "talk_seconds": 90}
    for agent in ("ada", "bo"):
        await caller.post("attempts", [attempt(f"{agent}-{n}", agent=agent, **usual) for n in range(3)])
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    summary = words(await browser.look("/agents", **DAY))[0]
    assert summary == "Not enough data to compare agents: too many calls have an unknown outcome."

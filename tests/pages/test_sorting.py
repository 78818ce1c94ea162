"""Tables: sorting through the address gives the API's groups in Python's order, and what is narrowed stays narrowed."""

import re
from html import unescape
from itertools import product
from typing import Any

import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.make import at, attempt
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

DAY = {"from": "2026-03-02", "to": "2026-03-03"}
SALE = {"result": "sale", "answered_by": "human", "handled": "agent", "party": "right_party"}
# By agent and campaign: how many calls, how many of them answered, how many of those sold.
FLOOR = {
    ("ada", "spring"): (9, 6, 3),
    ("ada", "summer"): (4, 4, 0),
    ("bo", "spring"): (9, 3, 3),
    ("bo", "autumn"): (2, 0, 0),
    ("<i>cy", "summer"): (5, 2, 1),
    (None, "summer"): (7, 0, 0),
}
# The same day as the form sends it.
LAST_DAY = {"from": "2026-03-02", "through": "2026-03-02"}
COLUMNS = ("attempts", "answer_rate", "conv_per_contact", "avg_talk_time", "agent", "campaign")


def calls() -> list[dict[str, Any]]:
    made = list[dict[str, Any]]()
    for (agent, campaign), (tried, answered, sold) in FLOOR.items():
        for number in range(tried):
            fields: dict[str, Any] = {"network_result": "answered" if number < answered else "no_answer"}
            if number < sold:
                fields |= {"disposition": {"code": "SALE", "set_at": at(number)}, "talk_seconds": 30 * (number + 1)}
            name = f"{agent}-{campaign}-{number}"
            made.append(attempt(name, agent=agent, campaign=campaign, dialed_at=at(number), ended_at=at(60), **fields))
    return made


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """Somebody who is signed in, over a floor of three agents."""
    await caller.put("disposition-codes/SALE", SALE)
    await caller.post("attempts", calls())
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def lines(page: str) -> list[tuple[str, ...]]:
    """The heads of the lines of a page's first table."""
    body = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[0]
    rows = (re.findall(r'<th scope="row">(.*?)</th>', row) for row in re.findall(r"<tr>(.*?)</tr>", body))
    return [tuple(unescape(re.sub(r"<[^>]+>", "", name)) for name in row) for row in rows]


def titles(page: str) -> dict[str, tuple[str | None, str]]:
    """How each column of the first table is sorted, and the address that sorts by it, by its title."""
    head = re.findall(r"<thead>(.*?)</thead>", page, re.DOTALL)[0]
    columns = re.findall(r'<th scope="col"(?: aria-sort="(\w+)")?><a class="sorts" href="([^"]+)">([^<]+)', head)
    return {title: (order or None, unescape(address)) for order, address, title in columns}


async def test_a_sorted_page_holds_the_apis_groups_in_the_order_that_python_gives(
    browser: Browser, caller: Caller
) -> None:
    groups = (await caller.get("reports/calls", by="agent,campaign", **DAY))["groups"]
    assert len(groups) == len(FLOOR)
    for name, sign in product(COLUMNS, ("", "-")):

        def value(group: dict[str, Any], name: str = name) -> Any:
            return group["group"][name] if name in group["group"] else group["cells"][name]["value"]

        known = [group for group in groups if value(group) is not None]
        expected = sorted(known, key=value, reverse=sign == "-") + [group for group in groups if value(group) is None]
        page = await browser.look("/look/calls", by="agent,campaign", sort=f"{sign}{name}", **DAY)
        named = [(line["group"]["agent"] or "no agent", line["group"]["campaign"]) for line in expected]
        assert lines(page) == named, (name, sign)


async def test_a_title_sorts_by_its_column_and_turns_the_order_round(browser: Browser) -> None:
    page = await browser.look("/look/calls", by="agent", campaign="summer", **DAY)
    assert {title: order for title, (order, _) in titles(page).items() if order} == {"Attempts": "descending"}
    assert lines(page) == [("no agent",), ("<i>cy",), ("ada",)], "the most calls first"
    for expected in ("descending", "ascending", "descending"):
        page = await browser.look(titles(page)["Answer rate"][1])
        assert titles(page)["Answer rate"][0] == expected
        assert [order for order, _ in titles(page).values()].count(None) == len(titles(page)) - 1
        assert set(lines(page)) == {("ada",), ("<i>cy",), ("no agent",)}, "still only the summer's"
    page = await browser.look(titles(page)["Agent"][1])
    assert titles(page)["Agent"][0] == "ascending"
    assert lines(page) == [("<i>cy",), ("ada",), ("no agent",)]


async def test_what_cannot_be_sorted_by_or_shown_is_named(browser: Browser) -> None:
    for parameters in (
        {"sort": "frob"},
        {"sort": "--attempts"},
        {"show": "0"},
        {"show": "9" * 5_000},
        {"show": "some"},
    ):
        page = await browser.look("/look/calls", 400, **parameters, **DAY)
        assert f"<b>{next(iter(parameters))}</b>" in page


async def test_many_lines_are_shown_by_degrees(browser: Browser) -> None:
    page = await browser.look("/look/calls", by="agent,campaign", show="2", sort="-attempts", **DAY)
    assert lines(page) == [("ada", "spring"), ("bo", "spring")]
    assert "Showing 2 of 6." in page
    [further] = re.findall(r'<a class="button" href="([^"]+)">Show more</a>', page)
    page = await browser.look(unescape(further))
    assert len(lines(page)) == 6
    assert "Showing" not in page


async def test_a_form_keeps_what_it_has_no_field_for_and_every_value_of_one(browser: Browser) -> None:
    parameters = {
        "by": "agent",
        "agent": ["ada", "bo"],
        "tracking_number": "",
        "stratify": "source",
        "sort": "-attempts",
    }
    answer = await browser.ask("GET", "/look/calls", params={**parameters, **DAY})
    assert answer.status_code == 200, answer.text
    form = re.findall(r'<form method="get".*?</form>', answer.text, re.DOTALL)[0]
    fields = re.findall(r'<input(?: type="(?:date|hidden|text)")? name="(\w+)" value="([^"]*)"', form)
    fields += re.findall(r'<input type="checkbox" name="(\w+)" value="([^"]*)" checked', form)
    filled = [(name, value) for name, value in fields if value]
    agents = [("agent", "ada"), ("agent", "bo")]
    rest = [("by", "agent"), ("sort", "-attempts"), ("stratify", "source"), *LAST_DAY.items()]
    assert sorted(filled) == sorted([*agents, *rest])
    again = await browser.ask("GET", "/look/calls", params=fields)
    assert lines(again.text) == lines(answer.text) == [("ada",), ("bo",)]


async def test_a_bar_lies_where_its_interval_lies_on_the_scale_of_its_column(browser: Browser, caller: Caller) -> None:
    """The API's interval, on a line through any two of the ticks."""
    groups = (await caller.get("reports", metrics="answer_rate", by="agent", **DAY))["groups"]
    page = await browser.look("/look/calls", by="agent", **DAY)
    body = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[0]
    drawn = list[tuple[float, float, float]]()
    for row in re.findall(r"<tr>(.*?)</tr>", body):
        [x, width, tick] = re.findall(
            r'class="interval" x="([\d.]+)" y="4" width="([\d.]+)".*?class="tick" x="(-?[\d.]+)"', row
        )[0]
        drawn.append((float(x), float(x) + float(width), float(tick) + 1.5))
    cells = {group["group"]["agent"]: group["cells"]["answer_rate"] for group in groups}
    ada, bo = cells["ada"], cells["bo"]
    agents = [line[0] for line in lines(page)]
    at_ada, at_bo = (drawn[agents.index(name)] for name in ("ada", "bo"))
    unit = (at_ada[2] - at_bo[2]) / (ada["value"] - bo["value"])
    for cell, (low, high, tick) in ((ada, at_ada), (bo, at_bo)):
        for end, place in (("ci_low", low), ("ci_high", high)):
            if 0 < place < 100:
                assert place - tick == pytest.approx(unit * (cell[end] - cell["value"]), abs=0.3)


async def test_a_title_leads_to_the_definition(browser: Browser, caller: Caller) -> None:
    page = await browser.look("/look/marketing", **DAY)
    catalogue = {entry["name"]: entry for entry in (await caller.get("metrics"))["items"]}
    defined = set(re.findall(r'href="/definitions/(\w+)"', page))
    assert {"cac", "marketing_cost", "marketing_roi"} <= defined <= set(catalogue)
    for name in ("marketing_roi", "avg_talk_time"):
        assert catalogue[name]["meaning"] in unescape(await browser.look(f"/definitions/{name}"))
    assert "There is no metric of this name" in await browser.look("/definitions/frob", 404)

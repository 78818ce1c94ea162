"""Best time to call: hours on the clock of the called person, named only if they differ by more than chance."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from reports.charts.best_time import MIN_CALLS
from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.make import attempt
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "new_caller", "service"]

HOUR = "callee_hour_of_week"
WEEK = {"from": "2026-03-02", "to": "2026-03-09"}
LOS_ANGELES = "+14155550100"
REACHED = {"network_result": "answered", "disposition": {"code": "NO"}}
MISSED = {"network_result": "no_answer"}


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    """A signed-in browser, over a floor without calls."""
    meaning = {"result": "not_interested", "party": "right_party", "answered_by": "human", "handled": "agent"}
    await caller.put("disposition-codes/NO", meaning)
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def calls(when: datetime, reached: int, tried: int, **fields: Any) -> list[dict[str, Any]]:
    """So many calls in the hour that begins then, the first of them to the right party."""
    moments = [when + timedelta(seconds=n) for n in range(tried)]
    return [
        attempt(
            f"{when:%a-%H}-{fields.get('to_number', LOS_ANGELES)}-{n}",
            dialed_at=moment.isoformat(),
            ended_at=(moment + timedelta(minutes=5)).isoformat(),
            **{"to_number": LOS_ANGELES, **(REACHED if n < reached else MISSED), **fields},
        )
        for n, moment in enumerate(moments)
    ]


def lines(page: str) -> Iterator[tuple[str, str, list[str]]]:
    """The lines of the table: hour, address of the rows, and the other cells."""
    for line in re.findall(r"<tr[^>]*>(<th scope=\"row\">\w{3} .*?)</tr>", page, re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
        address = re.findall(r'href="([^"]+)"', line)
        yield cells[0], unescape(address[0]) if address else "", cells[1:]


async def test_hours_are_those_where_they_are_and_few_calls_tell_nothing(browser: Browser, caller: Caller) -> None:
    """Nine in California is five in the afternoon in London; of four hours one is good, one bad, one thin."""
    await caller.post(
        "attempts",
        [
            *calls(datetime(2026, 3, 2, 17, tzinfo=UTC), 45, 60),
            *calls(datetime(2026, 3, 3, 18, tzinfo=UTC), 2, 60),
            *calls(datetime(2026, 3, 4, 19, tzinfo=UTC), 24, 60),
            *calls(datetime(2026, 3, 5, 20, tzinfo=UTC), 9, MIN_CALLS - 1),
            *calls(datetime(2026, 3, 6, 20, tzinfo=UTC), 4, 10, to_number="not a number"),
        ],
    )
    page = await browser.look("/best-time", **WEEK)
    hours = {hour: (address, cells) for hour, address, cells in lines(page)}
    assert {hour: (cells[0], cells[3], cells[4]) for hour, (_, cells) in hours.items()} == {
        "Mon 09:00": ("75%", "60", "significantly better"),
        "Tue 10:00": ("3%", "60", "significantly worse"),
        "Wed 11:00": ("40%", "60", "no clear difference"),
        "Thu 12:00": ("31%", "29", "not enough data"),
    }
    words = unescape(page)
    assert "Significantly better: Mon 09:00 (63-84%, n 60)." in words
    assert "Significantly worse: Tue 10:00 (0.9-11%, n 60)." in words
    assert "1 hour has fewer than 30 calls" in words
    assert "10 calls have no hour" in words
    assert "<b>45 " in await browser.look(hours["Mon 09:00"][0])
    assert "<b>9 " in await browser.look(hours["Thu 12:00"][0])
    report = await caller.get("reports", metrics="rpc_rate", by="callee_hour_of_week", **WEEK)
    [monday] = [group["cells"]["rpc_rate"] for group in report["groups"] if group["group"] == {HOUR: "Mon 09:00"}]
    whole = [f"{100 * monday[part]:.0f}%" for part in ("value", "ci_low", "ci_high")]
    assert whole == hours["Mon 09:00"][1][:3]


async def test_where_every_hour_has_few_calls_a_sentence_stands_alone(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", calls(datetime(2026, 3, 2, 17, tzinfo=UTC), 3, MIN_CALLS - 1))
    page = await browser.look("/best-time", **WEEK)
    assert "No hour of the week has 30 calls yet." in page
    assert 'class="specification"' not in page
    assert "NaN" not in await browser.look("/charts/best-time", **WEEK)


async def test_hours_alike_are_not_told_apart(browser: Browser, caller: Caller) -> None:
    monday = datetime(2026, 3, 2, 17, tzinfo=UTC)
    await caller.post("attempts", [call for day in range(4) for call in calls(monday + timedelta(days=day), 20, 60)])
    page = unescape(await browser.look("/best-time", **WEEK))
    assert "No clear difference between the 4 hours with 30 calls or more." in page
    assert "Significantly better" not in page


async def test_the_rate_is_chosen_in_the_address_and_the_time_is_four_weeks(browser: Browser, caller: Caller) -> None:
    await caller.post("attempts", calls(datetime(2026, 3, 2, 17, tzinfo=UTC), 30, 60))
    page = await browser.look("/best-time", metrics="answer_rate", **WEEK)
    assert "Answer rate of all calls: 50%." in page
    assert '<b aria-current="true">Answer rate</b>' in page
    for address in re.findall(r'href="(/charts/best-time\?[^"]+)"', page):
        image = await browser.ask("GET", unescape(address))
        assert image.status_code == 200
        assert image.headers["content-type"].startswith("image/")
    refused = unescape(await browser.look("/best-time", 400, metrics="attempts"))
    assert "<b>metrics</b> must be one of rpc_rate, answer_rate, human_rate, conv_per_attempt" in refused
    assert "<b>First day</b>" in await browser.look("/best-time", 400, **{"from": "yesterday"})
    usual = await browser.look("/best-time")
    start, end = (
        date.fromisoformat(re.findall(rf'name="{edge}" value="([\d-]+)"', usual)[0]) for edge in ("from", "through")
    )
    assert end - start == timedelta(days=27), "four full weeks"
    assert "No data in this period" in usual

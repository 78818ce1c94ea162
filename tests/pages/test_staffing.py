"""The staffing page: a forecast with its rows, calls of one's own, and what to do without a history."""

import re
from html import unescape

import pytest

from tests.api.conftest import Caller, caller, client, new_caller, service
from tests.api.test_staffing import NEXT, floor
from tests.pages.test_pages import Browser

__all__ = ["caller", "client", "floor", "new_caller", "service"]


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    browser = Browser(caller.client)
    await browser.sign_in(caller.key)
    return browser


def cells(page: str, heading: str) -> list[str]:
    """The cells of the line that begins with a heading."""
    line = re.findall(rf"<tr><th scope=\"row\">{heading}</th>(.*?)</tr>", page, re.DOTALL)[0]
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", line, re.DOTALL)]


async def test_a_forecast_shows_each_interval_and_the_calls_behind_it(floor: Caller, browser: Browser) -> None:
    parameters = {"queue": "service", "patience": "none", "weeks": "3", "shrinkage": "50", **NEXT}
    page = unescape(await browser.look("/staffing", **parameters))
    plan = await floor.get("staffing", **parameters)
    ten = next(interval for interval in plan["intervals"] if "T10:00" in interval["starts_at"])
    low, high = ten["calls"]["low"], ten["calls"]["high"]
    shown = cells(page, "10:00")
    assert shown[:5] == ["6", f"{low}-{high}", "2", f"{ten['agents_low']}-{ten['agents_high']}", "4"]
    assert shown[5] == "88.1%"
    assert shown[-2:] == ["42.6%", "98.1%"]
    assert "Most agents: 2 on Mon, Mar 30, 2026 10:00 (range" in page
    assert "Forecast from 21 calls between 2026-03-09 and 2026-03-29" in page
    assert "One more agent: service level 98.1% instead of 88.1%" in page
    link = re.findall(r'<th scope="row">10:00</th><td><a href="([^"]+)">', page)[0]
    assert "<b>18 " in await browser.look(link)


async def test_a_form_keeps_its_values_and_other_pages_do_not_take_its_days_along(
    floor: Caller, browser: Browser
) -> None:
    page = await browser.look("/staffing", target="90/10", campaign="spring", calls="100", handle_time="180")
    assert 'name="target" value="90/10"' in page
    assert '<input type="hidden" name="campaign" value="spring">' in page
    assert 'href="/agents?campaign=spring"' in page
    page = await browser.look("/staffing", weeks="3", **NEXT)
    assert 'href="/agents?tz=Europe%2FBerlin"' in page


async def test_calls_of_ones_own_show_one_queue_and_its_neighbours(browser: Browser) -> None:
    page = unescape(await browser.look("/staffing", calls="100", handle_time="180", shrinkage="30"))
    assert "14 agents, 20 to schedule, for 100 calls in 30 min (10.0 erlangs)" in page
    assert cells(page, "13") == ["79.6%", "17.1 s", "76.9%", "28.5%"]
    assert cells(page, r"14 \(needed\)")[0] == "88.8%"


async def test_an_account_without_calls_hears_what_is_missing(browser: Browser) -> None:
    page = unescape(await browser.look("/staffing"))
    assert "No forecast yet." in page
    assert "Number of calls: is needed, because no call came in" in page
    assert "must be a share and seconds" in unescape(await browser.look("/staffing", 400, target="best"))

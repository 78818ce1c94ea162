"""While calls arrive, a link shows the numbers of its moment, and the live board follows the calls."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.reading import table
from tests.browser.visiting import House, Visitor
from tests.make import earlier_today

pytestmark = pytest.mark.timeout(300)

Changing = tuple[House, Caller]


def calls(first: int, count: int) -> list[dict[str, Any]]:
    """Calls of this minute and of today, the newest last."""
    return [
        {
            "external_id": f"call-{number}",
            "campaign": "spring",
            "agent": "ada",
            "source": "web",
            "dialed_at": earlier_today((30 - number) / 60),
            "network_result": "answered" if number % 2 else "no_answer",
        }
        for number in range(first, first + count)
    ]


async def test_a_link_shows_what_it_showed_whatever_came_since(changing: Changing) -> None:
    house, caller = changing
    await caller.post("attempts", calls(0, 5))
    async with house.stranger() as visitor:
        # Today is a period of its own.
        address = f"/look/calls?by=source&from={datetime.now(UTC).date()}"
        page = await _looking(visitor, house, address)
        await page.get_by_role("link", name="data of").click()
        await page.wait_for_url("**as_of=*")
        link, before = page.url, await table(page)
        assert before["all"]["Attempts"] == "5"
        await caller.post("attempts", calls(5, 3))
        await page.goto(link)
        assert await table(page) == before
        assert (await table(await visitor.look(address)))["all"]["Attempts"] == "8"
        assert visitor.faults == []


async def test_the_live_board_follows_and_agrees_with_the_report_of_the_same_moment(changing: Changing) -> None:
    house, caller = changing
    await caller.post("attempts", calls(0, 2))
    async with house.stranger() as visitor:
        page = await _looking(visitor, house, "/live")
        heading = page.get_by_role("heading", name="Calls", exact=True)
        attempts = page.locator("[data-part=counters] li").filter(has=heading)
        await expect(attempts.locator(".figure")).to_have_text("2")
        await caller.post("attempts", calls(2, 1))
        await expect(attempts.locator(".figure")).to_have_text("3", timeout=30_000)
        await expect(page.locator("[data-part=attempts] tbody tr")).to_have_count(3)
        same = await page.get_by_role("link", name="JSON").get_attribute("href")
        report = await (await page.context.request.get(f"{house.root}{same}")).json()
        assert report["total"]["attempts"]["value"] == 3
        assert visitor.faults == []


async def _looking(visitor: Visitor, house: House, path: str) -> Page:
    """Sign in and open a page."""
    await visitor.sign_in(house.key)
    await visitor.page.wait_for_url("**/overview")
    return await visitor.look(path)

"""In a real browser: pages of the oddest floor have no errors, and a link survives signing in with its fragment."""

from collections import deque
from html import unescape

import asyncpg
import pytest

from tests.api.conftest import Caller
from tests.browser.touring import LINK
from tests.browser.visiting import House, Visitor
from tests.pages.odd_floor import DAYS, compose
from tests.pages.test_any_floor import kind_of
from tests.serving import Service

pytestmark = pytest.mark.timeout(600)


async def test_a_link_survives_signing_in_with_its_query_and_its_fragment(changing: tuple[House, Caller]) -> None:
    house, _ = changing
    link = f"{house.root}/definitions?q=answer#answer_rate"
    async with house.stranger() as visitor:
        page = visitor.page
        await page.goto(link)
        await page.get_by_text("Sign in with an access key").click()
        await page.get_by_role("textbox", name="Access key").fill(house.key)
        await page.keyboard.press("Enter")
        await page.wait_for_url(link)
        assert await page.locator("#answer_rate").count() == 1
        assert visitor.faults == []


async def test_every_link_of_every_page_of_the_oddest_floor_opens_without_an_error(
    changing: tuple[House, Caller], looked_at: tuple[Service, str]
) -> None:
    house, caller = changing
    owner = await asyncpg.connect(looked_at[1])
    try:
        await compose(caller, owner)
    finally:
        await owner.close()
    async with house.stranger() as visitor:
        await visitor.sign_in(house.key)
        await visitor.page.wait_for_url("**/overview")
        assert len(await _visit_all(visitor)) > 20
        assert visitor.faults == []


async def _visit_all(visitor: Visitor) -> set[tuple[str, ...]]:
    """Open every kind of link, from the overview on; files of the API are downloads, not pages."""
    first = f"/overview?from={DAYS['from']}&to={DAYS['to']}"
    seen, waiting = {kind_of(first)}, deque([first])
    while waiting:
        page = await visitor.look(waiting.popleft())
        for link in map(unescape, LINK.findall(await page.content())):
            if link.startswith("/") and not link.startswith(("/v1/", "/charts/")) and kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    return seen

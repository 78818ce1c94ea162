"""A person sets up what came with calls: gives a code its meaning, merges a spelling and undoes it, names a team."""

from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.touring import barriers
from tests.browser.visiting import House

pytestmark = pytest.mark.timeout(300)

PAGES = ("account", "campaigns", "sources", "agents", "codes", "codes/item?code=NO%20INTEREST", "lead-attributes/item")
_TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def call(number: int, **values: Any) -> dict[str, Any]:
    return {"external_id": f"call-{number}", "campaign": "spring", "dialed_at": "2026-03-02T09:00:00Z", **values}


async def test_what_arrived_with_calls_is_set_up_without_leaving_the_browser(changing: tuple[House, Caller]) -> None:
    house, caller = changing
    await caller.put("sources/google-ads", {"name": "Google Ads"}, 201)
    await caller.post("attempts", [call(n, source="Googel Ads", agent="ada") for n in range(4)])
    await caller.post("attempts", [call(9, source="google-ads", agent="bo", disposition={"code": "NO INTEREST"})])
    async with house.stranger(viewport={"width": 1280, "height": 900}) as visitor:
        await visitor.sign_in(house.key)
        await visitor.page.wait_for_url("**/overview")
        page = await visitor.look("/overview")
        await page.get_by_role("link", name="NO INTEREST").click()
        await expect(page.get_by_label("What came of the call?")).to_have_value("not_interested")
        await expect(page.get_by_role("link", name="call-9")).to_be_visible()
        await page.get_by_role("button", name="Save and confirm").click()
        await expect(page.get_by_role("status").first).to_have_text("NO INTEREST is saved.")
        assert (await caller.get("disposition-codes/NO%20INTEREST"))["result"] == "not_interested"

        await _merge(page)
        assert (await caller.get("sources/Googel%20Ads"))["merged_into"] == "google-ads"
        await page.get_by_role("button", name="Undo").first.click()
        await page.get_by_role("row", name="Googel Ads").get_by_role("button", name="Merge").wait_for()
        assert (await caller.get("sources/Googel%20Ads"))["merged_into"] is None

        await page.get_by_label("Settings").get_by_role("link", name="Agents and teams").click()
        await page.get_by_role("row", name="ada").get_by_role("link", name="ada").click()
        await page.get_by_label("Name").fill("Ada Lovelace")
        await page.get_by_label("Team").fill("closers")
        await page.get_by_label("Time zone").fill("Europe/Londn")
        await page.get_by_role("button", name="Save and confirm").click()
        await expect(page.get_by_label("Time zone")).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Time zone").fill("Europe/London")
        await page.get_by_role("button", name="Save and confirm").click()
        await expect(page.get_by_role("row", name="Ada Lovelace")).to_contain_text("closers")
        await page.get_by_label("Tick bo").check()
        await page.get_by_label("Team", exact=True).fill("openers")
        await page.get_by_role("button", name="Move the ticked to the team").click()
        await expect(page.get_by_role("status").first).to_have_text("1 is saved.")
        assert (await caller.get("agents/bo"))["team"] == "openers"
        assert (await caller.get("agents/ada"))["zone"] == "Europe/London"
        assert [fault for fault in visitor.faults if "422" not in fault] == []

        await _reach_everybody(page, house)


async def _merge(page: Page) -> None:
    await page.get_by_label("Settings").get_by_role("link", name="Sources").click()
    row = page.get_by_role("region", name="Merges to decide").get_by_role("row", name="Googel Ads")
    await expect(row).to_contain_text("one letter")
    await row.get_by_role("button", name="Merge").click()
    await expect(page.get_by_role("status").first).to_have_text("Googel Ads is saved.")


# The widths of a desk by day and of a phone by night.
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))


async def _reach_everybody(page: Page, house: House) -> None:
    """Every page is free of barriers, by day and by night, and fits a desk and a phone."""
    for path in PAGES:
        for width, scheme in VIEWS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            await page.goto(f"{house.root}/settings/{path}")
            assert await barriers(page) == [], (path, scheme)
            assert not await page.evaluate(_TOO_WIDE), (path, width)

"""A person sets up numbers, hours, targets, costs and a key in the browser, by labels and buttons alone."""

import pytest
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.touring import tour
from tests.browser.visiting import House, Visitor

pytestmark = pytest.mark.timeout(300)

LINE = "+14155550100"


async def test_a_person_sets_up_what_calls_and_money_are_counted_by(changing: tuple[House, Caller]) -> None:
    house, caller = changing
    async with house.stranger() as visitor:
        await visitor.sign_in(house.key)
        await visitor.page.wait_for_url("**/overview")
        await visitor.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
        for step in (_number, _hours, _target, _spend, _key):
            await step(visitor.page)
        # The question about an unknown number, and the share that was typed without its sign, are refusals.
        assert [fault for fault in visitor.faults if "404" not in fault and "422" not in fault] == []
        await _no_barriers(visitor, (await caller.get("spend"))["items"][0]["external_id"])

    [span] = (await caller.get(f"tracking-numbers/{LINE}"))["assignments"]
    assert (span["source"], span["from_at"]) == ("radio", "2026-03-01T09:00:00+00:00")
    hours = await caller.get("calendars/default")
    assert hours["hours"]["saturday"] == ["10:00-12:00"]
    assert {"on": "2026-07-03", "name": "Independence Day (observed)", "hours": []} in hours["holidays"]
    [target] = (await caller.get("targets"))["items"]
    assert (target["metric"], target["value"]) == ("answer_rate", 0.15)
    assert {item["source"]: item["to_on"] for item in (await caller.get("spend"))["items"]} == {
        "web": "2026-03-31",
        "tv": "2026-03-04",
    }
    assert [key["name"] for key in (await caller.get("keys"))["items"]] == ["test", "CRM"]


async def _open(page: Page, title: str) -> None:
    await page.get_by_role("navigation", name="Settings").get_by_role("link", name=title).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def _number(page: Page) -> None:
    await _open(page, "Tracking numbers")
    await page.get_by_role("link", name="Assign a number").click()
    await page.get_by_label("Number", exact=True).fill("(415) 555-0100")
    await page.get_by_label("Source").fill("radio")
    await page.get_by_label("From (UTC)").fill("2026-03-01T09:00")
    await page.get_by_role("button", name="Assign the number").click()
    await page.get_by_role("button", name="Yes, register it and assign it").click()
    await expect(page.get_by_role("status")).to_contain_text("The number belongs to radio from 2026-03-01 09:00")


async def _hours(page: Page) -> None:
    await _open(page, "Working hours")
    await page.get_by_role("link", name="Set the usual hours").click()
    await page.get_by_label("Team").fill("default")
    await page.get_by_label("Saturday").fill("10-12")
    await page.get_by_label("Country").select_option(label="United States")
    for label in ("From year", "To year"):
        await page.get_by_label(label).fill("2026")
    await page.get_by_role("button", name="Add them to the list").click()
    await expect(page.get_by_role("status")).to_contain_text("of United States to the list below")
    await page.get_by_role("button", name="Save the calendar").click()
    await expect(page.get_by_role("status").first).to_contain_text("Saved the calendar of default.")


async def _target(page: Page) -> None:
    await _open(page, "Targets")
    await page.get_by_role("link", name="Set a target").click()
    await page.get_by_label("Metric").fill("Answer rate")
    await page.get_by_label("Value to reach").fill("15")
    await page.get_by_role("button", name="Save the target").click()
    await expect(page.get_by_text("must be a share from 0 to 1: 25% is 0.25")).to_be_visible()
    await page.get_by_label("Value to reach").fill("15 %")
    await page.get_by_role("button", name="Save the target").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved the target of Answer rate.")


async def _spend(page: Page) -> None:
    await _open(page, "Spend")
    await page.get_by_role("link", name="Paste from a spreadsheet").click()
    await page.get_by_role("textbox", name="Rows").fill(
        "Source\tDay\tAmount\nweb\tMarch 2026\t$1,200\ntv\t3/4/2026\t99.50"
    )
    await page.get_by_role("button", name="Check the rows").click()
    await page.get_by_role("button", name="Save 2 rows").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved 2 rows.")


async def _key(page: Page) -> None:
    await _open(page, "API keys")
    await page.get_by_role("link", name="Create a key").click()
    await page.get_by_role("textbox", name="Name").fill("CRM")
    await page.get_by_role("button", name="Create the key").click()
    assert (await page.get_by_role("textbox", name="Key").input_value()).startswith("ct_")
    await expect(page.get_by_role("button", name="Copy")).to_be_visible()
    await page.get_by_role("link", name="I have saved it").click()


async def _no_barriers(visitor: Visitor, spend: str) -> None:
    """The pages with content have no grave barrier and never scroll sideways."""
    visitor.faults.clear()
    pages = (
        f"/settings/numbers/number?number=%2B{LINE.strip('+')}",
        "/settings/calendars/calendar?team=default",
        "/settings/targets/target?metric=answer_rate",
        f"/settings/spend/entry?external_id={spend}",
        "/settings/keys",
    )
    looks = [await tour(visitor, path) for path in pages]
    problems = [problem for look in looks for problem in (*look.faults, *look.barriers, *look.too_wide)]
    assert not problems, "\n".join(problems)

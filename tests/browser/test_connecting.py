"""Connecting a dialer in a browser, with scripts and without: the address, the sign of the first delivery, the demo."""

import httpx
from playwright.async_api import Page, ViewportSize, expect

from tests.api.conftest import Caller
from tests.browser.touring import barriers
from tests.browser.visiting import House
from tests.hooks.conftest import dispo

Changing = tuple[House, Caller]
_PHONE: ViewportSize = {"width": 390, "height": 844}
_LAPTOP: ViewportSize = {"width": 1280, "height": 800}


async def is_sound(page: Page) -> None:
    """The page has no barrier, and does not scroll sideways on a phone."""
    assert await barriers(page) == [], page.url
    await page.set_viewport_size(_PHONE)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    await page.set_viewport_size(_LAPTOP)


async def connect(page: Page, root: str) -> str:
    """Connect a dialer from the checklist on; returns the address that the page shows once."""
    await page.goto(f"{root}/settings")
    await page.get_by_role("link", name="Connect a dialer, or import calls").click()
    await page.get_by_role("link", name="VICIdial").click()
    await page.get_by_label("Name of this dialer").fill("floor-2")
    await page.get_by_label("Campaign").fill("spring")
    await page.get_by_label("Campaign").press("Enter")
    await expect(page.locator("h1")).to_have_text("Paste this into VICIdial")
    return await page.get_by_label("Address", exact=True).input_value()


async def test_the_page_says_at_once_that_the_first_delivery_arrived(changing: Changing) -> None:
    house, caller = changing
    async with house.stranger() as visitor:
        page = visitor.page
        await visitor.sign_in(caller.key)
        await expect(page.locator("h1")).to_have_text("Overview", timeout=60_000)
        await expect(page.get_by_text("From an empty account to your first report")).to_be_visible()
        for path in ("/settings", "/settings/dialers", "/settings/dialers/connect?dialer=mapped", "/settings/demo"):
            await page.goto(house.root + path)
            await is_sound(page)
        url = await connect(page, house.root)
        await is_sound(page)
        await expect(page.get_by_text("Waiting for the first delivery.")).to_be_visible()
        async with httpx.AsyncClient() as dialer:
            assert (await dialer.get(f"{url}?{dispo()}")).status_code == 200
        await expect(page.get_by_text("Receiving calls")).to_be_visible()
        await page.get_by_role("link", name="Open this dialer").click()
        await expect(page.get_by_role("region", name="Deliveries").get_by_text("Accepted")).to_be_visible()
        await is_sound(page)
        await page.get_by_role("link", name="1772461800.4411").click()
        await expect(page.locator("main")).to_contain_text("1772461800.4411")
        assert visitor.faults == []


async def test_everything_works_without_scripts(changing: Changing) -> None:
    house, caller = changing
    async with house.stranger(java_script_enabled=False) as visitor:
        page = visitor.page
        await page.goto(f"{house.root}/sign-in")
        await page.context.add_cookies(await _cookies(house, caller))
        url = await connect(page, house.root)
        async with httpx.AsyncClient() as dialer:
            assert (await dialer.get(f"{url}?{dispo()}")).status_code == 200
        await page.get_by_role("link", name="Open this dialer").click()
        await expect(page.get_by_text("Receiving calls")).to_be_visible()
        await page.get_by_text("Close", exact=True).click()
        await page.get_by_role("button", name="Close the address").click()
        await expect(page.get_by_text("The address is closed.")).to_be_visible()


async def _cookies(house: House, caller: Caller) -> list:
    async with httpx.AsyncClient(base_url=house.root) as client:
        answer = await client.post("/sign-in", data={"key": caller.key})
    return [{"name": "calltally", "value": answer.cookies["calltally"], "url": house.root}]

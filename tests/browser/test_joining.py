"""A person comes to an account in a real browser, on a phone and at a desk: invited, joined, signed in, and away."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.touring import barriers
from tests.browser.visiting import House, Visitor
from tests.serving import Service

pytestmark = pytest.mark.timeout(300)

_PASSWORD = "violet tram 41 north"
_PHONE = {"width": 390, "height": 844}
_WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"


async def is_sound(visitor: Visitor) -> None:
    """The page has no barrier and does not scroll sideways, by day and by night."""
    for scheme in ("dark", "light"):
        await visitor.page.emulate_media(color_scheme=scheme)
        assert await barriers(visitor.page) == [], visitor.page.url
    needed, room = await visitor.page.evaluate(_WIDTHS)
    assert needed <= room, visitor.page.url


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.keyboard.press("Enter")


async def test_an_owner_invites_a_colleague_who_joins_on_a_phone(
    changing: tuple[House, Caller], looked_at: tuple[Service, str]
) -> None:
    house, _ = changing
    link = looked_at[0].run(
        "user", "create", "owner@joining.example.com", "--role", "owner", "--name", "Olga", "--link"
    )
    async with house.stranger() as owner, house.stranger(viewport=_PHONE) as guest:
        await owner.page.goto(link)
        await expect(owner.page.locator("h1")).to_have_text("Overview", timeout=60_000)
        await owner.page.get_by_role("link", name="Settings").click()
        await owner.page.goto(f"{house.root}/settings/users")
        await is_sound(owner)
        form = owner.page.get_by_role("form", name="Invite a user")
        await form.get_by_label("E-mail").fill("bo.tran@example.com")
        await form.get_by_label("Role").select_option("Manager")
        await form.get_by_role("button", name="Create invitation link").click()
        await expect(owner.page.get_by_text("must name at least one team")).to_be_visible()
        assert await form.get_by_label("E-mail").input_value() == "bo.tran@example.com"
        owner.faults.clear()  # the refusal
        await form.get_by_label("Other teams").fill("north, south")
        await form.get_by_role("button", name="Create invitation link").click()
        await is_sound(owner)
        invitation = await owner.page.get_by_label("Invitation").input_value()

        await guest.page.goto(invitation)
        await is_sound(guest)
        await guest.page.get_by_label("Your name").fill("Bo Tran")
        await guest.page.get_by_label("Password").fill("botran botran")
        await guest.page.get_by_role("button", name="Join").click()
        await expect(guest.page.get_by_text("must not be your name or e-mail address")).to_be_visible()
        guest.faults.clear()  # the refusal
        await guest.page.get_by_label("Password").fill(_PASSWORD)
        await guest.page.get_by_role("button", name="Join").click()
        await expect(guest.page.locator("h1")).to_have_text("Overview", timeout=60_000)
        for path in ("/profile", "/sessions"):
            await guest.page.goto(house.root + path)
            await is_sound(guest)
        await owner.page.goto(f"{house.root}/settings/users")
        await expect(
            owner.page.get_by_role("row", name=re.compile("Bo Tran.*Manager.*north, south.*active"))
        ).to_be_visible()
        assert owner.faults + guest.faults == []


async def test_a_person_signs_in_to_the_link_they_came_by(
    changing: tuple[House, Caller], looked_at: tuple[Service, str]
) -> None:
    house, _ = changing
    looked_at[0].run("user", "create", "cy@example.com", "--role", "analyst", "--link")
    link = f"{house.root}/look/calls?by=agent&from=2026-03-14&to=2026-03-21"
    async with house.stranger() as visitor:
        page = visitor.page
        await page.goto(link)
        await is_sound(visitor)
        await sign_in(page, "cy@example.com", "not the password")
        await expect(page.get_by_role("alert")).to_have_text("The e-mail address or the password is not right.")
        assert await page.get_by_label("E-mail").input_value() == "cy@example.com"
        await page.get_by_role("link", name="Forgot your password?").click()
        await expect(page.get_by_text("Ask an administrator for a link")).to_be_visible()
        await is_sound(visitor)
        await page.goto(looked_at[0].run("user", "reset", "cy@example.com"))
        await is_sound(visitor)
        await page.get_by_label("New password", exact=True).fill(_PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Your new password is saved.")).to_be_visible()
        await page.goto(link)
        await sign_in(page, "cy@example.com", _PASSWORD)
        await page.wait_for_url(link)

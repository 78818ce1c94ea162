"""People of an account who sign in, for tests of pages."""

import re
from typing import Any

import httpx

from service.accounts.links import make_link
from service.accounts.users import add_user, join_without_password
from tests.conftest import Owner
from tests.pages.test_pages import Browser, form_token

PASSWORD = "violet tram 41 north"


async def make_user(owner: Owner, account_id: int, email: str, role: Any = "owner", **limits: Any) -> str:
    """A person who has joined; returns the path of a link that signs in once."""
    async with owner.transaction():
        user_id = await add_user(owner, account_id, email=email, role=role, **limits)
        await join_without_password(owner, account_id, user_id, email.partition("@")[0].title())
        return await make_link(owner, account_id, user_id, "sign_in", "")


async def browser_of(client: httpx.AsyncClient, owner: Owner, account_id: int, email: str, **role: Any) -> Browser:
    """A browser that this new person has signed in."""
    browser = Browser(client)
    answer = await browser.ask("GET", await make_user(owner, account_id, email, **role))
    assert (answer.status_code, answer.headers["location"]) == (303, "/overview")
    return browser


def link_on(page: str) -> str:
    """The path of the link that a page shows to copy."""
    [path] = re.findall(r'value="http://[^/"]+(/[^"]+)" readonly', page)
    return path


async def post(browser: Browser, page: str, path: str, **fields: str) -> httpx.Response:
    """Send a form with the token of a page."""
    token = form_token(await browser.look(page))
    return await browser.ask("POST", path, data={"form_token": token, **fields})

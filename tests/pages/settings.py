"""Sending the forms of Settings as a browser does: with every hidden field of the page."""

import re
from html import unescape

import httpx

from tests.pages.test_pages import Browser

_FORM = re.compile(r"<form method=\"post\"(.*?)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form of a page that goes to an address."""
    [form, *_] = [body for head, body in _FORM.findall(page) if f'action="{action}"' in head]
    return {unescape(name): unescape(value) for name, value in _HIDDEN.findall(form)}


async def send(browser: Browser, page: str, action: str, status: int = 303, /, **fields: str) -> httpx.Response:
    """Fill in the form of a page and send it; empty fields are left out, as the service reads them."""
    answer = await browser.ask("POST", action, data={**hidden_of(page, action), **fields})
    assert answer.status_code == status, answer.text
    return answer


async def sent(browser: Browser, page: str, action: str, /, **fields: str) -> str:
    """Fill in the form of a page, send it, and follow to the page that it leads to."""
    answer = await send(browser, page, action, **fields)
    return unescape(await browser.look(answer.headers["location"]))


def error_at(page: str, field: str) -> str:
    """The message at a field; empty if it has none."""
    match = re.search(rf'id="error-{field}">([^<]*)<', page)
    return unescape(match[1]) if match else ""

"""A browser that uploads files and imports them, page by page."""

import asyncio
import re
from html import unescape

import httpx

from tests.pages.test_pages import Browser, form_token

PAGE = "/settings/import"


async def signed_in(client: httpx.AsyncClient, key: str) -> Browser:
    browser = Browser(client)
    await browser.sign_in(key)
    return browser


async def upload(browser: Browser, name: str, content: bytes, status: int = 303) -> str:
    """Upload a file; returns the path of its pages, or the text of the page that refuses it."""
    token = form_token(await browser.look(PAGE))
    answer = await browser.ask("POST", PAGE, data={"form_token": token}, files={"file": (name, content)})
    assert answer.status_code == status, answer.text
    return answer.headers["location"].removesuffix("/file") if status == 303 else unescape(answer.text)


async def send(browser: Browser, form: str, path: str, fields: dict[str, str], status: int = 303) -> httpx.Response:
    answer = await browser.ask("POST", path, data={"form_token": form_token(form), **fields})
    assert answer.status_code == status, answer.text
    return answer


def chosen(page: str) -> dict[str, str]:
    """What a page's form would send as it stands."""
    fields: dict[str, str] = {}
    for tag in re.findall(r'<input type="(?:text|hidden)"[^>]*>', page):
        fields[re.findall(r'name="([^"]+)"', tag)[0]] = unescape(re.findall(r'value="([^"]*)"', tag)[0])
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        fields[name] = unescape((selected[1] if selected[1] is not None else selected[2]) if selected else "")
    for name in re.findall(r'name="(key\.\d+)" value="yes" checked', page):
        fields[name] = "yes"
    return {name: value for name, value in fields.items() if value}


async def waited(browser: Browser, path: str) -> str:
    """The page of an upload when no work on it is left."""
    while True:
        page = await browser.look(path)
        if "<progress" not in page:
            return unescape(page)
        await asyncio.sleep(0.05)


async def checked(browser: Browser, path: str, kind: str, **changes: str) -> str:
    """The page with the result of a check, with every guess taken as it is but for these changes."""
    page = await browser.look(f"{path}/file")
    await send(
        browser, page, f"{path}/file", {**chosen(page), "kind": kind, "zone": "Europe/Berlin", "action": "continue"}
    )
    page = await browser.look(f"{path}/columns")
    await send(browser, page, f"{path}/columns", {**chosen(page), **changes})
    return await waited(browser, path)


async def imported(browser: Browser, path: str) -> str:
    await send(browser, await browser.look(path), f"{path}/import", {})
    return await waited(browser, path)


def numbers(page: str) -> dict[str, int]:
    """The counts of a result."""
    return {
        label: int(number.replace(",", "")) for label, number in re.findall(r"<dt>(.*?)</dt><dd>([\d,]+)</dd>", page)
    }

"""Every kind of page that links reach from the overview, checked on every screen, by day, by night and in print."""

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from axe_playwright_python.async_playwright import Axe
from litestar.routes import HTTPRoute
from playwright.async_api import APIRequestContext, Page

from reports.charting import PALETTES, Theme
from service.app import create_app
from service.config import Settings
from service.web.route_options import options_of
from tests.browser.visiting import Visitor

FIRST = "/overview"

# Links of a key's session do not lead to these: the pages of a person who is not signed in or has an account
# (tests/browser/test_joining.py, tests/pages/test_second_factor.py), and the files and streams that pages consist of.
_NO_PAGES = (
    "/sign-in",
    "/forgot-password",
    "/invitation",
    "/reset",
    "/second-factor",
    "/profile/second-factor",
    "/oidc",
    "/language",
    "/assets",
    "/favicon.ico",
    "/charts",
    "/live/events",
    "/settings/dialers/{hook_id}/events",
    "/settings/import/{upload_id}/rejected",
    # A former address.
    "/tracking-numbers/change",
)
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)"')
# The levels A and AA of WCAG 2.2.
_LEVELS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
_ROOM = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_WIDE = {"wall": 1920, "laptop": 1440, "desk": 1280, "phone": 390}
# The further rows of a table look like the first ones, and every row takes time.
_LOOKED_AT: dict[str, Any] = {"exclude": [["tbody tr:nth-child(n+6)"]]}
_GRAVE = {"serious", "critical"}
# The tables that go on beyond their edge without a button that says so.
_CUT = """[...document.querySelectorAll('main .wide:not(.earlier *)')].filter(table =>
  table.checkVisibility() && table.scrollWidth > table.clientWidth + 1
  && !table.previousElementSibling?.matches('.more-columns:not([hidden])')
).map(table => table.getAttribute('aria-label'))"""
# The width of a landscape page of paper, and the tables that are wider.
_PAPER_WIDTH = 1032
_OFF_PAPER = """[...document.querySelectorAll('main .wide:not(.earlier *)')].filter(table =>
  table.checkVisibility() && table.scrollWidth > table.clientWidth + 1
).map(table => table.getAttribute('aria-label'))"""
_WIDTHS = "[document.documentElement.scrollWidth, innerWidth]"
# The numbers on the page now, without those that a refresh replaced.
NUMBERS = """[...document.querySelectorAll('main a[href^="/look/rows"], main td')]
  .filter(e => !e.closest('.earlier')).map(e => e.textContent.trim())"""
# Charts with all marks in one place; the marks of axes and legends do not count.
_BLANK = """[...document.querySelectorAll('figure.chart:has(.drawing svg)')].filter(figure => {
  const marks = [...figure.querySelectorAll('.drawing svg [class*="role-mark"] :is(path, text)')];
  const rooms = marks.map(mark => mark.getBoundingClientRect());
  const wide = Math.max(...rooms.map(room => room.right)) - Math.min(...rooms.map(room => room.left));
  return !(wide > 10) || figure.querySelector('.drawing').innerHTML.includes('NaN');
}).map(figure => figure.querySelector('figcaption').textContent)"""
_PAPER = "getComputedStyle(document.body).backgroundColor"
_SHOWN = (
    "[...document.querySelectorAll('header nav, header form, .asking, .skip')].filter(e => e.checkVisibility()).length"
)


@dataclass
class Look:
    """The observations on a page.

    faults: errors; barriers: findings of axe; too_wide: the screens where the page scrolls sideways; cut: the screens
    where a table loses a column without a hint, and paper where it loses one;
    paper: the background colour by theme; in_print: how many controls of the screen appear in print;
    numbers: the text of table cells and row links; drawn: the number of charts;
    blank: charts with all marks in one place.
    """

    path: str
    faults: list[str] = field(default_factory=list[str])
    barriers: list[str] = field(default_factory=list[str])
    too_wide: list[str] = field(default_factory=list[str])
    cut: list[str] = field(default_factory=list[str])
    paper: dict[Theme, str] = field(default_factory=dict[Theme, str])
    in_print: int = 0
    numbers: list[str] = field(default_factory=list[str])
    drawn: int = 0
    blank: list[str] = field(default_factory=list[str])


def kinds() -> dict[str, re.Pattern[str]]:
    """The pages of the service by address, from its routes; addresses without parameters come first."""
    routes = create_app(Settings(), "postgresql://nowhere").routes
    paths = {route.path_format for route in routes if isinstance(route, HTTPRoute) and _is_a_page(route)}
    return {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in sorted(paths, key=lambda path: "{" in path)}


def _is_a_page(route: HTTPRoute) -> bool:
    gets = [handler for handler in route.route_handlers if "GET" in handler.http_methods]
    if route.path_format == "/":  # for people who are not signed in
        return False
    return not route.path_format.startswith(_NO_PAGES) and any(options_of(handler).page for handler in gets)


async def addresses(asking: APIRequestContext, root: str, query: str) -> dict[str, str]:
    """The first address of every kind of page that links lead to, from the overview on.

    query: the days to show and the moment to show them as of, which links keep.
    """
    first = f"{FIRST}?{query}"
    known, links, waiting = kinds(), {FIRST: first}, deque([first])
    while waiting:
        page = await (await asking.get(root + waiting.popleft())).text()
        for link in map(unescape, LINK.findall(page)):
            path = link.partition("?")[0]
            kind = next((kind for kind, pattern in known.items() if pattern.fullmatch(path)), None)
            if kind and kind not in links:
                links[kind] = link
                waiting.append(link)
    return links


async def tour(visitor: Visitor, path: str) -> Look:
    """Look at a page by day and by night, on a desk, a phone and a wall, and in print."""
    page, look = visitor.page, Look(path)
    await page.emulate_media(color_scheme="light")
    await visitor.look(path)
    look.paper["light"], look.numbers = await page.evaluate(_PAPER), await page.evaluate(NUMBERS)
    look.drawn = await page.locator(".drawing:not(.earlier *)").count()
    look.blank = [f"{path}: {title}" for title in await page.evaluate(_BLANK)]
    await _axe(look, page, "light", _LEVELS)
    await page.emulate_media(color_scheme="dark")
    await _redrawn(visitor, "light")
    look.paper["dark"] = await page.evaluate(_PAPER)
    await _axe(look, page, "dark", _COLOURS)
    await _widths(look, page)
    await page.emulate_media(media="print", color_scheme="light")
    look.in_print = await page.evaluate(_SHOWN)
    await page.set_viewport_size({"width": _PAPER_WIDTH, "height": 700})
    look.cut += [f"{look.path} on paper: {table}" for table in await page.evaluate(_OFF_PAPER)]
    await page.set_viewport_size({"width": _WIDE["desk"], "height": 900})
    await page.emulate_media(media="screen")
    look.faults = [f"{path}: {fault}" for fault in visitor.faults]
    visitor.faults.clear()
    return look


async def losses(page: Page) -> list[str]:
    """What a screen loses of a page: it scrolls sideways, or a table goes on beyond its edge without a hint."""
    needed, there = await page.evaluate(_WIDTHS)
    await page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    cut = [f"{table} is cut" for table in await page.evaluate(_CUT)]
    return [*cut, *([f"needs {needed} pixels of {there}"] if needed > there else [])]


async def _widths(look: Look, page: Page) -> None:
    """Check the widths; the phone comes last, because the checks for touch targets run there."""
    for where, width in _WIDE.items():
        await page.set_viewport_size({"width": width, "height": 900})
        needed, there = await page.evaluate(_WIDTHS)
        if needed > there:
            look.too_wide.append(f"{look.path} on a {where}: {needed} pixels of {there}")
        await page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        look.cut += [f"{look.path} on a {where}: {table}" for table in await page.evaluate(_CUT)]
    await _axe(look, page, "phone", _ROOM)
    await page.set_viewport_size({"width": _WIDE["desk"], "height": 900})


async def _redrawn(visitor: Visitor, before: Theme) -> None:
    """Wait until no chart has the colours of the theme `before`."""
    ink = PALETTES[before].ink
    await visitor.page.locator(f".drawing svg text[fill='{ink}']").first.wait_for(state="detached")
    await visitor.drawn()


async def _axe(look: Look, page: Page, how: str, options: dict[str, Any]) -> None:
    look.barriers += [f"{look.path}, {how}: {barrier}" for barrier in await barriers(page, options)]


async def barriers(page: Page, options: dict[str, Any] = _LEVELS) -> list[str]:
    """The serious accessibility barriers on a page and their places, by axe."""
    results = await Axe().run(page, context=_LOOKED_AT, options=options | {"resultTypes": ["violations"]})
    return [
        f"{rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in results.response["violations"]
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]

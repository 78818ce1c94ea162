"""A manager's visit in a real browser: sign in, filter, open the rows of a number, export, sign out."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.async_api import Download, Locator, Page, expect

from tests.browser.conftest import LAST_WEEK, Visits
from tests.browser.reading import as_shown, number, table
from tests.browser.visiting import House

pytestmark = pytest.mark.timeout(300)

_COLUMNS = {"Attempts": "attempts", "Answer rate": "answer_rate", "Conversion per attempt": "conv_per_attempt"}
_FOCUS = "getComputedStyle(document.activeElement).outlineStyle"


async def test_somebody_signs_in_looks_and_signs_out_with_the_keyboard_alone(house: House) -> None:
    async with house.stranger() as visitor:
        page = visitor.page
        await visitor.sign_in(house.key)
        await expect(page.locator("h1")).to_have_text("Overview", timeout=60_000)
        await page.keyboard.press("Tab")
        assert await page.evaluate(_FOCUS) != "none"
        await expect(page.locator(":focus")).to_have_text("Skip to content")
        leave = page.get_by_role("button", name="Sign out")
        await _tab_to(page, leave)
        assert await page.evaluate(_FOCUS) != "none"
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Sign in")
        await page.goto(f"{house.root}/overview")
        await expect(page.locator("h1")).to_have_text("Sign in")
        assert visitor.faults == []


async def test_a_wrong_key_says_so(house: House) -> None:
    async with house.stranger() as visitor:
        await visitor.sign_in("ct_nobody")
        await expect(visitor.page.get_by_role("alert")).to_have_text("The API key is not known.")
        assert await visitor.page.context.cookies() == []


async def test_narrowed_to_a_campaign_the_numbers_are_those_of_the_api(visiting: Visits) -> None:
    async with visiting() as visitor:
        page = await visitor.look(f"/look/calls?by=campaign&{LAST_WEEK}")
        everything = await table(page)
        campaign = next(iter(everything))
        await page.locator("summary", has_text="Filters").click()
        await page.locator(f"input[name=campaign][value='{campaign}']").check()
        await page.locator(".wide-panel").get_by_role("button", name="Apply").click()
        await page.wait_for_url(f"**campaign={campaign}*")
        narrowed = await table(page)
        assert set(narrowed) == {campaign, "all"}
        total = (await _api_answer(page, f"/v1/reports/calls?campaign={campaign}&{LAST_WEEK}"))["total"]
        for title, metric in _COLUMNS.items():
            assert narrowed["all"][title] == as_shown(total[metric]["value"], narrowed["all"][title])
        assert narrowed[campaign] == everything[campaign]
        assert narrowed["all"]["Attempts"] != everything["all"]["Attempts"]


async def test_a_number_leads_to_as_many_rows_as_it_says(visiting: Visits) -> None:
    async with visiting() as visitor:
        page = await visitor.look(f"/look/calls?by=source&source=referral&{LAST_WEEK}")
        door = page.locator("main tbody td a:visible").first
        count = number(await door.inner_text())
        assert count, "the floor has calls from there"
        assert count > 100, "more than a page of them"
        await door.click()
        await expect(page.get_by_text(f"{count:,.0f} calls counted")).to_be_visible()
        seen = [*await _lines(page)]
        while await (further := page.get_by_role("link", name="Next").first).count():
            await further.click()
            await page.wait_for_url(f"**offset={len(seen)}*")
            seen += await _lines(page)
        assert (len(seen), len(set(seen))) == (count, count)
        assert visitor.faults == []


async def test_the_tables_of_service_are_whole_on_a_screen(visiting: Visits) -> None:
    async with visiting(viewport={"width": 1440, "height": 900}) as visitor:
        page = await visitor.look(f"/service?{LAST_WEEK}")
        for label in ("Queues", "Calls of each queue", "Missed calls to return"):
            region = page.get_by_role("region", name=label, exact=True)
            widths = await region.evaluate("region => [region.scrollWidth, region.clientWidth]")
            assert widths[0] <= widths[1], label


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
async def test_a_file_taken_along_holds_the_table_of_the_page(visiting: Visits, folder: Path, form: str) -> None:
    async with visiting() as visitor:
        page = await visitor.look(f"/look/calls?by=source&{LAST_WEEK}")
        shown = await table(page)
        file = await _clicked(page, page.get_by_role("link", name=form.upper(), exact=True))
        await file.save_as(folder / file.suggested_filename)
        held = _read(folder / file.suggested_filename, form)
    for title, metric in _COLUMNS.items():
        values = {_line(*row): value for *row, value in held.select("row_type", "source", metric).iter_rows()}
        assert {line: cells[title] for line, cells in shown.items()} == {
            line: as_shown(value, shown[line][title]) for line, value in values.items()
        }


@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG\r\n"), ("svg", b"<svg ")])
async def test_a_chart_taken_along_is_an_image_that_says_what_it_shows(
    visiting: Visits, form: str, begins: bytes
) -> None:
    async with visiting() as visitor:
        page = await visitor.look(f"/overview?{LAST_WEEK}")
        figure = page.locator("figure.chart:visible").first
        file = await _clicked(page, figure.get_by_role("link", name=form.upper(), exact=True))
        image = Path(await file.path()).read_bytes()
        assert image.startswith(begins)
        if form == "svg":
            title = await figure.locator("figcaption").inner_text()
            assert f">{title}<" in image.decode()
            assert re.search(r">\d{4}-\d\d-\d\d \d\d:\d\d to .* as of .*<", image.decode())
        size = int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
        assert form == "svg" or min(size) > 300


async def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(50):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


async def _api_answer(page: Page, path: str) -> Any:
    """The answer of the API to the signed-in user."""
    answer = await page.context.request.get(page.url.partition("/look")[0] + path)
    assert answer.ok
    return await answer.json()


async def _clicked(page: Page, link: Locator) -> Download:
    """The file that a click downloads."""
    async with page.expect_download() as download:
        await link.click()
    return await download.value


def _line(kind: str, source: str | None) -> str:
    return "all" if kind == "total" else source or "unattributed"


async def _lines(page: Page) -> list[str]:
    return await page.locator("main tbody tr:visible").all_inner_texts()


def _read(file: Path, form: str) -> pl.DataFrame:
    """The rows of a report file; a workbook names its columns as the page does."""
    match form:
        case "csv":
            return pl.read_csv(file)
        case "xlsx":
            return pl.read_excel(file).rename({"Row": "row_type", "Source": "source", **_COLUMNS})
        case _:
            return pl.read_parquet(file)

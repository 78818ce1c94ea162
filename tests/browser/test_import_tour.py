"""Leads arrive from a workbook in a real browser: dropped, looked at, matched, checked, imported, mended."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.visiting import House

pytestmark = pytest.mark.timeout(300)

_SEVERE = {"serious", "critical"}


def leads(path: Path) -> Path:
    """A workbook as a marketer exports it: a title, typed dates, a phone number as text, and a row without a date."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Leads")
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write(0, 0, "Leads of March")
        sheet.write_row(2, 0, ["Lead ID", "Created", "Phone", "Lead Source", "City"])
        for number in range(30):
            sheet.write_row(3 + number, 0, [number, None, f"415555{number:04}", "radio", "Reno"])
            if number != 7:
                sheet.write_datetime(3 + number, 1, datetime(2026, 3, 2, 9, number), moment)  # noqa: DTZ001  a cell
    return path


async def test_a_marketer_imports_leads_from_a_workbook(changing: tuple[House, Caller], tmp_path: Path) -> None:
    house, _ = changing
    async with house.stranger(viewport={"width": 1280, "height": 800}) as visitor:
        page = visitor.page
        await visitor.sign_in(house.key)
        await page.get_by_role("link", name="Settings").click()
        await page.get_by_role("navigation", name="Settings").get_by_role("link", name="Import", exact=True).click()
        await page.locator("#field-file").set_input_files(leads(tmp_path / "leads.xlsx"))
        await _accessible(page)
        await page.get_by_role("button", name="Upload").click()

        await expect(page.get_by_label("Column names are in")).to_have_value("3")
        await page.get_by_label("What are the rows?").select_option("leads")
        await page.get_by_label("Time zone of times in the file").fill("America/Los_Angeles")
        await _accessible(page)
        await page.get_by_role("button", name="Continue").click()

        await expect(page.get_by_label("Column for Received at")).to_have_value("Created")
        await expect(page.get_by_label("Column for Phone number")).to_have_value("Phone")
        await page.get_by_label("Keep the other columns").check()
        await _accessible(page)
        await page.get_by_role("button", name="Check the rows").click()

        await expect(page.get_by_role("button", name="Import 29 rows")).to_be_visible()
        fault = page.get_by_role("region", name="Rejected rows").get_by_role("row").nth(1)
        await expect(fault).to_contain_text("11")
        await expect(fault).to_contain_text("received_at (Created)")
        await _accessible(page)
        await page.get_by_role("button", name="Import 29 rows").click()
        await expect(page.get_by_text("Imported", exact=True)).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Download rejected rows").click()
        rejected = Path(await (await download.value).path()).read_text()
        assert rejected.splitlines()[1].endswith("7,,4155550007,radio,Reno")
        await page.get_by_text("Save these columns for next time").click()
        await page.get_by_role("textbox", name="Name").fill("Leads of marketing")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("The mapping is saved.")).to_be_visible()
        await visitor.look("/settings/import")
        await expect(page.get_by_role("region", name="Earlier imports").get_by_role("row").nth(1)).to_contain_text("29")
        await expect(page.get_by_role("region", name="Saved mappings")).to_contain_text("Leads of marketing")
        await visitor.look("/lead?external_id=3")
        await expect(page.locator("main")).to_contain_text("radio")
        assert visitor.faults == []


async def _accessible(page: Page) -> None:
    """No serious finding of axe on the page."""
    found_faults = (await Axe().run(page)).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found_faults if fault["impact"] in _SEVERE] == []

"""A person who never opens a terminal comes from an empty account to the first report, in a browser alone."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
import pytest
import xlsxwriter
from playwright.async_api import Page, expect

from tests.api.conftest import Caller
from tests.browser.visiting import House
from tests.serving import Service

pytestmark = pytest.mark.timeout(300)

ZONE = ZoneInfo("America/New_York")
# Of these calls two reach somebody: GOLD is a sale in the words of this floor, NOPE a refusal.
OUTCOMES = ("GOLD", "NOPE", "NA", "NA", "B")
COST = 250.0
PASSWORD = "violet tram 41 north"


def yesterday() -> date:
    """The last whole day of the floor, which the overview shows."""
    return datetime.now(ZONE).date() - timedelta(days=1)


def ended(number: int, outcome: str) -> str:
    """The end of a call, as VICIdial delivers it: at ten in the morning, New York time."""
    began = int(datetime.combine(yesterday(), time(10, number), ZONE).timestamp())
    talk = "95" if outcome in ("GOLD", "NOPE") else "0"
    fields = {
        "event": "dispo",
        "call_id": f"V{datetime.fromtimestamp(began, ZONE):%m%d%H%M%S}00000{number:05}",
        "uniqueid": f"{began}.{number}",
        "lead_id": f"{100 + number}",
        "campaign": "SPRING",
        "phone_code": "1",
        "phone_number": f"41555501{number:02}",
        "epoch": f"{began + 120}",
        "user": "6001",
        "dispo": outcome,
        "talk_time": talk,
    }
    return urlencode(fields)


def workbook(path: Path, titles: list[str], rows: list[list[str | float | date]]) -> Path:
    """A workbook with one sheet; days are cells with a date."""
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, titles)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, datetime.combine(cell, time()), day)
                else:
                    sheet.write(line, column, cell)
    return path


async def test_from_an_empty_account_to_the_first_report(
    changing: tuple[House, Caller], looked_at: tuple[Service, str], tmp_path: Path
) -> None:
    house, caller = changing
    code = (await caller.get("account"))["code"]
    link = looked_at[0].run(
        "user", "create", "ona@example.com", "--account", code, "--role", "owner", "--name", "Ona", "--link"
    )
    async with house.stranger(viewport={"width": 1280, "height": 900}) as owner:
        page = owner.page
        await page.goto(link.splitlines()[-1])
        await expect(page.get_by_role("heading", name="From an empty account to your first report")).to_be_visible()
        await _name_the_account(page)
        await _invite(house, page)
        await _connect(page)
        await _import(page, "leads", _leads(tmp_path))
        await _import(page, "spend", _spend(tmp_path))
        await _give_meanings(page)
        await _see_the_overview(page, caller)
        assert owner.faults == []


async def _step(page: Page, label: str) -> None:
    """Follow a step of the checklist."""
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    await page.get_by_role("link", name=label).click()


async def _name_the_account(page: Page) -> None:
    await _step(page, "Give the account its name and time zone")
    await page.get_by_label("Name", exact=True).fill("Northwind Sales")
    await page.get_by_label("Time zone").fill(ZONE.key)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved.")).to_be_visible()


async def _invite(house: House, page: Page) -> None:
    """Invite a colleague, who joins in a browser of their own."""
    await _step(page, "Invite a colleague")
    form = page.get_by_role("form", name="Invite a user")
    await form.get_by_label("E-mail").fill("bo@example.com")
    await form.get_by_label("Role").select_option("Analyst")
    await form.get_by_role("button", name="Create invitation link").click()
    async with house.stranger() as guest:
        await guest.page.goto(await page.get_by_label("Invitation").input_value())
        await guest.page.get_by_label("Your name").fill("Bo Tran")
        await guest.page.get_by_label("Password").fill(PASSWORD)
        await guest.page.get_by_role("button", name="Join").click()
        await expect(guest.page.locator("h1")).to_have_text("Overview", timeout=60_000)


async def _connect(page: Page) -> None:
    """Connect a dialer; its calls arrive while the page is open."""
    await _step(page, "Connect a dialer")
    await page.get_by_role("link", name="VICIdial").click()
    await page.get_by_label("Campaign").fill("spring")
    await page.get_by_role("button", name="Connect", exact=True).click()
    url = await page.get_by_label("Address", exact=True).input_value()
    async with httpx.AsyncClient() as dialer:
        for number, outcome in enumerate(OUTCOMES):
            assert (await dialer.get(f"{url}?{ended(number, outcome)}")).status_code == 200
    await expect(page.get_by_text("Receiving calls")).to_be_visible()


def _leads(folder: Path) -> Path:
    rows: list[list[str | float | date]] = [
        [f"{100 + number}", yesterday(), f"+141555501{number:02}", "google-ads"] for number in range(len(OUTCOMES))
    ]
    return workbook(folder / "leads.xlsx", ["Lead ID", "Created", "Phone", "Lead source"], rows)


def _spend(folder: Path) -> Path:
    rows: list[list[str | float | date]] = [["bill-1", "google-ads", yesterday(), yesterday(), COST, "USD"]]
    return workbook(folder / "spend.xlsx", ["ID", "Source", "From", "To", "Amount", "Currency"], rows)


async def _import(page: Page, kind: str, file: Path) -> None:
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    await page.get_by_role("navigation", name="Settings").get_by_role("link", name="Import", exact=True).click()
    await page.locator("#field-file").set_input_files(file)
    await page.get_by_role("button", name="Upload").click()
    await page.get_by_label("What are the rows?").select_option(kind)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Check the rows").click()
    await page.get_by_role("button", name=re.compile(r"Import \d+ rows?")).click()
    await expect(page.get_by_text("Imported", exact=True)).to_be_visible()
    await expect(page.get_by_text("Rejected")).to_have_count(1)


async def _give_meanings(page: Page) -> None:
    """Say what the codes of the dialer mean that calltally does not know."""
    await _step(page, "Say what your disposition codes mean")
    for code, result in (("GOLD", "sale"), ("NOPE", "not_interested")):
        await page.goto(re.sub(r"/settings/.*", f"/settings/codes/item?code={code}", page.url))
        await page.get_by_label("What came of the call?").select_option(result)
        await page.get_by_role("button", name="Save and confirm").click()
        await expect(page.get_by_role("status").first).to_have_text(f"{code} is saved.")


async def _see_the_overview(page: Page, caller: Caller) -> None:
    """Every step is done, and the overview counts the calls, the sale and the costs."""
    await page.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    await expect(page.locator(".steps-list li.open")).to_have_count(0)
    await page.get_by_role("link", name="See your first report").click()
    await expect(page.locator("h1")).to_have_text("Overview", timeout=60_000)
    await expect(page.get_by_text("From an empty account")).to_have_count(0)
    await page.wait_for_load_state("load")
    total = (await caller.get("reports", metrics="attempts,sales,marketing_cost"))["total"]
    assert {name: float(cell["value"]) for name, cell in total.items()} == {
        "attempts": len(OUTCOMES),
        "sales": OUTCOMES.count("GOLD"),
        "marketing_cost": COST,
    }
    source = page.get_by_role("row", name="google-ads")
    await expect(source.first).to_contain_text(f"{COST:g}")

"""Importing a file in the browser: uploaded, read as people write files, checked, imported, mended and saved."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import httpx
import pytest
import xlsxwriter
from litestar import Litestar

from service.accounts.keys import create_key
from tests.api.conftest import Caller, NewCaller, caller, client, new_caller, running
from tests.conftest import Owner
from tests.importing.conftest import Workspace
from tests.importing.conftest import counts as counts_of
from tests.pages.test_pages import Browser
from tests.pages.uploading import PAGE, checked, chosen, imported, numbers, send, signed_in, upload, waited

__all__ = ["caller", "client", "new_caller"]

# Excel in Germany: a mark, semicolons, decimal commas, days before months, a title, blank lines, two columns of a name.
EXCEL = (
    "Anrufe im März;;;;;;\r\n;;;;;;\r\n"
    "Call ID;Campaign;Agent Name;Phone;Phone;Call Date;Talk time;Result\r\n"
    "c1;Frühling;ada;0221 1234567;;13.03.2026 09:05;12,5;SALE\r\n"
    "c2;Frühling;bo;0221 1234568;;14.03.2026 9:05;;NO\r\n"
    ";;;;;;;\r\n"
    "c3;Frühling;bo;0221 1234569;;14.03.2026 soon;1,5;NO\r\n"
    ";Frühling;cy;0221 1234560;;15.03.2026 10:00;1,5;NO\r\n"
)


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    return folder / "home-of-uploads"


@pytest.fixture(scope="module")
async def service(ledger_url: str, home: Path) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    async with running(ledger_url, home=home, max_upload_bytes=5_000_000) as started:
        yield started


@pytest.fixture
async def browser(caller: Caller) -> Browser:
    return await signed_in(caller.client, caller.key)


async def test_a_file_of_excel_is_read_checked_imported_and_mended(
    browser: Browser, caller: Caller, owner: Owner, home: Path
) -> None:
    path = await upload(browser, "Anrufe.csv", EXCEL.encode("utf-8-sig"))
    page = unescape(await browser.look(f"{path}/file"))
    assert '<option value=";" selected>Semicolon' in page
    assert '<option value="3" selected>Row 3: Call ID' in page
    assert '<option value="," selected>Comma' in page
    assert '<option value="day" selected>Day first' in page
    assert '<option value="utf-8-sig" selected>UTF-8' in page
    assert "<td>0221 1234567</td>" in page
    assert "Phone (2)" in page
    result = await checked(browser, path, "attempts", region="DE")
    assert numbers(result) == {"Rows": 4, "Good": 2, "Of these known already": 0, "Rejected": 2, "Left out": 0}
    assert (
        '<th scope="row">7</th><td>Call Date</td><td>14.03.2026 soon</td><td>dialed_at (Call Date) is not a' in result
    )
    assert '<th scope="row">8</th><td>Call ID</td><td></td><td>external_id (Call ID)' in result
    assert await owner.fetchval("SELECT count(*) FROM attempts WHERE account_id = $1", caller.account_id) == 0

    result = await imported(browser, path)
    assert numbers(result) == {"Rows": 4, "New": 2, "Updated": 0, "Unchanged": 0, "Rejected": 2, "Left out": 0}
    assert "These disposition codes have no meaning yet: NO, SALE." in result
    rows = await owner.fetch(
        "SELECT external_id, campaign, agent, to_number, dialed_at, talk_ms, disposition FROM attempts"
        " WHERE account_id = $1 ORDER BY 1",
        caller.account_id,
    )
    assert [tuple(row) for row in rows] == [
        ("c1", "Frühling", "ada", "+492211234567", datetime.fromisoformat("2026-03-13T08:05Z"), 12_500, "SALE"),
        ("c2", "Frühling", "bo", "+492211234568", datetime.fromisoformat("2026-03-14T08:05Z"), None, "NO"),
    ]
    assert list(home.rglob("Anrufe.csv")) == [], "the file is removed after its import"

    await send(browser, await browser.look(path), f"{path}/mapping", {"name": "Dialer in Köln"})
    rejects = (await browser.ask("GET", f"{path}/rejected")).content
    mended = rejects.replace(b"14.03.2026 soon", b"14.03.2026 11:30").replace(b";;Fr", b";c4;Fr")
    assert mended.count(b"\n") == 3
    again = await upload(browser, "Anrufe.rejected.csv", mended)
    page = await browser.look(f"{again}/file")
    fields = {**chosen(page), "mapping": "own:Dialer in Köln", "zone": "Europe/Berlin"}
    await send(browser, page, f"{again}/file", fields)
    assert numbers(await waited(browser, again))["Good"] == 2
    assert numbers(await imported(browser, again))["New"] == 2
    await browser.look(f"{path}/file", 404)

    known = await upload(browser, "Anrufe.csv", EXCEL.encode("utf-8-sig"))
    page = await browser.look(f"{known}/file")
    assert "Dialer in Köln (Outbound calls), fits this file" in unescape(page)
    await send(
        browser, page, f"{known}/file", {**chosen(page), "mapping": "own:Dialer in Köln", "zone": "Europe/Berlin"}
    )
    assert numbers(await waited(browser, known))["Of these known already"] == 2
    other = await upload(browser, "other.csv", b"Call ID,Start\n1,2026-03-02\n")
    page = await browser.look(f"{other}/file")
    await send(
        browser, page, f"{other}/file", {**chosen(page), "mapping": "own:Dialer in Köln", "zone": "Europe/Berlin"}
    )
    failed = await waited(browser, other)
    assert "other.csv has no column Campaign; it has: Call ID, Start" in failed
    assert "Import the rows" not in failed

    page = unescape(await browser.look(PAGE))
    assert page.count("Access key test") == 5
    assert "Dialer in Köln" in page
    await send(browser, page, f"{PAGE}/remove-mapping", {"name": "Dialer in Köln"})
    assert "Dialer in Köln" not in unescape(await browser.look(PAGE))


async def test_page_and_command_do_the_same_with_a_file(
    browser: Browser, fresh_ledger: str, tmp_path: Path, home: Path, owner: Owner, caller: Caller
) -> None:
    path = await upload(browser, "calls.csv", EXCEL.encode("utf-16"))
    result = numbers(await checked(browser, path, "attempts", region="DE"))
    [folder] = [folder for folder in (home / "uploads").iterdir() if folder.name == path.rpartition("/")[2]]
    workspace = Workspace(fresh_ledger, tmp_path)
    file = workspace.write("calls.csv", EXCEL.encode("utf-16"))
    mapping = workspace.write("mapping.toml", (folder / "mapping.toml").read_bytes())
    arguments = ("attempts", file, mapping, "--observed-at", "now")
    dry = await asyncio.to_thread(workspace.run, *arguments, "--dry-run")
    assert counts_of(dry) == {"valid": result["Good"], "rejected": result["Rejected"]}
    await imported(browser, path)
    done = await asyncio.to_thread(workspace.run, *arguments)
    rejects = (await browser.ask("GET", f"{path}/rejected")).content
    assert rejects == (tmp_path / "calls.rejected.csv").read_bytes()
    page = numbers(await waited(browser, path))
    assert counts_of(done) == {"created": page["New"], "updated": 0, "unchanged": 0, "rejected": page["Rejected"]}
    rows = "SELECT external_id, campaign, agent, lead, to_number, dialed_at, talk_ms, disposition FROM attempts"
    by_page = await owner.fetch(f"{rows} WHERE account_id = $1 ORDER BY 1", caller.account_id)
    by_command = await asyncio.to_thread(workspace.rows, f"{rows} ORDER BY 1")
    assert [tuple(row) for row in by_page] == by_command
    assert "known                 0" in dry.output


async def test_spend_comes_from_the_sheet_that_is_chosen(
    browser: Browser, caller: Caller, owner: Owner, tmp_path: Path
) -> None:
    path = await upload(browser, "costs.xlsx", costs(tmp_path / "costs.xlsx").read_bytes())
    page = await browser.look(f"{path}/file")
    assert '<th scope="col">Note</th>' in page
    await send(browser, page, f"{path}/file", {**chosen(page), "sheet": "March", "action": "preview"})
    page = unescape(await browser.look(f"{path}/file"))
    assert '<option value="2" selected>Row 2: Day · Source · Cost' in page
    assert "<td>25</td>" in page, "a formula counts with its last value"
    with zipfile.ZipFile(tmp_path / "costs.zip", "w") as archive:
        archive.write(tmp_path / "costs.xlsx", "costs.xlsx")
    packed = await upload(browser, "costs.zip", (tmp_path / "costs.zip").read_bytes())
    assert '<option value="March">' in await browser.look(f"{packed}/file")
    unfinished = await browser.look(f"{path}/file")
    fields = {**chosen(unfinished), "kind": "spend", "zone": "Europe/Berlin"}
    await send(browser, unfinished, f"{path}/file", fields)
    form = await browser.look(f"{path}/columns")
    refused = await send(browser, form, f"{path}/columns", chosen(form), 422)
    assert "Choose a column, or enter a value for every row." in refused.text
    await send(browser, form, f"{path}/columns", {**chosen(form), "constant.spend.currency": "EUR"})
    assert numbers(await waited(browser, path))["Good"] == 2
    assert numbers(await imported(browser, path))["New"] == 2
    spent = await owner.fetch("SELECT from_on, to_on, amount FROM spend WHERE account_id = $1", caller.account_id)
    days = [(date(2026, 3, 2), Decimal("100.5")), (date(2026, 3, 3), Decimal(25))]
    assert sorted(tuple(row) for row in spent) == [(day, day, amount) for day, amount in days]


async def test_words_that_are_not_ours_get_a_meaning(browser: Browser, caller: Caller, owner: Owner) -> None:
    meetings = (
        "Meeting ID,Lead ID,Start,Status,Booked on\n"
        "1,l1,3/14/2026 9:05 AM,No Show,3/1/2026\n"
        "2,l1,3/15/2026 9:05 AM,Attended,3/1/2026\n"
    )
    path = await upload(browser, "meetings.csv", meetings.encode())
    page = await browser.look(f"{path}/file")
    fields = {**chosen(page), "kind": "appointments", "zone": "America/New_York"}
    tomorrow = {"observed_at": f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    refused = await send(browser, page, f"{path}/file", fields | tomorrow, 422)
    assert "Enter a time in the past." in refused.text
    fields["observed_at"] = "2026-03-16T09:00"
    await send(browser, page, f"{path}/file", fields)
    form = await browser.look(f"{path}/columns")
    meaning = {"value.appointment.status.0": "held"}
    await send(browser, form, f"{path}/columns", chosen(form) | meaning)
    assert numbers(await waited(browser, path))["Good"] == 2
    result = await imported(browser, path)
    assert numbers(result)["New"] == 2
    assert "Rows without a time of their own count as known at 2026-03-16 13:00:00 UTC: as stated." in result
    rows = await owner.fetch(
        "SELECT external_id, status::text, scheduled_at FROM appointments WHERE account_id = $1 ORDER BY 1",
        caller.account_id,
    )
    assert [tuple(row) for row in rows] == [
        ("1", "no_show", datetime.fromisoformat("2026-03-14T13:05Z")),
        ("2", "held", datetime.fromisoformat("2026-03-15T13:05Z")),
    ]


def costs(path: Path) -> Path:
    """A workbook: a first sheet of notes, and costs under a merged title, a formula among them."""
    with xlsxwriter.Workbook(path) as book:
        notes, sheet = book.add_worksheet("Notes"), book.add_worksheet("March")
        notes.write_row(0, 0, ["Note", "By"])
        notes.write_row(1, 0, ["nothing", "ada"])
        sheet.merge_range(0, 0, 0, 2, "Costs of March")
        sheet.write_row(1, 0, ["Day", "Source", "Cost"])
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, (number, cost) in enumerate([(2, "100.50"), (3, "=5*5")], 2):
            sheet.write_datetime(row, 0, datetime(2026, 3, number), day)  # noqa: DTZ001  a cell has no zone
            sheet.write(row, 1, "radio")
            (sheet.write_formula(row, 2, cost, None, 25) if cost.startswith("=") else sheet.write_string(row, 2, cost))
    return path


def bomb(path: Path) -> bytes:
    """A small workbook that unpacks to more than 512 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(513):
                sheet.write(bytes(1 << 20))
    return path.read_bytes()


async def test_what_is_no_table_is_refused_with_a_reason_and_leaves_nothing(
    browser: Browser, tmp_path: Path, home: Path
) -> None:
    for name, content, reason in [
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.csv is a picture, not a table"),
        ("empty.csv", b"", "Choose a file with at least one row."),
        ("bomb.xlsx", bomb(tmp_path / "bomb.xlsx"), "bomb.xlsx unpacks to more than 512 MB"),
        ("torn.xlsx", costs(tmp_path / "torn.xlsx").read_bytes()[:-200], "torn.xlsx"),
        ("page.csv", b"<!doctype html><table></table>", "page.csv is a web page"),
        ("../../etc/passwd.pdf", b"%PDF-1.7 ", "passwd.pdf is a PDF document"),
    ]:
        assert reason in await upload(browser, name, content, 422), name
    too_large = await upload(browser, "large.csv", b"id,at\n" * 1_000_000, 413)
    assert "The file is larger than 4 MB." in too_large
    left = [path for path in home.rglob("*") if path.is_file() and path.parent.name == "file"]
    assert [path.name for path in left if path.name in too_large] == []
    assert not list(home.rglob("passwd*"))


async def test_only_a_form_of_the_session_uploads_and_only_its_account_sees_the_file(
    browser: Browser, caller: Caller, new_caller: NewCaller, owner: Owner, home: Path
) -> None:
    answer = await browser.ask("POST", PAGE, data={"form_token": "guessed"}, files={"file": ("a.csv", b"id\n1\n")})
    assert answer.status_code == 403
    path = await upload(browser, "leads.csv", b"id,created at,phone\n1,2026-03-02T09:00:00Z,+14155550100\n")
    [file] = home.rglob("leads.csv")
    assert (file.stat().st_mode & 0o777, file.parent.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    stranger = await new_caller()
    other = await signed_in(stranger.client, stranger.key)
    for page in (path, f"{path}/file", f"{path}/columns", f"{path}/rejected"):
        await other.look(page, 404)
    assert "leads.csv" not in await other.look(PAGE)
    key, _ = await create_key(owner, caller.account_id, name="colleague", scopes=("ingest", "reports"))
    colleague = await signed_in(caller.client, key)
    assert "leads.csv" in await colleague.look(PAGE)
    await colleague.look(f"{path}/file", 403)
    key, _ = await create_key(owner, caller.account_id, name="reader", scopes=("reports",))
    await (await signed_in(caller.client, key)).look(PAGE, 403)
    await send(browser, await browser.look(f"{path}/file"), f"{path}/remove", {})
    assert not file.exists()

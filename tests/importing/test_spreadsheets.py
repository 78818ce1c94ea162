"""Workbooks of Excel are imported as they are: typed cells, dates, several sheets, blank rows, a line of totals."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.importing.conftest import Workspace, counts

CALLS = """
[times]
zone = "Europe/Lisbon"
[attempt]
external_id = "Id"
campaign = "Campaign"
lead = "Lead"
to_number = "Phone"
dialed_at = "Start"
talk_seconds = { column = "Talk", unit = "clock" }
[phones]
region = "PT"
"""
HEADER = ["Id", "Campaign", "Lead", "Phone", "Start", "Talk"]
START = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001  a cell has no zone


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook of these sheets; a cell (value, format) is typed like that."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    value, style = cell if isinstance(cell, tuple) else (cell, None)
                    written = book.add_format({"num_format": style}) if style else None
                    if isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(row, column, value, written, 12)
                    else:
                        sheet.write(row, column, value, written)
            sheet.write_blank(len(rows) + 40, 0, None, book.add_format({"bold": True}))
    return path


def call(number: int, start: Any, talk: Any) -> list[Any]:
    return [number, "spring", 7_000 + number, 210_000_000 + number, start, talk]


def test_a_workbook_is_read_with_its_typed_cells(workspace: Workspace) -> None:
    moment = "dd/mm/yyyy hh:mm"
    file = workbook(
        workspace.folder / "calls.xlsx",
        {
            "Calls": [
                ["Calls of March"],
                [],
                HEADER,
                call(1, (START, moment), (95.5 / 86400, "mm:ss.0")),
                call(2, "2026-07-02 09:30:00", (1.5 / 24, "[h]:mm:ss")),
                [],
                call(3, (START, moment), "0:01:05"),
                ["Total", None, None, None, None, 3],
            ],
            "Notes": [["nothing"]],
        },
    )
    mapping = "[file]\nskip_lines = 1\n" + CALLS
    titled = workspace.run("attempts", file, CALLS)
    assert "has no column Id; it has: Calls of March" in titled.output
    assert "set skip_lines under [file]" in titled.output
    outcome = workspace.run("attempts", file, mapping, "--chunk", "2")
    assert (outcome.code, counts(outcome)) == (3, {"created": 3, "updated": 0, "unchanged": 0, "rejected": 1})
    assert "Only the first sheet, Calls, was read; --sheet names another: Notes." in outcome.output
    winter, summer = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 7, 2, 8, 30, tzinfo=UTC)
    query = "SELECT external_id, lead, to_number, dialed_at, talk_ms FROM attempts ORDER BY 1"
    assert workspace.rows(query) == [
        ("1", "7001", "+351210000001", winter, 95_500),
        ("2", "7002", "+351210000002", summer, 5_400_000),
        ("3", "7003", "+351210000003", winter, 65_000),
    ]
    with (workspace.folder / "calls.rejected.csv").open(newline="") as rejected:
        [row] = csv.DictReader(rejected)
    assert (row["rejected_line"], row["Id"]) == ("8", "Total")
    assert "campaign (Campaign) is required" in row["rejected_reason"]


def test_the_rejected_rows_of_a_workbook_can_be_corrected_and_imported(workspace: Workspace) -> None:
    rows = [HEADER, call(1, (START, "dd/mm/yyyy hh:mm"), (1 / 1440, "h:mm:ss"))]
    rows[1][1] = None
    outcome = workspace.run("attempts", workbook(workspace.folder / "calls.xlsx", {"A": rows}), CALLS)
    assert outcome.code == 3
    rejected = workspace.folder / "calls.rejected.csv"
    rejected.write_text(rejected.read_text().replace("is required,1,,", "is required,1,spring,"))
    assert counts(workspace.run("attempts", rejected, CALLS))["created"] == 1
    assert workspace.row("SELECT dialed_at, talk_ms FROM attempts") == (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), 60_000)


def test_costs_in_a_workbook_have_their_own_decimals_and_days(workspace: Workspace) -> None:
    """A number in a cell is a number, also where the texts of a file have a decimal comma; a formula is its value."""
    mapping = """
[file]
decimal = ","
[spend]
external_id = "day"
source = { constant = "search" }
from_on = { column = "day", format = "excel" }
to_on = { column = "day", format = "excel" }
amount = "cost"
currency = { constant = "EUR" }
"""
    rows = [
        ["day", "cost"],
        [(START, "dd/mm/yyyy"), 1.25],
        [(46084, "dd/mm/yyyy"), (1234.5, "#,##0.00")],
        [46085, "=A1"],
    ]
    file = workbook(workspace.folder / "costs.xlsx", {"Q1": [["other"]], "March": rows})
    outcome = workspace.run("spend", file, mapping, "--sheet", "March")
    assert (outcome.code, counts(outcome)["created"]) == (0, 3), outcome.output
    assert [(str(day), amount) for day, amount in workspace.rows("SELECT from_on, amount FROM spend ORDER BY 1")] == [
        ("2026-03-02", Decimal("1.25")),
        ("2026-03-03", Decimal("1234.5")),
        ("2026-03-04", Decimal(12)),
    ]
    missing = workspace.run("spend", file, mapping, "--sheet", "Marsh")
    assert missing.code == 2
    assert "has no sheet Marsh (did you mean March?); it has: Q1, March" in missing.output


def test_a_workbook_in_an_archive_and_one_from_a_pipe_are_read(workspace: Workspace) -> None:
    content = workbook(workspace.folder / "a.xlsx", {"A": [HEADER, call(1, (START, "hh:mm"), None)]}).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/calls.xlsx", content)
        archive.writestr("__MACOSX/export/._calls.xlsx", b"noise")
    outcome = workspace.run("attempts", workspace.write("calls.zip", packed.getvalue()), CALLS)
    assert counts(outcome)["created"] == 1, outcome.output
    piped = workspace.run("attempts", Path("-"), CALLS, sent=content)
    assert counts(piped)["unchanged"] == 1, piped.output
    assert "The rows came through a pipe" in piped.output

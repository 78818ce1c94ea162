"""Files as people have them: encodings, delimiters, archives, pipes, wrong kinds, repeated keys, unread numbers."""

import gzip
import io
import os
import threading
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.importing.conftest import Workspace, counts

CALLS = """
[times]
format = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"
[attempt]
external_id = "Nr"
campaign = { constant = "herbst" }
to_number = { column = "Rufnummer", optional = true }
dialed_at = "Zeit"
agent = { column = "Agent", optional = true }
"""
TEXT = "Nr;Zeit;Rufnummer;Agent\n1;02.03.2026 09:30;030 1234567;Jürgen\n2;02.03.2026 09:31;anonym;Zoë\n"
STORED = [("1", "Jürgen"), ("2", "Zoë")]


def archive(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            # Names of tests contain their values: the current time would name them differently in each process.
            member = zipfile.ZipInfo(name.replace("__", "."))
            file.writestr(member, text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (TEXT.encode(), "Cells are separated by semicolons, as the first lines show."),
        (TEXT.replace(";", "\t").encode("utf-8-sig"), "Cells are separated by tabs"),
        (TEXT.replace(";", "|").encode("utf-16"), "The file is text in UTF-16, as its first bytes show."),
        (TEXT.encode("utf-16-le"), "The file is text in UTF-16-LE, as its first bytes show."),
        (TEXT.encode("utf-16-be"), "The file is text in UTF-16-BE, as its first bytes show."),
        (TEXT.encode("utf-32"), "The file is text in UTF-32, as its first bytes show."),
        (b"sep=;\r\n" + TEXT.replace("\n", "\r\n").encode(), "separated by semicolons"),
        (f"\n;;;\n \n{TEXT.replace('2;', ';;;' + chr(10) + '2;')}\n;;;\n\n".encode(), "separated by semicolons"),
        (archive(export__csv=TEXT), "separated by semicolons"),
        (gzip.compress(TEXT.encode("utf-16"), mtime=0), "The file is text in UTF-16"),
    ],
)
def test_a_file_says_itself_how_it_is_written(workspace: Workspace, content: bytes, note: str) -> None:
    file = workspace.folder / "export.txt"
    file.write_bytes(content)
    outcome = workspace.run("attempts", file, CALLS)
    assert (outcome.code, counts(outcome).get("created")) == (0, 2), outcome.output
    assert note in outcome.output
    assert workspace.rows("SELECT external_id, agent FROM attempts ORDER BY 1") == STORED


def test_a_file_from_windows_gets_a_hint_and_is_read_with_it(workspace: Workspace) -> None:
    file = workspace.write("export.csv", TEXT.encode("cp1252"))
    outcome = workspace.run("attempts", file, CALLS)
    assert counts(outcome)["rejected"] == 2
    hint = 'is not text in utf-8; for a file from Windows or Excel set encoding = "windows-1252" under [file]'
    assert hint in (workspace.folder / "export.rejected.csv").read_bytes().decode("cp1252").replace('""', '"')
    named = '[file]\nencoding = "windows-1252"\n' + CALLS
    assert counts(workspace.run("attempts", file, named))["created"] == 2
    garbled = workspace.write("names.csv", TEXT.replace("Nr", "Straße").encode("cp1252"))
    refused = workspace.run("attempts", garbled, CALLS.replace('"Nr"', '"Straße"'))
    assert refused.code == 2
    assert f"the line with the column names {hint}" in refused.output
    utf8 = workspace.run("attempts", workspace.write("utf8.csv", TEXT), named)
    assert "The mapping says cp1252, but the file looks like UTF-8" in utf8.output


def test_the_rejected_rows_of_any_encoding_are_read_again(workspace: Workspace) -> None:
    mapping = '[file]\nencoding = "utf-16"\n' + CALLS
    file = workspace.folder / "export.csv"
    file.write_bytes(TEXT.replace("02.03.2026 09:30", "gestern").encode("utf-16"))
    assert counts(workspace.run("attempts", file, mapping))["rejected"] == 1
    rejected = workspace.folder / "export.rejected.csv"
    rejected.write_bytes(rejected.read_bytes().replace(b"gestern", b"02.03.2026 09:30"))
    assert counts(workspace.run("attempts", rejected, mapping))["created"] == 1
    assert workspace.rows("SELECT external_id, agent FROM attempts ORDER BY 1") == STORED


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"%PDF-1.7\n...", "is a PDF document: ask for the same table as XLSX or CSV"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "is an old Excel file (.xls) or has a password: open it",
        ),
        ("a.xls", b"<html><table><tr><td>Nr", "is a web page (HTML), whatever its name says: open it and save it as"),
        (
            "a.xls",
            b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>',
            "is an XML document: open it and save it",
        ),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "is a picture, not a table"),
        ("a.csv", bytes(range(256)) * 9, "is not a table of text"),
        ("a.csv", b" \r\n\r\n", "is empty: the line with the column names is missing"),
        ("a.json", b'[\n{"Id": 1}]', "is one JSON array; write one object per line"),
        ("a.zip", archive(), "is an empty archive"),
        ("a.zip", archive(a__csv="x", b__csv="y"), "holds 2 files (a.csv, b.csv): unpack it and import each file"),
        ("a.ods", archive(content__xml="<x/>"), "is an OpenDocument file: open it and save it as XLSX or CSV"),
        ("a.xlsx", b"PK\x03\x04 cut", "is damaged: it is not a whole zip archive"),
        ("a.csv", TEXT.encode("utf-16") + b"\x00\xd8A\x00", "is not text in utf-16"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    workspace: Workspace, name: str, content: bytes, message: str
) -> None:
    file = workspace.folder / name
    file.write_bytes(content)
    outcome = workspace.run("attempts", file, CALLS)
    assert (outcome.code, len(outcome.output.splitlines())) == (2, 1)
    assert f"{file} {message}" in outcome.output


def test_a_pipe_is_read_like_a_file(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace.folder)
    wrong = TEXT.replace("02.03.2026 09:31", "gestern")
    outcome = workspace.run("attempts", Path("-"), CALLS, sent=wrong.encode())
    assert counts(outcome)["created"] == counts(outcome)["rejected"] == 1
    assert "The rejected rows and the reasons are in stdin.rejected.csv." in outcome.output
    fifo = workspace.folder / "calls.fifo"
    os.mkfifo(fifo)
    threading.Thread(target=fifo.write_bytes, args=(gzip.compress(TEXT.encode()),), daemon=True).start()
    assert counts(workspace.run("attempts", fifo, CALLS)) == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}
    nothing = workspace.run("attempts", Path("-"), CALLS, sent=b"")
    assert (nothing.code, nothing.output) == (2, "stdin is empty: the line with the column names is missing")


def test_rejected_rows_never_replace_a_file(workspace: Workspace) -> None:
    file = workspace.write("export.csv", TEXT.replace("02.03.2026 09:31", "gestern"))
    notes = workspace.write("notes.csv", "mine\n")
    refused = workspace.run("attempts", file, CALLS, "--rejected", str(notes))
    assert refused.code == 2
    other = workspace.folder / "notes-2.csv"
    assert f"{notes} exists already and is not overwritten: name another file, such as {other}" in refused.output
    assert (notes.read_text(), workspace.row("SELECT count(*) FROM attempts")) == ("mine\n", 0)
    first, second = workspace.folder / "export.rejected.csv", workspace.folder / "export.rejected-2.csv"
    workspace.run("attempts", file, CALLS)
    first.write_text("corrected by hand")
    outcome = workspace.run("attempts", file, CALLS)
    assert f"The rejected rows and the reasons are in {second}." in outcome.output
    assert first.read_text() == "corrected by hand"
    assert "gestern" in second.read_text()


def test_repeated_keys_and_unread_numbers_are_named_with_their_lines(workspace: Workspace) -> None:
    rows = [f"{number};02.03.2026 09:30;030 12345{number:02};" for number in range(60)]
    rows[7] = "7;02.03.2026 09:30;12;"
    rows[20] = "20;02.03.2026 09:30;keine Nummer;"
    rows[40] = "3;02.03.2026 09:30;anonymous;"
    rows[59] = "3;02.03.2026 09:31;client:anna;"
    file = workspace.write("export.csv", "\n".join(["Nr;Zeit;Rufnummer;Agent", *rows]))
    for chunk in ("1000", "7"):
        outcome = workspace.run("attempts", file, CALLS, "--chunk", chunk)
        assert outcome.code == 0
        assert (
            "2 rows have the key of an earlier row of this file and count as one with it"
            " (default/3 in lines 5 and 42; default/3 in lines 5 and 61)." in outcome.output
        )
        assert "2 phone numbers cannot be read, and the row is stored with the text as it is" in outcome.output
        assert "(line 9: 12; line 22: keine Nummer)." in outcome.output
    assert workspace.row("SELECT to_number FROM attempts WHERE external_id = '20'") == "keine Nummer"


def test_ids_and_numbers_that_a_spreadsheet_changed_are_put_right_or_refused(workspace: Workspace) -> None:
    rows = [
        "1001.0;02.03.2026 09:30;3012345670.0;5.0",
        "1002.0;02.03.2026 09:30;4,93012E+11;",
        "1003.0;01.01.1970 00:00;;",
        "4.5E+11;02.03.2026 09:30;;",
    ]
    german = '\n[phones]\nregion = "DE"\n'
    mapping = CALLS.replace('"Nr"', '{ column = "Nr", prefix = "c" }')
    plain = workspace.write("a.csv", "\n".join(["Nr;Zeit;Rufnummer;Agent", *rows[:3]]))
    outcome = workspace.run("attempts", plain, CALLS + german)
    assert counts(outcome) == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 2}
    assert "Numbers in Nr, Agent end in .0; they were read without it: 1001.0 is 1001." in outcome.output
    assert workspace.rows("SELECT external_id, to_number, agent FROM attempts") == [("1001", "+493012345670", "5")]
    rejected = (workspace.folder / "a.rejected.csv").read_text()
    assert "to_number (Rufnummer) was rounded by a spreadsheet: give its column the format" in rejected
    assert "dialed_at (Zeit) is in the year 1969; times before 1990 are refused" in rejected
    rounded = workspace.write("b.csv", "\n".join(["Nr;Zeit;Rufnummer;Agent", rows[3]]))
    assert counts(workspace.run("attempts", rounded, CALLS))["rejected"] == 1
    assert "external_id (Nr) was rounded by a spreadsheet" in (workspace.folder / "b.rejected.csv").read_text()
    assert counts(workspace.run("attempts", plain, mapping))["created"] == 1


SPEND = """
[file]
decimal = ","
[spend]
external_id = "day"
source = { constant = "search" }
from_on = { column = "day", format = ["%d.%m.%Y", "excel"] }
to_on = { column = "day", format = ["%d.%m.%Y", "excel"] }
amount = "cost"
currency = { constant = "EUR" }
"""


def test_thousands_may_be_decimals_and_the_summary_asks(workspace: Workspace) -> None:
    file = workspace.write("costs.csv", "day;cost\n01.03.2026;1.234\n02.03.2026;12.500\n")
    outcome = workspace.run("spend", file, SPEND)
    assert "Every amount in cost has three digits behind one point: 1.234 was read as 1234." in outcome.output
    assert workspace.rows("SELECT amount FROM spend ORDER BY 1") == [(Decimal(1234),), (Decimal(12500),)]
    other = workspace.write("other.csv", "day;cost\n03.03.2026;1.234\n04.03.2026;1.234,50\nSumme;2.468,50\n")
    outcome = workspace.run("spend", other, SPEND)
    assert "Every amount" not in outcome.output
    assert counts(outcome) == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert "from_on (day)" in (workspace.folder / "other.rejected.csv").read_text()


def test_a_format_that_cannot_be_read_is_a_fault_of_the_mapping(workspace: Workspace) -> None:
    file = workspace.write("export.csv", TEXT)
    for written, fault in (
        ("%d.%m.%Y %I:%M", "has hours up to 12 (%I) without %p for AM or PM: add %p, or write %H for hours up to 23"),
        ("%d.%m.%Y %H:%M %p", "has %p for AM or PM with hours up to 23 (%H): write %I for hours up to 12"),
        ("%d.%m.%Y %H", "has hours without minutes: add %M"),
        ("excel", 'excel has no offset from UTC: set a zone, such as zone = "Europe/Lisbon"'),
    ):
        mapping = CALLS.replace("%d.%m.%Y %H:%M", written)
        outcome = workspace.run(
            "attempts", file, mapping.replace('zone = "Europe/Berlin"', "") if written == "excel" else mapping
        )
        assert (outcome.code, len(outcome.output.splitlines())) == (2, 2)
        assert fault in outcome.output


def test_a_directory_and_a_missing_file_are_named(workspace: Workspace) -> None:
    for name, fault in ((".", "is a directory"), ("nothing.csv", "does not exist")):
        outcome = workspace.run("attempts", workspace.folder / name, CALLS)
        assert outcome.code == 2
        assert fault in outcome.output

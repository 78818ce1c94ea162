"""What is guessed of a file: its header, its dates and decimals, and the field of each column."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from service.config import SetupError
from service.importing.guess.build import Choices, mapping_content, suggested_choices, unknown_words
from service.importing.guess.columns import fits, suggest
from service.importing.guess.formats import day_formats, duration_unit, time_formats
from service.importing.guess.shape import MOST_COLUMNS, FileShape, shape_of
from service.importing.guess.words import KINDS
from service.importing.language.choices import TARGET_NAMES, shipped
from service.importing.language.mapping import read_mapping
from service.importing.language.targets import TARGETS
from service.importing.language.toml_text import toml_text


def shape(folder: Path, content: str | bytes, name: str = "file.csv", **choices: str) -> FileShape:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return shape_of(path, choices, "day")


@pytest.mark.parametrize("resource", TARGET_NAMES)
def test_a_file_with_our_own_names_needs_no_choice(resource: str, tmp_path: Path) -> None:
    section = TARGETS[resource].sections[0]
    columns = [name for name in section.fields if "." not in name and name not in section.open]
    seen = shape(tmp_path, ",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    choices = suggested_choices(resource, seen, "UTC")
    assert {path: column for path, column in choices.columns.items() if path.startswith(f"{section.name}.")} == {
        f"{section.name}.{name}": name for name in columns
    }
    (tmp_path / "mapping.toml").write_text(toml_text(mapping_content(resource, seen, choices)))
    mapping = read_mapping(tmp_path / "mapping.toml", resource)
    assert {mapped.field for mapped in mapping.mapped_fields if mapped.section == section.name} == set(columns)


def test_every_kind_has_words_for_people() -> None:
    assert tuple(KINDS) == TARGET_NAMES


@pytest.mark.parametrize(
    ("resource", "columns", "expected"),
    [
        (
            "attempts",
            ["Call ID", "User", "Phone Number", "Call Date", "Duration", "Disposition", "List Name", "rejected_line"],
            ["external_id", "agent", "to_number", "dialed_at", "talk_seconds", "disposition.code", "campaign"],
        ),
        (
            "attempts",
            ["phone_number_dialed", "status", "user", "call_date", "length_in_sec", "vendor_lead_code", "campaign_id"],
            ["to_number", "disposition.code", "agent", "dialed_at", "talk_seconds", "lead", "campaign"],
        ),
        (
            "leads",
            ["Id", "Created At", "Mobile", "Lead Source"],
            ["external_id", "received_at", "phone_number", "source"],
        ),
        ("spend", ["Platform", "Day", "Amount spent", "Cur"], ["source", "from_on", "amount", "currency"]),
        ("stage-changes", ["Deal", "Deal Stage", "Date", "Value"], ["opportunity", "stage", "changed_at", "amount"]),
        *(
            ("leads", columns, ["external_id", "received_at", "phone_number", "source"])
            for columns in (
                ["线索编号", "创建时间", "电话", "来源"],
                ["ID prospek", "Tanggal masuk", "Telepon", "Sumber"],
                ["Cod lead", "Data primirii", "Telefon", "Sursă"],
                ["Lead-Nummer", "Erstellt am", "Telefonnummer", "Quelle"],
            )
        ),
        ("spend", ["Sursa", "Data", "Sumă", "Monedă"], ["source", "from_on", "amount", "currency"]),
    ],
)
def test_columns_of_exports_find_their_fields(resource: str, columns: list[str], expected: list[str]) -> None:
    first = TARGETS[resource].sections[0].name
    fields = [name if "." in name else f"{first}.{name}" for name in expected]
    assert suggest(resource, columns) == dict(zip(columns, fields, strict=False))


@pytest.mark.parametrize(
    ("cells", "order", "formats"),
    [
        (["13/03/2026 09:05", "1/3/2026 9:05"], "day", ["%d/%m/%Y %H:%M"]),
        (["3/2/2026 9:05 AM"], "month", ["%m/%d/%Y %I:%M %p"]),
        (["02.03.2026"], "month", ["%d.%m.%Y"]),
        (["2026-03-02T09:00:00Z", "2026-03-02 09:00"], "day", ["rfc3339"]),
        (["1772442000"], "day", ["unix"]),
        (["1772442000123"], "day", ["unix_ms"]),
        (["46083.5"], "day", ["excel"]),
        (["2 Mar 2026 09:05", "46083.5"], "day", ["excel", "%d %b %Y %H:%M"]),
        (["95", "SALE", ""], "day", []),
    ],
)
def test_times_show_their_format(cells: list[str], order: Any, formats: list[str]) -> None:
    assert sorted(time_formats(cells, order)) == sorted(formats)


def test_days_and_durations_show_their_format() -> None:
    assert day_formats(["31/12/2026"], "day") == ["%d/%m/%Y"]
    assert day_formats(["12/31/26"], "month") == ["%m/%d/%y"]
    assert [
        duration_unit(name, cells) for name, cells in [("Talk", ["1:02"]), ("Talk (min)", ["2"]), ("ms_ms", ["9"])]
    ] == [*("clock", "minutes", "milliseconds")]


def test_the_row_of_names_is_the_first_that_is_wide(tmp_path: Path) -> None:
    grouped = shape(tmp_path, "Customer,,Call,\nName,Phone,Date,Phone\nAda,1,2/3/2026,2\n")
    assert (grouped.header_line, grouped.columns) == (2, ["Name", "Phone", "Date", "Phone (2)"])
    assert (grouped.date_order, grouped.is_order_certain) == ("day", False)
    bare = shape(tmp_path, "1,2026-03-02,95\n2,2026-03-03,90\n")
    assert (bare.header_line, bare.columns) == (0, ["Column 1", "Column 2", "Column 3"])
    assert bare.rows(1) == [["1", "2026-03-02", "95"]]
    named = shape(tmp_path, "1,2026-03-02,95\n2,2026-03-03,90\n", header="1")
    assert named.columns == ["1", "2026-03-02", "95"]
    quoted = shape(tmp_path, 'id,"talk\n(min)"\n1,2\n')
    assert (quoted.columns, quoted.rows(1)) == (["id", "talk\n(min)"], [["1", "2"]])


def test_values_that_hold_the_delimiter_do_not_hide_the_row_of_names(tmp_path: Path) -> None:
    rows = ["Lead,Source", *(f"lead-{number},web" for number in range(9)), "lead-9,web,of,the,spring"]
    assert shape(tmp_path, "\n".join(rows) + "\n").header_line == 1


def test_a_workbook_opens_at_its_first_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "file.xlsx") as book:
        notes, leads = book.add_worksheet("Notes"), book.add_worksheet("Leads")
        notes.write_column(0, 0, ["Read me", "Export of the CRM"])
        leads.write_row(0, 0, ["Lead", "Source"])
        leads.write_row(1, 0, ["lead-1", "web"])
    seen = shape_of(tmp_path / "file.xlsx", {}, "day")
    assert (seen.options.sheet, seen.columns) == ("Leads", ["Lead", "Source"])


def test_a_table_with_more_columns_than_anybody_can_match_is_refused(tmp_path: Path) -> None:
    names = [f"column-{number}" for number in range(MOST_COLUMNS + 1)]
    with pytest.raises(SetupError, match="has 501 columns: keep at most 500"):
        shape(tmp_path, ",".join(names) + "\n" + ",".join("x" for _ in names) + "\n")


def test_encodings_delimiters_and_decimals_are_seen_or_chosen(tmp_path: Path) -> None:
    text = "Name;Cost\nMüller;1.234,50\nBaum;7,5\n"
    for encoding, expected in (("cp1252", "cp1252"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")):
        seen = shape(tmp_path, text.encode(encoding))
        assert (seen.options.encoding, seen.options.delimiter, seen.options.decimal) == (expected, ";", ",")
        assert seen.rows(1) == [["Müller", "1.234,50"]]
    chosen = shape(tmp_path, text, delimiter=",", decimal=".", encoding="iso8859-2")
    assert (chosen.options.delimiter, chosen.options.decimal) == (",", ".")
    assert shape(tmp_path, '{"id": 1, "phone": {"home": "2"}}\n', "file.jsonl").columns == ["id", "phone.home"]
    with pytest.raises(SetupError, match="is a picture"):
        shape(tmp_path, b"\xff\xd8\xff\xe0 JFIF")


def test_a_day_and_a_time_of_day_make_one_time(tmp_path: Path) -> None:
    seen = shape(
        tmp_path, "Call ID,List,Date,Time,Talk Time\n1,a,03/14/2026,9:05 AM,0:01:05\n2,a,03/15/2026,,0:00:05\n"
    )
    content = mapping_content("attempts", seen, suggested_choices("attempts", seen, "UTC"))["attempt"]
    assert content["dialed_at"] == {"columns": ["Date", "Time"], "join": " ", "format": "%m/%d/%Y %I:%M %p"}
    assert content["talk_seconds"]["column"] == "Talk Time"
    assert suggest("spend", ["Amount spent (USD)"]) == {"Amount spent (USD)": "spend.amount"}


def test_rows_without_an_id_are_known_by_what_tells_them_apart(tmp_path: Path) -> None:
    seen = shape(tmp_path, "Source,Day,Cost,Currency\nradio,2026-03-02,5,EUR\n")
    spend = mapping_content("spend", seen, suggested_choices("spend", seen, "UTC"))["spend"]
    assert spend["external_id"] == {"columns": ["Source", "Day"], "join": "/"}
    assert spend["from_on"] == spend["to_on"] == {"column": "Day"}


def test_words_of_a_file_become_ours(tmp_path: Path) -> None:
    seen = shape(tmp_path, "Status,Created\nNo Show,2026-03-02\nAttended,2026-03-03\nheld,2026-03-04\n")
    choices = suggested_choices("appointments", seen, "UTC")
    assert unknown_words("appointments", seen, choices) == {"appointment.status": ["Attended"]}
    chosen = Choices(choices.columns, values={"appointment.status": {"Attended": "held"}})
    status = mapping_content("appointments", seen, chosen)["appointment"]["status"]
    assert status["values"] == {"No Show": "no_show", "Attended": "held"}


def test_mappings_say_which_files_they_fit() -> None:
    content = {
        "file": {"delimiter": ";"},
        "times": {"zone": "UTC"},
        "attempt": {"external_id": "Id", "agent": {"column": "User", "optional": True}, "dialed_at": {"column": "At"}},
    }
    assert fits(content, ["Id", "At", "More"])
    assert not fits(content, ["Id", "User"])
    asterisk = tomllib.loads(shipped()["asterisk-cdr"].read_text())
    assert not fits(asterisk, ["Id", "At"])


_values = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**60), 2**60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _values, max_size=4))
def test_a_mapping_is_the_same_as_its_text(content: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(content)) == content

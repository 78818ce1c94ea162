"""Mappings are accepted or refused before anything is read, with messages that help to correct them."""

from pathlib import Path

import pytest

from service.config import SetupError
from service.importing.language.mapping import read_mapping
from tests.importing.conftest import MAPPINGS, Workspace

GOOD = '[attempt]\nexternal_id = "id"\ncampaign = "campaign"\ndialed_at = "at"\n'

EXAMPLES = {
    "bank-service-calls": "inbound-calls",
    "bank-telemarketing": "attempts",
    "dialer-export": "attempts",
    "crm-leads": "leads",
    "ad-spend": "spend",
    "late-dispositions": "dispositions",
    "appointments": "appointments",
    "deals": "stage-changes",
    "number-assignments": "assignments",
}


def complaint(tmp_path: Path, text: str, what: str = "attempts") -> str:
    path = tmp_path / "m.toml"
    path.write_text(text)
    with pytest.raises(SetupError) as caught:
        read_mapping(path, what)
    return str(caught.value)


def test_every_example_is_a_mapping() -> None:
    assert {path.stem for path in MAPPINGS.glob("*.toml")} == set(EXAMPLES)
    for name, what in EXAMPLES.items():
        assert read_mapping(MAPPINGS / f"{name}.toml", what).columns


def test_the_mapping_in_the_documentation_is_valid(tmp_path: Path) -> None:
    text = (MAPPINGS.parent / "imports.md").read_text()
    shown = tmp_path / "shown.toml"
    shown.write_text(text.partition("```toml\n")[2].partition("```")[0])
    assert read_mapping(shown, "attempts").columns == ("date", "number", "campaign", "start", "talk", "result")


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ('talk_secnds = "x"', "[attempt] talk_secnds is not a field of an attempt; did you mean talk_seconds?"),
        ("[atempt]", "[atempt] is not a table of a mapping; did you mean attempt?"),
        (
            "[spend]",
            "[spend] does not belong to an import of attempts; use [attempt], [disposition], [participant], [lead]",
        ),
        (
            '[times]\nzone = "Europe/Lisbn"',
            "[times] zone: must be an IANA time zone; did you mean Europe/Lisbon?",
        ),
        ('[times]\nformat = "%d/%m/%Y"', '%d/%m/%Y has no time of day: set one, such as at = "12:00"'),
        ('[times]\nformat = "%d/%m/%Y %H:%M"', "%d/%m/%Y %H:%M has no offset from UTC: set a zone"),
        ('[times]\nformat = "%H:%M"\nzone = "UTC"', "[times] format: %H:%M has no whole date"),
        ('[times]\nformat = "%d/%m/%Q"\nzone = "UTC"', "%Q is not a supported strptime code"),
        ("[times]\nat = 12", '[times] at: must be a time of day, such as "12:00"'),
        ('[phones]\nregion = "Portugal"', "[phones] region: Portugal is not a country code, such as US or PT"),
        ('[file]\nencoding = "utf-9"', "[file] encoding: utf-9 is not an encoding, such as utf-8 or cp1252"),
        ('[file]\ndelimeter = ";"', "[file] delimeter is not a key of this table; did you mean delimiter?"),
        ('agent = { colum = "x" }', "[attempt] agent colum is not a key of this table; did you mean column?"),
        ('agent = { column = "x", constant = "y" }', "agent: set one of column, columns, row_number or constant"),
        ('agent = { column = "x", unit = "hours" }', "[attempt] agent: unit applies only to durations"),
        ('agent = { column = "x", zone = "UTC" }', "[attempt] agent: zone applies only to times"),
        ('agent = { column = "x", unmapped = "keep" }', "[attempt] agent: unmapped applies only to values"),
        ('agent = { column = "x", join = "/" }', "[attempt] agent: join applies only to columns"),
        ('handled = { constant = "robot" }', "[attempt] handled: robot: Input should be 'none'"),
        ('answered_by = { column = "x", values = { H = "humn" } }', "[attempt] answered_by: humn: Input should be"),
        ('ended_at = { constant = "today" }', "[attempt] ended_at: today must be an RFC 3339 time"),
        (
            'recording = { url = "x" }',
            "[attempt] recording.url is not a field of an attempt; did you mean recording.uri?",
        ),
        ('[disposition]\nnote = "x"', "[disposition] code is required: name its column, or a constant"),
        ('[disposition_codes]\nSALE = "sale"', "[disposition_codes.SALE] must be a table"),
        ('[disposition_codes." SALE"]\nresult = "sale"', "must not begin or end with a space"),
        ('[disposition_codes.SALE]\nresult = "sold"', "[disposition_codes.SALE] result: Input should be 'none'"),
    ],
)
def test_each_fault_of_a_mapping_is_named(tmp_path: Path, added: str, message: str) -> None:
    assert message in complaint(tmp_path, GOOD + added)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    message = complaint(tmp_path, '[attempt]\nagnt = "x"\n[file]\nskip = 1\n')
    assert len(message.splitlines()) == 6
    for field in ("external_id", "campaign", "dialed_at"):
        assert f"[attempt] {field} is required" in message


def test_a_mapping_needs_the_table_of_its_resource(tmp_path: Path) -> None:
    assert "[lead] is missing" in complaint(tmp_path, "[phones]\nregion = 'US'\n", "leads")


def test_invalid_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    assert "is not TOML: " in (message := complaint(tmp_path, "[attempt\n"))
    assert "line 1" in message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.csv", "id,campain,at\n", "has no column campaign (did you mean campain?); it has: id, campain, at"),
        ("c.csv", "id,id,campaign,at\n", "has more than one column id"),
        ("c.csv", "", "is empty: the line with the column names is missing"),
        ("c.dat", "id;campain;at\n", "has no column campaign (did you mean campain?); it has: id, campain, at"),
        ("c.csv", b"PK\x03\x04rest", "is damaged: it is not a whole zip archive"),
        ("c.csv", b"PAR1rest", "is not a readable Parquet file"),
        ("c.parquet", b"no parquet", "is not a readable Parquet file"),
        (
            "c.jsonl",
            '{"id": 1, "at": 2}\n',
            "has no column campaign; it has: id, at. If it may be missing, set optional",
        ),
        ("c.jsonl", '[{"id": 1}]\n', "is one JSON array"),
        ("c.csv", b"\x1f\x8bnot gzip", "is damaged: it cannot be read to its end"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_before_anything_is_stored(
    workspace: Workspace, name: str, content: str | bytes, message: str
) -> None:
    outcome = workspace.run("attempts", workspace.write(name, content), GOOD)
    assert outcome.code == 2
    assert message in outcome.output
    assert workspace.row("SELECT count(*) FROM import_runs WHERE rows_done > 0") == 0


def test_an_unknown_account_is_reported_with_the_known_accounts(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("c.csv", "id,campaign,at\n"), GOOD, "--account", "acme")
    assert outcome.code == 2
    assert "There is no account acme; the accounts are: default" in outcome.output


def test_the_rejected_rows_cannot_overwrite_the_file(workspace: Workspace) -> None:
    file = workspace.write("c.csv", "id,campaign,at\n")
    outcome = workspace.run("attempts", file, GOOD, "--rejected", str(file))
    assert outcome.code == 2
    assert "--rejected would overwrite the imported file" in outcome.output

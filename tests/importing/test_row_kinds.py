"""Rows of other kinds: inbound calls, rows that a mapping skips, and directions that a mapping overlooks."""

import json
from pathlib import Path

import pytest

from service.config import SetupError
from service.importing.language.mapping import read_mapping
from tests.importing.conftest import Workspace, counts

FIELDS = """
[attempt]
external_id = "id"
campaign = { constant = "spring" }
to_number = { column = "to", optional = true }
from_number = { column = "from", optional = true }
dialed_at = "at"
talk_seconds = { column = "talk", optional = true }
"""
CALLS = """\
id,way,from,to,at,talk
1,out,+351210000099,+351210000011,2026-03-02T10:00:00Z,30
2,in,+351210000012,+351210000099,2026-03-02T10:01:00Z,20
3,transfer,,,2026-03-02T10:02:00Z,5
4,out,+351210000099,+351210000013,soon,5
5,in,+351210000012,+351210000099,soon,20
"""
DIRECTION = '\n[direction]\ncolumn = "way"\n'
INBOUND = "\n[inbound_call]\noutcome = { constant = 'answered' }\n"
OUT_ROWS = "SELECT external_id, to_number, talk_ms FROM attempts"
IN_ROWS = "SELECT external_id, from_number, arrived_at::text, outcome::text, talk_ms FROM inbound_calls"


def test_a_direction_sends_each_row_to_its_resource(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("calls.csv", CALLS), FIELDS + DIRECTION + INBOUND)
    assert outcome.code == 3
    assert counts(outcome) == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 2}
    assert "skipped               1  (1 transfer)" in outcome.output
    assert workspace.rows(OUT_ROWS) == [("1", "+351210000011", 30_000)]
    assert workspace.rows(IN_ROWS) == [("2", "+351210000012", "2026-03-02 10:01:00+00", "answered", 20_000)]
    rejected = (workspace.folder / "calls.rejected.csv").read_text()
    assert '5,attempt.dialed_at,"dialed_at (at) must be' in rejected
    assert '6,inbound_call.arrived_at,"inbound_call.arrived_at (at) must be' in rejected


def test_inbound_rows_without_a_table_of_their_own_are_left_out_and_counted(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("calls.csv", CALLS), FIELDS + DIRECTION)
    assert "skipped               3  (2 inbound, 1 transfer)" in outcome.output
    assert "2 calls came in and were left out: to import them, add [inbound_call] to the mapping." in outcome.output
    assert workspace.row("SELECT count(*) FROM inbound_calls") == 0


def test_repeating_an_import_of_both_directions_changes_nothing(workspace: Workspace) -> None:
    file, mapping = workspace.write("calls.csv", CALLS), FIELDS + DIRECTION + INBOUND
    workspace.run("attempts", file, mapping)
    again = workspace.run("attempts", file, mapping, "--chunk", "1")
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 2}


def test_inbound_calls_are_imported_by_name(workspace: Workspace) -> None:
    mapping = FIELDS.replace("[attempt]", "[inbound_call]").replace("dialed_at", "arrived_at")
    outcome = workspace.run("inbound-calls", workspace.write("calls.csv", CALLS), mapping)
    assert counts(outcome) == {"created": 3, "updated": 0, "unchanged": 0, "rejected": 2}
    assert workspace.row("SELECT count(*) FROM inbound_calls") == 3
    assert workspace.row("SELECT count(*) FROM attempts") == 0


def test_an_import_of_inbound_calls_leaves_attempts_out(workspace: Workspace) -> None:
    outcome = workspace.run("inbound-calls", workspace.write("calls.csv", CALLS), FIELDS + DIRECTION + INBOUND)
    assert "skipped               3  (2 outbound, 1 transfer)" in outcome.output
    assert [row[0] for row in workspace.rows(IN_ROWS)] == ["2"]


@pytest.mark.parametrize(
    ("skip", "remaining"),
    [
        ('[skip]\nwhere = { way = ["in", "transfer"] }', {"1", "4"}),
        ('[skip]\nwhere = { way = { none_of = ["in"] } }', {"2", "5"}),
        ("[skip]\nwhere = { from = { empty = true } }", {"1", "2", "4", "5"}),
        ('[skip]\nwhere = { to = { matches = "99$" }, talk = ["20"] }', {"1", "3", "4"}),
        ('[skip]\nwhere = { to = { matches_not = "99$" } }', {"2", "5"}),
        ('[skip]\nwhere = { from = { same_as = "from" } }', {"3"}),
        ('[skip]\nwhere = { from = { differs_from = "to" } }', set()),
        ('[[skip]]\nwhere = { way = ["in"] }\n[[skip]]\nwhere = { talk = ["5"] }\nreason = "too short"', {"1"}),
    ],
)
def test_rows_can_be_skipped_by_any_column(workspace: Workspace, skip: str, remaining: set[str]) -> None:
    file = workspace.write("calls.csv", CALLS.replace("soon", "2026-03-02T10:09:00Z"))
    outcome = workspace.run("attempts", file, f"{skip}\n{FIELDS}")
    assert {row[0] for row in workspace.rows(OUT_ROWS)} == remaining
    assert (f"skipped      {5 - len(remaining):>10,}" in outcome.output) == (len(remaining) < 5)


def test_the_reason_of_a_skip_is_shown(workspace: Workspace) -> None:
    skip = '[[skip]]\nwhere = { way = ["in"] }\n[[skip]]\nwhere = { way = ["transfer"] }\nreason = "passed on"\n'
    outcome = workspace.run("attempts", workspace.write("calls.csv", CALLS), skip + FIELDS)
    assert "(2 [skip], 1 passed on)" in outcome.output


@pytest.mark.parametrize("column", ["direction", "Call Type", "hs_call_direction"])
def test_inbound_rows_of_a_mapping_without_direction_are_no_attempts(workspace: Workspace, column: str) -> None:
    file = workspace.write("calls.csv", CALLS.replace(",way,", f",{column},").replace(",in,", ",Inbound,"))
    outcome = workspace.run("attempts", file, FIELDS)
    assert "skipped               2  (2 inbound)" in outcome.output
    assert "name the column under [direction], add [inbound_call] to the mapping" in outcome.output
    assert {row[0] for row in workspace.rows(OUT_ROWS)} == {"1", "3"}


def test_an_overlooked_direction_is_found_beside_the_fields_of_an_object(workspace: Workspace) -> None:
    rows = [
        {"call": {"id": n, "at": "2026-03-02T10:00:00Z", "direction": way}} for n, way in (("1", "OUT"), ("2", "in"))
    ]
    file = workspace.write("calls.jsonl", "\n".join(map(json.dumps, rows)))
    mapping = FIELDS.replace('"id"', '"call.id"').replace('"at"', '"call.at"')
    assert counts(workspace.run("attempts", file, mapping))["created"] == 1
    assert [row[0] for row in workspace.rows(OUT_ROWS)] == ["1"]


def test_the_direction_of_a_switchs_leg_says_nothing(workspace: Workspace) -> None:
    file = workspace.write("legs.csv", "uuid,direction,at\nx1,inbound,2026-03-02T10:00:00Z\n")
    assert counts(workspace.run("attempts", file, FIELDS.replace('"id"', '"uuid"')))["created"] == 1


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (INBOUND, "[inbound_call] needs a [direction] that tells its rows"),
        ("\n[leg]\n", "[leg] needs a [direction] that tells its rows"),
        ('\n[skip]\nreason = "x"\n', "[skip] where: Field required"),
        ("\n[skip]\nwhere = { way = { matches = '(' } }\n", "is not a regular expression"),
        ("\n[skip]\nwhere = { way = {} }\n", "set one of one_of, none_of, matches"),
        ('\n[direction]\ncolum = "way"\n', "[direction] colum is not a key of this table; did you mean column?"),
    ],
)
def test_faults_of_these_tables_are_named(tmp_path: Path, added: str, message: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(FIELDS + added)
    with pytest.raises(SetupError, match="cannot be used") as caught:
        read_mapping(path, "attempts")
    assert message in str(caught.value)

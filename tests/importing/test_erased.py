"""Erasing at the terminal, and importing an older file again: it brings no erased person back."""

import re

from click.testing import CliRunner

from service.__main__ import commands
from service.config import SetupError
from tests.importing.conftest import Outcome, Workspace, counts

CALLS = """
[attempt]
external_id = "id"
campaign = "campaign"
dialed_at = "at"
lead = "lead"
to_number = "number"

[disposition]
code = "outcome"
note = "note"
"""
FILE = """id,campaign,at,lead,number,outcome,note
1,spring,2026-03-02T09:00:00Z,lead-1,(415) 555-0123,SALE,Mrs Hopper was glad
2,spring,2026-03-02T09:10:00Z,lead-2,+14155550123,BUSY,Hopper again
3,spring,2026-03-02T09:20:00Z,lead-3,+14155550177,SALE,somebody else
"""
CALL_ROWS = """
    SELECT concat_ws(' ', a.external_id, to_number, to_country, d.code, d.note)
    FROM attempts a JOIN dispositions d ON d.attempt = a.external_id ORDER BY 1"""


def erase(workspace: Workspace, typed: str, *options: str) -> Outcome:
    """Erase at a terminal, typing the number there."""
    runner = CliRunner(env={"CALLTALLY_DATABASE_URL": workspace.url})
    result = runner.invoke(commands, ["erase", *options], input=typed)
    if isinstance(result.exception, SetupError):
        return Outcome(2, str(result.exception))
    return Outcome(result.exit_code, result.output)


def test_a_file_from_before_an_erasure_brings_no_person_back(workspace: Workspace) -> None:
    calls = workspace.write("calls.csv", FILE)
    assert workspace.run("attempts", calls, CALLS).code == 0
    outcome = erase(workspace, "(415) 555-0123\ny\n")
    assert outcome.code == 0, outcome.output
    touched = "0 leads, 2 attempts, 0 inbound calls, 2 dispositions, 0 rejected items, 0 deliveries, 0 agents"
    assert f"Touched: {touched}, 0 customers, 0 comments." in outcome.output
    calls_after_erasure = [row[0] for row in workspace.rows(CALL_ROWS)]
    token = re.fullmatch(r"1 (erased-\S+) US SALE", calls_after_erasure[0])
    assert token
    assert calls_after_erasure[1:] == [f"2 {token[1]} US BUSY", "3 +14155550177 US SALE somebody else"]

    assert counts(workspace.run("attempts", calls, CALLS)) == {
        "created": 0,
        "updated": 0,
        "unchanged": 3,
        "rejected": 0,
    }
    assert [row[0] for row in workspace.rows(CALL_ROWS)] == calls_after_erasure
    more = workspace.write("more.csv", FILE + "4,spring,2026-03-03T09:00:00Z,lead-1,4155550123,SALE,Hopper once more\n")
    assert counts(workspace.run("attempts", more, CALLS))["created"] == 1
    assert workspace.rows(CALL_ROWS)[3] == (f"4 {token[1]} US SALE",)


def test_the_command_explains_faults_and_asks_before_it_erases(workspace: Workspace) -> None:
    assert erase(workspace, "anonymous\n", "--yes") == Outcome(2, "phone_number is not a phone number")
    assert erase(workspace, "", "--yes", "--lead", "nobody") == Outcome(2, "lead is not known")
    assert erase(workspace, "+14155550123\nn\n").code == 1
    assert workspace.row("SELECT count(*) FROM erasures") == 0
    assert erase(workspace, "+14155550123\n", "--yes").code == 0
    again = erase(workspace, "+14155550123\n", "--yes")
    assert re.search(r"Erased before, on 20\d\d-\d\d-\d\d; there is no later data", again.output)


def test_a_number_that_a_later_file_brings_empties_what_an_earlier_one_said(workspace: Workspace) -> None:
    assert erase(workspace, "+14155550123\n", "--yes").code == 0
    early = workspace.write("early.csv", FILE.replace("(415) 555-0123", "").replace("+14155550123", ""))
    assert counts(workspace.run("attempts", early, CALLS))["created"] == 3
    notes = "SELECT note FROM dispositions_versions WHERE note IS NOT NULL ORDER BY note"
    assert [row[0] for row in workspace.rows(notes)] == ["Hopper again", "Mrs Hopper was glad", "somebody else"]
    late = workspace.write("late.csv", "".join(line.rpartition(",")[0] + ",\n" for line in FILE.splitlines()))
    assert workspace.run("attempts", late, CALLS.replace('note = "note"', "")).code == 0
    assert [row[0] for row in workspace.rows(notes)] == ["somebody else"]

"""Erasing at the terminal, and a file from before that is imported again: it brings nobody back."""

import re

from click.testing import CliRunner

from service.__main__ import commands
from service.config import SetupError
from tests.importing.conftest import Desk, Outcome, counts

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
TOLD = """
    SELECT concat_ws(' ', a.external_id, to_number, to_country, d.code, note)
    FROM attempts a JOIN dispositions d ON d.attempt = a.external_id ORDER BY 1"""


def erase(context: Desk, typed: str, *options: str) -> Outcome:
    """Erase as someone at a terminal does, who types the number there."""
    runner = CliRunner(env={"CALLTALLY_DATABASE_URL": context.url})
    result = runner.invoke(commands, ["erase", *options], input=typed)
    if isinstance(result.exception, SetupError):
        return Outcome(2, str(result.exception))
    return Outcome(result.exit_code, result.output)


def test_a_file_from_before_an_erasure_brings_nobody_back(context: Desk) -> None:
    calls = context.write("calls.csv", FILE)
    assert context.run("attempts", calls, CALLS).code == 0
    outcome = erase(context, "(415) 555-0123\ny\n")
    assert outcome.code == 0, outcome.said
    touched = "0 leads, 2 attempts, 0 inbound calls, 2 dispositions, 0 rejected items, 0 deliveries"
    assert f"Touched: {touched}." in outcome.said
    told = [row[0] for row in context.rows(TOLD)]
    token = re.fullmatch(r"1 (erased-\S+) US SALE", told[0])
    assert token
    assert told[1:] == [f"2 {token[1]} US BUSY", "3 +14155550177 US SALE somebody else"]

    assert counts(context.run("attempts", calls, CALLS)) == {"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    assert [row[0] for row in context.rows(TOLD)] == told
    more = context.write("more.csv", FILE + "4,spring,2026-03-03T09:00:00Z,lead-1,4155550123,SALE,Hopper once more\n")
    assert counts(context.run("attempts", more, CALLS))["created"] == 1
    assert context.rows(TOLD)[3] == (f"4 {token[1]} US SALE",)


def test_the_command_says_what_is_wrong_and_asks_before_it_erases(context: Desk) -> None:
    assert erase(context, "anonymous\n", "--yes") == Outcome(2, "phone_number is not a phone number")
    assert erase(context, "", "--yes", "--lead", "nobody") == Outcome(2, "lead is not known")
    assert erase(context, "+14155550123\nn\n").code == 1
    assert context.one("SELECT count(*) FROM erasures") == 0
    assert erase(context, "+14155550123\n", "--yes").code == 0
    again = erase(context, "+14155550123\n", "--yes")
    assert re.search(r"Erased before, on 20\d\d-\d\d-\d\d; nothing more was found", again.said)

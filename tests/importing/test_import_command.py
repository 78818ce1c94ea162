"""Importing a file: the stored rows, the printed summary, and the effect of a second import."""

import csv
import json
from datetime import UTC, datetime

import polars as pl

from tests.importing.conftest import BANK_SAMPLE, MAPPINGS, Workspace, counts

CALLS = """
[attempt]
external_id = "id"
campaign = "campaign"
dialed_at = "at"
ended_at = { column = "end", optional = true }
agent = { column = "agent", optional = true }
to_number = { column = "number", optional = true }
talk_seconds = { column = "talk", optional = true }

[disposition]
code = { column = "outcome", optional = true }
"""


def test_a_campaign_is_imported_as_attempts_with_dispositions_and_leads(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", BANK_SAMPLE, MAPPINGS / "bank-telemarketing.toml")
    assert outcome.code == 0, outcome.output
    assert counts(outcome) == {"created": 40, "updated": 0, "unchanged": 0, "rejected": 0}
    attempt = workspace.rows(
        "SELECT dialer, campaign, lead, source, dialed_at, talk_ms, network_result::text, answered_by::text,"
        " detector::text, handled::text, disposition, disposition_set_at, observed_at"
        " FROM attempts WHERE external_id = '8'"
    )
    # Noon in Lisbon, in winter.
    at = datetime(2009, 2, 9, 12, 0, tzinfo=UTC)
    axes = ("answered", "human", "agent", "agent")
    saved_at = datetime.fromtimestamp(int(BANK_SAMPLE.stat().st_mtime), UTC)
    assert attempt == [("bank", "term-deposits", "8", "unknown", at, 80_000, *axes, "SALE", at, saved_at)]
    assert workspace.row("SELECT dialed_at FROM attempts WHERE external_id = '20'") == datetime(
        2009, 5, 21, 11, tzinfo=UTC
    )
    assert workspace.row("SELECT count(*) FROM dispositions WHERE code = 'SALE'") == 5
    assert workspace.row("SELECT count(*) FROM leads WHERE received_at IS NULL") == 40
    meaning = workspace.rows("SELECT code, result::text, confirmed FROM disposition_codes ORDER BY code")
    assert meaning == [("NOT_INTERESTED", "not_interested", True), ("SALE", "sale", True)]


def test_importing_a_file_again_changes_nothing_and_reports_it(workspace: Workspace) -> None:
    mapping = MAPPINGS / "bank-telemarketing.toml"
    workspace.run("attempts", BANK_SAMPLE, mapping)
    before = workspace.rows("SELECT xmin::text, ctid::text FROM attempts ORDER BY external_id")
    again = workspace.run("attempts", BANK_SAMPLE, mapping)
    assert again.code == 0
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 40, "rejected": 0}
    assert "Nothing changed: the ledger already had these rows, since 20" in again.output
    assert workspace.rows("SELECT xmin::text, ctid::text FROM attempts ORDER BY external_id") == before
    assert workspace.row("SELECT count(*) FROM attempts_history") == 0
    assert workspace.row("SELECT count(*) FROM import_runs WHERE finished_at IS NOT NULL") == 2


def test_a_mapping_leaves_configured_codes_unchanged(workspace: Workspace) -> None:
    mapping = MAPPINGS / "bank-telemarketing.toml"
    workspace.run("attempts", BANK_SAMPLE, mapping)
    workspace.rows("UPDATE disposition_codes SET name = 'ours' WHERE code = 'SALE'")
    workspace.run("attempts", BANK_SAMPLE, mapping)
    assert workspace.row("SELECT name FROM disposition_codes WHERE code = 'SALE'") == "ours"


def test_codes_without_a_definition_are_listed(workspace: Workspace) -> None:
    file = workspace.write("calls.csv", "id,campaign,at,outcome\n1,spring,2026-03-02T09:00:00Z,MYSTERY\n")
    outcome = workspace.run("attempts", file, CALLS)
    assert "These disposition codes have no meaning yet: MYSTERY." in outcome.output
    assert workspace.rows("SELECT code, confirmed, result::text FROM disposition_codes") == [
        ("MYSTERY", False, "unmapped")
    ]


def test_rejected_rows_go_to_a_file_with_line_field_and_reason(workspace: Workspace) -> None:
    file = workspace.write(
        "calls.csv",
        "id,campaign,at,end,talk,number,note\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:01:00Z,30,+14155550123,\n"
        '2,spring,2026-03-02T09:00:00,,x,+14155550124,"two\nlines"\n'
        "3,spring,2026-03-02T09:00:00Z,2026-03-02T08:01:00Z,30,,early\n"
        "4,,2026-03-02T09:00:00Z,,,,\n"
        "5,spring\n"
        "6,spring,2026-03-02T09:00:00Z,,7,,\n",
    )
    outcome = workspace.run("attempts", file, CALLS)
    assert outcome.code == 3
    assert counts(outcome) == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 4}
    assert str(workspace.folder / "calls.rejected.csv") in outcome.output
    with (workspace.folder / "calls.rejected.csv").open(newline="") as rejected:
        rows = list(csv.DictReader(rejected))
    assert [(row["rejected_line"], row["rejected_field"]) for row in rows] == [
        ("3", "attempt.dialed_at, attempt.talk_seconds"),
        ("5", "attempt.ended_at"),
        ("6", "attempt.campaign"),
        ("7", ""),
    ]
    assert "dialed_at (at) needs an offset from UTC" in rows[0]["rejected_reason"]
    assert "talk_seconds (talk) must be a number of seconds" in rows[0]["rejected_reason"]
    assert "ended_at (end) is before dialed_at" in rows[1]["rejected_reason"]
    assert rows[2]["rejected_reason"] == "campaign (campaign) is required"
    assert rows[3]["rejected_reason"] == "has 2 cells, but the file has 7 columns"
    assert (rows[0]["note"], rows[0]["number"], rows[1]["id"]) == ("two\nlines", "+14155550124", "3")
    assert workspace.rows("SELECT external_id FROM attempts ORDER BY external_id") == [("1",), ("6",)]


def test_talk_beyond_the_call_or_of_hours_is_imported(workspace: Workspace) -> None:
    """A lost hang-up is for people to see: the row is not lost."""
    file = workspace.write(
        "calls.csv",
        "id,campaign,at,end,talk\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:01:00Z,3000\n"
        "2,spring,2026-03-02T09:00:00Z,2026-03-02T12:00:10Z,10800\n",
    )
    assert workspace.run("attempts", file, CALLS).code == 0
    assert workspace.rows("SELECT talk_ms FROM attempts ORDER BY external_id") == [(3_000_000,), (10_800_000,)]


def test_a_corrected_file_of_rejected_rows_is_imported_with_the_same_mapping(workspace: Workspace) -> None:
    file = workspace.write("calls.csv", "id,campaign,at\n1,spring,yesterday\n2,spring,2026-03-02T09:00:00Z\n")
    assert workspace.run("attempts", file, CALLS).code == 3
    rejected = workspace.folder / "calls.rejected.csv"
    rejected.write_text(rejected.read_text().replace(",yesterday", ",2026-03-01T09:00:00Z"))
    assert counts(workspace.run("attempts", rejected, CALLS)) == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }


def test_a_dry_run_checks_every_row_and_stores_none(workspace: Workspace) -> None:
    file = workspace.write("calls.csv", "id,campaign,at\n1,spring,yesterday\n2,spring,2026-03-02T09:00:00Z\n")
    outcome = workspace.run("attempts", file, CALLS, "--dry-run")
    assert outcome.code == 3
    assert counts(outcome) == {"valid": 1, "rejected": 1}
    assert "no row was stored" in outcome.output
    assert len((workspace.folder / "calls.dry-run.rejected.csv").read_text().splitlines()) == 2
    assert workspace.row("SELECT count(*) FROM attempts") == workspace.row("SELECT count(*) FROM import_runs") == 0


def test_several_rows_of_one_attempt_are_one_attempt_and_the_newest_row_counts(workspace: Workspace) -> None:
    file = workspace.write(
        "calls.csv",
        "id,campaign,at,end,talk\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:05:00Z,60\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:04:00Z,50\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:06:00Z,70\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:06:00Z,70\n"
        "1,spring,2026-03-02T09:00:00Z,2026-03-02T09:02:00Z,20\n",
    )
    outcome = workspace.run("attempts", file, CALLS)
    assert counts(outcome) == {"created": 1, "updated": 3, "unchanged": 1, "rejected": 0}
    assert workspace.row("SELECT talk_ms FROM attempts") == 70_000


def test_any_chunk_size_gives_the_same_result(workspace: Workspace) -> None:
    rows = [f"{n % 7},c{n % 3},2026-03-02T09:{n:02}:00Z,a{n % 2}" for n in range(40)]
    file = workspace.write("calls.csv", "\n".join(["id,campaign,at,agent", *rows]))
    seen = []
    for number, chunk in enumerate(("1", "3", "1000")):
        workspace.rows("INSERT INTO accounts (code, name) VALUES ($1::text, $1::text)", f"account-{number}")
        outcome = workspace.run("attempts", file, CALLS, "--chunk", chunk, "--account", f"account-{number}")
        summary = counts(outcome)
        assert (summary["created"], sum(summary.values())) == (7, 40)
        columns = "external_id, campaign, agent, dialed_at, observed_at, stamps"
        query = f"SELECT {columns} FROM attempts JOIN accounts USING (account_id) WHERE code = $1 ORDER BY 1"
        seen.append(workspace.rows(query, f"account-{number}"))
    assert seen[0] == seen[1] == seen[2]


def test_leads_come_from_nested_json_lines(workspace: Workspace) -> None:
    lead = {
        "id": "L1",
        "created_at": "2026-03-02T09:00:00+01:00",
        "campaign": "spring",
        "utm": {"source": "search"},
        "contact": {"phone": "(415) 555-0123", "name": "unused"},
        "company": {"industry": "bakeries", "size": 12},
    }
    other = {"id": 17, "created_at": "2026-03-02T10:00:00Z", "campaign": None, "contact": {}}
    file = workspace.write("leads.jsonl", f"{json.dumps(lead)}\n\n{json.dumps(other)}\nnot json\n")
    outcome = workspace.run("leads", file, MAPPINGS / "crm-leads.toml")
    assert (outcome.code, counts(outcome)["created"]) == (3, 2)
    columns = "external_id, received_at, source, campaign, phone_number, phone_country, attributes"
    assert workspace.rows(f"SELECT {columns} FROM leads ORDER BY external_id") == [
        ("17", datetime(2026, 3, 2, 10, tzinfo=UTC), "direct", None, None, None, None),
        (
            "L1",
            datetime(2026, 3, 2, 8, tzinfo=UTC),
            "search",
            "spring",
            "+14155550123",
            "US",
            '{"industry": "bakeries", "company_size": "12"}',
        ),
    ]
    [rejected] = [json.loads(line) for line in (workspace.folder / "leads.rejected.jsonl").read_text().splitlines()]
    assert rejected == {"row": "not json", "rejected": {"line": 4, "fields": [], "reason": "is not a JSON object"}}


def test_dispositions_come_from_parquet_and_find_their_attempts(workspace: Workspace) -> None:
    calls = workspace.write("calls.csv", "id,campaign,at\n1,spring,2026-03-02T09:00:00Z\n")
    workspace.run("attempts", calls, CALLS + '\n[phones]\nregion = "US"\n', "--account", "default")
    frame = pl.DataFrame(
        {
            "call_id": [1, 2, 3],
            "outcome": ["SALE", "NOT_NOW", None],
            "decided_at": ["2026-03-08 01:30", "2026-03-08 02:30", "2026-03-08 03:30"],
        }
    ).with_columns(pl.col("decided_at").str.to_datetime())
    file = workspace.folder / "late.parquet"
    frame.write_parquet(file)
    mapping = (MAPPINGS / "late-dispositions.toml").read_text().replace("dialer-1", "default")
    outcome = workspace.run("dispositions", file, mapping)
    # At half past two New York's clocks had gone on to half past three.
    assert (outcome.code, counts(outcome)) == (3, {"created": 1, "updated": 0, "unchanged": 0, "rejected": 2})
    assert workspace.rows("SELECT disposition, disposition_set_at FROM attempts") == [
        ("SALE", datetime(2026, 3, 8, 6, 30, tzinfo=UTC))
    ]
    with (workspace.folder / "late.rejected.csv").open(newline="") as rejected:
        [skipped, nameless] = csv.DictReader(rejected)
    assert "is in an hour that America/New_York skipped" in skipped["rejected_reason"]
    assert (nameless["rejected_line"], nameless["rejected_reason"]) == ("3", "code (outcome) is required")


def test_exchange_rates_are_imported_and_corrected_by_a_later_file(workspace: Workspace) -> None:
    mapping = workspace.write(
        "rates.toml",
        '[file]\ndelimiter = ";"\ndecimal = ","\n[exchange_rate]\nbase = "from"\nquote = { constant = "USD" }\n'
        'rate = "rate"\non = { column = "day", format = "%d/%m/%Y" }\n',
    )
    first = workspace.write(
        "rates.csv", "from;day;rate\nEUR;02/03/2026;1,0834\nEUX;02/03/2026;1,2\nJPY;03/03/2026;0,0067\n"
    )
    outcome = workspace.run("exchange-rates", first, mapping)
    assert (outcome.code, counts(outcome)) == (3, {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1})
    later = workspace.write("later.csv", "from;day;rate\nEUR;02/03/2026;1,09\nJPY;03/03/2026;0,0067\n")
    outcome = workspace.run("exchange-rates", later, mapping)
    assert counts(outcome) == {"created": 0, "updated": 1, "unchanged": 1, "rejected": 0}
    rates = workspace.rows("SELECT base, quote, rate_on::text, rate::float FROM exchange_rates ORDER BY base")
    assert rates == [("EUR", "USD", "2026-03-02", 1.09), ("JPY", "USD", "2026-03-03", 0.0067)]


def test_spend_may_have_decimal_commas_and_days_in_any_format(workspace: Workspace) -> None:
    file = workspace.write("costs.csv", 'day;source;cost\n02/03/2026;search;"1250,50"\n03/03/2026;search;12,345678\n')
    outcome = workspace.run("spend", file, MAPPINGS / "ad-spend.toml")
    assert (outcome.code, counts(outcome)["created"]) == (3, 1)
    assert [
        str(value) for value in workspace.row("SELECT external_id, from_on, to_on, amount, currency FROM spend")
    ] == [
        "02/03/2026:search",
        "2026-03-02",
        "2026-03-02",
        "1250.5000",
        "EUR",
    ]
    assert "amount (cost)" in (workspace.folder / "costs.rejected.csv").read_text()


def test_a_dialers_own_export_is_read_by_its_mapping(workspace: Workspace) -> None:
    heading = (
        "Datum;Lfd. Nr.;Kampagne;Agent;Kundennummer;Rufnummer;Absender;Ende;Gespräch;Status;Ergebnis;Wiedervorlage"
    )
    file = workspace.write(
        "export.csv.gz",
        f"{heading}\n"
        "25.10.2026 02:30:00;7;Strom;anna;K1;030 1234567;-;25.10.2026 02:33:00;2:45;Verbunden;ABSCHLUSS;-\n"
        "25.10.2026 02:31:00;8;Strom;;K2;anonym;NULL;;;Besetzt;;01.11.2026 09:00\n".encode("cp1252"),
    )
    outcome = workspace.run("attempts", file, MAPPINGS / "dialer-export.toml")
    assert outcome.code == 0, outcome.output
    columns = "agent, to_number, to_country, dialed_at, talk_ms, network_result::text, answered_by::text, disposition"
    assert workspace.rows(f"SELECT external_id, {columns}, callback_at FROM attempts ORDER BY 1") == [
        (
            "25.10.2026 02:30:00/7",
            "de-anna",
            "+49301234567",
            "DE",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            165_000,
            "answered",
            "human",
            "ABSCHLUSS",
            None,
        ),
        (
            "25.10.2026 02:31:00/8",
            None,
            "anonym",
            None,
            datetime(2026, 10, 25, 0, 31, tzinfo=UTC),
            None,
            "busy",
            None,
            None,
            None,
        ),
    ]


def test_a_lead_may_be_in_the_row_of_its_attempts(workspace: Workspace) -> None:
    mapping = CALLS + '[lead]\nexternal_id = "client"\nreceived_at = "came"\n[lead.attributes]\nage = "age"\n'
    file = workspace.write(
        "calls.csv",
        "id,campaign,at,client,came,age\n"
        "1,spring,2026-03-02T09:00:00Z,C1,2026-03-01T09:00:00Z,41\n"
        "2,spring,2026-03-02T10:00:00Z,C1,2026-03-01T09:00:00Z,41\n"
        "3,spring,2026-03-02T10:00:00Z,,,\n"
        "4,spring,2026-03-02T10:00:00Z,C2,,41\n",
    )
    outcome = workspace.run("attempts", file, mapping)
    assert counts(outcome) == {"created": 3, "updated": 0, "unchanged": 0, "rejected": 1}
    assert workspace.rows("SELECT external_id, lead FROM attempts ORDER BY 1") == [
        ("1", "C1"),
        ("2", "C1"),
        ("3", None),
    ]
    assert workspace.rows("SELECT external_id, attributes FROM leads") == [("C1", '{"age": "41"}')]
    assert "lead.received_at (came) is required" in (workspace.folder / "calls.rejected.csv").read_text()

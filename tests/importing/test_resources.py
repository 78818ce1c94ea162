"""Every resource comes from a file, with a mapping or by the names of its columns."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.importing.conftest import MAPPINGS, Workspace, counts

FILES = {
    "leads": "external_id,received_at,phone_number\nL1,2026-03-01T09:00:00Z,+351210000001\n",
    "inbound-calls": "external_id,arrived_at,from_number,to_number,outcome\n"
    "i1,2026-03-02T09:00:00Z,+351210000001,+351210000099,answered\n",
    "attempts": "external_id,campaign,lead,dialed_at,to_number,disposition.code\n"
    "a1,spring,L1,2026-03-02T09:00:00Z,+351210000001,SALE\n",
    "dispositions": "attempt,code,set_at\na1,NO,2026-03-02T10:00:00Z\n",
    "appointments": "external_id,lead,attempt,set_at,scheduled_at,status,status_at\n"
    "m1,L1,a1,2026-03-02T09:05:00Z,2026-03-05T14:00:00Z,set,2026-03-02T09:05:00Z\n",
    "follow-ups": "external_id,lead,channel,due_at,automated\nf1,L1,call,2026-03-03T10:00:00Z,no\n",
    "stage-changes": "external_id,opportunity,lead,stage,changed_at,amount,currency\n"
    's1,d1,L1,won,2026-03-04T16:20:00Z,"42,000.50",USD\n',
    "spend": "external_id,source,from_on,to_on,amount,currency\nx1,search,2026-03-01,2026-03-02,$120.50,USD\n",
    "cases": "external_id,opened_at,topic\ncase-1,2026-03-02T09:30:00Z,invoice\n",
    "agent-states": "agent,state,from_at,to_at\nada,talking,2026-03-02T09:30:00Z,2026-03-02T09:32:00Z\n",
    "schedules": "agent,activity,from_at,to_at\nada,work,2026-03-02T09:00:00Z,2026-03-02T12:00:00Z\n",
    "staff": "external_id,agent,team,joined_on,left_on,voluntary\nh1,ada,north,2025-09-01,2026-03-31,yes\n",
    "running-costs": 'external_id,from_on,to_on,amount,currency\nr1,2026-03-01,2026-03-31,"3,100.00",EUR\n',
    "customers": "external_id,lead,since_on,value,value_per,currency\nc1,L1,2026-03-05,250,month,EUR\n",
    "surveys": "external_id,kind,asked_at,answered_at,score,comment,call\n"
    "v1,nps,2026-03-02T09:10:00Z,2026-03-02T09:20:00Z,9.0,1.5E+3 thanks,a1\n",
    "form-items": "form,form_version,item,section,weight,max_points,script\n"
    "sales,2,greeting,courtesy,2,5,no\nsales,2,offer,content,1,1,yes\n",
    "evaluations": "external_id,form,form_version,evaluated_at,evaluator,call,score.item,score.points\n"
    "e1,sales,2,2026-03-03T09:00:00Z,quinn,a1,greeting,4.5\n",
    "shared-calls": "external_id,call,team,manager,note,shared_at\n"
    "g1,a1,north,quinn,a calm answer,2026-03-03T12:00:00Z\n",
    "tracking-numbers": "number,name\n+351210000099,Main line\n",
    "assignments": "number,from_at,source\n+351210000099,2026-01-01T00:00:00Z,radio\n"
    "+351210000099,2026-03-01T00:00:00Z,web\n",
}
ROWS = {
    "leads": ("SELECT external_id, phone_number FROM leads", [("L1", "+351210000001")]),
    "inbound-calls": ("SELECT external_id, outcome::text FROM inbound_calls", [("i1", "answered")]),
    "dispositions": ("SELECT code FROM dispositions ORDER BY code", [("NO",), ("SALE",)]),
    "appointments": ("SELECT external_id, lead, attempt, dialer FROM appointments", [("m1", "L1", "a1", "default")]),
    "follow-ups": ("SELECT external_id, channel::text, automated FROM follow_ups", [("f1", "call", False)]),
    "stage-changes": ("SELECT opportunity, amount FROM stage_changes", [("d1", Decimal("42000.5"))]),
    "spend": ("SELECT external_id, amount FROM spend", [("x1", Decimal("120.5"))]),
    "cases": ("SELECT external_id, topic FROM cases", [("case-1", "invoice")]),
    "agent-states": ("SELECT agent, state::text FROM agent_states", [("ada", "talking")]),
    "schedules": ("SELECT agent, activity::text FROM schedules", [("ada", "work")]),
    "staff": ("SELECT agent, left_on::text, voluntary FROM staff", [("ada", "2026-03-31", True)]),
    "running-costs": ("SELECT external_id, amount FROM running_costs", [("r1", Decimal(3100))]),
    "customers": ("SELECT lead, value, value_per::text FROM customers", [("L1", Decimal(250), "month")]),
    "surveys": (
        "SELECT external_id, kind::text, scale, score, dialer, call, comment FROM surveys",
        [("v1", "nps", "0-10", Decimal(9), "default", "a1", "1.5E+3 thanks")],
    ),
    "form-items": (
        "SELECT item, section, weight, max_points, script FROM form_items ORDER BY item",
        [("greeting", "courtesy", Decimal(2), Decimal(5), False), ("offer", "content", Decimal(1), Decimal(1), True)],
    ),
    "evaluations": ("SELECT evaluation, item, points FROM evaluation_scores", [("e1", "greeting", Decimal("4.5"))]),
    "shared-calls": (
        "SELECT external_id, dialer, call, team, note FROM shared_calls",
        [("g1", "default", "a1", "north", "a calm answer")],
    ),
    "tracking-numbers": (
        "SELECT number, name, confirmed FROM tracking_numbers",
        [("+351210000099", "Main line", True)],
    ),
    "assignments": (
        "SELECT source, to_at FROM tracking_number_assignments ORDER BY from_at",
        [("radio", datetime(2026, 3, 1, tzinfo=UTC)), ("web", None)],
    ),
}


def test_every_resource_is_imported_by_the_names_of_its_columns(workspace: Workspace) -> None:
    for what, text in FILES.items():
        file = workspace.write(f"{what}.csv", text)
        rows = len(text.splitlines()) - 1
        outcome = workspace.run(what, file, None)
        assert (outcome.code, counts(outcome)["created"]) == (0, rows), (what, outcome.output)
        again = counts(workspace.run(what, file, None))
        assert (again["unchanged"], again["created"], again["updated"]) == (rows, 0, 0), what
        if what in ROWS:
            query, stored = ROWS[what]
            assert workspace.rows(query) == stored
    # The call came in after the number was given to another source.
    assert workspace.row("SELECT source, tracking_number FROM inbound_calls") == ("web", "+351210000099")


def test_objects_of_json_lines_fill_the_parts_of_a_call(workspace: Workspace) -> None:
    call = {
        "external_id": 1001.0,
        "campaign": "spring",
        "dialed_at": "2026-03-02T09:00:00Z",
        "talk_seconds": 12.5,
        "disposition": {"code": "SALE"},
        "lead": "L1",
        "agnet": "ada",
    }
    outcome = workspace.run("attempts", workspace.write("calls.jsonl", json.dumps(call) + "\n"), None)
    assert (outcome.code, counts(outcome)["created"]) == (0, 1), outcome.output
    assert "Columns that are no fields were left out: agnet (did you mean agent?)." in outcome.output
    query = "SELECT external_id, lead, talk_ms, disposition FROM attempts"
    assert workspace.rows(query) == [("1001", "L1", 12_500, "SALE")]


def test_a_file_with_other_names_needs_a_mapping(workspace: Workspace) -> None:
    outcome = workspace.run("appointments", workspace.write("a.csv", "id;lead;when\n1;L1;2026-03-02\n"), None)
    assert outcome.code == 2
    assert (
        "has no column external_id, which appointments need; it has: id, lead, when. Name a mapping" in outcome.output
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "external_id,campain,dialed_at\n", "has no column campaign (did you mean campain?), which attempts"),
        ("a.json", '[{"external_id": "a"}]', "is one JSON array; write one object per line"),
        ("a.jsonl", '{"external_id": ', "has no row with columns: JSON needs one object per line"),
    ],
)
def test_a_file_without_the_columns_is_refused_in_a_sentence(
    workspace: Workspace, name: str, content: str, message: str
) -> None:
    outcome = workspace.run("attempts", workspace.write(name, content), None)
    assert (outcome.code, len(outcome.output.splitlines())) == (2, 1)
    assert message in outcome.output


def test_the_last_import_of_settings_counts_and_says_so(workspace: Workspace) -> None:
    rates = "base,quote,on,rate\nEUR,USD,2026-03-02,1.2\n"
    outcome = workspace.run("exchange-rates", workspace.write("rates.csv", rates), None)
    assert (outcome.code, counts(outcome)["created"]) == (0, 1), outcome.output
    assert "These rows replaced what the ledger had, whenever the file was saved." in outcome.output
    assert "count as known at" not in outcome.output


def test_a_number_that_another_holder_has_is_rejected_and_its_neighbours_stored(workspace: Workspace) -> None:
    mapping = """
[times]
format = "excel"
zone = "Europe/Lisbon"
[assignment]
number = "Number"
from_at = "From"
to_at = { column = "To", optional = true }
campaign = "Campaign"
[phones]
region = "PT"
"""
    first = "Number,From,To,Campaign\n210000099,46023,46054,winter\n210000098,46023,,winter\n"
    assert counts(workspace.run("assignments", workspace.write("a.csv", first), mapping))["created"] == 2
    second = "Number,From,To,Campaign\n210000099,46040,46045,spring\n12,46040,,spring\n210000098,46082,,spring\n"
    outcome = workspace.run("assignments", workspace.write("b.csv", second), mapping)
    assert counts(outcome) == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 2}
    rejected = (workspace.folder / "b.rejected.csv").read_text()
    assert "The number is assigned to winter from 2026-01-01" in rejected
    assert "number (Number) must be a phone number" in rejected
    assert workspace.rows("SELECT number, campaign FROM tracking_number_assignments ORDER BY from_at, number") == [
        ("+351210000098", "winter"),
        ("+351210000099", "winter"),
        ("+351210000098", "spring"),
    ]


def test_the_example_mappings_read_their_exports(workspace: Workspace) -> None:
    meetings = (
        "Meeting ID,Contact ID,Booked by,Booked,Start,Status,Changed\n"
        "m1,L1,ada,2026-03-02T09:00:00,2026-03-05T14:00:00,Booked,\n"
        "m2,L2,ada,2026-03-02T09:10:00,2026-03-04T14:00:00,Attended,2026-03-04T15:00:00\n"
    )
    deals = 'Deal,Contact,Stage,Changed,Value\nd1,L1,Closed Won,03/04/2026 04:20 PM,"$42,000.00"\n'
    numbers = "Number,From,To,Channel\n(415) 555-0123,2026-01-01,,radio\n(415) 555-0123,46082,,web\n"
    for what, text, mapping in (
        ("appointments", meetings, "appointments.toml"),
        ("stage-changes", deals, "deals.toml"),
        ("assignments", numbers, "number-assignments.toml"),
    ):
        outcome = workspace.run(what, workspace.write(f"{what}.csv", text), MAPPINGS / mapping)
        assert (outcome.code, counts(outcome)["created"]) == (0, len(text.splitlines()) - 1), outcome.output
    statuses = workspace.rows("SELECT status::text, status_at FROM appointments ORDER BY external_id")
    assert statuses == [
        ("set", datetime(2026, 3, 2, 15, tzinfo=UTC)),
        ("held", datetime(2026, 3, 4, 21, tzinfo=UTC)),
    ]
    won = workspace.row("SELECT changed_at, amount FROM stage_changes")
    assert won == (datetime(2026, 3, 4, 21, 20, tzinfo=UTC), Decimal(42000))
    ends = workspace.rows("SELECT source, to_at FROM tracking_number_assignments ORDER BY from_at")
    assert ends == [("radio", datetime(2026, 3, 1, 8, tzinfo=UTC)), ("web", None)]

"""Calls in HubSpot and Salesforce: both directions, several forms of time, and outcomes with their meanings."""

import json
from pathlib import Path
from typing import Any

from tests.importing.conftest import Workspace, counts

HUBSPOT, SALESFORCE = Path("hubspot-calls"), Path("salesforce-tasks")
CONNECTED, VOICEMAIL = "f240bbac-87c9-4f6e-bf70-924b57d47db7", "b2cf5968-551e-4856-9783-52b3da59a7d0"
TASKS = """\
Id,TaskSubtype,CallType,CallDurationInSeconds,CallDisposition,CreatedDate,OwnerId,WhoId
00T1,Call,Outbound,75,Reached,2026-03-02T10:00:00.000+0000,0051,00Q1
00T2,Call,Outbound,0,No reply,2026-03-02T10:05:00.000Z,0051,0031
00T3,Call,Inbound,40,Reached,2026-03-02T10:10:00.000+0100,0052,00Q1
00T4,Call,Internal,30,,2026-03-02T10:15:00.000+0000,0052,
00T5,Email,,,,2026-03-02T10:20:00.000+0000,0052,00Q1
00T6,Call,,12,,2026-03-02T10:25:00.000+0000,0052,00Q1
"""


def call(id_: str, **properties: object) -> dict[str, Any]:
    usual = {"hs_timestamp": "2026-03-02T10:00:00Z", "hs_call_direction": "OUTBOUND", "hs_call_status": "COMPLETED"}
    return {"id": id_, "properties": {**usual, "hubspot_owner_id": "88", **properties}}


CALLS = [
    call("501", hs_call_to_number="+351210000011", hs_call_duration="83000", hs_call_disposition=CONNECTED),
    # 2026-03-02 10:05:00 UTC in milliseconds.
    call("502", hs_timestamp="1772445900000", hs_call_duration="0", hs_call_disposition=VOICEMAIL),
    call("503", hs_call_status="RINGING", hs_call_duration=None),
    call("504", hs_call_status="NO_ANSWER", hs_call_duration="0"),
    call("505", hs_call_direction="INBOUND", hs_call_from_number="+351210000012", hs_call_duration="41000"),
    call("506", hs_call_direction="INBOUND", hs_call_status="MISSED", hs_call_duration="0"),
    call("507", hs_call_direction=None),
]


def lines(*calls: dict[str, Any]) -> str:
    return "\n".join(json.dumps(one_call) for one_call in calls)


def test_hubspots_calls_go_to_attempts_and_inbound_calls(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("calls.jsonl", lines(*CALLS)), HUBSPOT)
    assert outcome.code == 0, outcome.output
    assert counts(outcome)["created"] == 6
    assert "skipped               1  (1 no direction)" in outcome.output
    assert "no meaning" not in outcome.output
    attempts = (
        "SELECT external_id, dialed_at::text, network_result::text, talk_ms, disposition FROM attempts ORDER BY 1"
    )
    assert workspace.rows(attempts) == [
        ("501", "2026-03-02 10:00:00+00", "answered", 83_000, CONNECTED),
        ("502", "2026-03-02 10:05:00+00", None, 0, VOICEMAIL),
        ("503", "2026-03-02 10:00:00+00", None, None, None),
        ("504", "2026-03-02 10:00:00+00", "no_answer", 0, None),
    ]
    assert workspace.rows("SELECT external_id, from_number, outcome::text, talk_ms FROM inbound_calls ORDER BY 1") == [
        ("505", "+351210000012", "answered", 41_000),
        ("506", None, "missed", 0),
    ]
    voicemail = "SELECT network_result::text, answered_by::text FROM disposition_codes WHERE code = $1"
    assert workspace.rows(voicemail, VOICEMAIL) == [("answered", "machine")]


def test_a_later_export_of_a_call_is_newer(workspace: Workspace) -> None:
    early = call("501", hs_call_status="RINGING", hs_lastmodifieddate="2026-03-02T10:00:01Z")
    late = call("501", hs_call_duration="9000", hs_lastmodifieddate="2026-03-02T10:00:30Z")
    for name, export in (("late", late), ("early", early)):
        assert workspace.run("attempts", workspace.write(f"{name}.jsonl", lines(export)), HUBSPOT).code == 0
    assert workspace.row("SELECT network_result::text, talk_ms FROM attempts") == ("answered", 9_000)


def test_salesforces_tasks_that_are_calls_are_imported(workspace: Workspace) -> None:
    outcome = workspace.run("attempts", workspace.write("tasks.csv", TASKS), SALESFORCE)
    assert outcome.code == 0, outcome.output
    for reason in ("1 Internal", "1 no calls", "1 no direction"):
        assert reason in outcome.output
    attempts = "SELECT external_id, network_result::text, talk_ms, lead, contact, disposition FROM attempts ORDER BY 1"
    assert workspace.rows(attempts) == [
        ("00T1", "answered", 75_000, "00Q1", None, "Reached"),
        ("00T2", None, 0, None, "0031", "No reply"),
    ]
    inbound = "SELECT external_id, arrived_at::text, outcome::text, lead FROM inbound_calls"
    assert workspace.rows(inbound) == [("00T3", "2026-03-02 09:10:00+00", "answered", "00Q1")]

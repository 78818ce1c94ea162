"""A log of queues: several rows of one call add its waits and the agents at whom it rang."""

import json

from tests.importing.conftest import Workspace, counts

LOG = """id,kind,at,until,queue,agent,result
q1,wait,2026-03-02T09:00:00Z,2026-03-02T09:00:40Z,billing,,moved
q1,ring,2026-03-02T09:00:10Z,2026-03-02T09:00:20Z,,bob,no
q1,wait,2026-03-02T09:00:40Z,2026-03-02T09:00:50Z,sales,ada,answered
q1,ring,2026-03-02T09:00:45Z,2026-03-02T09:00:50Z,,ada,yes
q2,wait,2026-03-02T09:10:00Z,2026-03-02T09:10:07Z,billing,,abandoned
"""
MAPPING = """
[inbound_call]
external_id = "id"
arrived_at = "at"
outcome = { column = "result", where = { kind = ["wait"], result = ["answered", "abandoned"] } }

[segment]
queue = { column = "queue", where = { kind = ["wait"] } }
queued_at = { column = "at", where = { kind = ["wait"] } }
left_at = { column = "until", where = { kind = ["wait"] } }
agent = { column = "agent", where = { kind = ["wait"] } }
outcome = { column = "result", where = { kind = ["wait"] } }

[offer]
agent = { column = "agent", where = { kind = ["ring"] } }
from_at = { column = "at", where = { kind = ["ring"] } }
to_at = { column = "until", where = { kind = ["ring"] } }
answered = { column = "result", where = { kind = ["ring"] } }
"""


def test_the_rows_of_one_call_add_their_waits_and_offers(workspace: Workspace) -> None:
    file = workspace.write("queues.csv", LOG)
    assert counts(workspace.run("inbound-calls", file, MAPPING)) == {
        "created": 2,
        "updated": 3,
        "unchanged": 0,
        "rejected": 0,
    }
    assert counts(workspace.run("inbound-calls", file, MAPPING, "--restart"))["unchanged"] == 5
    rows = workspace.rows("SELECT outcome::text, segments::text, offers::text FROM inbound_calls ORDER BY external_id")
    [(moved, waits, offers), (given_up, short, none)] = rows
    assert [(wait["queue"], wait["outcome"], wait.get("agent")) for wait in json.loads(waits)] == [
        ("billing", "moved", None),
        ("sales", "answered", "ada"),
    ]
    assert [(offer["agent"], offer["answered"]) for offer in json.loads(offers)] == [("bob", False), ("ada", True)]
    assert (moved, given_up, none, len(json.loads(short))) == ("answered", "abandoned", None, 1)


def test_a_wait_that_contradicts_itself_is_rejected_by_the_name_of_the_mapping(workspace: Workspace) -> None:
    file = workspace.write("queues.csv", LOG.replace("2026-03-02T09:10:07Z", "2026-03-02T09:09:00Z"))
    outcome = workspace.run("inbound-calls", file, MAPPING)
    assert counts(outcome)["rejected"] == 1
    assert "segment.left_at" in (workspace.folder / "queues.rejected.csv").read_text()

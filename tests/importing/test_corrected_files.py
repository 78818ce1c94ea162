"""A file saved later corrects what it states, in every order; a known file imported again changes nothing."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tests.importing.conftest import Workspace, counts

CALLS = """
[attempt]
external_id = "id"
campaign = "campaign"
dialed_at = "at"
agent = "agent"
talk_seconds = { column = "talk", optional = true }
network_result = "line"

[lead]
external_id = "lead"
received_at = "at"
source = "source"

[disposition]
code = "outcome"
"""
HEADER = "id,campaign,at,agent,talk,line,lead,source,outcome\n"
FIRST = (
    HEADER
    + "1,spring,2026-03-02T09:00:00Z,ada,40,answered,L1,web,SALE\n"
    + "2,spring,2026-03-02T10:00:00Z,ada,,answered,L2,web,NO\n"
    + "3,spring,2026-03-02T11:00:00Z,zoe,90,answered,L3,web,SALE\n"
)
# The second call was the sale; zoe's call was ada's and shorter; a talk that is not stated stays.
CORRECTED = (
    HEADER
    + "1,spring,2026-03-02T09:00:00Z,ada,40,answered,L1,fair,NO\n"
    + "2,spring,2026-03-02T10:00:00Z,ada,25,answered,L2,web,SALE\n"
    + "3,spring,2026-03-02T11:00:00Z,ada,,busy,L3,web,SALE\n"
)
STORED = """
    SELECT a.external_id, a.agent, a.talk_ms, a.network_result::text, l.source, a.disposition,
        ARRAY(SELECT d.code::text FROM dispositions d WHERE d.attempt = a.external_id)
    FROM attempts a JOIN leads l ON l.external_id = a.lead
    ORDER BY a.external_id"""
RIGHT = [
    ("1", "ada", 40_000, "answered", "fair", "NO", ["NO"]),
    ("2", "ada", 25_000, "answered", "web", "SALE", ["SALE"]),
    ("3", "ada", 90_000, "busy", "web", "SALE", ["SALE"]),
]
SPEND = """
[spend]
external_id = "day"
source = "source"
from_on = "day"
to_on = "day"
amount = "cost"
currency = { constant = "EUR" }
observed_at = { column = "known", optional = true }
"""


def saved(file: Path, day: int) -> Path:
    moment = datetime(2026, 4, day, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_the_file_saved_later_counts_in_every_order(workspace: Workspace) -> None:
    first = saved(workspace.write("first.csv", FIRST), 1)
    corrected = saved(workspace.write("corrected.csv", CORRECTED), 2)
    workspace.run("attempts", first, CALLS)
    outcome = workspace.run("attempts", corrected, CALLS)
    assert counts(outcome) == {"created": 0, "updated": 3, "unchanged": 0, "rejected": 0}
    assert "count as known at 2026-04-02 00:00:00 UTC: the file's last change" in outcome.output
    assert workspace.rows(STORED) == RIGHT
    versions = "SELECT code FROM dispositions_history ORDER BY attempt"
    assert workspace.rows(versions) == [("SALE",), ("NO",)]
    # The first file again, as if it had just been downloaded: it is no newer observation.
    saved(first, 3)
    again = workspace.run("attempts", first, CALLS)
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    assert "when this file was imported before" in again.output
    assert "Nothing changed" not in again.output
    assert "3 rows have a value older than the ledger's" in again.output
    assert "line 2 (disposition, source), line 3 (disposition), line 4 (agent, network_result)" in again.output
    assert workspace.rows(STORED) == RIGHT


def test_an_older_file_imported_later_corrects_nothing(workspace: Workspace) -> None:
    workspace.run("attempts", saved(workspace.write("corrected.csv", CORRECTED), 2), CALLS)
    outcome = workspace.run("attempts", saved(workspace.write("first.csv", FIRST), 1), CALLS)
    # A talk that only the older file states is taken.
    assert counts(outcome) == {"created": 0, "updated": 1, "unchanged": 2, "rejected": 0}
    assert workspace.rows(STORED) == RIGHT


def test_of_two_files_of_one_moment_the_one_imported_last_counts(workspace: Workspace) -> None:
    for name, content in (("corrected.csv", CORRECTED), ("first.csv", FIRST)):
        outcome = workspace.run("attempts", saved(workspace.write(name, content), 1), CALLS)
        assert "older" not in outcome.output
    assert [row[5] for row in workspace.rows(STORED)] == ["SALE", "NO", "SALE"]
    workspace.run("attempts", workspace.folder / "corrected.csv", CALLS)
    assert [row[5] for row in workspace.rows(STORED)] == ["SALE", "NO", "SALE"]


def test_the_time_can_be_stated_for_the_file_or_in_its_rows(workspace: Workspace) -> None:
    def spend(cost: int, known: str = "") -> Path:
        content = f"day,source,cost,known\n2026-04-01,web,{cost},{known}\n"
        return saved(workspace.write(f"spend-{cost}.csv", content), 1)

    amount = "SELECT amount::integer FROM spend"
    stated = ("--observed-at", "2026-05-01T00:00:00Z")
    assert "as stated" in workspace.run("spend", spend(100), SPEND, *stated).output
    assert "line 2 (amount)" in workspace.run("spend", spend(50), SPEND).output
    assert workspace.row(amount) == 100
    assert "the start of this import" in workspace.run("spend", spend(50), SPEND, "--observed-at", "now").output
    assert workspace.row(amount) == 50
    workspace.run("spend", spend(70, "2026-03-01T00:00:00Z"), SPEND, "--observed-at", "now")
    assert workspace.row(amount) == 50
    for wrong in ("yesterday", "2999-01-01T00:00:00Z"):
        assert workspace.run("spend", spend(50), SPEND, "--observed-at", wrong).code == 2


def test_a_file_of_the_future_counts_as_known_now(workspace: Workspace) -> None:
    file = workspace.write("first.csv", FIRST)
    os.utime(file, (4_000_000_000, 4_000_000_000))
    assert "the file's own time is in the future" in workspace.run("attempts", file, CALLS).output
    assert workspace.row("SELECT bool_and(observed_at <= now()) FROM attempts")


def test_of_files_unpacked_within_a_second_the_later_import_counts(workspace: Workspace) -> None:
    """Their times differ by chance: the correction may even seem to be the older file."""
    moment = int(datetime(2026, 3, 10, 9, tzinfo=UTC).timestamp()) * 10**9
    for name, cost, nanoseconds in (("first.csv", 100, 438_199_906), ("corrected.csv", 50, 438_176_301)):
        file = workspace.folder / name
        file.write_text(f"day,source,cost,known\n2026-03-02,web,{cost},\n")
        os.utime(file, ns=(moment + nanoseconds, moment + nanoseconds))
        assert workspace.run("spend", file, SPEND).code == 0
    assert [int(amount) for (amount,) in workspace.rows("SELECT amount FROM spend")] == [50]

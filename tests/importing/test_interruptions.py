"""A killed import continues where it stopped and ends with the same result; two never run at once."""

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.importing.conftest import Outcome, Workspace, counts

MAPPING = """
[attempt]
external_id = "id"
campaign = "campaign"
dialed_at = "at"
agent = "agent"
lead = "lead"
to_number = "number"
[disposition]
code = "outcome"
"""
ROWS = 16_000
ATTEMPTS = """
    SELECT external_id, campaign, agent, lead, to_number, dialed_at, disposition, observed_at, stamps
    FROM attempts JOIN accounts USING (account_id) WHERE code = $1 ORDER BY external_id"""
RUN = """
    SELECT rows_done, created, updated, unchanged, rejected, finished_at IS NOT NULL
    FROM import_runs JOIN accounts USING (account_id) WHERE code = $1"""


def calls() -> str:
    """Many calls, some of them repeated, some of them invalid."""
    rng = random.Random(4)
    lines = ["id,campaign,at,agent,lead,number,outcome"]
    for number in range(ROWS):
        at = (
            "never"
            if rng.random() < 0.005
            else f"2026-03-02T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        )
        call = number if rng.random() < 0.95 else rng.randrange(number + 1)
        lines.append(
            f"c{call},spring,{at},a{rng.randrange(9)},l{rng.randrange(999)},+1415555{rng.randrange(9999):04},S"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture
def file(workspace: Workspace) -> Path:
    return workspace.write("calls.csv", calls())


def test_a_killed_import_continues_and_ends_with_the_same_result(workspace: Workspace, file: Path) -> None:
    process = workspace.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(workspace, process)
    other = workspace.run("attempts", file, MAPPING, "--chunk", "100")
    assert (other.code, "is being imported by another process" in other.output) == (2, True)
    process.kill()
    process.communicate()
    done, *_, finished = workspace.row(RUN, "default")
    assert 0 < done < ROWS
    assert not finished
    # As if it had died between writing rejected rows and taking note of them.
    rejected = workspace.folder / "calls.rejected.csv"
    with rejected.open("a") as half:
        half.write(f"{ROWS},attempt.dialed_at,half a reco")
    again = workspace.run("attempts", file, MAPPING, "--chunk", "300")
    assert f"after {done:,} rows of an interrupted import" in again.output
    whole = import_whole(workspace, file)
    assert counts(again) == counts(whole)
    assert workspace.row(RUN, "default") == workspace.row(RUN, "whole")
    assert workspace.rows(ATTEMPTS, "default") == workspace.rows(ATTEMPTS, "whole")
    assert rejected.read_bytes() == (workspace.folder / "whole.csv").read_bytes()
    assert len(rejected.read_text().splitlines()) == 1 + counts(again)["rejected"]


def test_an_import_stops_at_a_signal_and_explains_how_to_continue(workspace: Workspace, file: Path) -> None:
    process = workspace.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(workspace, process)
    process.send_signal(signal.SIGINT)
    _, output = process.communicate(timeout=30)
    assert process.returncode == 130
    assert output.strip().endswith("Interrupted. Stored rows stay stored; run the same command again to continue.")


def test_an_import_without_its_ledger_explains_how_to_continue(workspace: Workspace, file: Path) -> None:
    process = workspace.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(workspace, process)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while process.poll() is None:  # one that dies between two chunks is replaced: until one dies within a chunk
        workspace.rows(f"SELECT pg_terminate_backend(pid) {others}")
    _, output = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "calltally: The connection to the ledger was lost. Stored rows stay stored" in output
    assert "Traceback" not in output
    assert sum(counts(workspace.run("attempts", file, MAPPING)).values()) == ROWS


def test_rejected_rows_of_an_interrupted_import_are_never_lost(workspace: Workspace, file: Path) -> None:
    process = workspace.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(workspace, process)
    process.kill()
    process.communicate()
    rejected = workspace.folder / "calls.rejected.csv"
    rejected.unlink()
    lost = workspace.run("attempts", file, MAPPING)
    assert lost.code == 2
    assert f"{rejected} holds 0 of them: name their file with --rejected, or start over with --restart" in lost.output
    restarted = workspace.run("attempts", file, MAPPING, "--restart")
    summary, whole = counts(restarted), counts(import_whole(workspace, file))
    assert summary["rejected"] == whole["rejected"]
    assert sum(summary.values()) == ROWS
    assert workspace.rows(ATTEMPTS, "default") == workspace.rows(ATTEMPTS, "whole")
    assert rejected.read_bytes() == (workspace.folder / "whole.csv").read_bytes()


def wait_for_rows(workspace: Workspace, process: "subprocess.Popen[str]") -> None:
    """Wait until a part of the rows is stored, with some rejected."""
    deadline = time.monotonic() + 60
    while not workspace.row("SELECT count(*) FROM import_runs WHERE rows_done >= 2000 AND rejected > 0"):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline


def import_whole(workspace: Workspace, file: Path) -> Outcome:
    workspace.rows("INSERT INTO accounts (code, name) VALUES ('whole', 'whole')")
    rejected = str(workspace.folder / "whole.csv")
    return workspace.run("attempts", file, MAPPING, "--account", "whole", "--rejected", rejected)

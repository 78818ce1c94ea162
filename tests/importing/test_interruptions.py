"""An import that is killed goes on where it was and ends as if nothing had happened; two at once do not meet."""

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.importing.conftest import Desk, Outcome, counts

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
    """Many calls, some of them told again, some of them impossible."""
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
def file(context: Desk) -> Path:
    return context.write("calls.csv", calls())


def test_an_import_that_is_killed_goes_on_and_ends_the_same(context: Desk, file: Path) -> None:
    process = context.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(context, process)
    other = context.run("attempts", file, MAPPING, "--chunk", "100")
    assert (other.code, "is being imported by another process" in other.said) == (2, True)
    process.kill()
    process.communicate()
    done, *_, finished = context.one(RUN, "default")
    assert 0 < done < ROWS
    assert not finished
    # As if it had died between writing rejected rows and taking note of them.
    rejected = context.folder / "calls.rejected.csv"
    with rejected.open("a") as half:
        half.write(f"{ROWS},attempt.dialed_at,half a reco")
    again = context.run("attempts", file, MAPPING, "--chunk", "300")
    assert f"after {done:,} rows of an interrupted import" in again.said
    whole = import_whole(context, file)
    assert counts(again) == counts(whole)
    assert context.one(RUN, "default") == context.one(RUN, "whole")
    assert context.rows(ATTEMPTS, "default") == context.rows(ATTEMPTS, "whole")
    assert rejected.read_bytes() == (context.folder / "whole.csv").read_bytes()
    assert len(rejected.read_text().splitlines()) == 1 + counts(again)["rejected"]


def test_an_import_stops_at_a_signal_and_says_how_to_go_on(context: Desk, file: Path) -> None:
    process = context.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(context, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.strip().endswith("Interrupted. Stored rows stay stored; run the same command again to continue.")


def test_an_import_whose_ledger_goes_away_says_how_to_go_on(context: Desk, file: Path) -> None:
    process = context.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(context, process)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while process.poll() is None:  # one that dies between two chunks is replaced: until one dies within a chunk
        context.rows(f"SELECT pg_terminate_backend(pid) {others}")
    _, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "calltally: The connection to the ledger was lost. Stored rows stay stored" in said
    assert "Traceback" not in said
    assert sum(counts(context.run("attempts", file, MAPPING)).values()) == ROWS


def test_rejected_rows_of_an_interrupted_import_are_not_forgotten(context: Desk, file: Path) -> None:
    process = context.start("attempts", file, MAPPING, "--chunk", "100")
    wait_for_rows(context, process)
    process.kill()
    process.communicate()
    rejected = context.folder / "calls.rejected.csv"
    rejected.unlink()
    lost = context.run("attempts", file, MAPPING)
    assert lost.code == 2
    assert f"{rejected} holds 0 of them: name their file with --rejected, or begin anew with --restart" in lost.said
    anew = context.run("attempts", file, MAPPING, "--restart")
    told, whole = counts(anew), counts(import_whole(context, file))
    assert told["rejected"] == whole["rejected"]
    assert sum(told.values()) == ROWS
    assert context.rows(ATTEMPTS, "default") == context.rows(ATTEMPTS, "whole")
    assert rejected.read_bytes() == (context.folder / "whole.csv").read_bytes()


def wait_for_rows(context: Desk, process: "subprocess.Popen[str]") -> None:
    """Until a part of the rows is in, rejected ones among them."""
    deadline = time.monotonic() + 60
    while not context.one("SELECT count(*) FROM import_runs WHERE rows_done >= 2000 AND rejected > 0"):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline


def import_whole(context: Desk, file: Path) -> Outcome:
    context.rows("INSERT INTO accounts (code, name) VALUES ('whole', 'whole')")
    rejected = str(context.folder / "whole.csv")
    return context.run("attempts", file, MAPPING, "--account", "whole", "--rejected", rejected)

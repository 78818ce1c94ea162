"""The real call centre: a file with contradicting clocks and rounded ids, imported whole, and its facts in the report.

The real data is no part of the project: where it does not stand beside it, its test is skipped.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.__main__ import commands
from tests.importing.conftest import MAPPINGS, Workspace, counts

SAMPLE = Path(__file__).parent / "call-centre-sample.csv"
DATA = Path(__file__).parents[3] / "shared" / "data" / "bank-service-calls-1999-02-first-half.csv.gz"
MAPPING = MAPPINGS / "bank-service-calls.toml"
# Calls, answered, abandoned, under 5 s; speed of answer and its median; service levels; handle time, curve, patience.
COLUMNS = (
    *("offered_calls", "answered_calls", "abandoned_calls", "short_abandoned_calls"),
    *("avg_speed_of_answer", "median_speed_of_answer", "service_level", "service_level_answered_only"),
    *("service_level_negative", "service_level_positive", "avg_handle_time", "still_waiting_60", "median_patience"),
)
DIGITS = (0, 0, 0, 0, 4, 0, 6, 6, 6, 6, 4, 6, 0)
FACTS = {
    "all": (17_313, 14_405, 2_908, 1_153, 34.4053, 0, 0.585907, 0.636099, 0.529255, 0.625946, 166.8562, 0.808548, 296),
    "PS": (11_120, 9_707, 1_413, 710, 28.8112, 0, 0.618767, 0.648089, 0.565737, 0.651439, 178.1389, 0.854727, 730),
    "NW": (4_259, 2_916, 1_343, 402, 51.3604, 3, 0.478345, 0.590878, 0.404555, 0.558817, 98.9623, 0.689994, 165),
    "NE": (1_243, 1_165, 78, 15, 38.3605, 4, 0.586831, 0.612017, 0.573612, 0.596138, 255.6103, 0.921035, None),
    "1999-02-01": (1_551, 1_354, 197, 57, 34.7710, 5, 0.580690, 0.621861, 0.542876, 0.607995, 163.9601, 0.854650, 322),
}

here = pytest.mark.skipif(not DATA.exists(), reason=f"{DATA.name} does not stand in shared/data beside the project")


def service_report(workspace: Workspace, by: str) -> dict[str, Any]:
    """The cells of the report on service, by group."""
    options = ["--by", by, "--from", "1999-02-01", "--to", "1999-02-15", "--tz", "Asia/Jerusalem", "--format", "json"]
    environment = {"CALLTALLY_DATABASE_URL": workspace.url}
    result = CliRunner(env=environment).invoke(commands, ["report", "service", *options], catch_exceptions=False)
    report = json.loads(result.stdout)
    return {"all": report["total"], **{group["group"][by]: group["cells"] for group in report["groups"]}}


def worked(cells: dict[str, Any]) -> tuple[float | None, ...]:
    """The numbers of a group, rounded as the facts are."""
    values = [cells[name]["value"] for name in COLUMNS]
    return tuple(None if value is None else round(value, digits) for value, digits in zip(values, DIGITS, strict=True))


def test_clocks_that_contradict_each_other_and_rounded_ids_lose_no_call(workspace: Workspace) -> None:
    outcome = workspace.run("inbound-calls", SAMPLE, MAPPING)
    assert outcome.code == 0, outcome.output
    assert counts(outcome) == {"created": 5, "updated": 0, "unchanged": 0, "rejected": 0}
    assert "1 phantom" in outcome.output
    rows = workspace.rows("SELECT queue, outcome::text, queue_ms, talk_ms, agent, contact FROM inbound_calls")
    assert sorted(rows, key=str) == sorted(
        [
            ("PS", "answered", 0, 60_000, "agent-a", None),
            ("PS", "answered", 30_000, 120_000, None, "7"),
            ("NW", "abandoned", 64_000, None, None, "7"),
            ("NW", "abandoned", 0, None, None, None),
            ("PS", "answered", 295_000, 60_000, "agent-a", None),
        ],
        key=str,
    )
    # Answered after 0, 30 and 295 s; abandoned after 64 and 0 s. Talk 60 + 120 + 60.
    cells = service_report(workspace, "day")["1999-02-08"]
    assert [cells[name]["value"] for name in COLUMNS[:4]] == [5, 3, 2, 1]
    assert cells["avg_speed_of_answer"]["value"] == pytest.approx(325 / 3)
    assert (cells["service_level"]["numerator"], cells["service_level"]["denominator"]) == (1, 4)
    assert cells["avg_handle_time"]["value"] == 80


@here
def test_the_sample_has_the_shape_of_the_real_file() -> None:
    with gzip.open(DATA, "rt") as real, SAMPLE.open() as sample:
        assert real.readline() == sample.readline()


@here
def test_the_real_call_centre_shows_its_facts(workspace: Workspace) -> None:
    outcome = workspace.run("inbound-calls", DATA, MAPPING, "--rejected", str(workspace.folder / "rejected.csv"))
    assert outcome.code == 0, outcome.output
    assert counts(outcome) == {"created": 17_313, "updated": 0, "unchanged": 0, "rejected": 0}
    groups = service_report(workspace, "queue") | service_report(workspace, "day")
    assert {name: worked(groups[name]) for name in FACTS} == FACTS

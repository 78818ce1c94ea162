"""The real campaign: facts counted independently, shown exactly by the import and by the report.

The data is no part of the project: where it does not stand beside it, this is skipped.
"""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.__main__ import commands
from tests.importing.conftest import BANK_SAMPLE, MAPPINGS, Workspace, counts

DATA = Path(__file__).parents[3] / "shared" / "data" / "bank-telemarketing-2008-2010.csv.gz"
METRICS = "attempts,conv_per_attempt,avg_talk_time,median_talk_time"

here = pytest.mark.skipif(not DATA.exists(), reason=f"{DATA.name} does not stand in shared/data beside the project")


@here
def test_the_sample_has_the_shape_of_the_real_file() -> None:
    with gzip.open(DATA, "rt") as real, BANK_SAMPLE.open() as sample:
        assert real.readline() == sample.readline()


@here
def test_the_real_campaign_shows_its_facts(workspace: Workspace) -> None:
    rejected = str(workspace.folder / "rejected.csv")
    outcome = workspace.run("attempts", DATA, MAPPINGS / "bank-telemarketing.toml", "--rejected", rejected)
    assert outcome.code == 0, outcome.output
    assert counts(outcome) == {"created": 45_211, "updated": 0, "unchanged": 0, "rejected": 0}
    options = ["--by", "source", "--metrics", METRICS, "--from", "2008-01-01", "--to", "2011-01-01", "--format", "json"]
    result = CliRunner(env={"CALLTALLY_DATABASE_URL": workspace.url}).invoke(
        commands, ["report", *options, "--tz", "Europe/Lisbon"], catch_exceptions=False
    )
    report = json.loads(result.stdout)
    sold = {group["group"]["source"]: group["cells"]["conv_per_attempt"] for group in report["groups"]}
    assert {source: (cell["numerator"], cell["denominator"]) for source, cell in sold.items()} == {
        "cellular": (4_369, 29_285),
        "telephone": (390, 2_906),
        "unknown": (530, 13_020),
    }
    total = report["total"]
    assert (total["conv_per_attempt"]["numerator"], total["attempts"]["value"]) == (5_289, 45_211)
    assert round(100 * total["conv_per_attempt"]["value"], 2) == 11.70
    assert [round(100 * cell["value"], 2) for cell in sold.values()] == [14.92, 13.42, 4.07]
    assert round(total["avg_talk_time"]["value"], 2) == 258.16
    assert total["median_talk_time"]["value"] == 180.0

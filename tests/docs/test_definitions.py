"""The page of definitions comes from the metric files and answers the questions of its readers."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from reports.catalogue.catalogue import catalogue
from reports.catalogue.definitions import page
from service.__main__ import commands
from tests.docs.prose import faults

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run: make openapi"


@pytest.mark.parametrize("name", catalogue())
def test_a_definition_starts_with_a_sentence_for_somebody_who_sells(name: str) -> None:
    entry = catalogue()[name]
    assert 20 < len(entry.meaning) < 260, "one sentence or two, not a lecture"
    assert faults(f"{entry.meaning}\n\n{entry.definition.replace('Edge cases:', '- ')}") == []
    for word in ("expression", "boolean", "column", "frame", "null", "|", "numerator"):
        assert word not in entry.meaning.lower(), "the first sentence is not for programmers"


def test_a_metric_can_be_looked_up_at_the_terminal() -> None:
    shown = CliRunner().invoke(commands, ["metrics", "conv_per_lead"])
    assert shown.exit_code == 0
    assert catalogue()["conv_per_lead"].meaning.split()[0] in shown.output
    assert "conv_per_lead, version" in shown.output
    assert all(name in CliRunner().invoke(commands, ["metrics"]).output for name in list(catalogue())[:5])
    refused = CliRunner().invoke(commands, ["metrics", "connect_rate"])
    assert (refused.exit_code, "There is no metric connect_rate" in refused.output) == (2, True)

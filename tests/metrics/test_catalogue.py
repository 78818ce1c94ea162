"""Every metric file is a whole definition: named like its file, explained, and made of known things."""

from dataclasses import replace

import pytest

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.catalogue.presets import PRESETS
from reports.query.plan import plan_scans
from reports.rules.column_pruning import input_columns
from tests.metrics.frames import ask, floor_codes, kinds_of_fact


@pytest.mark.parametrize("name", catalogue())
def test_a_metric_says_what_it_is(name: str) -> None:
    entry = catalogue()[name]
    assert entry.metric.name == name
    assert entry.metric.version >= 1
    assert entry.meaning.endswith("."), "the first paragraph is a sentence for anybody"
    assert "Population:" in entry.definition
    assert "Edge cases:" in entry.definition
    assert entry.metric.title
    assert entry.metric.formula


@pytest.mark.parametrize("name", catalogue())
def test_a_metric_reads_only_what_its_frame_has(name: str) -> None:
    metric = catalogue()[name].metric
    assert set(metric.dimensions) <= set(DIMENSIONS)
    if metric.components:
        assert all(set(metric.dimensions) <= set(part.dimensions) for part in metric.components)
        return
    frame = metric.base_frame
    assert metric.anchor in frame.columns
    assert set(metric.dimensions) <= set(frame.dimensions)
    [scan] = plan_scans(replace(ask(), metrics=(metric,)), floor_codes())
    assert scan.resolved_columns <= set(frame.columns)
    assert any(scan.input_columns.values())


@pytest.mark.parametrize("name", kinds_of_fact())
def test_a_kind_of_fact_says_what_it_is(name: str) -> None:
    frame = kinds_of_fact()[name]
    assert frame.name == name
    assert set(frame.key) <= set(frame.columns)
    assert set(frame.display_columns) <= set(frame.columns)
    assert all(input_columns(frame, frozenset(frame.columns)).values()), "an extract that nothing reads"


def test_every_kind_of_fact_is_counted_by_a_metric() -> None:
    counted = {entry.metric.frame for entry in catalogue().values() if entry.metric.frame}
    assert counted == set(kinds_of_fact().values())


def test_presets_name_metrics() -> None:
    for preset in PRESETS.values():
        assert set(preset.metrics) <= set(catalogue())

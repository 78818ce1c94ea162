"""What holds of every metric over every kind of fact: order, parts, sums, bounds, and rows that count to the number."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.facts.customer_spells import CUSTOMER_SPELLS
from reports.facts.earlier_deals import EARLIER_DEALS
from reports.facts.opportunities import OPPORTUNITIES
from reports.measures.averages import Mean
from reports.measures.cell_schema import CellSide
from reports.measures.counts import Count, Sum
from reports.measures.durations import Within
from reports.measures.frame import Frame
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio, Share
from reports.query.drill_through import drill_through_target, page, pick_rows, row_columns
from reports.query.plan import plan_scans
from reports.query.report import Numbers, Report
from reports.render.json_document import document
from tests.metrics.facts import Facts, read_facts
from tests.metrics.floor import AFTER, FIRST, LAST
from tests.proof import examples

BREAKDOWNS = ["", "agent", "agent,source", "team,day", "campaign,tracking_number"]
PARTS: tuple[CellSide, ...] = ("numerator", "denominator")


pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
async def facts(ledger_url: str) -> AsyncGenerator[Facts]:
    async for read in read_facts(ledger_url):
        yield read


def able(by: str) -> str:
    """The metrics that can be broken down so."""
    names = set(by.split(",")) - {""}
    return ",".join(name for name, entry in catalogue().items() if names <= set(entry.metric.dimensions))


def same(numbers: Numbers, others: Numbers) -> None:
    assert_frame_equal(numbers.groups, others.groups, check_exact=False, rel_tol=1e-12, abs_tol=1e-12)
    assert_frame_equal(numbers.total, others.total, check_exact=False, rel_tol=1e-12, abs_tol=1e-12)
    assert (numbers.excluded, numbers.counted) == (others.excluded, others.counted)


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_facts_in_any_order_and_any_parts_give_the_same_numbers(facts: Facts, by: str) -> None:
    ask, whole = facts.whole(able(by), by)
    for seed in range(1, 1 + examples(1, 20)):
        same(facts.numbers(ask, seed), whole)


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_streaming_and_in_memory_give_the_same_numbers(facts: Facts, by: str) -> None:
    ask, streamed = facts.whole(able(by), by)
    with pl.Config(engine_affinity="in-memory"):
        same(facts.numbers(ask), streamed)


@pytest.mark.parametrize("by", BREAKDOWNS[1:])
def test_what_adds_up_adds_up_to_the_total(facts: Facts, by: str) -> None:
    """Sums and counts of rows, so rates' numerators too; not distinct leads, and nothing made of others."""
    ask, numbers = facts.whole(able(by), by)
    for metric in ask.metrics:
        if not adds_up(metric):
            continue
        for part in PARTS:
            column = metric.column(part)
            assert numbers.groups[column].sum() == pytest.approx(numbers.total[column][0] or 0, rel=1e-12), column


def adds_up(metric: Metric) -> bool:
    measure = metric.measure
    if isinstance(measure, Count | Ratio):
        return measure.of is None
    return isinstance(measure, Sum | Mean | Share | Within)


@pytest.mark.parametrize(
    ("name", "code"),
    [("agent", "ada"), ("agent", ""), ("team", "north"), ("campaign", "spring"), ("source", "news, print")],
)
def test_narrowing_to_a_code_is_picking_its_row(facts: Facts, name: str, code: str) -> None:
    metrics = able(f"day,{name}")
    narrowed = facts.numbers(facts.ask(metrics=metrics, by="day", **{name: code}))
    in_group = pl.col(name) == code if code else pl.col(name).is_null()
    picked = facts.numbers(facts.ask(metrics=metrics, by=f"day,{name}")).groups.filter(in_group).drop(name)
    assert_frame_equal(narrowed.groups, picked, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("hours", [1, 30, 47])
def test_a_window_cut_in_two_adds_up_to_the_whole(facts: Facts, hours: int) -> None:
    """But for deals, which may be open in both, customers of the start of each, and means over each."""
    middle = FIRST + timedelta(hours=hours)
    metrics = [
        entry.metric
        for entry in catalogue().values()
        if adds_up(entry.metric)
        and not entry.metric.trailing_days
        and entry.metric.frame not in (OPPORTUNITIES, CUSTOMER_SPELLS, EARLIER_DEALS)
        and entry.metric.name != "mean_headcount"
    ]
    names = ",".join(metric.name for metric in metrics)
    first, second, whole = (
        facts.numbers(facts.ask(metrics=names, from_=start.isoformat(), to=end.isoformat())).total
        for start, end in ((FIRST, middle), (middle, LAST), (FIRST, LAST))
    )
    for column in (name for name in whole.columns if name.endswith(("_numerator", "_denominator"))):
        parts = [(half[column][0] or 0) for half in (first, second)]
        assert sum(parts) == pytest.approx(whole[column][0] or 0, rel=1e-12, abs=1e-9), column


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_a_number_lies_in_its_interval_and_a_rate_within_0_and_1(facts: Facts, by: str) -> None:
    ask, numbers = facts.whole(able(by), by)
    for metric in ask.metrics:
        for row in [*numbers.groups.iter_rows(named=True), *numbers.total.iter_rows(named=True)]:
            value, low, high = (row[metric.column(part)] for part in ("value", "ci_low", "ci_high"))
            where = (metric.name, row)
            if value is not None and low is not None:
                assert low <= value + abs(value) * 1e-9 + 1e-12, where
            if value is not None and high is not None:
                assert value <= high + abs(high) * 1e-9 + 1e-12, where
            least, most = (row.get(metric.column(part)) for part in ("range_low", "range_high"))
            if value is not None:
                assert least is None or least <= value + 1e-12, where
                assert most is None or value <= most + 1e-12, where
            if metric.unit == "ratio" and value is not None and not metric.components:
                assert 0 <= value <= 1, where
            if row[metric.column("denominator")] == 0:
                assert value is None, where


OUTCOMES = ("answered", "abandoned", "missed", "voicemail", "callback", "waiting")


@pytest.mark.parametrize("by", ["queue,topic", "agent,hour_of_day", "country,menu_path"])
def test_outcomes_add_up_to_the_calls_offered_and_parts_to_the_time_that_agents_spent(facts: Facts, by: str) -> None:
    names = [f"{outcome}_calls" for outcome in OUTCOMES]
    parts = [f"inbound_{part}_time" for part in ("talk", "hold", "wrap")]
    metrics = ",".join([*names, *parts, "offered_calls", "handle_time", "service_level", "service_level_negative"])
    numbers = facts.numbers(facts.ask(metrics=metrics, by=by))
    for cells in (numbers.groups, numbers.total):
        assert cells["offered_calls"].sum() > 0
        assert cells.select(pl.sum_horizontal(names)).to_series().to_list() == cells["offered_calls"].to_list()
        spent, total = cells.select(pl.sum_horizontal(parts), "handle_time").fill_null(0)
        assert spent.to_list() == pytest.approx(total.to_list())
        assert cells.filter(pl.col("service_level") < pl.col("service_level_negative")).height == 0


@pytest.mark.parametrize("by", ["", "agent", "source,day", "team,hour_of_week"])
def test_the_rows_behind_a_number_add_up_to_it(facts: Facts, by: str) -> None:
    """Through the links of the total and of a group: a link is read like any question, and gives the cell's part."""
    ask, numbers = facts.whole(able(by), by)
    report = _report(facts, ask, numbers)
    answered = document(report)
    groups = [(str(group["group"]), group["cells"]) for group in answered["groups"][: examples(1, 4)]]
    assert _check_links(facts, report, [("total", answered["total"]), *groups]) > len(ask.metrics)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_is_a_filter_that_finds_the_rows_of_its_group(facts: Facts, name: str) -> None:
    """One metric of every kind of fact that has the dimension."""
    metrics: dict[Frame, str] = {}
    for entry in catalogue().values():
        if name in entry.metric.dimensions and entry.metric.frame:
            metrics.setdefault(entry.metric.frame, entry.metric.name)
    ask = facts.ask(metrics=",".join(metrics.values()), by=name)
    report = _report(facts, ask, facts.numbers(ask))
    groups = document(report)["groups"]
    rows = [(str(group["group"]), group["cells"]) for group in (groups[0], groups[-1])]
    assert _check_links(facts, report, rows) > 0


def _check_links(facts: Facts, report: Report, rows: list[tuple[str, Any]]) -> int:
    """How many links of these rows were followed; each led to rows that add up to its number."""
    checked = 0
    for where, row in rows:
        for metric in report.request.metrics:
            for part in PARTS:
                url, stated = row[metric.name]["rows"][part], row[metric.name][part]
                if url is not None and stated is not None:
                    assert _rows(facts, url) == pytest.approx(stated, rel=1e-9, abs=1e-9), (
                        metric.name,
                        part,
                        where,
                        url,
                    )
                    checked += 1
    return checked


def _report(facts: Facts, ask: Any, numbers: Numbers) -> Report:
    return Report(
        request=ask,
        as_of=AFTER,
        watermark=AFTER,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: metric.columns for metric in ask.metrics},
    )


@cache
def _rows(facts: Facts, url: str) -> float:
    """The sum of the rows behind a link. Reports share the links of the total: each link is followed once."""
    parameters = parse_qs(url.partition("?")[2], keep_blank_values=True)
    [name], [part] = parameters.pop("metric"), parameters.pop("part")
    parameters.pop("as_of")
    ask = facts.read({**parameters, "metrics": [name]})
    metric, part = drill_through_target(ask.metrics[0], "numerator" if part == "numerator" else "denominator")
    [scan] = plan_scans(replace(ask, metrics=(metric,)), facts.codes)
    wide = replace(scan, also=row_columns(scan))
    picked = pick_rows(wide, metric, part, 5, facts.rows(scan))
    listed = page([picked], request=ask, metric=metric, part=part, offset=0, limit=5)
    assert listed.items.height == min(listed.count, 5)
    return listed.total

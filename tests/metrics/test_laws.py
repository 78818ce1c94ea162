"""What holds of every report, whatever the facts: order, parts, sums, bounds, and rows that count to the number."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from reports.measures.averages import Mean
from reports.measures.cell_schema import CellSide
from reports.measures.counts import Count, Sum
from reports.measures.ratios import Ratio
from reports.model.windows import Window
from reports.query.report import Report
from tests.metrics import frames
from tests.metrics.floor import FIRST, LAST
from tests.metrics.frames import ask, current_attempts, hours, report
from tests.proof import examples

METRICS = {metric.name: metric for metric in frames.METRICS}
BREAKDOWNS = ["", "agent", "agent,source", "team,day", "hour", "campaign,tracking_number"]
# What adds up over groups and windows: counts of rows, not of leads, and never a median.
ADDITIVE = [
    name
    for name, metric in METRICS.items()
    if isinstance(metric.measure, Sum | Mean)
    or (isinstance(metric.measure, Count | Ratio) and metric.measure.of is None)
]
PARTS: tuple[CellSide, ...] = ("numerator", "denominator")


@cache
def whole(by: str) -> Report:
    """The report over the whole floor, in one part. Many laws read it."""
    return report(ask(by), [current_attempts()])


def same(first: Report, other: Report) -> None:
    """To the last digit: sums are of integers, so that no order can show in them."""
    assert_frame_equal(first.groups, other.groups, check_exact=True)
    assert_frame_equal(first.total, other.total, check_exact=True)
    assert (first.excluded, first.counted) == (other.excluded, other.counted)


@settings(max_examples=examples(10, 200), deadline=None)
@given(by=st.sampled_from(BREAKDOWNS), seed=st.integers(0, 10**6), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_a_report_is_the_same_in_any_order_and_in_any_parts(by: str, seed: int, cuts: list[int]) -> None:
    order = list(range(400))
    Random(seed).shuffle(order)
    shuffled = current_attempts()[order]
    edges = [0, *sorted(cuts), 400]
    parts = [shuffled[start:end] for start, end in pairwise(edges)]
    same(report(ask(by), parts), whole(by))


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_streaming_and_in_memory_give_the_same_report(by: str) -> None:
    streamed = whole(by)
    with pl.Config(engine_affinity="in-memory"):
        same(report(ask(by), [current_attempts()]), streamed)


@pytest.mark.parametrize("by", BREAKDOWNS[1:])
@pytest.mark.parametrize("name", ADDITIVE)
def test_groups_add_up_to_the_total(by: str, name: str) -> None:
    made = whole(by)
    for part in PARTS:
        column = f"{name}_{part}"
        assert made.groups[column].sum() == pytest.approx(made.total[column][0] or 0)


def test_leads_worked_by_two_count_once_in_the_total() -> None:
    made = report(ask("agent"), [current_attempts()])
    leads = made.groups["contact_rate_per_lead_denominator"]
    assert leads.max() < made.total["contact_rate_per_lead_denominator"][0] < leads.sum()  # pyright: ignore[reportOperatorIssue]


@settings(max_examples=examples(10, 200), deadline=None)
@given(cut=st.integers(0, 96 * 4))
def test_a_window_cut_in_two_adds_up_to_the_whole(cut: int) -> None:
    middle = FIRST + hours(cut / 4)
    zone = ask().window.zone
    halves = [Window(start, end, zone) for start, end in ((FIRST, middle), (middle, LAST))]
    first, second = (report(ask(window=half), [current_attempts()]) for half in halves)
    both = whole("")
    assert first.counted["attempts"] + second.counted["attempts"] == both.counted["attempts"]
    assert {reason: first.excluded[reason] + second.excluded[reason] for reason in both.excluded} == both.excluded
    for column in (f"{name}_{part}" for name in ADDITIVE for part in PARTS):
        parts = [(half.total[column][0] or 0) for half in (first, second)]
        assert sum(parts) == pytest.approx(both.total[column][0] or 0)


@pytest.mark.parametrize(
    ("name", "code"), [("campaign", "spring"), ("agent", "ada"), ("source", "news, print"), ("team", "")]
)
def test_narrowing_to_a_code_is_picking_its_row(name: str, code: str) -> None:
    narrowed = report(ask("day", only={name: code}), [current_attempts()])
    in_group = pl.col(name) == code if code else pl.col(name).is_null()
    picked = report(ask(f"day,{name}"), [current_attempts()]).groups.filter(in_group).drop(name)
    assert_frame_equal(narrowed.groups, picked, check_exact=True)


@pytest.mark.parametrize("by", BREAKDOWNS)
@pytest.mark.parametrize("name", METRICS)
def test_a_number_lies_in_its_interval_and_a_rate_within_0_and_1(by: str, name: str) -> None:
    made = whole(by)
    value, low, high = pl.col(name), pl.col(f"{name}_ci_low"), pl.col(f"{name}_ci_high")
    for cells in (made.groups, made.total):
        assert cells.filter(low.is_not_null() & high.is_not_null()).select(value.is_between(low, high).all()).item()
        if isinstance(METRICS[name].measure, Ratio):
            nothing = pl.col(f"{name}_denominator") == 0
            assert (
                cells.filter(~nothing)
                .select(pl.all_horizontal(value >= 0, value <= 1, low >= 0, high <= 1).all())
                .item()
            )
            reason = pl.col(f"{name}_reason") if "reason" in METRICS[name].columns else pl.lit(None)
            doubted = reason.is_not_null()
            assert cells.filter(nothing & (value.is_not_null() | (low.is_not_null() & ~doubted))).height == 0


def test_groups_come_in_order_with_the_missing_last() -> None:
    made = report(ask("agent,source"), [current_attempts()])
    keys = list(made.groups.select("agent", "source").iter_rows())
    assert keys == sorted(keys, key=lambda key: tuple((code is None, code or "") for code in key))
    assert keys[-1][0] is None


def test_a_sum_is_the_numerator_of_its_mean() -> None:
    """No metric of calls is a sum yet; the first one will count."""
    mean = METRICS["avg_talk_time"]
    assert isinstance(mean.measure, Mean)
    total = replace(mean, name="talk_time", measure=Sum(value=mean.measure.value, where=mean.measure.where, per=1000))
    made = report(replace(ask("agent"), metrics=(mean, total)), [current_attempts()[:150], current_attempts()[150:]])
    for cells in (made.groups, made.total):
        assert cells["talk_time"].to_list() == cells["avg_talk_time_numerator"].to_list()
        assert cells["talk_time_denominator"].null_count() == cells.height

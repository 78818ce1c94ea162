"""What counts as better or worse, what is one observation, and what every interval is."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from reports.catalogue.catalogue import catalogue
from reports.facts.credits import GOAL
from reports.measures.counts import Sum
from reports.query import comparison
from reports.query.report import Numbers
from reports.render.cell_text import cell_text, too_few
from tests.unit.test_read_back import report_of

CREDITS = pl.DataFrame(
    {
        "kind": ["deal"] * 6,
        "dialer": [None] * 6,
        "name": ["one", "one", "two", "two", "two", "three"],
        "profit": [500, 500, 300, 300, 400, -200],
    },
    schema={"kind": pl.String, "dialer": pl.String, "name": pl.String, "profit": pl.Int64},
)
WHOLE = CREDITS.group_by(GOAL, maintain_order=True).agg(pl.col("profit").sum())
PROFIT = Sum(value=pl.col("profit"), where=pl.lit(value=True), by_chance=True, observation=GOAL)
# Judged by no direction: volumes of activity, and lengths of time that are good or bad only together with others.
VOLUMES = (
    "attempts",
    "valid_attempts",
    "leads",
    "contacts",
    "conversations",
    "agent_hours",
    "talk_time",
    "marketing_cost",
)


def cell(rows: pl.DataFrame, chunks: int = 1) -> dict[str, Any]:
    """The cell of PROFIT over rows that come in chunks."""
    accumulator = PROFIT.accumulator("profit_of")
    partials = [accumulator.partial(rows[start::chunks].lazy(), []) for start in range(chunks)]
    finished = accumulator.finish(accumulator.merge(pl.concat(partials), []), [])
    return finished.select(**PROFIT.cell("profit_of", [])).collect().row(0, named=True)


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_deal_that_touchpoints_share_is_one_observation(chunks: int) -> None:
    shared, whole = cell(CREDITS, chunks), cell(WHOLE)
    assert shared == whole
    assert (shared["value"], shared["n"]) == (1_800, 3)
    reach = 1.959963984540054 * (1_000**2 + 1_000**2 + 200**2) ** 0.5
    assert shared["ci_high"] == pytest.approx(1_800 + reach)
    assert shared["ci_low"] == pytest.approx(max(1_800 - reach, -200))


def test_every_credited_number_counts_its_goals_and_not_their_touchpoints() -> None:
    credited = [entry.metric for name, entry in catalogue().items() if name.startswith("attributed_")]
    assert len(credited) == 7
    for metric in credited:
        assert isinstance(metric.measure, Sum)
        assert metric.measure.observation == GOAL, metric.name


def judged(name: str, before: tuple[float, float, float], now: tuple[float, float, float]) -> str | None:
    """The verdict on a number with its interval, against the period before."""
    report = report_of([name], "agent", [], {})
    columns = [catalogue()[name].metric.column(part) for part in ("value", "ci_low", "ci_high")]

    def numbers(values: tuple[float, float, float], counted: int) -> Numbers:
        total = report.total.with_columns(
            pl.lit(value).alias(column) for column, value in zip(columns, values, strict=True)
        )
        return Numbers(groups=report.groups, total=total, counted={"attempts": counted}, excluded={}, curves={})

    request = replace(report.request, by=())
    compared = comparison.add_comparison(numbers(now, now[0] > 0), numbers(before, before[0] > 0), request)
    return compared.total[catalogue()[name].metric.column("verdict")][0]


def test_more_attempts_are_not_better_and_more_sales_are() -> None:
    assert judged("attempts", (100, 90, 110), (200, 180, 220)) == "higher"
    assert judged("attempts", (200, 180, 220), (100, 90, 110)) == "lower"
    assert judged("attempts", (100, 90, 110), (101, 91, 111)) == "cannot_tell"
    assert judged("sales", (10, 8, 12), (30, 26, 34)) == "better"
    assert judged("lead_response_time", (10, 8, 12), (30, 26, 34)) == "worse"
    assert judged("occupancy", (0.5, 0.48, 0.52), (0.8, 0.79, 0.81)) == "better"
    for name in VOLUMES:
        assert catalogue()[name].metric.better == "neutral", name


def test_an_empty_period_has_no_verdict_now_or_before() -> None:
    assert judged("sales", (0, 0, 0), (30, 26, 34)) is None
    assert judged("sales", (30, 26, 34), (0, 0, 0)) is None


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_number_says_what_its_interval_is(name: str) -> None:
    metric = catalogue()[name].metric
    assert ("95%" in metric.interval) != metric.exact
    assert (metric.better == "band") == (metric.band is not None)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("conv_per_contact", "Wilson 95%"),
        ("avg_talk_time", "Student t 95%, n - 1 degrees of freedom"),
        ("attempts", "exact Poisson (Garwood) 95%"),
        ("marketing_roi", "compound Poisson 95% of the gain; the cost is exact"),
        ("pipeline_velocity", "MOVER 95%: the intervals of its components, combined on the logarithmic scale"),
        ("marketing_cost", ""),
    ],
)
def test_an_interval_is_named_as_statisticians_name_it(name: str, method: str) -> None:
    assert catalogue()[name].metric.interval == method


def test_pipeline_velocity_is_shown_from_ten_won_deals_on_and_with_what_was_won() -> None:
    parts = {"pipeline_velocity": 2_114_686.52, "pipeline_velocity_ci_low": 1.5e6, "pipeline_velocity_ci_high": 2.7e6}
    metric = catalogue()["pipeline_velocity"].metric
    for wins, text in ((9, "too few cases (9, shown from 10)"), (10, "$2.1M/day")):
        report = report_of(["pipeline_velocity"], "agent", [], {**parts, "deal_value_365_n": wins})
        assert "revenue_per_day" in [metric.name for metric in report.request.metrics]
        row = report.total.row(0, named=True)
        assert cell_text(metric, row, report).value == text
        assert bool(too_few(metric, row)) == (wins < 10)

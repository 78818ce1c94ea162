"""Every sentence of judgement, read back over random numbers: it says what the numbers say, and nothing else."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.charts import charts
from reports.model.windows import Window
from reports.query.ranking import add_ranking
from reports.query.report import Numbers, Report
from reports.query.request import ReportRequest, with_components
from reports.query.run import cell_columns_of
from reports.render.agent_verdicts import ABOVE, BELOW, agent_rates, sentence
from reports.render.response_verdicts import response_verdict
from reports.render.source_verdicts import source_returns, source_verdict
from reports.rules.attribution_models import MODELS

AT = datetime(2026, 3, 9, tzinfo=UTC)
WINDOW = Window(datetime(2026, 3, 2, tzinfo=UTC), AT, ZoneInfo("UTC"))
SHARES = ("called_within_5_min", "called_within_1_hour", "called_within_24_hours")
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def report_of(
    names: Sequence[str], dimension: str, rows: Sequence[Mapping[str, Any]], total: Mapping[str, Any]
) -> Report:
    """A report of these metrics by one dimension; numbers that a row lacks are null."""
    models = ("lead_creation", "linear")
    metrics = [
        named
        for name in names
        for model in (models if catalogue()[name].metric.per_model else ("",))
        for named in [catalogue()[name].metric.under_model(model, MODELS[model].title.lower() if model else "")]
    ]
    request = ReportRequest(
        preset=None,
        metrics=with_components(metrics),
        by=(DIMENSIONS[dimension],),
        window=WINDOW,
        filters={},
        as_of=None,
        until=AT,
        account_zone=ZoneInfo("UTC"),
        goal="any",
        models=models,
    )
    kinds = {
        metric.column(part): pl.String if part == "reason" else pl.Int64 if part in {"n", "denominator"} else pl.Float64
        for metric in request.metrics
        for part in metric.columns
    }
    counts = {name: pl.Int64 for name in kinds if name == "conv_per_contact_numerator"}
    groups = pl.DataFrame(list(rows), schema={dimension: pl.String} | kinds | counts)
    numbers = Numbers(
        groups=groups,
        total=pl.DataFrame([total], schema=kinds | counts),
        counted={"attempts": 1},
        excluded={},
        curves={},
    )
    numbers = add_ranking(numbers, request)
    return Report(
        request=request,
        as_of=AT,
        watermark=AT,
        counted={},
        excluded={},
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: cell_columns_of(request, metric) for metric in request.metrics},
    )


def half_digit(percentage: str) -> float:
    """Half of a percentage's last digit, as a share."""
    return 0.5001 * 10.0 ** -(len(percentage.partition(".")[2]) + 2)


def rate(name: str, reached: int, of: int) -> dict[str, Any]:
    """The cell of a rate."""
    low, high = stats.binomtest(reached, of).proportion_ci(method="wilson")
    parts = {"numerator": reached, "denominator": of, "ci_low": low, "ci_high": high, "n": of}
    return {name: reached / of, **{f"{name}_{part}": number for part, number in parts.items()}}


@st.composite
def responses(draw: st.DrawFn) -> Report:
    """Sources with random shares, and medians and other shares that point anywhere."""
    counts = draw(st.lists(COUNTS, min_size=1, max_size=8))
    others = st.integers(0, 10**5)

    def row(reached: int, of: int) -> dict[str, Any]:
        shares = {part: number for name in SHARES for part, number in rate(name, draw(st.integers(0, of)), of).items()}
        median = {"lead_response_time": float(draw(others)), "lead_response_time_denominator": of}
        return shares | rate(SHARES[1], reached, of) | median | {"leads": of, "open_leads": of - reached}

    rows = [{"source": f"source-{number}", **row(*pair)} for number, pair in enumerate(counts)]
    whole = row(sum(k for k, _ in counts), sum(n for _, n in counts))
    return report_of(("leads", "open_leads", "lead_response_time", *SHARES), "source", rows, whole)


@settings(max_examples=120, deadline=None)
@given(responses())
def test_the_slowest_and_the_quickest_are_so_by_the_number_in_the_sentence(report: Report) -> None:
    text = charts()["lead-response"].summarise(report)
    shares = dict(report.groups.select("source", SHARES[1]).iter_rows())
    named = re.search(r"slowest (\S+), ([\d.]+)%.*fastest (\S+), ([\d.]+)%", text)
    drawn = re.search(r"The chart shows the (\d+) sources", text)
    assert bool(drawn) == (report.groups.height > (int(drawn[1]) if drawn else 6))
    if named:
        slow, slow_share, quick, quick_share = named.groups()
        assert float(slow_share) < float(quick_share)
        assert shares[slow] < shares[quick]
        assert shares[slow] == pytest.approx(float(slow_share) / 100, abs=half_digit(slow_share))
        assert shares[quick] == pytest.approx(float(quick_share) / 100, abs=half_digit(quick_share))
    assert not re.search(r"\d [smhd]\b", text), "no second number that may point the other way"


@settings(max_examples=120, deadline=None)
@given(responses())
def test_a_source_that_waits_too_long_is_below_all_leads_by_the_numbers_in_the_sentence(report: Report) -> None:
    verdict = response_verdict(report)
    total = report.total[SHARES[1]][0]
    if slow := re.match(r"Leads from (\S+) wait too long", verdict.headline):
        share, interval, of_all, of_all_interval = re.findall(r"([\d.]+(?:-[\d.]+)?)%", verdict.reasons[0])
        assert float(interval.split("-")[1]) < float(of_all_interval.split("-")[0])
        [own] = report.groups.filter(pl.col("source") == slow[1])[SHARES[1]]
        assert float(share) < float(of_all)
        assert own == pytest.approx(float(share) / 100, abs=half_digit(share))
        assert total == pytest.approx(float(of_all) / 100, abs=half_digit(of_all))
        assert (
            own
            == report.groups.filter(pl.col(f"{SHARES[1]}_ci_high") < report.total[f"{SHARES[1]}_ci_low"][0])[
                SHARES[1]
            ].min()
        )
    else:
        # What the differences between two sources are is another matter: the chart compares two of them.
        assert verdict.headline == "No source is clearly slower than average."


@settings(max_examples=80, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=12))
def test_who_stands_out_does_so_by_the_numbers_in_each_sentence(counts: list[tuple[int, int]]) -> None:
    name = "conv_per_contact"
    rows = [{"agent": f"agent-{number}", **rate(name, *pair)} for number, pair in enumerate(counts)]
    report = report_of([name], "agent", rows, rate(name, sum(k for k, _ in counts), sum(n for _, n in counts)))
    rates = agent_rates(report)
    text = charts()["agents"].summarise(report)
    for one_rate in rates:
        words = sentence(report, one_rate, rates)
        assert f"({one_rate.reached:,} of {one_rate.n:,} contacts)" in words
        assert "(sale, appointment or qualified lead per contact)" in words
        overall, low, high = _overall_and_likely(words)
        if one_rate.side == BELOW:
            assert high < overall
            assert "Below average" in text
        elif one_rate.side == ABOVE:
            assert low > overall
            assert "Above average" in text
    if all(one_rate.side not in {ABOVE, BELOW} for one_rate in rates):
        assert "No agent is clearly better or worse" in text


def _overall_and_likely(words: str) -> tuple[float, float, float]:
    [overall] = re.findall(r"all agents ([\d.]+)%", words)
    [(low, high)] = re.findall(r"size: [\d.]+% \(([\d.]+)-([\d.]+)%\)", words)
    return float(overall), float(low), float(high)


def test_two_intervals_that_do_not_touch_do_not_touch_as_read() -> None:
    # Wilson: 7 of 80 is 4.30 to 16.98%, and 64 of 300 is 17.08 to 26.32%. Whole percents would meet at 17.
    rows = [
        {"source": "slow", **rate(SHARES[1], 7, 80), "leads": 80, "open_leads": 3},
        {"source": "rest", **rate(SHARES[1], 57, 220), "leads": 220, "open_leads": 4},
    ]
    total = {**rate(SHARES[1], 64, 300), "leads": 300, "open_leads": 7}
    names = ("leads", "open_leads", "lead_response_time", *SHARES)
    [reason, *_] = response_verdict(report_of(names, "source", rows, total)).reasons
    assert "(4-17%) are called within an hour" in reason
    assert "(17.1-26%) of all leads (significant)" in reason


@st.composite
def returns(draw: st.DrawFn) -> Report:
    """Sources with random costs and returns under two models."""
    rows: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        cost = draw(st.integers(1, 10**6))
        cell: dict[str, Any] = {"source": f"source-{number}", "marketing_cost": float(cost)}
        for model in ("lead_creation", "linear"):
            value = draw(st.integers(-1_000, 5_000)) / 1_000
            spread = draw(st.floats(0.01, 3))
            name = f"marketing_roi_{model}"
            cell |= {name: value, f"{name}_ci_low": value - spread, f"{name}_ci_high": value + spread}
            cell |= {f"{name}_denominator": cost, f"{name}_n": 5}
        rows.append(cell)
    return report_of(["marketing_cost", "marketing_roi"], "source", rows, {"marketing_cost": 1.0})


@settings(max_examples=120, deadline=None)
@given(returns())
def test_a_source_to_worry_about_loses_money_by_the_numbers_in_the_sentence(report: Report) -> None:
    text = source_verdict(report)
    parts = {source.name: source for source in source_returns(report)}
    if worry := re.match(r"(\S+) loses money:", text):
        assert all(part.high is not None and part.high < 0 for part in parts[worry[1]].by_model)
        assert parts[worry[1]].loss == max(source.loss for source in parts.values() if source.is_loss)
        amounts = [float(amount.replace(",", "")) for amount in re.findall(r"(?:spent, |and )(-?[\d,]+) with", text)]
        assert all(amount < 100 for amount in amounts)
    if lowest := re.search(r"The lowest is (\S+):|\. (?=\S+ has the lowest return)", text):
        paying = [source for source in parts.values() if not source.is_empty]
        name = lowest[1] or text[lowest.end() :].split()[0]
        assert parts[name].by_model[0].value == min(source.by_model[0].value for source in paying)
        assert not any(source.is_loss for source in parts.values())


@settings(max_examples=80, deadline=None)
@given(returns())
def test_the_lowest_and_the_highest_return_are_so_by_the_numbers_in_the_sentence(report: Report) -> None:
    text = charts()["roi"].summarise(report)
    values = {source.name: source.by_model[0].value for source in source_returns(report)}
    ends = re.findall(r"(?:Lowest|Highest) return: (.+?), (-?[\d,.]+)%", text)
    if not ends:
        assert ("All have the same return" in text) == (len(values) > 1)
        assert max(values.values()) == pytest.approx(min(values.values()), abs=1e-9)
        return
    (lows, low), (highs, high) = [(names.split(", "), float(number.replace(",", ""))) for names, number in ends]
    assert {values[name] for name in lows if "more" not in name} == {min(values.values())}
    assert {values[name] for name in highs if "more" not in name} == {max(values.values())}
    assert low < high or min(values.values()) == max(values.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_who_is_ahead_and_who_is_last_are_so_by_the_numbers_in_the_sentence(counts: list[tuple[int, int]]) -> None:
    name = "conv_per_attempt"
    rows = [{"source": f"source-{number}", **rate(name, *pair)} for number, pair in enumerate(counts)]
    report = report_of([name], "source", rows, rate(name, sum(k for k, _ in counts), sum(n for _, n in counts)))
    text = charts()["mix"].summarise(report)
    rates = {row["source"]: row[name] for row in rows}
    if ends := re.search(r"Actual: highest (.+) \(([\d.]+)%\), lowest (.+) \(([\d.]+)%\)", text):
        first, high, last, low = ends.groups()
        assert float(high) > float(low)
        for named, rate_there in ((first, max(rates.values())), (last, min(rates.values()))):
            there = [source for source, value in rates.items() if value == rate_there]
            shown, *more = named.split(" and ")
            assert shown.split(", ") == there[:5], "all that have this rate are named"
            assert len(there) == 5 + (int(more[0].split()[0]) if more else 0) or len(there) <= 5
    else:
        assert len(set(rates.values())) == 1


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, 23), COUNTS, min_size=1, max_size=24))
def test_an_hour_is_better_or_worse_only_beyond_the_rate_of_all_calls(hours: dict[int, tuple[int, int]]) -> None:
    name = "rpc_rate"
    rows = [{"callee_hour_of_week": f"Mon {hour:02}:00", **rate(name, *pair)} for hour, pair in sorted(hours.items())]
    reached, calls = (sum(counts) for counts in zip(*hours.values(), strict=True))
    text = charts()["best-time"].summarise(report_of([name], "callee_hour_of_week", rows, rate(name, reached, calls)))
    for word, sign in (("better", 1), ("worse", -1)):
        [named] = re.findall(rf"Significantly {word}: (.*?)\.(?: [A-Z]|$)", text) or [""]
        for hour, low, high in re.findall(r"Mon (\d\d):00 \(([\d.]+)-([\d.]+)%", named):
            own = hours[int(hour)]
            assert sign * (own[0] / own[1] - reached / calls) > 0
            assert own[1] >= 30
            assert (float(low) if sign > 0 else -float(high)) >= sign * 100 * reached / calls - 1

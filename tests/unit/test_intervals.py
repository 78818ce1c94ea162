"""Intervals: the worked examples, and scipy as an independent witness."""

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.stats import intervals


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    frame = pl.DataFrame({"k": [successes], "n": [trials]}, schema={"k": pl.Int64, "n": pl.Int64})
    low, high = intervals.wilson(pl.col("k"), pl.col("n"))
    return frame.select(low.alias("low"), high.alias("high")).row(0)


def mean(values: Sequence[int]) -> tuple[float | None, float | None]:
    sums = {"total": sum(values), "squares": sum(value * value for value in values), "count": len(values)}
    frame = pl.DataFrame({name: [number] for name, number in sums.items()}, schema=dict.fromkeys(sums, pl.Int128))
    low, high = intervals.mean(pl.col("total"), pl.col("squares"), pl.col("count"))
    return frame.select(low.alias("low"), high.alias("high")).row(0)


def ranks(count: int, share: float) -> tuple[int | None, int | None]:
    low, high = intervals.quantile_ranks(pl.col("n"), share)
    return pl.DataFrame({"n": [count]}).select(low.alias("low"), high.alias("high")).row(0)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 10, 0.0000, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (3, 12, 0.0889, 0.5323),
        (30, 120, 0.1811, 0.3344),
        (300, 1200, 0.2263, 0.2753),
        (5, 5, 0.5655, 1.0000),
        (6, 200, 0.0138, 0.0639),
    ],
)
def test_the_worked_examples_of_a_rate(successes: int, trials: int, low: float, high: float) -> None:
    bounds = wilson(successes, trials)
    assert [round(bound or 0.0, 4) for bound in bounds] == [low, high]


@settings(deadline=None)
@given(st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_rates_interval_is_the_one_scipy_computes_and_lies_around_it_within_0_and_1(case: tuple[int, int]) -> None:
    successes, trials = case
    low, high = wilson(successes, trials)
    expected = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert low == pytest.approx(expected.low, abs=1e-9)
    assert high == pytest.approx(expected.high, abs=1e-9)
    assert low is not None
    assert high is not None
    assert 0 <= low <= successes / trials <= high <= 1


def test_nothing_tried_has_no_interval() -> None:
    assert wilson(0, 0) == (None, None)
    assert mean([]) == (None, None)
    assert mean([90_000]) == (None, None)
    assert ranks(0, 0.5) == (None, None)


@settings(deadline=None)
@given(st.lists(st.integers(0, 86_400_000), min_size=2, max_size=60).filter(lambda values: len(set(values)) > 1))
def test_a_means_interval_is_the_one_scipy_computes(values: list[int]) -> None:
    expected = stats.t.interval(0.95, len(values) - 1, loc=stats.tmean(values), scale=stats.sem(values))
    reach = (expected[1] - expected[0]) / 2
    assert mean(values) == pytest.approx(expected, abs=reach * 1e-9)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 12, 30, 199, 200, 201, 350, 1_000, 50_000])
def test_the_quantile_of_a_means_interval_is_students_own(freedom: int) -> None:
    """n values of 0 and 1 in turn around a mean: the reach over the standard error is Student's quantile."""
    count = freedom + 1
    values = [number % 2 * 1_000 for number in range(count)]
    low, high = mean(values)
    assert low is not None
    assert high is not None
    reach = (high - low) / 2 / stats.sem(values)
    assert reach == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


def test_equal_values_have_an_interval_without_width() -> None:
    assert mean([60_000] * 5) == (60_000, 60_000)


def test_the_spread_of_ten_million_long_calls_loses_no_digit() -> None:
    half = 5_000_000
    sums = {"total": half * (86_399_999 + 86_400_001), "squares": half * (86_399_999**2 + 86_400_001**2)}
    frame = pl.DataFrame(
        {name: [n] for name, n in {**sums, "n": 2 * half}.items()},
        schema_overrides=dict.fromkeys([*sums, "n"], pl.Int128),
    )
    low, high = frame.select(*(b.alias(f"{i}") for i, b in enumerate(intervals.mean(*map(pl.col, (*sums, "n")))))).row(
        0
    )
    # Standard deviation 1 ms over ten million: 1.96 / sqrt(10,000,000) either way.
    assert high - low == pytest.approx(2 * 1.959964 / 10_000_000**0.5, rel=1e-3)


@settings(deadline=None)
@given(count=st.integers(1, 20_000), share=st.sampled_from([0.5, 0.9]))
def test_the_ranks_around_a_quantile_cover_it_in_95_of_100_samples(count: int, share: float) -> None:
    low, high = ranks(count, share)
    below = stats.binom(count, share)
    # The quantile is between the low-th and the high-th value if at least `low` and fewer than `high` values are below.
    missed = (below.cdf(low - 1) if low else 0) + (below.sf(high - 1) if high else 0)
    assert missed <= 0.05


def test_too_few_values_do_not_bound_a_median() -> None:
    assert ranks(5, 0.5) == (None, None)
    assert ranks(100, 0.5) == (40, 61)

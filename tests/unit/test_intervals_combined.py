"""Intervals of counts and sums, and of numbers made of others: scipy and statsmodels as witnesses."""

from collections.abc import Sequence
from math import exp, log, sqrt

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from reports.stats import intervals


def lit(*numbers: float | None) -> list[pl.Expr]:
    return [pl.lit(number, dtype=pl.Float64) for number in numbers]


def answer(parts: tuple[pl.Expr, ...]) -> tuple[float | None, ...]:
    return pl.select(*(part.alias(f"{place}") for place, part in enumerate(parts))).row(0)


def product(*factors: Sequence[float | None]) -> tuple[float | None, ...]:
    """Of factors (value, low, high, 1 or -1)."""
    return answer(intervals.product_of([_factor(*lit(*numbers), divides=power == -1) for *numbers, power in factors]))


def _factor(value: pl.Expr, low: pl.Expr, high: pl.Expr, *, divides: bool) -> intervals.Factor:
    return value, low, high, -1 if divides else 1


def known(numbers: Sequence[float | None]) -> list[float]:
    return [number for number in numbers if number is not None]


def rate(successes: int, trials: int) -> list[pl.Expr]:
    k, n = pl.lit(successes), pl.lit(trials)
    return [k / n, *intervals.wilson(k, n)]


def test_a_counts_interval_is_garwoods_from_nothing_to_ten_million() -> None:
    counts = [*range(200), *(int(1.01**step) for step in range(530, 1621))]
    low, high = intervals.poisson(pl.col("count"))
    limits = pl.DataFrame({"count": counts}).select("count", low=low, high=high)
    assert max(counts) > 9_900_000
    expected_low = [0.0, *(stats.chi2.ppf(0.025, 2 * count) / 2 for count in counts[1:])]
    expected_high = stats.chi2.ppf(0.975, [2 * count + 2 for count in counts]) / 2
    assert limits["low"].to_list() == pytest.approx(expected_low, rel=1e-8)
    assert limits["high"].to_list() == pytest.approx(list(expected_high), rel=1e-8)


def test_no_calls_at_all_might_have_been_three_or_four_and_an_unknown_count_anything() -> None:
    assert known(answer(intervals.poisson(pl.lit(0)))) == pytest.approx([0, -log(0.025)])
    assert answer(intervals.poisson(pl.lit(None, dtype=pl.Int64))) == (None, None)


def test_a_sum_of_equal_amounts_is_as_sure_as_their_count() -> None:
    # 100 sales of 50.00: 5,000 +- 1.96 * 50 * sqrt(100).
    low, high = known(answer(intervals.compound(pl.lit(5000), pl.lit(100 * 50**2), pl.lit(100))))
    assert (low, high) == pytest.approx((5000 - 979.98, 5000 + 979.98), abs=0.01)
    assert answer(intervals.compound(pl.lit(0), pl.lit(0), pl.lit(0))) == (None, None)


RATES = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(RATES, RATES)
def test_the_difference_of_two_rates_is_newcombes(first: tuple[int, int], second: tuple[int, int]) -> None:
    apart, low, high = known(answer(intervals.difference(*rate(*first), *rate(*second))))
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (low, high) == pytest.approx(expected, abs=1e-9)
    assert low <= apart <= high
    back = known(answer(intervals.difference(*rate(*second), *rate(*first))))
    assert back == pytest.approx([-apart, -high, -low], abs=1e-12)


@pytest.mark.parametrize("missing", range(6))
def test_without_one_of_the_bounds_there_is_no_difference(missing: int) -> None:
    parts: list[float | None] = [0.3, 0.2, 0.4, 0.1, 0.05, 0.2]
    parts[missing] = None
    assert answer(intervals.difference(*lit(*parts))) == (None, None, None)


@settings(max_examples=60, deadline=None)
@given(RATES, RATES)
def test_the_quotient_of_two_rates_is_the_one_of_logarithms(first: tuple[int, int], second: tuple[int, int]) -> None:
    assume(first[0] and second[0])

    def logarithmic(k: int, n: int, power: int) -> tuple[float, float, float, int]:
        reach = 1.959963984540054 * sqrt(1 / k - 1 / n)
        return k / n, k / n * exp(-reach), k / n * exp(reach), power

    quotient = known(product(logarithmic(*first, 1), logarithmic(*second, -1)))
    expected = confint_proportions_2indep(*first, *second, method="log", compare="ratio")
    assert quotient[1:] == pytest.approx(list(expected), rel=1e-9)


def test_velocity_is_the_product_of_its_levers() -> None:
    # 18 opportunities * 42,000 * 0.24 / 78 days, all known exactly (example 13.7).
    exact = [(18.0, 1), (42_000.0, 1), (0.24, 1), (78.0, -1)]
    assert known(product(*((n, n, n, power) for n, power in exact))) == pytest.approx([2326.153846] * 3)
    # One lever known to within a factor of two leaves the product known to within a factor of two.
    assert known(product((18, 9, 36, 1), (78, 78, 78, -1))) == pytest.approx([18 / 78, 9 / 78, 36 / 78])
    # Two uncertain levers: to within 2 ** sqrt(2), not 4.
    assert known(product((18, 9, 36, 1), (78, 39, 156, -1)))[2] == pytest.approx(18 / 78 * 2 ** sqrt(2))


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        pytest.param([(2, 0, 4, 1), (3, 3, 3, 1)], (6, 0, 12), id="a factor that may be 0: so may the product"),
        pytest.param(
            [(6, 3, 12, 1), (2, 0, 4, -1)], (3, 3 / 2 ** sqrt(2), None), id="a divisor that may be 0: no limit"
        ),
        pytest.param([(6, 6, 6, 1), (2, -1, 4, -1)], (3, 1.5, None), id="a bound below 0 is 0"),
        pytest.param([(0, 0, 3.689, 1), (10, 10, 10, 1)], (0, 0, 36.89), id="no sale seen: as many as there may be"),
        pytest.param([(0, 0, 0, 1), (10, 5, 20, 1)], (0, 0, 0), id="exactly nothing stays nothing"),
        pytest.param([(0, 0, 4, 1), (2, 0, 4, -1)], (0, 0, None), id="nothing seen over what may be 0"),
        pytest.param([(10, None, 20, 1)], (10, None, 20), id="no low bound: none of the product"),
        pytest.param([(10, 5, 20, 1), (2, 2, None, -1)], (5, None, 10), id="no high bound of the divisor: no low one"),
        pytest.param([(10, 5, 20, 1), (0, 0, 4, -1)], (None, None, None), id="nothing to divide by"),
        pytest.param([(10, 5, 20, 1), (None, None, None, 1)], (None, None, None), id="an unknown factor"),
        pytest.param([(-10, -20, -5, 1)], (None, None, None), id="logarithms know no negative numbers"),
    ],
)
def test_products_at_the_edges(factors: list[Sequence[float | None]], expected: Sequence[float | None]) -> None:
    estimate = product(*factors)
    assert [number is None for number in estimate] == [number is None for number in expected]
    assert known(estimate) == pytest.approx(known(expected))

"""Forecasts of call volumes: scipy as a witness of the range, and how many later days it holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.stats.call_volumes import Volume, day_to_day_variance, forecast

histories = st.lists(st.integers(0, 3_000), min_size=1, max_size=12)


def of_scipy(counts: list[int], day_to_day: float) -> tuple[float, float]:
    """The range by the distribution of scipy: a gamma rate after Jeffreys' prior, and calls at random for it."""
    days, mean = len(counts), (sum(counts) + 0.5) / len(counts)
    variance = mean + day_to_day * mean**2 * (1 + 1 / days) + mean / days
    shape = mean**2 / (variance - mean)
    numbers = stats.nbinom(shape, shape / (shape + mean))
    return numbers.ppf(0.025), numbers.ppf(0.975)


@given(counts=histories, day_to_day=st.floats(0, 1))
def test_the_range_is_scipys(counts: list[int], day_to_day: float) -> None:
    volume = forecast(counts, day_to_day)
    assert volume.expected == pytest.approx(sum(counts) / len(counts))
    assert (volume.low, volume.high) == of_scipy(counts, day_to_day)


def test_a_worked_forecast() -> None:
    """Four Mondays at ten: six calls on average. Without days busier than chance explains, the gamma rate is known."""
    assert forecast([5, 7, 3, 9], 0) == Volume(6, 2, 12)
    assert forecast([0], 0) == Volume(0, 0, 3)
    assert forecast([0] * 8, 0).high == 1


def drawn(chance: np.random.Generator, mean: float, busier: float, days: int) -> list[int]:
    """Calls of so many days: random calls, on days that are busier or quieter by a gamma factor of this variance."""
    factors = chance.gamma(1 / busier, busier, days) if busier else np.ones(days)
    return chance.poisson(mean * factors).tolist()


def test_days_that_differ_by_chance_alone_have_no_variance_of_their_own() -> None:
    chance = np.random.default_rng(7)
    assert day_to_day_variance([drawn(chance, 40, 0, 8) for _ in range(100)]) < 0.005
    assert day_to_day_variance([drawn(chance, 40, 0.04, 8) for _ in range(200)]) == pytest.approx(0.04, abs=0.01)
    assert day_to_day_variance([[12], [30]]) == 0
    assert day_to_day_variance([]) == 0


@pytest.mark.parametrize("busier", [0, 0.05])
def test_nineteen_of_twenty_later_days_lie_in_the_range(busier: float) -> None:
    chance, tries = np.random.default_rng(3), 400
    weeks = [drawn(chance, 25, busier, 9) for _ in range(tries)]
    ranges = [(forecast(past, busier), later) for *past, later in weeks]
    inside = sum(volume.low <= later <= volume.high for volume, later in ranges)
    assert 0.93 < inside / tries <= 0.99


@given(counts=histories, day_to_day=st.floats(0, 1), more=st.floats(0, 1))
def test_more_variance_never_narrows_the_range(counts: list[int], day_to_day: float, more: float) -> None:
    narrow, wide = forecast(counts, day_to_day), forecast(counts, day_to_day + more)
    assert narrow.high - narrow.low <= wide.high - wide.low + 1
    assert 0 <= narrow.low <= narrow.high

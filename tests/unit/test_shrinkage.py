"""Fair rates and ranks: the worked example, scipy as witness, and what a ranking must not do."""

import random
from collections import Counter
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.stats import beta
from reports.stats.shrinkage import MOST_RANKED, Prior, Shrunk, ranks, shrink, shrink_groups

SHAPE = st.floats(-1.5, 5).map(lambda power: 10**power)


def drawn(seed: int, groups: int, a: float, b: float, most: int) -> tuple[list[int], list[int]]:
    """Successes and trials of groups whose true rates come from a beta distribution."""
    chance = random.Random(seed)
    trials = [chance.randint(1, most) for _ in range(groups)]
    rates = [chance.betavariate(a, b) for _ in range(groups)]
    return [sum(chance.random() < rate for _ in range(n)) for rate, n in zip(rates, trials, strict=True)], trials


def shrunk(successes: list[int], trials: list[int], better: Literal["higher", "lower"] = "higher") -> list[Shrunk]:
    return [group for group in shrink_groups(successes, trials, better) if group is not None]


def test_the_worked_example_of_shrinkage() -> None:
    # (0.08 * 100 + k) / (100 + n): 11/112, 38/400, 8/108, 103/1100.
    tried = [(3, 12), (30, 300), (0, 8), (95, 1000)]
    known = [(1.0, Prior(mean=0.08, weight=100))]
    rates = [shrink(k, n, known)[0] for k, n in tried]
    assert [round(100 * rate, 1) for rate in rates] == [9.8, 9.5, 7.4, 9.4]
    assert shrink(30, 300, known) == pytest.approx((0.095, *stats.beta.ppf([0.025, 0.975], 38, 362)))
    places = ranks(tried, rates, known, "higher")
    assert [place for place, _, _ in places] == [1, 2, 4, 3]
    # Close to indistinguishable: any of the two with few calls may be first or last.
    assert places[0][1:] == (1, 4)
    assert places[2][1:] == (1, 4)


@settings(max_examples=150, deadline=None)
@given(SHAPE, SHAPE, st.sampled_from([0.025, 0.5, 0.975]))
def test_quantiles_of_a_rate_are_scipys(a: float, b: float, share: float) -> None:
    assert beta.quantile(share, a, b) == pytest.approx(stats.beta.ppf(share, a, b), rel=1e-6, abs=1e-9)


def test_quantiles_of_millions_of_calls_are_scipys() -> None:
    for a, b in [(3e5, 7e6), (5e6, 5e6), (0.5, 1e7), (12.5, 2e6)]:
        assert beta.quantile(0.025, a, b) == pytest.approx(stats.beta.ppf(0.025, a, b), rel=1e-6)


def integrated(tried: list[tuple[int, int]], group: int) -> tuple[float, float]:
    """The mean and the standard deviation of a group's true rate, over a dense grid of priors.

    The standard deviation of the true rates is evenly spread before, the mean as Jeffreys has it.
    """
    means, widths = np.meshgrid(np.linspace(0.001, 0.6, 300), np.linspace(0.003, 0.999, 300))
    weights = widths**-2
    above, below = means * weights, (1 - means) * weights
    seen = (times * stats.betabinom.logpmf(k, n, above, below) for (k, n), times in Counter(tried).items())
    heights = stats.beta.logpdf(means, 0.5, 0.5) + sum(seen)
    shares = np.exp(heights - heights.max())
    shares /= shares.sum()
    k, n = tried[group]
    rates = (above + k) / (weights + n)
    mean = (shares * rates).sum()
    variance = (shares * (rates * (1 - rates) / (weights + n + 1) + (rates - mean) ** 2)).sum()
    return mean, variance**0.5


@pytest.mark.parametrize(
    "tried",
    [
        [(8, 61), *[(12, 61)] * 20],
        [(3, 12), (30, 300), (2, 8), (95, 1000)],
        [(10, 100), (30, 100)],
        [(6, 60), (24, 60), (12, 60), (15, 90), (30, 90)],
    ],
)
def test_a_fair_rate_and_its_interval_are_those_of_all_priors_together(tried: list[tuple[int, int]]) -> None:
    successes, trials = map(list, zip(*tried, strict=True))
    groups = shrunk(successes, trials)
    for counts in set(tried):
        number = tried.index(counts)
        group = groups[number]
        mean, deviation = integrated(tried, number)
        assert group.value == pytest.approx(mean, rel=0.01)
        a, b = (share * (mean * (1 - mean) / deviation**2 - 1) for share in (mean, 1 - mean))
        assert (group.low, group.high) == pytest.approx(stats.beta.ppf([0.025, 0.975], a, b), rel=0.04)


def test_eight_of_sixty_one_are_not_known_to_a_point() -> None:
    """Forty agents who differ no more than chance: nobody knows that they do not differ at all."""
    successes, trials = [61 * 19 // 100 + (n % 7) - 3 for n in range(40)], [61] * 40
    successes[0] = 8
    low, high = stats.beta.ppf([0.025, 0.975], sum(successes) + 0.5, sum(trials) - sum(successes) + 0.5)
    groups = shrunk(successes, trials)
    assert all(group.high - group.low > high - low for group in groups)
    assert groups[0].high - groups[0].low > 0.04
    assert groups[0].low < sum(successes) / sum(trials) < groups[0].high


def test_groups_that_differ_no_more_than_chance_may_have_every_place() -> None:
    groups = shrunk([10, 11, 9, 20], [100, 100, 100, 200])
    low, high = stats.beta.ppf([0.025, 0.975], 50.5, 450.5)
    for group in groups:
        assert group.value == pytest.approx(0.1, abs=0.006)
        assert group.low < low
        assert group.high > high
        assert (group.rank_low, group.rank_high) == (1, 4)


def test_nobody_selling_anything_is_no_difference_and_a_bound() -> None:
    for k, n in [(0, 20), (20, 20)]:
        first, second = shrunk([k, k], [n, n])
        assert first == second
        assert abs(first.value - k / n) < 0.01
        assert 0.05 < first.high - first.low < 0.1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=12)
)
def test_no_fair_rate_is_surer_than_the_rate_of_all_together(tried: list[tuple[int, int]]) -> None:
    successes, trials = map(list, zip(*tried, strict=True))
    groups = shrunk(successes, trials)
    all_successes, all_trials = sum(successes), sum(trials)
    pooled = stats.beta.ppf([0.025, 0.975], all_successes + 0.5, all_trials - all_successes + 0.5)
    down, up = max(all_successes / all_trials - pooled[0], 0), max(pooled[1] - all_successes / all_trials, 0)
    for group in groups:
        assert 0 <= group.low <= group.value <= group.high <= 1
        assert group.low <= max(group.value - down, 0) + 1e-9
        assert group.high >= min(group.value + up, 1) - 1e-9
        assert group.rank_low is not None
        assert group.rank_high is not None
        assert 1 <= group.rank_low <= group.rank <= group.rank_high <= len(tried)
    by_value = sorted(groups, key=lambda group: -group.value)
    assert [group.rank for group in by_value] == sorted(group.rank for group in groups)


def test_the_same_counts_give_the_same_places_and_lower_turns_them_round() -> None:
    successes, trials = drawn(3, 9, 3, 30, 200)
    once = shrunk(successes, trials)
    assert once == shrunk(successes, trials)
    for up, down in zip(once, shrunk(successes, trials, "lower"), strict=True):
        assert (up.value, up.low, up.high) == (down.value, down.low, down.high)
        assert up.rank + down.rank == 10


def test_the_interval_of_a_place_is_the_one_of_independent_draws() -> None:
    posteriors = stats.beta([8 + 3, 8 + 30, 8, 8 + 95], [92 + 9, 92 + 270, 92 + 8, 92 + 905])
    draws = posteriors.rvs((20_000, 4), random_state=1)
    places = stats.rankdata(-draws, axis=1)
    tried, known = [(3, 12), (30, 300), (0, 8), (95, 1000)], [(1.0, Prior(mean=0.08, weight=100))]
    intervals = ranks(tried, [shrink(k, n, known)[0] for k, n in tried], known, "higher")
    for group, (_, low, high) in enumerate(intervals):
        assert low is not None
        assert high is not None
        # About 2.5% of the draws lie outside on either side; the limits allow for the scatter of the draws.
        assert (places[:, group] < low).mean() < 0.04
        assert (places[:, group] <= low).mean() > 0.01
        assert (places[:, group] > high).mean() < 0.04
        assert (places[:, group] >= high).mean() > 0.01


def test_a_far_better_group_is_surely_first() -> None:
    groups = shrunk([900, 100, 95, 110], [1000, 1000, 1000, 1000])
    assert (groups[0].rank, groups[0].rank_low, groups[0].rank_high) == (1, 1, 1)
    assert {group.rank_low for group in groups[1:]} == {2}


def test_who_tried_nothing_has_no_fair_rate_and_one_alone_nobody_to_be_compared_with() -> None:
    with_idle = shrink_groups([3, 0, 30, 0], [12, 0, 300, 8], "higher")
    assert with_idle[1] is None
    assert [group for group in with_idle if group] == shrink_groups([3, 30, 0], [12, 300, 8], "higher")
    assert shrink_groups([3, 0], [12, 0], "higher") == [None, None]
    assert shrink_groups([], [], "higher") == []


def test_of_very_many_groups_only_the_places_are_given() -> None:
    successes, trials = drawn(1, MOST_RANKED + 1, 8, 92, 60)
    groups = shrunk(successes, trials)
    assert {group.rank_low for group in groups} == {group.rank_high for group in groups} == {None}
    best = max(groups, key=lambda group: group.value)
    assert best.rank == 1

"""Fair rates and fair rankings: the rate to expect with more tries, and the range of possible ranks.

An agent with three sales in twelve calls rarely sells at 25 %. Empirical Bayes estimates the spread of the true rates
from all groups together: a beta distribution, fitted to the beta-binomial by maximum likelihood. It then moves each
group's rate towards the mean; groups with fewer tries move further. The intervals treat the spread as known, so with a
handful of groups they are a little too narrow.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.stats.beta import log_beta, quantile

# The limits of a prior's weight: as vague as one try, or so heavy that no group's own tries would move it.
LIGHTEST, HEAVIEST = 1.0, 1e6

# The number of draws of the ranks; many groups get fewer draws. Beyond MOST_RANKED groups, ranks get no interval.
FEWEST_DRAWS, MOST_DRAWS, ALL_DRAWS = 200, 1_000, 40_000
MOST_RANKED = 500

_SEED = 20_240_229
_GOLDEN = (5**0.5 - 1) / 2
_NARROWINGS = 24

Better = Literal["higher", "lower"]
Tries = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Prior:
    """The expected rate of a group before its own tries: the mean of all rates, and its weight in tries.

    Without `spread`, the groups differ no more than chance explains. Each group then has the rate of all groups
    together, and `weight` is the number of all tries.
    """

    mean: float
    weight: float
    spread: bool = True

    def posterior(self, successes: int, trials: int) -> tuple[float, float]:
        """The two parameters of the beta distribution of a group's rate, after its own tries."""
        if not self.spread:
            # Jeffreys' half success and half failure give rates of 0 % and 100 % an interval with some width.
            return self.mean * self.weight + 0.5, (1 - self.mean) * self.weight + 0.5
        return self.mean * self.weight + successes, (1 - self.mean) * self.weight + trials - successes


@dataclass(frozen=True)
class Shrunk:
    """A group's fair rate and its rank among the groups (1 is best), both with a 95 % interval.

    The bounds of the rank are None when the groups differ and there are more than MOST_RANKED groups.
    """

    value: float
    low: float
    high: float
    rank: int
    rank_low: int | None
    rank_high: int | None


def shrink_groups(successes: Sequence[int], trials: Sequence[int], better: Better) -> list[Shrunk | None]:
    """The fair rate and the rank of every group, in the order of the input.

    None for a group without tries. All groups are None when fewer than two have tries.
    """
    fitted = prior(successes, trials)
    if fitted is None:
        return [None] * len(trials)
    tried = [(k, n) for k, n in zip(successes, trials, strict=True) if n > 0]
    places = ranks(tried, fitted, better)
    shrunk = (Shrunk(*shrink(k, n, fitted), *place) for (k, n), place in zip(tried, places, strict=True))
    return [next(shrunk) if n > 0 else None for n in trials]


def prior(successes: Sequence[int], trials: Sequence[int]) -> Prior | None:
    """The spread of the groups' true rates, from their counts; None when fewer than two groups have tries."""
    tried = [(k, n) for k, n in zip(successes, trials, strict=True) if n > 0]
    if len(tried) < 2:
        return None
    together, tries = sum(k for k, _ in tried), sum(n for _, n in tried)
    if not _spread(tried, together / tries):
        return Prior(mean=together / tries, weight=tries, spread=False)
    return _likeliest(tried)


def shrink(successes: int, trials: int, prior: Prior) -> tuple[float, float, float]:
    """A group's fair rate and its 95 % interval: the mean and the middle 95 % of its posterior distribution."""
    a, b = prior.posterior(successes, trials)
    value = a / (a + b) if prior.spread else prior.mean
    # The mean of a very skewed distribution, or a rate of exactly 0 or 1, may lie outside the middle 95 %.
    return value, min(quantile(0.025, a, b), value), max(quantile(0.975, a, b), value)


def ranks(tried: Tries, prior: Prior, better: Better) -> list[tuple[int, int | None, int | None]]:
    """Each group's rank by its fair rate, and the 95 % interval of the rank. Equal rates share the better rank.

    The interval comes from random draws of every group's rate from its posterior distribution. The number of draws is
    ALL_DRAWS divided by the number of groups, but at least 200 and at most 1,000. The seed is fixed: equal counts give
    equal ranks.
    """
    sign = -1 if better == "higher" else 1
    if not prior.spread:
        return [(1, 1, len(tried))] * len(tried)
    posteriors = [prior.posterior(k, n) for k, n in tried]
    order = _places([sign * a / (a + b) for a, b in posteriors])
    if len(tried) > MOST_RANKED:
        return [(place, None, None) for place in order]
    drawn = _drawn_places(posteriors, sign)
    return [(place, *_middle(taken, place)) for place, taken in zip(order, drawn, strict=True)]


def _spread(tried: Tries, rate: float) -> bool:
    """Whether the rates differ by more than chance explains: Tarone's score, which rises with the spread."""
    if not 0 < rate < 1:
        return False
    score = sum(k * (k - 1) / rate + (n - k) * (n - k - 1) / (1 - rate) - n * (n - 1) for k, n in tried)
    return score > 0


def _likeliest(tried: Tries) -> Prior:
    """The prior of maximum likelihood for these counts: the best mean for each weight, then the best weight."""
    alike = Counter(tried)
    rates = [k / n for k, n in tried]

    def best_mean(weight: float) -> float:
        return _peak(lambda mean: _likelihood(alike, mean, weight), min(rates), max(rates))

    def height(log_weight: float) -> float:
        weight = exp(log_weight)
        return _likelihood(alike, best_mean(weight), weight)

    weight = exp(_peak(height, log(LIGHTEST), log(HEAVIEST)))
    return Prior(mean=best_mean(weight), weight=weight)


def _likelihood(alike: Counter[tuple[int, int]], mean: float, weight: float) -> float:
    """The logarithm of the beta-binomial likelihood, without a constant term."""
    a, b = mean * weight, (1 - mean) * weight
    seen = sum(times * log_beta(a + k, b + n - k) for (k, n), times in alike.items())
    return seen - alike.total() * log_beta(a, b)


def _peak(height: Callable[[float], float], low: float, high: float) -> float:
    """The position of the maximum of a function with one peak, by golden-section search."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = height(left), height(right)
    for _ in range(_NARROWINGS):
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = height(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = height(right)
    return (low + high) / 2


def _places(values: Sequence[float]) -> list[int]:
    """The rank of each value, smallest first. Equal values share their first rank."""
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values), 1):
        first.setdefault(value, place)
    return [first[value] for value in values]


def _drawn_places(posteriors: Sequence[tuple[float, float]], sign: int) -> NDArray[np.intp]:
    """The ranks of each group (rows) in all draws (columns), sorted."""
    random = np.random.default_rng(_SEED)  # not for secrets; equal counts must give equal ranks
    a, b = np.array(posteriors).T
    draws = max(FEWEST_DRAWS, min(MOST_DRAWS, ALL_DRAWS // len(posteriors)))
    values = sign * random.beta(a, b, size=(draws, len(posteriors)))
    places = values.argsort(axis=1).argsort(axis=1) + 1
    return np.sort(places.T, axis=1)


def _middle(taken: NDArray[np.intp], place: int) -> tuple[int, int]:
    """The ranks with 2.5 % of the draws on either side, widened where needed to include the group's own rank."""
    cut = len(taken) // 40
    return min(int(taken[cut]), place), max(int(taken[-1 - cut]), place)

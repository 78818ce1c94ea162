"""Fair rates and fair rankings: the rate to expect with more tries, and how sure its place is.

Three sales in twelve calls are rarely a 25 % seller. Empirical Bayes takes the spread of the true rates from all
groups together (a beta distribution, fitted to the beta-binomial by maximum likelihood) and moves each group's rate
towards the middle, the further the less it has tried. The intervals take that spread as known, so with a handful of
groups they are a little too narrow.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.stats.beta import log_beta, quantile

# A fitted spread stays between a prior as vague as one try and one that no group's own tries would ever move.
LIGHTEST, HEAVIEST = 1.0, 1e6

# Places are drawn this often, less often when groups are many; beyond MOST_RANKED no interval of a place is given.
FEWEST_DRAWS, MOST_DRAWS, ALL_DRAWS = 200, 1_000, 40_000
MOST_RANKED = 500

_SEED = 20_240_229
_GOLDEN = (5**0.5 - 1) / 2
_NARROWINGS = 24

Better = Literal["higher", "lower"]
Tries = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Prior:
    """The expected rate of a group before its own tries: the mean of all rates, and how many tries it is worth.

    Without `spread` the groups differ no more than chance makes them: each group has the rate of all
    groups together, and `weight` is the number of all tries.
    """

    mean: float
    weight: float
    spread: bool = True

    def posterior(self, successes: int, trials: int) -> tuple[float, float]:
        """The two parameters of the beta distribution of a group's rate, its own tries considered."""
        if not self.spread:
            # Jeffreys' half a success and half a failure keep the bounds of 0 % and 100 % apart from them.
            return self.mean * self.weight + 0.5, (1 - self.mean) * self.weight + 0.5
        return self.mean * self.weight + successes, (1 - self.mean) * self.weight + trials - successes


@dataclass(frozen=True)
class Shrunk:
    """A group's fair rate with its 95 % interval, and its place among the groups (1 is best) with the place's own.

    The bounds of the place are None when the groups differ and there are more of them than MOST_RANKED.
    """

    value: float
    low: float
    high: float
    rank: int
    rank_low: int | None
    rank_high: int | None


def shrink_groups(successes: Sequence[int], trials: Sequence[int], better: Better) -> list[Shrunk | None]:
    """The fair rate and the place of every group, in their order.

    None for a group without tries, and for all groups when fewer than two have tries to compare.
    """
    fitted = prior(successes, trials)
    if fitted is None:
        return [None] * len(trials)
    tried = [(k, n) for k, n in zip(successes, trials, strict=True) if n > 0]
    places = ranks(tried, fitted, better)
    shrunk = (Shrunk(*shrink(k, n, fitted), *place) for (k, n), place in zip(tried, places, strict=True))
    return [next(shrunk) if n > 0 else None for n in trials]


def prior(successes: Sequence[int], trials: Sequence[int]) -> Prior | None:
    """How the true rates of the groups spread, by their counts; None when fewer than two groups have tries."""
    tried = [(k, n) for k, n in zip(successes, trials, strict=True) if n > 0]
    if len(tried) < 2:
        return None
    together, tries = sum(k for k, _ in tried), sum(n for _, n in tried)
    if not _spread(tried, together / tries):
        return Prior(mean=together / tries, weight=tries, spread=False)
    return _likeliest(tried)


def shrink(successes: int, trials: int, prior: Prior) -> tuple[float, float, float]:
    """A group's fair rate and its 95 % interval: the mean and the middle 95 % of what its rate may be."""
    a, b = prior.posterior(successes, trials)
    value = a / (a + b) if prior.spread else prior.mean
    # The mean of a very lopsided distribution, or a rate of exactly 0 or 1, may lie outside its middle 95 %.
    return value, min(quantile(0.025, a, b), value), max(quantile(0.975, a, b), value)


def ranks(tried: Tries, prior: Prior, better: Better) -> list[tuple[int, int | None, int | None]]:
    """Each group's place by its fair rate (equal ones share the better place), and the 95 % interval of the place.

    The interval is that of the places taken when every group's rate is drawn from what it may be: ALL_DRAWS over the
    number of groups, at least 200 and at most 1,000 times, from a fixed seed, so that equal counts give equal places.
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
    """Whether the rates lie further apart than chance alone puts them: Tarone's score, which rises with the spread."""
    if not 0 < rate < 1:
        return False
    score = sum(k * (k - 1) / rate + (n - k) * (n - k - 1) / (1 - rate) - n * (n - 1) for k, n in tried)
    return score > 0


def _likeliest(tried: Tries) -> Prior:
    """The prior under which the counts seen are likeliest: for each weight the best mean, then the best weight."""
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
    """The logarithm of the beta-binomial likelihood, but for a constant."""
    a, b = mean * weight, (1 - mean) * weight
    seen = sum(times * log_beta(a + k, b + n - k) for (k, n), times in alike.items())
    return seen - alike.total() * log_beta(a, b)


def _peak(height: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one peak is highest, by golden sections."""
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
    """The place of each value from the smallest, equal ones sharing the first of theirs."""
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values), 1):
        first.setdefault(value, place)
    return [first[value] for value in values]


def _drawn_places(posteriors: Sequence[tuple[float, float]], sign: int) -> NDArray[np.intp]:
    """For each group (a row) the places it took in all draws (columns), in order."""
    random = np.random.default_rng(_SEED)  # not for secrets; equal counts must give equal places
    a, b = np.array(posteriors).T
    draws = max(FEWEST_DRAWS, min(MOST_DRAWS, ALL_DRAWS // len(posteriors)))
    values = sign * random.beta(a, b, size=(draws, len(posteriors)))
    places = values.argsort(axis=1).argsort(axis=1) + 1
    return np.sort(places.T, axis=1)


def _middle(taken: NDArray[np.intp], place: int) -> tuple[int, int]:
    """The places that leave 2.5 % of the draws on either side; the group's own place is always among them."""
    cut = len(taken) // 40
    return min(int(taken[cut]), place), max(int(taken[-1 - cut]), place)

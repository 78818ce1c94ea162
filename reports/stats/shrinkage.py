"""Fair rates and fair rankings: the rate to expect with more tries, and the range of possible ranks.

An agent with three sales in twelve calls rarely sells at 25%. The true rates of all groups are taken to follow a beta
distribution. Each group's rate then moves towards the mean; groups with fewer tries move further.

Nobody knows the spread of the true rates, and a few groups tell little of it. So many spreads and means are weighed by
how well they explain the counts (a hierarchical model on a grid), and the intervals cover all of them. No fair rate has
a narrower interval than the rate of all tries together.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal, TypeAlias

from reports.stats.beta import log_beta, quantile

# The limits of a prior's weight: as vague as one try, or so heavy that no group's own tries would move it.
_LIGHTEST, _HEAVIEST, _HEAVIEST_TIMES = 1.0, 1e4, 100
# The grid: so many weights, and for each so many means, this many standard deviations around the likeliest mean.
_WEIGHTS, _MEANS, _DEVIATIONS = 24, 13, 4.0
# Weights of a smaller share on the coarse grid are left out of the fine grid.
_NEGLIGIBLE = 1e-3

# Beyond so many groups, ranks get no interval.
MOST_RANKED = 500

Better = Literal["higher", "lower"]
Tries = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Prior:
    """The expected rate of a group before its own tries: the mean of all rates, and its weight in tries."""

    mean: float
    weight: float

    def posterior(self, successes: int, trials: int) -> tuple[float, float]:
        """The two parameters of the beta distribution of a group's rate, after its own tries."""
        return self.mean * self.weight + successes, (1 - self.mean) * self.weight + trials - successes


# Priors with the probability of each; together 1.
Priors: TypeAlias = Sequence[tuple[float, Prior]]


@dataclass(frozen=True)
class Shrunk:
    """A group's fair rate and its rank among the groups (1 is best), both with a 95% interval.

    The bounds of the rank are None when there are more than MOST_RANKED groups.
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
    tried = [(k, n) for k, n in zip(successes, trials, strict=True) if n > 0]
    if len(tried) < 2:
        return [None] * len(trials)
    priors = possible_priors(tried)
    reach = _pooled_reach(tried)
    rates = {group: shrink(*group, priors, reach) for group in set(tried)}
    places = ranks(tried, [rates[group][0] for group in tried], priors, better)
    shrunk = (Shrunk(*rates[group], *place) for group, place in zip(tried, places, strict=True))
    return [next(shrunk) if n > 0 else None for n in trials]


def possible_priors(tried: Tries) -> Priors:
    """The priors that may have led to these counts, with the probability of each.

    Before the counts, each standard deviation of the true rates is as likely as another. A coarse grid shows where the
    weights lie, a fine grid covers them.
    """
    alike = Counter(tried)
    heaviest = max(_HEAVIEST, _HEAVIEST_TIMES * max(n for _, n in tried))
    coarse = _spaced(log(_LIGHTEST), log(heaviest), _WEIGHTS)
    shares = [0.0] * len(coarse)
    for index, (share, _) in enumerate(_weighed(alike, coarse)):
        shares[index // _MEANS] += share
    likely = [index for index, share in enumerate(shares) if share > _NEGLIGIBLE]
    low, high = coarse[max(likely[0] - 1, 0)], coarse[min(likely[-1] + 1, len(coarse) - 1)]
    return _weighed(alike, _spaced(low, high, _WEIGHTS))


def shrink(
    successes: int, trials: int, priors: Priors, reach: tuple[float, float] = (0.0, 0.0)
) -> tuple[float, float, float]:
    """A group's fair rate and its 95% interval: the mean and the middle 95% of its posterior distribution.

    The interval is that of the beta distribution with the mean and the variance of the posterior. It reaches at least
    as far down and up from the rate as `reach` says, within 0 to 1.
    """
    shapes = [(share, *prior.posterior(successes, trials)) for share, prior in priors]
    value = sum(share * a / (a + b) for share, a, b in shapes)
    variance = sum(share * _scatter(a, b, value) for share, a, b in shapes)
    size = value * (1 - value) / variance - 1
    low, high = (quantile(share, value * size, (1 - value) * size) for share in (0.025, 0.975))
    down, up = reach
    return value, max(min(low, value - down), 0.0), min(max(high, value + up), 1.0)


def _pooled_reach(tried: Tries) -> tuple[float, float]:
    """How far the 95% interval of the rate of all tries together reaches down and up from it (Jeffreys' interval).

    Without any success it reaches down to 0, without any failure up to 1.
    """
    successes, trials = (sum(counts) for counts in zip(*tried, strict=True))
    low, high = (quantile(share, successes + 0.5, trials - successes + 0.5) for share in (0.025, 0.975))
    rate = successes / trials
    return rate - low if successes else 1.0, high - rate if successes < trials else 1.0


def _scatter(a: float, b: float, centre: float) -> float:
    """The mean square of the distance of a beta distribution from a centre."""
    mean = a / (a + b)
    return mean * (1 - mean) / (a + b + 1) + (mean - centre) ** 2


def ranks(
    tried: Tries, rates: Sequence[float], priors: Priors, better: Better
) -> list[tuple[int, int | None, int | None]]:
    """Each group's rank by its fair rate, and the 95% interval of the rank. Equal rates share the better rank.

    The interval comes from random draws of a prior and then of every group's rate (drawn_ranks).
    """
    sign = -1 if better == "higher" else 1
    order = _places([sign * rate for rate in rates])
    if len(tried) > MOST_RANKED:
        return [(place, None, None) for place in order]
    from reports.stats.drawn_ranks import drawn_ranks  # noqa: PLC0415  most reports have no ranks and need no numpy

    drawn = drawn_ranks(tried, [(share, prior.mean, prior.weight) for share, prior in priors], sign)
    # Widened where needed to include the group's own rank.
    return [(place, min(low, place), max(high, place)) for place, (low, high) in zip(order, drawn, strict=True)]


def _weighed(alike: Counter[tuple[int, int]], log_weights: Sequence[float]) -> Priors:
    """The priors of a grid with their probabilities: _MEANS priors for each weight."""
    grid = [cell for log_weight in log_weights for cell in _of_weight(alike, log_weight)]
    highest = max(height for height, _ in grid)
    heights = [exp(height - highest) for height, _ in grid]
    whole = sum(heights)
    return [(height / whole, prior) for height, (_, prior) in zip(heights, grid, strict=True)]


def _of_weight(alike: Counter[tuple[int, int]], log_weight: float) -> Iterator[tuple[float, Prior]]:
    """The priors of one weight around the likeliest mean, each with the logarithm of its probability."""
    weight = exp(log_weight)
    centre, deviation = _middle_log_odds(alike, weight)
    for steps in _spaced(-_DEVIATIONS, _DEVIATIONS, _MEANS):
        mean = 1 / (1 + exp(-(centre + steps * deviation)))
        # Jeffreys' distribution of the mean, on the log-odds scale, and an even one of the standard deviation.
        before = log(mean * (1 - mean)) / 2 - log_weight / 2 + log(deviation)
        yield before + _likelihood(alike, mean, weight), Prior(mean, weight)


def _middle_log_odds(alike: Counter[tuple[int, int]], weight: float) -> tuple[float, float]:
    """About where the mean lies on the log-odds scale, and its standard deviation."""
    informing = [(times * weight / (n + weight), k, n) for (k, n), times in alike.items()]
    tries = sum(factor * n for factor, _, n in informing) + 1
    mean = (sum(factor * k for factor, k, _ in informing) + 0.5) / tries
    return log(mean / (1 - mean)), (tries * mean * (1 - mean)) ** -0.5


def _spaced(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * step / (count - 1) for step in range(count)]


def _likelihood(alike: Counter[tuple[int, int]], mean: float, weight: float) -> float:
    """The logarithm of the beta-binomial likelihood, without a constant term."""
    a, b = mean * weight, (1 - mean) * weight
    seen = sum(times * log_beta(a + k, b + n - k) for (k, n), times in alike.items())
    return seen - alike.total() * log_beta(a, b)


def _places(values: Sequence[float]) -> list[int]:
    """The rank of each value, smallest first. Equal values share their first rank."""
    first: dict[float, int] = {}
    for place, value in enumerate(sorted(values), 1):
        first.setdefault(value, place)
    return [first[value] for value in values]

"""The range of possible ranks: random draws of every group's rate, and where each group ends up in them."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# The number of draws; many groups get fewer.
FEWEST_DRAWS, MOST_DRAWS, ALL_DRAWS = 200, 1_000, 40_000

_SEED = 20_240_229


def drawn_ranks(
    tried: Sequence[tuple[int, int]], priors: Sequence[tuple[float, float, float]], sign: int
) -> Iterator[tuple[int, int]]:
    """The ranks of each group with 2.5% of the draws on either side: the lowest and the highest.

    tried: successes and trials of each group. priors: the probability of each prior, its mean and its weight. sign: -1
    if the highest rate has rank 1. The number of draws is ALL_DRAWS divided by the number of groups, but at least 200
    and at most 1,000. The seed is fixed: equal counts give equal ranks.
    """
    for taken in _drawn_places(tried, priors, sign):
        cut = len(taken) // 40
        yield int(taken[cut]), int(taken[-1 - cut])


def _drawn_places(
    tried: Sequence[tuple[int, int]], priors: Sequence[tuple[float, float, float]], sign: int
) -> NDArray[np.intp]:
    """The ranks of each group (rows) in all draws (columns), sorted."""
    random = np.random.default_rng(_SEED)  # not for secrets; equal counts must give equal ranks
    draws = max(FEWEST_DRAWS, min(MOST_DRAWS, ALL_DRAWS // len(tried)))
    taken = random.choice(len(priors), size=draws, p=_column(share for share, _, _ in priors))
    weights = _column(weight for _, _, weight in priors)[taken, None]
    above = _column(mean for _, mean, _ in priors)[taken, None] * weights
    successes, trials = (np.array(counts) for counts in zip(*tried, strict=True))
    values: NDArray[np.float64] = sign * random.beta(above + successes, weights - above + trials - successes)
    places = values.argsort(axis=1).argsort(axis=1) + 1
    return np.sort(places.T, axis=1)


def _column(numbers: Iterable[float]) -> NDArray[np.float64]:
    return np.fromiter(numbers, np.float64)

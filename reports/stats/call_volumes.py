"""Forecasts of call volumes: the calls to expect in an interval, and the range that 95% of such intervals lie in.

The calls of an interval are a negative binomial number: calls come at random (Poisson), and some days are busier than
others (gamma). A forecast from few weeks has a wider range, because its mean is not known well (Jeffreys' prior).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from reports.stats.beta import below

_LOW, _HIGH = 0.025, 0.975
# The variance is at least this much above the mean, where the negative binomial is a Poisson for every purpose.
_LEAST_EXCESS = 1e-9


@dataclass(frozen=True)
class Volume:
    """The calls of an interval: the average of past ones, and the range of 95%."""

    expected: float
    low: int
    high: int


def day_to_day_variance(histories: Iterable[Sequence[int]]) -> float:
    """How much busier or quieter days are than chance explains: the squared coefficient of variation, at least 0.

    histories: the calls of the same interval on several days. Without an interval of two days, it is 0.
    """
    excess = scale = 0.0
    for counts in histories:
        degrees = len(counts) - 1
        if degrees < 1:
            continue
        mean = sum(counts) / len(counts)
        variance = sum((count - mean) ** 2 for count in counts) / degrees
        excess += degrees * (variance - mean)
        scale += degrees * (mean**2 - variance / len(counts))
    return max(excess / scale, 0.0) if scale > 0 else 0.0


def forecast(counts: Sequence[int], day_to_day: float) -> Volume:
    """The volume to expect after the same interval on past days. counts: at least one past day."""
    days = len(counts)
    mean = (sum(counts) + 0.5) / days
    excess = max(day_to_day * mean**2 * (1 + 1 / days) + mean / days, _LEAST_EXCESS * mean)
    shape = mean**2 / excess
    odds = log(shape / mean)
    return Volume(sum(counts) / days, _quantile(_LOW, shape, odds), _quantile(_HIGH, shape, odds))


def _quantile(share: float, shape: float, odds: float) -> int:
    """The least number of calls that at least this share of intervals does not exceed."""
    low, high = -1, 1
    while below(odds, shape, high + 1) < share:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if below(odds, shape, middle + 1) < share else (low, middle)
    return high

"""The beta distribution, without a library: the likely values of a rate after some tries.

The distribution function is a continued fraction (DLMF 8.17.22). Newton's method finds the quantiles. Both work on the
log-odds scale, where rates close to 0 and 1 lose no digits.
"""

from math import exp, lgamma, log, log1p
from statistics import NormalDist

# Beyond these log-odds a rate is 0 or 1 for every purpose.
_EDGE = 700.0

_FRACTION_STEPS = 10_000
_NEWTON_STEPS = 200
_TINY = 1e-300


def log_beta(a: float, b: float) -> float:
    """The logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def below(odds: float, a: float, b: float) -> float:
    """The probability that the rate lies below the rate with these log-odds."""
    share, rest = _shares(odds)
    # The fraction converges fast on this side of its middle. The other side uses the mirrored distribution.
    if share * (a + b + 2) <= a + 1:
        return _mass(odds, a, b) / (a * _fraction(share, a, b))
    return 1 - _mass(odds, a, b) / (b * _fraction(rest, b, a))


def quantile(share: float, a: float, b: float) -> float:
    """The quantile: this share of the distribution lies below the result. `a` and `b` are above 0."""
    low, high = -_EDGE, _EDGE
    odds = log(a / b) + NormalDist().inv_cdf(share) * (1 / a + 1 / b) ** 0.5
    for _ in range(_NEWTON_STEPS):
        odds = odds if low < odds < high else (low + high) / 2
        miss = below(odds, a, b) - share
        low, high = (low, odds) if miss > 0 else (odds, high)
        slope = _mass(odds, a, b)
        step = miss / slope if slope > 0 else 2 * _EDGE
        odds -= step
        if abs(step) < 1e-10:
            break
    return _shares(min(max(odds, low), high))[0]


def _shares(odds: float) -> tuple[float, float]:
    """The rate with these log-odds, and 1 minus the rate."""
    return 1 / (1 + exp(-odds)), 1 / (1 + exp(odds))


def _mass(odds: float, a: float, b: float) -> float:
    """The density on the log-odds scale."""
    if odds > 0:
        return exp(-b * odds - (a + b) * log1p(exp(-odds)) - log_beta(a, b))
    return exp(a * odds - (a + b) * log1p(exp(odds)) - log_beta(a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 1 + d1/(1 + d2/(1 + ...)), evaluated from the front (Lentz's method)."""
    value = upper = 1.0
    lower = 0.0
    for step in range(1, _FRACTION_STEPS):
        d = _coefficient(step, x, a, b)
        lower = 1 / (1 + d * lower or _TINY)
        upper = 1 + d / upper or _TINY
        value *= upper * lower
        if abs(upper * lower - 1) < 1e-15:
            break
    return value


def _coefficient(step: int, x: float, a: float, b: float) -> float:
    m = step // 2
    if step % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

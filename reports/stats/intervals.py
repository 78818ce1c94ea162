"""Confidence intervals of 95%, as expressions over columns of counts and sums.

Every interval is null where it has no data.
"""

from collections.abc import Sequence
from functools import cache
from math import exp, sqrt
from typing import Literal

import polars as pl

from reports.stats.beta import quantile

# The 97.5% point of the normal distribution, for two-sided 95% intervals.
Z = 1.959963984540054

# Up to this many degrees of freedom, Student's quantiles come from the beta distribution. Beyond it the expansion is
# right to eleven digits.
_FEW = 200

# Below this shape, gamma quantiles are solved numerically. From this shape on, the expansion is right to eight digits.
_MANY = 30

Interval = tuple[pl.Expr, pl.Expr]

# A number with its bounds: value, low, high.
Bounded = tuple[pl.Expr, pl.Expr, pl.Expr]

# One part of a product: value, low, high, and whether it multiplies (1) or divides (-1).
Factor = tuple[pl.Expr, pl.Expr, pl.Expr, Literal[1, -1]]


def wilson(successes: pl.Expr, trials: pl.Expr) -> Interval:
    """Wilson's score interval of a rate: reliable for few trials and near 0 and 1, and never outside 0 to 1."""
    n = trials.cast(pl.Float64)
    p = successes / n
    centre = p + Z**2 / (2 * n)
    reach = Z * (p * (1 - p) / n + Z**2 / (4 * n * n)).sqrt()
    scale = 1 + Z**2 / n
    # At the ends, the formula gives exactly 0 or 1, but rounding would be off by 1e-17.
    low = pl.when(successes == 0).then(0.0).otherwise((centre - reach) / scale)
    high = pl.when(successes == trials).then(1.0).otherwise((centre + reach) / scale)
    return _where(trials > 0, low), _where(trials > 0, high)


def mean(total: pl.Expr, squares: pl.Expr, count: pl.Expr) -> Interval:
    """Student's interval of a mean, from the sum, the sum of squares and the count of the values."""
    n = count.cast(pl.Float64)
    middle = total / n
    # n * squares - total ** 2 stays an integer as long as possible, so the subtraction loses no digit.
    spread = (count * squares - total * total).cast(pl.Float64) / (n * (n - 1))
    reach = _student(count - 1) * (spread.clip(lower_bound=0) / n).sqrt()
    return _where(count > 1, middle - reach), _where(count > 1, middle + reach)


def net_share(successes: pl.Expr, failures: pl.Expr, trials: pl.Expr) -> Interval:
    """The interval of the share of successes less that of failures, where a trial may also be neither.

    Adjusted Wald: three trials are added, three quarters of one to each side. It reaches at least to the number itself,
    and stays within -1 to 1.
    """
    n = trials.cast(pl.Float64) + 3
    good, bad = (successes + 0.75) / n, (failures + 0.75) / n
    centre = good - bad
    reach = Z * ((good + bad - centre**2) / n).sqrt()
    raw = (successes - failures) / trials
    low = pl.min_horizontal(raw, centre - reach).clip(lower_bound=-1.0)
    high = pl.max_horizontal(raw, centre + reach).clip(upper_bound=1.0)
    return _where(trials > 0, low), _where(trials > 0, high)


def ratio_of_sums(
    above: pl.Expr,
    below: pl.Expr,
    above_squares: pl.Expr,
    below_squares: pl.Expr,
    both_squares: pl.Expr,
    count: pl.Expr,
) -> Interval:
    """The interval of the sum of one value over the sum of another, both observed together (linearised).

    above_squares, below_squares, both_squares: the sums of squares of the values and of their sums, all floats.
    """
    n = count.cast(pl.Float64)
    ratio = above / below
    product = (both_squares - above_squares - below_squares) / 2
    spread = (above_squares - 2 * ratio * product + ratio**2 * below_squares).clip(lower_bound=0.0)
    reach = _student(count - 1) * (n / (n - 1) * spread).sqrt() / below
    fits = (count > 1) & (below > 0)
    return _where(fits, ratio - reach), _where(fits, ratio + reach)


def quantile_ranks(count: pl.Expr, share: float) -> Interval:
    """The ranks (from 1) of the values that enclose a quantile, for any distribution of the values."""
    n = count.cast(pl.Float64)
    reach = Z * (n * share * (1 - share)).sqrt()
    low = (n * share - reach).floor().cast(pl.Int64)
    high = (n * share + reach).ceil().cast(pl.Int64) + 1
    return _where(low >= 1, low), _where(high <= count, high)


def poisson(count: pl.Expr) -> Interval:
    """Garwood's exact interval of a count. A count of 0 has the upper bound 3.689."""
    low = pl.when(count == 0).then(0.0).otherwise(_gamma(count, -Z))
    return _where(count >= 0, low), _where(count >= 0, _gamma(count + 1, Z))


def compound(total: pl.Expr, squares: pl.Expr, count: pl.Expr) -> Interval:
    """The interval of a sum of money or time, where both the number of amounts and their size vary by chance.

    It uses the sum, the sum of squares and the number of the amounts (compound Poisson). With few amounts, the low
    bound can fall below 0. Callers with amounts that are never negative clip it.
    """
    middle = total.cast(pl.Float64)
    reach = Z * squares.cast(pl.Float64).sqrt()
    return _where(count > 0, middle - reach), _where(count > 0, middle + reach)


def difference(
    value1: pl.Expr, low1: pl.Expr, high1: pl.Expr, value0: pl.Expr, low0: pl.Expr, high0: pl.Expr
) -> Bounded:
    """The first number minus the second, with its interval, from the interval of each.

    The bounds recover each number's variance towards the other (MOVER). With Wilson's intervals, this is Newcombe's
    method for two rates. The numbers must be independent. The result is null when any of the six inputs is null.
    """
    parts = [part.cast(pl.Float64) for part in (value1, low1, high1, value0, low0, high0)]
    first, first_low, first_high, second, second_low, second_high = parts
    apart = first - second
    down = ((first - first_low) ** 2 + (second_high - second) ** 2).sqrt()
    up = ((first_high - first) ** 2 + (second - second_low) ** 2).sqrt()
    known = pl.all_horizontal(part.is_not_null() for part in parts)
    return _where(known, apart), _where(known, apart - down), _where(known, apart + up)


def product_of(factors: Sequence[Factor]) -> Bounded:
    """The product of independent numbers, with its interval. Each number multiplies or divides.

    The bounds recover each factor's variance on the logarithmic scale (MOVER). An exact number is its own bounds.
    If a multiplier's low bound is 0, the low bound is 0. If a divisor's low bound is 0, there is no high bound.
    If a number lacks a bound, the product lacks the bound on that side. A factor with the value 0 enters the high bound
    with its own high bound. All three are null when a value is null or negative, or when a divisor is 0.
    """
    fits = pl.all_horizontal(value >= 0 if power > 0 else value > 0 for value, _, _, power in factors)
    value = _multiplied([(value, power) for value, _, _, power in factors])
    most = [(pl.when(value == 0).then(high).otherwise(value), power) for value, _, high, power in factors]
    down = _far([(value, low if power > 0 else high) for value, low, high, power in factors])
    up = _far(
        [(start, high if power > 0 else low) for (start, _), (_, low, high, power) in zip(most, factors, strict=True)]
    )
    low = pl.when(value == 0).then(0.0).otherwise(value * (-down).exp())
    high = _multiplied(most) * up.exp()
    return _where(fits, value), _where(fits, low), _where(fits & high.is_finite(), high)


def _multiplied(factors: Sequence[tuple[pl.Expr, int]]) -> pl.Expr:
    product = pl.lit(1.0)
    for value, power in factors:
        product = product * value if power > 0 else product / value
    return product


def _far(reaches: Sequence[tuple[pl.Expr, pl.Expr]]) -> pl.Expr:
    """The combined distance of all bounds from their numbers, in logarithms; infinite when a bound is 0."""
    logs = [pl.when(start == end).then(0.0).otherwise(_log(start) - _log(end)) for start, end in reaches]
    return pl.sum_horizontal((log**2 for log in logs), ignore_nulls=False).sqrt()


def _log(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.Float64).clip(lower_bound=0).log()


def _gamma(shape: pl.Expr, z: float) -> pl.Expr:
    """The 2.5% point (z below 0) or 97.5% point of a gamma distribution of whole shape, by Cornish and Fisher."""
    a = shape.cast(pl.Float64)
    expansion = (
        a
        + z * a.sqrt()
        + (z**2 - 1) / 3
        + (z**3 - 7 * z) / (36 * a.sqrt())
        - (3 * z**4 + 7 * z**2 - 16) / (810 * a)
        + (9 * z**5 + 256 * z**3 - 433 * z) / (38_880 * a**1.5)
        + (12 * z**6 - 243 * z**4 - 923 * z**2 + 1_472) / (204_120 * a**2)
        - (3_753 * z**7 + 4_353 * z**5 - 289_517 * z**3 - 289_717 * z) / (146_966_400 * a**2.5)
    )
    few = range(1, _MANY)
    solved = [_solved(k, 0.025 if z < 0 else 0.975) for k in few]
    return pl.coalesce(shape.cast(pl.Int64).replace_strict(few, solved, default=None), expansion)


@cache
def _solved(shape: int, share: float) -> float:
    """The mean of a Poisson count that reaches `shape` with this probability, by bisection."""
    low, high = 0.0, 2.0 * _MANY
    for _ in range(60):
        middle = (low + high) / 2
        if _reached(shape, middle) < share:
            low = middle
        else:
            high = middle
    return high


def _reached(shape: int, mean_count: float) -> float:
    """The probability that a Poisson count of this mean is at least `shape`."""
    term, fewer = exp(-mean_count), 0.0
    for k in range(shape):
        fewer += term
        term *= mean_count / (k + 1)
    return 1 - fewer


def _student(freedom: pl.Expr) -> pl.Expr:
    """The 97.5% point of Student's distribution with this many degrees of freedom; null without one."""
    few = freedom.cast(pl.Int64).replace_strict(range(1, _FEW + 1), _student_points(), default=None)
    return pl.coalesce(few, _student_expansion(freedom.cast(pl.Float64)))


@cache
def _student_points() -> list[float]:
    """The 97.5% points with 1 to _FEW degrees of freedom: t squared over (v + t squared) follows a beta distribution.

    The quantile is that of the mirrored share, 1 / (1 + t squared / v), which loses no digit.
    """
    shares = ((freedom, quantile(0.05, freedom / 2, 0.5)) for freedom in range(1, _FEW + 1))
    return [sqrt(freedom * (1 / share - 1)) for freedom, share in shares]


def _student_expansion(v: pl.Expr) -> pl.Expr:
    """The same for many degrees of freedom, by Cornish and Fisher's expansion of the normal distribution."""
    return (
        Z
        + (Z**3 + Z) / (4 * v)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * v**2)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * v**3)
        + (79 * Z**9 + 776 * Z**7 + 1_482 * Z**5 - 1_920 * Z**3 - 945 * Z) / (92_160 * v**4)
    )


def _where(test: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(test).then(value)

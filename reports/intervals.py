"""How far a number may be from the truth: 95 % intervals, as expressions over columns of counts and sums.

Every interval is null where there is nothing to base it on.
"""

import polars as pl

# Half of the two-sided 95 % of a normal distribution.
Z = 1.959963984540054

# The same of Student's distribution with 1, 2, 3 and 4 degrees of freedom, where the expansion below is too coarse.
_STUDENT = (12.706204736432095, 4.302652729911275, 3.182446305284263, 2.7764451051977987)

Interval = tuple[pl.Expr, pl.Expr]


def wilson(successes: pl.Expr, trials: pl.Expr) -> Interval:
    """Wilson's score interval of a rate: honest for few trials and near 0 and 1, and never outside them."""
    n = trials.cast(pl.Float64)
    p = successes / n
    centre = p + Z**2 / (2 * n)
    reach = Z * (p * (1 - p) / n + Z**2 / (4 * n * n)).sqrt()
    scale = 1 + Z**2 / n
    # At the ends rounding would leave 1e-17 where the formula says exactly 0 or 1.
    low = pl.when(successes == 0).then(0.0).otherwise((centre - reach) / scale)
    high = pl.when(successes == trials).then(1.0).otherwise((centre + reach) / scale)
    return _where(trials > 0, low), _where(trials > 0, high)


def mean(total: pl.Expr, squares: pl.Expr, count: pl.Expr) -> Interval:
    """Student's interval of a mean, from the sum and the sum of squares of its values."""
    n = count.cast(pl.Float64)
    middle = total / n
    # n * squares - total ** 2 stays an integer as long as it can: no digit is lost by subtracting.
    spread = (count * squares - total * total).cast(pl.Float64) / (n * (n - 1))
    reach = _student(count - 1) * (spread / n).sqrt()
    return _where(count > 1, middle - reach), _where(count > 1, middle + reach)


def quantile_ranks(count: pl.Expr, share: float) -> Interval:
    """The ranks (from 1) of the values that enclose a quantile, whatever the values' distribution."""
    n = count.cast(pl.Float64)
    reach = Z * (n * share * (1 - share)).sqrt()
    low = (n * share - reach).floor().cast(pl.Int64)
    high = (n * share + reach).ceil().cast(pl.Int64) + 1
    return _where(low >= 1, low), _where(high <= count, high)


def _student(freedom: pl.Expr) -> pl.Expr:
    """The 97.5 % point of Student's distribution, by Cornish and Fisher's expansion of the normal one."""
    v = freedom.cast(pl.Float64)
    expansion = (
        Z
        + (Z**3 + Z) / (4 * v)
        + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * v**2)
        + (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / (384 * v**3)
    )
    few = freedom.cast(pl.Int64).replace_strict(range(1, len(_STUDENT) + 1), _STUDENT, default=None)
    return pl.coalesce(few, expansion)


def _where(test: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(test).then(value)

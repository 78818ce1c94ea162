"""Large sums: totals of amounts of any size, and of their squares, which no single integer holds."""

import polars as pl

# Squares of large amounts are added in two parts, because no integer holds their sum.
_PART = 10**8


def wide(value: pl.Expr) -> pl.Expr:
    """Integers wide enough for their sum: 64 bits, or 128 for money, which has them already."""
    return value + pl.lit(0, dtype=pl.Int64)


def squares(name: str, value: pl.Expr) -> dict[str, pl.Expr]:
    """The terms of a sum of squares that is exact for amounts of any size."""
    whole = value.cast(pl.Int128)
    high, low = whole // _PART, whole % _PART
    return {f"{name}.squares_high": high * high, f"{name}.squares": 2 * _PART * high * low + low * low}


def sum_of_squares(name: str) -> pl.Expr:
    """The sum of squares of these terms."""
    high, low = (pl.col(f"{name}.{part}").cast(pl.Float64) for part in ("squares_high", "squares"))
    return high * float(_PART) ** 2 + low


def exact_squares(name: str) -> pl.Expr:
    """The same as an integer; only where that is large enough."""
    return pl.col(f"{name}.squares_high") * _PART**2 + pl.col(f"{name}.squares")

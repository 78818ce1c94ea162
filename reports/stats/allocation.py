"""Allocation: shares that add up to the amount exactly, for costs over leads and agents and for a sale over touches.

Shares are integers, by the largest-remainder method. Each row gets the whole units of its part. Each unit left over
goes to a different row, starting with the rows that lost most by rounding down.

The ledger keeps money in ten-thousandths, and so does this module: no amount loses anything on the way in or out.
With a `lot` of a currency's smallest coin, an amount of whole coins is shared in whole coins: cents, or yen. Sums by
agent, source or day are then whole coins too, and all sums together equal the amount.
"""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from reports.stats.neighbours import numbered

_PLACES = 4

# Float weights become integers: this many parts of the greatest weight in the group. That is as fine as floats are,
# and the sum is the same in any order.
_FINEST = 10**15

# Remainders are compared to a millionth of a unit, because smaller differences are float noise. This is a power of
# two: no common fraction then lies half-way between two steps, where noise would decide.
_TELLING = 2**20


def to_minor(amount: pl.Expr) -> pl.Expr:
    """Convert money to integers for sharing: Decimal with up to four places to Int128 ten-thousandths."""
    return amount.cast(pl.Decimal(38, _PLACES)).to_physical().cast(pl.Int128)


def from_minor(units: pl.Expr) -> pl.Expr:
    """Convert integers back to money: ten-thousandths to Decimal with four places."""
    return units.cast(pl.Decimal(38, _PLACES)) * pl.lit(Decimal(1).scaleb(-_PLACES))


def share_out(
    rows: pl.LazyFrame,
    whole: str,
    weight: str,
    of: Sequence[str],
    order: Sequence[str],
    into: str,
    *,
    lot: int | pl.Expr = 1,
) -> pl.LazyFrame:
    """Give every row its share of an amount; the shares add up to the amount exactly.

    Rows with the same values in the columns `of` form a group and share one amount. Without `of`, all rows are one
    group. The amount is the integer in `whole`; it may be negative and is the same on every row of the group.

    Shares are in proportion to `weight`, an integer or a float that is never negative. If all weights are 0, the shares
    are equal. Units left over go to the largest remainders. Among equal remainders, the first row by `order` wins, so
    `order` must be unique within a group. Where `whole` is a multiple of `lot`, the shares are multiples of `lot` too.
    Elsewhere they are shared to the unit.

    A single unit is never split, so many small shares of few units favour the first rows by `order`. Share over the
    rows on display, or start `order` with a column unrelated to the later grouping.

    Returns the rows, sorted by `of` and `order`, with the column `into`, of the type of `whole` and null where that is.
    """
    schema = rows.collect_schema()
    size = pl.when(pl.col(whole) % lot == 0).then(lot).otherwise(1).cast(pl.Int128)
    # Numbers of groups and places are compared faster than what they stand for.
    return (
        rows.sort(*of, *order)
        .with_columns(_group=numbered(of))
        .with_columns(_part=_as_integer(weight, exact=schema[weight].is_integer()))
        .with_columns(_part=pl.when(_sum("_part") == 0).then(1).otherwise("_part"))
        .with_columns(
            _parts=_sum("_part"),
            _units=pl.col(whole).abs().cast(pl.Int128) // size,
            _unit=pl.col(whole).sign().cast(pl.Int128) * size,
        )
        .with_columns(_rest=pl.col("_units") % pl.col("_parts") * pl.col("_part"))
        .with_columns(
            # As units x part // parts, but units of any size never grow beyond what an integer holds.
            _sure=pl.col("_units") // pl.col("_parts") * pl.col("_part") + pl.col("_rest") // pl.col("_parts"),
            _lost=pl.col("_rest") % pl.col("_parts"),
        )
        .with_columns(_spare=pl.col("_units") - _sum("_sure"), _turn=_turn())
        .with_columns((pl.col("_unit") * (pl.col("_sure") + (pl.col("_turn") < pl.col("_spare")))).alias(into))
        .with_columns(pl.col(into).cast(schema[whole]))
        .drop("_group", "_part", "_parts", "_units", "_unit", "_rest", "_sure", "_lost", "_spare", "_turn")
    )


def _sum(column: str) -> pl.Expr:
    return pl.col(column).sum().over("_group")


def _turn() -> pl.Expr:
    """The place of a row among those of its group that take the units left over."""
    place = pl.int_range(pl.len())
    return place.over("_group", order_by=[-_remainder(), pl.int_range(pl.len())])


def _as_integer(weight: str, *, exact: bool) -> pl.Expr:
    """Weights as integers, which multiply and add without loss."""
    if exact:
        return pl.col(weight).cast(pl.Int128)
    greatest = pl.col(weight).max().over("_group")
    portion = pl.when(greatest > 0).then(pl.col(weight) / greatest).otherwise(0)
    return (portion.cast(pl.Float64) * _FINEST).round().cast(pl.Int64).cast(pl.Int128)


def _remainder() -> pl.Expr:
    """The amount that a row lost by rounding down, in about millionths of a unit."""
    nearest = (2 * _TELLING * pl.col("_lost") + pl.col("_parts")) // (2 * pl.col("_parts"))
    return nearest.cast(pl.Int64)

"""Sharing an amount so that the shares add up to it exactly: costs over leads and agents, a sale over its touches.

Shares are integers, found by largest remainder: everyone gets the whole units of their part, and the units left over go
one each to those who lost most by that.

Money is counted in ten-thousandths, as the ledger keeps it, so no amount loses anything on the way in or out; with
`lot=CENT` an amount of whole cents is nevertheless shared in whole cents, so that whatever the shares are added up by,
agent, source or day, every sum shown is one of whole cents and all of them together are the amount.
"""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

# A cent, in the ten-thousandths that money is counted in.
CENT = 100

_PLACES = 4

# Float weights are taken to this many parts of their group's greatest: as fine as floats tell apart, but summable in
# any order with the same result.
_FINEST = 10**15

# Remainders are told apart to a millionth of a unit: beyond that it is the noise of floats that differs. A power of
# two, so that no common fraction lies half-way between two of these millionths, where noise would decide.
_TELLING = 2**20


def to_minor(amount: pl.Expr) -> pl.Expr:
    """Money as a whole number that can be shared: Decimal with up to four places to Int64 ten-thousandths."""
    return amount.cast(pl.Decimal(38, _PLACES)).to_physical().cast(pl.Int64)


def from_minor(units: pl.Expr) -> pl.Expr:
    """Money again, with its decimal point: integer ten-thousandths to Decimal with four places."""
    return units.cast(pl.Decimal(38, _PLACES)) * pl.lit(Decimal(1).scaleb(-_PLACES))


def share_out(
    rows: pl.LazyFrame,
    whole: str,
    weight: str,
    of: Sequence[str],
    order: Sequence[str],
    into: str,
    *,
    lot: int = 1,
) -> pl.LazyFrame:
    """Give every row its part of an amount, so that the parts add up to the amount exactly.

    Rows that agree in the columns `of` (all rows, if there are none) share one amount: the integer in `whole`, which
    may be negative and is the same on each of them. They get it in proportion to `weight`, never negative, an integer
    or a float, or in equal parts if all of these are 0. Units left over go to the largest remainders; among equal ones
    to whoever comes first by `order`, which must tell the rows of a group apart. Where `whole` is a multiple of `lot`,
    so are the shares; elsewhere they are shared to the unit.

    A single unit is never cut, so many small shares of few units favour whoever comes first by `order`. Share over the
    rows that will be shown, or let `order` begin with something unrelated to how they will be added up.

    Returns the rows, sorted by `of` and `order`, with the Int64 column `into`; null where `whole` is.
    """
    group = [pl.col(name) for name in of] or [pl.lit(0)]
    size = pl.when(pl.col(whole) % lot == 0).then(lot).otherwise(1)
    return (
        rows.with_columns(_part=_as_integer(weight, group, exact=rows.collect_schema()[weight].is_integer()))
        .with_columns(_part=pl.when(pl.col("_part").sum().over(group) == 0).then(1).otherwise("_part"))
        .with_columns(
            _parts=pl.col("_part").sum().over(group),
            _units=pl.col(whole).abs().cast(pl.Int128) // size,
            _unit=pl.col(whole).sign().cast(pl.Int64) * size,
        )
        .with_columns(
            _sure=pl.col("_units") * pl.col("_part") // pl.col("_parts"),
            _lost=pl.col("_units") * pl.col("_part") % pl.col("_parts"),
        )
        .with_columns(
            _spare=pl.col("_units") - pl.col("_sure").sum().over(group),
            _rank=pl.int_range(pl.len()).over(group, order_by=[-_remainder(), *order]),
        )
        .with_columns((pl.col("_unit") * (pl.col("_sure") + (pl.col("_rank") < pl.col("_spare")))).alias(into))
        .with_columns(pl.col(into).cast(pl.Int64))
        .drop("_part", "_parts", "_units", "_unit", "_sure", "_lost", "_spare", "_rank")
        .sort(*of, *order)
    )


def _as_integer(weight: str, group: list[pl.Expr], *, exact: bool) -> pl.Expr:
    """Weights that can be multiplied and added without loss."""
    if exact:
        return pl.col(weight).cast(pl.Int128)
    greatest = pl.col(weight).max().over(group)
    portion = pl.when(greatest > 0).then(pl.col(weight) / greatest).otherwise(0)
    return (portion.cast(pl.Float64) * _FINEST).round().cast(pl.Int64).cast(pl.Int128)


def _remainder() -> pl.Expr:
    """What a row lost by rounding down, in about millionths of a unit."""
    nearest = (2 * _TELLING * pl.col("_lost") + pl.col("_parts")) // (2 * pl.col("_parts"))
    return nearest.cast(pl.Int64)

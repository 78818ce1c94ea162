"""Neighbours: groups whose rows follow each other, as in a sorted table."""

from collections.abc import Sequence

import polars as pl


def numbered(of: Sequence[str]) -> pl.Expr:
    """The number of each row's group; the rows with the same values in the columns `of` are neighbours."""
    if not of:
        return pl.lit(0, dtype=pl.UInt32)
    new = [pl.col(name).ne_missing(pl.col(name).shift(1)) for name in of]
    return pl.any_horizontal(new).cum_sum()

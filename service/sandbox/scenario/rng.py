"""Chance that repeats itself: drawn from the key of a row, a seed and a name, and so the same in every run.

A row has the same luck whatever other rows a block holds, and each name is drawn apart from every other.
"""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from math import pi

import polars as pl

_FRACTION = 2.0**-53  # as many bits as a float tells apart
_KEEP = 2**11  # of 64


class Luck:
    """What chance decides about the rows of a frame that has a column `key`."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def share(self, what: str) -> pl.Expr:
        """A number from 0 to below 1, each as likely."""
        digest = blake2b(f"{self._seed}/{what}".encode(), digest_size=8).digest()
        return (pl.col("key").hash(int.from_bytes(digest)) // _KEEP) * _FRACTION

    def happens(self, what: str, probability: float | pl.Expr) -> pl.Expr:
        """Whether something comes about that happens so often."""
        return self.share(what) < probability

    def between(self, what: str, low: float | pl.Expr, high: float | pl.Expr) -> pl.Expr:
        """A number in a range, each as likely."""
        return low + self.share(what) * (high - low)

    def around(self, what: str, typical: float | pl.Expr, spread: float) -> pl.Expr:
        """A positive number: half are below the typical one, and some are many times as large."""
        radius = (-2 * (1 - self.share(f"{what}/radius")).log()).sqrt()
        normal = radius * (self.share(f"{what}/angle") * 2 * pi).cos()
        return typical * (normal * spread).exp()

    def one_of(self, what: str, weights: Sequence[float]) -> pl.Expr:
        """The place of one of these, each as likely as its weight says."""
        return place_of(self.share(what), weights)


def place_of(share: pl.Expr, weights: Sequence[float]) -> pl.Expr:
    """Whose part of the whole a number from 0 to 1 lies in; a greater one lies in the last."""
    ends = list(accumulate(weights))[:-1]
    return pl.lit(pl.Series([end / sum(weights) for end in ends], dtype=pl.Float64)).search_sorted(share, side="right")


def look_up(values: Sequence[object] | pl.Series, place: pl.Expr) -> pl.Expr:
    """The values at these places; null for no place."""
    return pl.lit(values if isinstance(values, pl.Series) else pl.Series(values)).gather(place)

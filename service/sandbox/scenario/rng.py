"""Random numbers that repeat: drawn from the key of a row, a seed and a name, so every run draws the same ones.

A row draws the same numbers whatever other rows stand beside it, and each name draws independently of the others.
A name is part of the seed: a draw with another name gives other numbers.
"""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from math import pi

import polars as pl

_FRACTION = 2.0**-53  # the precision of a float
_DROPPED_BITS = 2**11  # of 64


class Rng:
    """Draws for the rows of a frame that has a column `key`."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fraction(self, name: str) -> pl.Expr:
        """A number from 0 to below 1, evenly distributed."""
        digest = blake2b(f"{self._seed}/{name}".encode(), digest_size=8).digest()
        return (pl.col("key").hash(int.from_bytes(digest)) // _DROPPED_BITS) * _FRACTION

    def chance(self, name: str, probability: float | pl.Expr) -> pl.Expr:
        """True with this probability."""
        return self.fraction(name) < probability

    def between(self, name: str, low: float | pl.Expr, high: float | pl.Expr) -> pl.Expr:
        """A number in a range, evenly distributed."""
        return low + self.fraction(name) * (high - low)

    def around(self, name: str, typical: float | pl.Expr, spread: float) -> pl.Expr:
        """A positive number with a long tail (log-normal): half are below the typical one, some many times as large."""
        radius = (-2 * (1 - self.fraction(f"{name}/radius")).log()).sqrt()
        normal = radius * (self.fraction(f"{name}/angle") * 2 * pi).cos()
        return typical * (normal * spread).exp()

    def choice(self, name: str, weights: Sequence[float]) -> pl.Expr:
        """The index of one of these weights, each as likely as its weight says."""
        return choice_at(self.fraction(name), weights)

    def choice_by(self, name: str, weights: Sequence[Sequence[float]], group: pl.Expr) -> pl.Expr:
        """The index of one of the weights of a row's group."""
        ends = [_ends(of_group) for of_group in weights]
        longest = max(map(len, ends))
        padded = [[*of_group, *[1.0] * (longest - len(of_group))] for of_group in ends]
        drawn = self.fraction(name)
        passed = [(drawn >= look_up([of[step] for of in padded], group)).cast(pl.Int64) for step in range(longest)]
        return pl.sum_horizontal(passed) if passed else pl.lit(0, pl.Int64)


def choice_at(fraction: pl.Expr, weights: Sequence[float]) -> pl.Expr:
    """The index of the weight that covers a number from 0 to 1; a greater number gets the last index."""
    return pl.lit(pl.Series(_ends(weights), dtype=pl.Float64)).search_sorted(fraction, side="right")


def _ends(weights: Sequence[float]) -> list[float]:
    """Where each weight's part of the range from 0 to 1 ends, the last one left out."""
    return [end / sum(weights) for end in list(accumulate(weights))[:-1]]


def look_up(values: Sequence[object] | pl.Series, index: pl.Expr) -> pl.Expr:
    """The values at these indexes; null for a null index."""
    return pl.lit(values if isinstance(values, pl.Series) else pl.Series(values)).gather(index)


def attribute(items: Sequence[object], name: str, index: pl.Expr) -> pl.Expr:
    """An attribute of the items at these indexes; null for a null index."""
    return look_up([getattr(item, name) for item in items], index)

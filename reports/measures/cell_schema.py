"""What a number consists of: the parts of its cell, and the rows that stand behind them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

CellSide = Literal["numerator", "denominator"]

# The parts of every cell; a kind may have more (`extra`).
CELL = ("value", "numerator", "denominator", "ci_low", "ci_high", "n")
Cell: TypeAlias = dict[str, pl.Expr]


@dataclass(frozen=True, eq=False)
class DrillThrough:
    """The rows behind one part of a cell: which they are, what each adds to it, and of what column they are distinct.

    What they add sums up to the part exactly, in the part's own unit.
    """

    where: pl.Expr
    adds: pl.Expr
    of: str | None = None


ONE = pl.lit(1, dtype=pl.Int64)
NO_ROWS = DrillThrough(pl.lit(value=False), ONE)

"""The columns of a number's cell, and the rows that each side of it counts."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

CellSide = Literal["numerator", "denominator"]

# The columns of every cell; a measure may have more (`extra`).
CELL = ("value", "numerator", "denominator", "ci_low", "ci_high", "n")
Cell: TypeAlias = dict[str, pl.Expr]


@dataclass(frozen=True, eq=False)
class DrillThrough:
    """The rows of one side of a cell: the test they pass, the value each adds, and the column they are distinct by.

    The values add up to that side exactly, in its unit.
    """

    where: pl.Expr
    adds: pl.Expr
    of: str | None = None


ONE_PER_ROW = pl.lit(1, dtype=pl.Int64)
NO_ROWS = DrillThrough(pl.lit(value=False), ONE_PER_ROW)

"""The range of a rate where some rows are unknown: the lowest and the highest value that they allow.

An interval never excludes what is merely unknown: it reaches from the low end of the lowest rate's interval to the high
end of the highest rate's. Where the unknown rows decide too much, the number is not told at all.
"""

from typing import Literal, TypeAlias

import polars as pl

from reports.measures.cell_schema import Cell
from reports.stats import intervals

RANGE = ("range_low", "range_high", "reason")

# Why a number is not told.
Reason: TypeAlias = Literal["cannot_tell"]
CANNOT_TELL: Reason = "cannot_tell"

# Numerator and denominator, as counts.
Counts: TypeAlias = tuple[pl.Expr, pl.Expr]


def with_range(cell: Cell, least: Counts, most: Counts, *, unknown: pl.Expr, rows: pl.Expr) -> Cell:
    """The cell of a rate with its range, the interval that covers it, and the reason if it cannot be told.

    least, most: the counts of the lowest and the highest rate. unknown: how many rows are unknown. rows: how many rows
    there are, unknown ones included. The rate cannot be told if its ends differ and nothing is known, no known row
    counts, or more than half of the rows are unknown.
    """
    any_unknown = unknown > 0
    low = pl.coalesce(_share(least), pl.when(any_unknown).then(0.0))
    high = pl.coalesce(_share(most), low)
    value = cell["value"]
    too_little_known = value.is_null() | (cell["numerator"] == 0) | (unknown * 2 > rows)
    cannot_tell = any_unknown & (high > low).fill_null(value=False) & too_little_known
    shown = value.is_not_null() | cannot_tell
    return cell | {
        "value": pl.when(~cannot_tell).then(value),
        "ci_low": pl.when(shown).then(pl.coalesce(intervals.wilson(*least)[0], low)),
        "ci_high": pl.when(shown).then(pl.coalesce(intervals.wilson(*most)[1], high)),
        "range_low": pl.when(shown).then(low),
        "range_high": pl.when(shown).then(high),
        "reason": pl.when(cannot_tell).then(pl.lit(CANNOT_TELL)),
    }


def _share(counts: Counts) -> pl.Expr:
    numerator, denominator = counts
    return pl.when(denominator > 0).then(numerator / denominator)

"""Codes that mean or count as something else than when files were written, and the rows that this makes outdated.

A new code alters nothing, because no row in the files has it. Where rows have an altered code, their calls are settled
anew and their leads materialised anew, as if something had happened to them.
"""

from collections.abc import Collection, Mapping

import polars as pl

from reports.model.codes import Codes
from reports.store.opened_days import Edition, OpenedDays

# The columns that hold the codes of a dimension.
_COLUMNS = {"agent": ("agent", "owner"), "campaign": ("campaign",), "source": ("source",)}


def altered(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The codes that count differently: new ones, ones that are gone, and others."""
    return sorted(code for code in before.keys() | now.keys() if before.get(code) != now.get(code))


def altered_dispositions(days: OpenedDays, codes: Codes) -> tuple[list[str], int]:
    """The dispositions that mean something else than in the files, and how many stored calls have one of them.

    The second number is never too low: calls of other codes that counted as the same one are among them.
    """
    before = days.edition.meanings
    changed = altered(before, codes.meanings)
    if not changed:
        return [], 0
    # Stored calls have what their code counted as.
    counted_as = {before[code].split(" ", 1)[1] for code in changed if code in before}
    stored = days.scan().filter(pl.col("disposition").is_in(sorted({*changed, *counted_as})))
    return changed, stored.select(pl.len()).collect().item()


def altered_calls(days: OpenedDays, codes: Codes) -> int:
    """How many stored calls have a code that means or counts as something else since; never too low."""
    test = has_altered(days.edition, codes, days.schema)
    counted = 0 if test is None else days.scan().filter(test).select(pl.len()).collect().item()
    return counted + altered_dispositions(days, codes)[1]


def has_altered(edition: Edition, codes: Codes, columns: Collection[str]) -> pl.Expr | None:
    """Whether a row has an agent, campaign or source that counts as another one now; None where no row can.

    columns: those of the rows.
    """
    tests = [
        pl.col(column).is_in(changed)
        for dimension, names in _COLUMNS.items()
        if (changed := altered(edition.readings.get(dimension, {}), codes.readings[dimension]))
        for column in names
        if column in columns
    ]
    return pl.any_horizontal(test.fill_null(value=False) for test in tests) if tests else None

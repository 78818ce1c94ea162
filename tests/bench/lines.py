"""The table that `make bench` prints: each figure, its budget, and whether the figure misses it."""

import sys
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

_FILE_WIDTH = 200


class Line(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    beside: str = ""
    budget: str = ""


def within(what: str, figure: float, budget: float | None, unit: str, beside: str = "") -> Line:
    """A line for a figure that must not exceed its budget; None: it has no budget."""
    return _judged(what, figure, budget, unit, beside, misses=budget is not None and figure > budget)


def at_least(what: str, figure: float, budget: float | None, unit: str, beside: str = "") -> Line:
    """A line for a figure that must reach its budget."""
    return _judged(what, figure, budget, unit, beside, misses=budget is not None and figure < budget)


def _judged(what: str, figure: float, budget: float | None, unit: str, beside: str, *, misses: bool) -> Line:
    if budget is None:
        return Line(what, written(figure, unit), beside)
    return Line(what, written(figure, unit), beside, written(budget, unit) + (" - misses" if misses else ""))


def written(figure: float, unit: str) -> str:
    """A figure with its unit; seconds below two as milliseconds."""
    if unit == "s":
        return f"{figure * 1000:,.0f} ms" if figure < 2 else f"{figure:,.1f} s"
    return f"{figure:,.0f} MB" if unit == "MB" else f"{figure:,.2f} {unit}"


def show(lines: list[Line]) -> None:
    """Print the table: as wide as the terminal, or wide enough for every line in a file."""
    table = Table(title="calltally, one run on one machine")
    for heading in ("what", "measured", "beside it", "budget"):
        table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(*line)
    Console(width=None if sys.stdout.isatty() else _FILE_WIDTH).print(table)

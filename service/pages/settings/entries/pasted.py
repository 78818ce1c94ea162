"""A table pasted from a spreadsheet: its rows as fields, whatever the order of its columns."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A pasted table with more rows is a file to import.
MOST_ROWS = 1_000


@dataclass(frozen=True)
class Column:
    """A column of a pasted table. aliases: other titles it may have, in lower case and without signs."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()


def read_table(text: str, columns: Sequence[Column]) -> list[dict[str, str]]:
    """The rows of a pasted table by the names of the columns. Without a row of titles, the usual order counts."""
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)) if any(map(str.strip, row))]
    names = _names(rows[0], columns) if rows else {}
    if names:
        rows = rows[1:]
    else:
        names = {place: column.name for place, column in enumerate(columns)}
    return [_fields(row, names) for row in rows]


def _fields(row: Sequence[str], names: Mapping[int, str]) -> dict[str, str]:
    return {names[place]: cell.strip() for place, cell in enumerate(row) if place in names and cell.strip()}


def _names(row: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    """The columns by their place, if a row has titles: at least two of its cells are titles of columns."""
    titles = {_bare(title): column.name for column in columns for title in (column.name, column.title, *column.aliases)}
    names = {place: titles[_bare(cell)] for place, cell in enumerate(row) if _bare(cell) in titles}
    return names if len(names) > 1 else {}


def _bare(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.lower())


def _delimiter(text: str) -> str:
    """A spreadsheet puts tabs between its cells; files have semicolons or commas."""
    return next((mark for mark in "\t;" if mark in text), ",")

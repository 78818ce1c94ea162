"""The header: which of a file's first rows names its columns, and a name of its own for every column."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.importing.language.options import FileOptions
from service.importing.reading.layout import is_before_header
from service.importing.reading.streams import open_stream
from service.importing.reading.workbook import first_rows

_FIRST_LINES = 100
# At most one row in so many is wider than the header.
_WIDER_ROWS = 5
_VALUE = re.compile(r"[-+]?[\d.,:/ -]*\d[\d.,:/ -]*%?")


@dataclass(frozen=True)
class HeadRow:
    """One of the first rows: its cells, and the lines of the file before it and up to its end."""

    cells: Sequence[str]
    before: int
    end: int

    @property
    def width(self) -> int:
        """How many cells hold anything."""
        return sum(bool(cell) for cell in self.cells)


def head_rows(path: Path, options: FileOptions) -> list[HeadRow]:
    """The first rows of a table with columns. Rows without any cell are left out. Raises SetupError."""
    if options.format == "xlsx":
        rows = [
            HeadRow([cell.strip() for cell in cells], number, number + 1)
            for number, cells in enumerate(first_rows(path, options.sheet, _FIRST_LINES))
        ]
    else:
        rows = _text_rows(path, options)
    return [row for row in rows if row.width]


def _text_rows(path: Path, options: FileOptions) -> list[HeadRow]:
    with open_stream(path, options.encoding) as stream:
        lines = stream.lines(_FIRST_LINES)
    quoting = csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=options.delimiter, quotechar=options.quote or None, quoting=quoting)
    rows: list[HeadRow] = []
    before = 0
    try:
        for cells in reader:
            if not is_before_header(lines[before], options.delimiter, options.quote):
                rows.append(HeadRow([cell.strip().removeprefix("\ufeff") for cell in cells], before, reader.line_num))
            before = reader.line_num
    except csv.Error:  # a cell without end: the rows before it are enough
        pass
    return rows


def guess_header(rows: Sequence[HeadRow]) -> HeadRow | None:
    """The row with the column names: the first that is nearly as wide as the widest. None if it holds values.

    A few rows may be wider than their header, because a value held the delimiter.
    """
    widths = sorted((row.width for row in rows), reverse=True)
    widest = widths[len(widths) // _WIDER_ROWS] if widths else 0
    row = next((row for row in rows if row.width >= 0.8 * widest), None)
    if row is None:
        return None
    values = sum(_VALUE.fullmatch(cell) is not None for cell in row.cells if cell)
    return None if values * 2 >= row.width else row


def with_header(options: FileOptions, rows: Sequence[HeadRow], header: HeadRow | None) -> FileOptions:
    """The options of a file whose column names stand in this row, or nowhere."""
    if header is None:
        columns = [f"Column {number}" for number in range(1, max((len(row.cells) for row in rows), default=0) + 1)]
        return options.model_copy(update={"skip_lines": rows[0].before if rows else 0, "columns": columns})
    names = list(header.cells)
    if header.end - header.before == 1 and not _needs_names(names, rows, header):
        return options.model_copy(update={"skip_lines": header.before, "columns": None})
    return options.model_copy(update={"skip_lines": header.end, "columns": distinct_names(names)})


def _needs_names(names: Sequence[str], rows: Sequence[HeadRow], header: HeadRow) -> bool:
    """Whether names repeat, or a column with values has none."""
    present = [name for name in names if name]
    after = [row for row in rows if row.before >= header.end]
    nameless = [place for place, name in enumerate(names) if not name]
    holds_values = any(row.cells[place : place + 1] not in ([], [""]) for row in after for place in nameless)
    return len(set(present)) < len(present) or holds_values


def distinct_names(names: Sequence[str]) -> list[str]:
    """A name for each column, none twice.

    >>> distinct_names(["Phone", "", "Phone"])
    ['Phone', 'Column 2', 'Phone (2)']
    """
    distinct: list[str] = []
    for place, name in enumerate(names, 1):
        base = name or f"Column {place}"
        candidates = (base if number == 1 else f"{base} ({number})" for number in range(1, len(names) + 2))
        distinct.append(next(candidate for candidate in candidates if candidate not in distinct))
    return distinct

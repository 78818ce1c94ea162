"""The lines that a row of delimited text takes, so that a stray quote spoils its own line and no other."""

import csv
from collections.abc import Iterator
from typing import Any

from service.importing.reading.streams import Stream

# An unclosed quote would swallow the rest of the file.
LONGEST_CELL = 1_000_000
csv.field_size_limit(LONGEST_CELL)
_MOST_LINES = 1_000
# So many lines one after another with all the cells of a row are rows, not the text of one cell.
_SURELY_ROWS = 20
_FEW_COLUMNS = 3

_QUOTES = "has a quote that is neither at the start nor at the end of a cell"
_OPEN_QUOTE = "opens a quote that is not closed"
_LONG_CELL = f"has a cell of more than {LONGEST_CELL:,} characters"


class _SwallowedRowsError(csv.Error):
    """A quoted cell that contains whole rows."""


class RowLines:
    """The lines of a block, then the lines after it for a row that continues; remembers the row's lines.

    taken: how many lines of all belong to rows so far; row: the lines of the present row.
    """

    def __init__(self, block: list[str], stream: Stream, delimiter: str, width: int | None) -> None:
        self._lines: list[str] = block.copy()
        self._stream = stream
        self._delimiter = delimiter
        self._width = width or 0
        self.taken = 0
        self.row: list[str] = []
        self._alike = 0

    def begin_row(self) -> None:
        """Begin a new row with the next line."""
        self.row.clear()
        self._alike = 0

    def __iter__(self) -> "Iterator[Any]":
        return self

    def __next__(self) -> str:
        if self.taken == len(self._lines):
            self._lines.extend(self._stream.lines(1))
        if self.taken == len(self._lines):
            raise StopIteration
        line = self._lines[self.taken]
        self.taken += 1
        self.row.append(line)
        if len(self.row) > 1:
            self._refuse_endless(line)
        return line

    def _refuse_endless(self, line: str) -> None:
        self._alike = self._alike + 1 if self._looks_like_row(line) else 0
        if self._alike == _SURELY_ROWS or len(self.row) > _MOST_LINES:
            raise _SwallowedRowsError

    def _looks_like_row(self, line: str) -> bool:
        return self._width >= _FEW_COLUMNS and line.count(self._delimiter) == self._width - 1

    def refuse_swallowed_rows(self, row: list[str]) -> None:
        """Raise csv.Error if a quoted cell of a row holds lines that are rows themselves."""
        inner = self.row[1:-1]
        if inner and all(map(self._looks_like_row, inner)):
            raise _SwallowedRowsError
        if len(self.row) == 2 and self._width > _FEW_COLUMNS and self._joins_two_rows(row):
            raise _SwallowedRowsError

    def _joins_two_rows(self, row: list[str]) -> bool:
        """Whether a cell over two lines goes on like the row before it: with as many cells as stand before it."""
        places = [place for place, cell in enumerate(row) if "\n" in cell or "\r" in cell]
        if not places or places[0] < _FEW_COLUMNS:
            return False
        rest = row[places[0]].splitlines()[-1]
        return rest.count(self._delimiter) == places[0]

    def limit_to_first_line(self, error: csv.Error) -> str:
        """Read the lines after the row's first line again, as rows of their own; returns what is wrong with it."""
        continued = len(self.row) > 1
        self.taken -= len(self.row) - 1
        if "field limit" in str(error) and not continued:
            return _LONG_CELL
        return _QUOTES if "expected after" in str(error) and not continued else _OPEN_QUOTE

    def return_rest(self) -> None:
        """Return lines that were read ahead to the file."""
        self._stream.returned[:0] = self._lines[self.taken :]

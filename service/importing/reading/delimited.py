"""Delimited text, such as CSV, read a block of lines at a time.

In most files most lines hold no quote and one cell per column: Polars cuts these all at once. The csv module reads
any other block row by row. Both give the same rows.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import polars as pl

from service.importing.chunks import Chunk, FileRow
from service.importing.language.options import FileOptions
from service.importing.reading.encodings import reason_unreadable
from service.importing.reading.layout import is_before_header
from service.importing.reading.row_lines import LONGEST_CELL, RowLines
from service.importing.reading.streams import Stream, is_unicode


@dataclass
class _Rows:
    """Rows read one by one: their cells, or their text if they are unreadable."""

    lines: list[int] = field(default_factory=list[int])
    rows: list[list[str] | str] = field(default_factory=list[list[str] | str])
    broken: dict[int, str] = field(default_factory=dict[int, str])

    def add(self, line: int, row: list[str] | str, fault: str | None) -> None:
        if fault:
            self.broken[len(self.rows)] = fault
        self.lines.append(line)
        self.rows.append(row)


class DelimitedSource:
    """A file of delimited text. selected: the columns to read."""

    def __init__(self, stream: Stream, options: FileOptions, selected: Sequence[str]) -> None:
        self._stream = stream
        self._options = options
        self._lines_read = len(stream.lines(options.skip_lines))
        self.columns: Sequence[str] = options.columns or self._header()
        self._selected = {name: self.columns.index(name) for name in selected if name in self.columns}

    @property
    def share_read(self) -> float:
        """The share of the file that has been read."""
        return self._stream.share_read

    def _header(self) -> list[str]:
        """The column names: the first line that holds any."""
        while first := self._stream.lines(1):
            if not is_before_header(first[0], self._options.delimiter, self._options.quote):
                [row] = self._parse(first, None).rows
                return [name.strip().removeprefix("\ufeff") for name in row] if isinstance(row, list) else []
            self._lines_read += 1
        return []

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, at most size rows at a time."""
        start = 0
        while block := self._stream.lines(size):
            chunk = self._cut(block, start)
            if chunk is None:
                chunk = self._read(block, start)
            start = chunk.end
            if len(chunk):
                yield chunk

    def _cut(self, block: list[str], start: int) -> Chunk | None:
        """The chunk of a block in which all lines are plain."""
        options, last = self._options, len(self.columns) - 1
        try:
            lines = pl.Series(block, dtype=pl.String).str.strip_chars_end("\r\n")
        except UnicodeEncodeError:
            return None
        numbers = pl.int_range(self._lines_read + 1, self._lines_read + 1 + len(block), eager=True)
        is_row = lines.str.strip_chars(f"{options.delimiter} \t") != ""
        numbers, lines = numbers.filter(is_row), lines.filter(is_row)
        if options.quote and lines.str.contains(options.quote, literal=True).any():
            return None
        if (lines.str.count_matches(options.delimiter, literal=True) != last).any():
            return None
        if (lines.str.len_bytes() > LONGEST_CELL).any():
            return None
        self._lines_read += len(block)
        cut = lines.str.split_exact(options.delimiter, last).struct.unnest()
        frame = pl.DataFrame({name: cut.to_series(place) for name, place in self._selected.items()})
        return Chunk(start, numbers.to_list(), frame, {}, lambda at: self._named(lines[at].split(options.delimiter)))

    def _read(self, block: list[str], start: int) -> Chunk:
        """The chunk of any block, with the lines after it that belong to its last row."""
        read = self._parse(block, len(self.columns))
        columns = {
            name: [None if at in read.broken else row[place] for at, row in enumerate(read.rows)]
            for name, place in self._selected.items()
        }
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        return Chunk(start, read.lines, frame, read.broken, lambda at: self._named(read.rows[at]))

    def _named(self, row: list[str] | str) -> FileRow:
        if isinstance(row, str):
            return row
        names = [*self.columns, *(f"cell {n}" for n in range(len(self.columns) + 1, len(row) + 1))]
        return dict(zip_longest(names, row, fillvalue=""))

    def _parse(self, block: list[str], width: int | None) -> _Rows:
        """The rows of a block; width: the number of cells in each row, if known."""
        read, lines = _Rows(), RowLines(block, self._stream, self._options.delimiter, width)
        reader = self._reader(lines)
        while lines.taken < len(block):
            first = self._lines_read + lines.taken + 1
            lines.begin_row()
            try:
                row = self._whole(next(reader, list[str]()), width)
                lines.refuse_swallowed_rows(row)
                fault = self._fault(row, width, first, first + len(lines.row) - 1)
            except csv.Error as error:
                fault = lines.limit_to_first_line(error)
                row, reader = lines.row[0], self._reader(lines)
            if isinstance(row, str) or any(cell.strip(" \t") for cell in row):
                read.add(first, row, fault)
        self._lines_read += lines.taken
        lines.return_rest()
        return read

    def _whole(self, row: list[str], width: int | None) -> list[str]:
        """The row filled up with empty cells, if rows may be short."""
        missing = width - len(row) if width and row and self._options.short_rows else 0
        return [*row, *[""] * missing]

    def _reader(self, lines: RowLines) -> Iterator[list[str]]:
        quote = self._options.quote or None
        quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
        return csv.reader(lines, delimiter=self._options.delimiter, quotechar=quote, quoting=quoting, strict=True)

    def _fault(self, row: list[str], width: int | None, first: int, last: int) -> str | None:
        if width is not None and len(row) != width:
            where = f" in lines {first:,} to {last:,}" if last > first else ""
            return f"has {len(row)} cells{where}, but the file has {width} columns"
        if not is_unicode("".join(row)):
            return reason_unreadable(self._options.encoding)
        return None

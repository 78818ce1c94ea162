"""Delimited text, such as CSV, read a block of lines at a time.

In most files most lines hold no quote and one cell per column: Polars cuts these all at once. The csv module reads
any other block row by row. Both give the same rows.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import polars as pl

from service.importing.chunks import Chunk, FileRow
from service.importing.language.options import FileOptions
from service.importing.reading.streams import Stream, is_unicode

# An unclosed quote would swallow the rest of the file.
csv.field_size_limit(1_000_000)


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
        rows = self._parse(self._stream.lines(1), None).rows
        return [name.strip() for name in rows[0]] if rows and isinstance(rows[0], list) else []

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
        numbers, lines = numbers.filter(lines != ""), lines.filter(lines != "")
        if options.quote and lines.str.contains(options.quote, literal=True).any():
            return None
        if (lines.str.count_matches(options.delimiter, literal=True) != last).any():
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
        read, feed = _Rows(), _Feed(block, self._stream)
        reader = self._reader(feed)
        while feed.taken < len(block):
            line = self._lines_read + feed.taken + 1
            feed.row.clear()
            try:
                row = self._whole(next(reader, list[str]()), width)
                fault = self._fault(row, width)
            except csv.Error as error:
                row, fault = "".join(feed.row), _QUOTES if "expected after" in str(error) else _OPEN_QUOTE
            if row:
                read.add(line, row, fault)
        self._lines_read += feed.taken
        return read

    def _whole(self, row: list[str], width: int | None) -> list[str]:
        """The row filled up with empty cells, if rows may be short."""
        missing = width - len(row) if width and row and self._options.short_rows else 0
        return [*row, *[""] * missing]

    def _reader(self, feed: "_Feed") -> Iterator[list[str]]:
        quote = self._options.quote or None
        quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
        return csv.reader(feed, delimiter=self._options.delimiter, quotechar=quote, quoting=quoting, strict=True)

    def _fault(self, row: list[str], width: int | None) -> str | None:
        if width is not None and len(row) != width:
            return f"has {len(row)} cells, but the file has {width} columns"
        if not is_unicode("".join(row)):
            return f"is not text in {self._options.encoding.removesuffix('-sig')}"
        return None


_QUOTES = "has a quote that is neither at the start nor at the end of a cell"
_OPEN_QUOTE = "opens a quote that is not closed"


class _Feed:
    """The lines of a block, then the lines after it for a row that continues; remembers the row's lines."""

    def __init__(self, block: list[str], stream: Stream) -> None:
        self._block = block
        self._stream = stream
        self.taken = 0
        self.row: list[str] = []

    def __iter__(self) -> "Iterator[Any]":
        return self

    def __next__(self) -> str:
        if self.taken < len(self._block):
            line = self._block[self.taken]
        elif more := self._stream.lines(1):
            line = more[0]
        else:
            raise StopIteration
        self.taken += 1
        self.row.append(line)
        return line

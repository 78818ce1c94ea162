"""A stretch of rows of a file as they are read: the cells the mapping needs, and the rows themselves, to give back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import polars as pl

FileRow: TypeAlias = dict[str, Any] | str


@dataclass(frozen=True)
class Chunk:
    """Rows that follow each other in a file.

    start: how many rows of the file come before.
    lines: the line each row begins at; in a file without lines, the row's number.
    cells: a column for each one the mapping reads: text, or what a Parquet file holds.
    broken: why a row could not be read, by its place here; its cells are empty.
    row: the row at a place as the file has it, by column, or the bare text of one that could not be read.
    """

    start: int
    lines: Sequence[int]
    cells: pl.DataFrame
    broken: Mapping[int, str]
    row: Callable[[int], FileRow]

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def end(self) -> int:
        """How many rows of the file are read once this chunk is."""
        return self.start + len(self)

    def without(self, count: int) -> "Chunk":
        """What is left after its first rows."""
        broken = {place - count: reason for place, reason in self.broken.items() if place >= count}
        row = self.row
        return Chunk(self.start + count, self.lines[count:], self.cells[count:], broken, lambda at: row(at + count))


class Source(Protocol):
    """A file being read.

    columns: the columns of its rows, in order; empty where each row names its own.
    """

    columns: Sequence[str]

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Its rows, about so many at a time. Raises SetupError where the file is damaged."""
        ...

    @property
    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        ...


def after(chunks: Iterable[Chunk], rows: int) -> Iterator[Chunk]:
    """The chunks without the first rows of the file."""
    for chunk in chunks:
        if chunk.end > rows:
            yield chunk.without(max(rows - chunk.start, 0))

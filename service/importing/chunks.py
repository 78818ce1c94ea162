"""Chunks: consecutive rows of a file, with the cells that the mapping needs and the rows as they were read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import polars as pl

FileRow: TypeAlias = dict[str, Any] | str


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows of a file.

    start: the number of rows before it in the file.
    lines: the line where each row begins; in a file without lines, the row's number.
    cells: a column for each one the mapping reads, with text or the types of a Parquet file.
    broken: the reason for each unreadable row, by its place in the chunk; its cells are empty.
    row: returns the row at a place as the file has it, by column, or as bare text if it was unreadable.
    numeric: the columns with numbers of the file itself, which have a decimal point whatever the file's texts have.
    """

    start: int
    lines: Sequence[int]
    cells: pl.DataFrame
    broken: Mapping[int, str]
    row: Callable[[int], FileRow]
    numeric: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def end(self) -> int:
        """The number of rows of the file up to the end of this chunk."""
        return self.start + len(self)

    def without(self, count: int) -> "Chunk":
        """The chunk without its first rows."""
        broken = {place - count: reason for place, reason in self.broken.items() if place >= count}
        row = self.row
        cells = self.cells[count:]
        return Chunk(self.start + count, self.lines[count:], cells, broken, lambda at: row(at + count), self.numeric)


class Source(Protocol):
    """A file that is being read.

    columns: the columns of its rows, in order; empty if each row names its own.
    """

    columns: Sequence[str]

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Its rows, about size rows at a time. Raises SetupError if the file is damaged."""
        ...

    @property
    def share_read(self) -> float:
        """The share of the file that has been read, from 0 to 1."""
        ...


def after(chunks: Iterable[Chunk], rows: int) -> Iterator[Chunk]:
    """The chunks without the file's first rows."""
    for chunk in chunks:
        if chunk.end > rows:
            yield chunk.without(max(rows - chunk.start, 0))

"""Parquet files, read row group by row group."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from service.config import SetupError
from service.importing.chunks import Chunk
from service.importing.reading.typed_cells import as_cells


class ParquetSource:
    """A Parquet file. selected: the columns to read."""

    def __init__(self, path: Path, selected: Sequence[str]) -> None:
        self._path = path
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            self.columns: Sequence[str] = self._frame.collect_schema().names()
            self._length: int = self._frame.select(pl.len()).collect().item()
        except (PolarsError, OSError):
            raise SetupError(f"{path} is not a readable Parquet file") from None
        self._selected = [name for name in selected if name in self.columns]
        self._read = 0

    @property
    def share_read(self) -> float:
        """The share of its rows that have been read."""
        return self._read / self._length if self._length else 1.0

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, at most size rows at a time."""
        try:
            for frame in self._frame.collect_batches(chunk_size=size, maintain_order=True):
                start, self._read = self._read, self._read + len(frame)
                yield _chunk(start, frame, self._selected)
        except (PolarsError, OSError):
            raise SetupError(f"{self._path} is damaged: it cannot be read to its end") from None


def _chunk(start: int, frame: pl.DataFrame, selected: list[str]) -> Chunk:
    cells = pl.DataFrame([as_cells(frame[name]) for name in selected])
    numbers = range(start + 1, start + len(frame) + 1)
    numeric = frozenset(name for name in selected if frame.schema[name].is_numeric())
    return Chunk(start, numbers, cells, {}, lambda at: frame.row(at, named=True), numeric)

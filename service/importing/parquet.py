"""Parquet files, row group by row group."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from polars.exceptions import PolarsError

from service.config import SetupError
from service.importing.chunks import Chunk

# What stays as it is; everything else becomes text, as it would be written in a delimited file.
_KEPT = (pl.Datetime, pl.Date, pl.String)


class ParquetSource:
    """A Parquet file. wanted: the columns to read."""

    def __init__(self, path: Path, wanted: Sequence[str]) -> None:
        self._path = path
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            self.columns: Sequence[str] = self._frame.collect_schema().names()
            self._length: int = self._frame.select(pl.len()).collect().item()
        except (PolarsError, OSError):
            raise SetupError(f"{path} is not a Parquet file that can be read") from None
        self._wanted = [name for name in wanted if name in self.columns]
        self._read = 0

    @property
    def share_read(self) -> float:
        """How many of its rows have been read, as a share."""
        return self._read / self._length if self._length else 1.0

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, so many at a time."""
        try:
            for frame in self._frame.collect_batches(chunk_size=size, maintain_order=True):
                start, self._read = self._read, self._read + len(frame)
                yield _chunk(start, frame, self._wanted)
        except (PolarsError, OSError):
            raise SetupError(f"{self._path} is damaged: it cannot be read to its end") from None


def _chunk(start: int, frame: pl.DataFrame, wanted: list[str]) -> Chunk:
    cells = pl.DataFrame([_text(frame[name]) for name in wanted])
    return Chunk(start, range(start + 1, start + len(frame) + 1), cells, {}, lambda at: frame.row(at, named=True))


def _text(cells: pl.Series) -> pl.Series:
    if isinstance(cells.dtype, _KEPT):
        return cells
    if isinstance(cells.dtype, pl.List):
        return pl.Series(cells.name, [_json(value) for value in cells.to_list()], dtype=pl.String)
    if isinstance(cells.dtype, pl.Struct):
        return cells.struct.json_encode()
    return cells.cast(pl.String)


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()

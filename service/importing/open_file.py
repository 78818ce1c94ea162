"""Opening a file to import: its form, by the mapping or by its name, and whether it has the columns that are needed."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from service.config import SetupError
from service.importing.chunks import Chunk, Source
from service.importing.delimited import DelimitedSource
from service.importing.json_lines import JsonLinesSource
from service.importing.mapping import FileMapping
from service.importing.parquet import ParquetSource
from service.importing.streams import open_stream

# What an ending says of a file, unless the mapping says otherwise.
_TOLD = {
    ".csv": {"format": "csv"},
    ".txt": {"format": "csv"},
    ".tsv": {"format": "csv", "delimiter": "\t"},
    ".jsonl": {"format": "jsonl"},
    ".ndjson": {"format": "jsonl"},
    ".parquet": {"format": "parquet"},
}


def fitted(mapping: FileMapping, path: Path) -> FileMapping:
    """The mapping with what the name of its file tells. Raises SetupError where nothing tells the format."""
    said = mapping.file.model_fields_set
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ".gz"]
    told = _TOLD.get(endings[-1], {}) if endings else {}
    options = mapping.file.model_copy(update={key: value for key, value in told.items() if key not in said})
    if not options.format:
        raise SetupError(f'The name of {path} does not tell its format: say format = "csv" under [file] of the mapping')
    return replace(mapping, file=options)


@contextmanager
def open_source(path: Path, mapping: FileMapping) -> Generator[Source]:
    """A file, ready to be read by a mapping that is fitted to it. Raises SetupError."""
    found = mapping.file.format
    if found == "parquet":
        source = ParquetSource(path, mapping.columns)
        _check_columns(path, mapping, source.columns)
        yield source
        return
    with open_stream(path, mapping.file.encoding if found == "csv" else "utf-8-sig") as stream:
        if found == "jsonl":
            yield JsonLinesSource(stream, mapping.columns)
            return
        source = DelimitedSource(stream, mapping.file, mapping.columns)
        _check_columns(path, mapping, source.columns)
        yield source


def read_chunks(path: Path, mapping: FileMapping, source: Source, size: int) -> Iterator[Chunk]:
    """The rows of a file with their cells tidied: empty where the column is missing, or the cell says so."""
    for chunk in source.chunks(size):
        if not source.columns and not chunk.start:
            _check_first_rows(path, mapping, chunk)
        yield Chunk(chunk.start, chunk.lines, _tidy(chunk.cells, mapping), chunk.broken, chunk.row)


def _tidy(cells: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    text = pl.col(pl.String).str.strip_chars() if mapping.file.trim else pl.col(pl.String)
    missing = [pl.lit(None, pl.String).alias(name) for name in mapping.columns if name not in cells.columns]
    return cells.with_columns(text).with_columns(
        pl.when(~pl.col(pl.String).is_in(mapping.file.empty)).then(pl.col(pl.String)), *missing
    )


def _check_columns(path: Path, mapping: FileMapping, columns: Sequence[str]) -> None:
    if not columns:
        raise SetupError(f"{path} is empty: there is no line with the names of its columns")
    missing = [name for name in mapping.columns if name in mapping.needed and name not in columns]
    doubled = [name for name in mapping.columns if list(columns).count(name) > 1]
    if doubled:
        raise SetupError(f"{path} has more than one column {doubled[0]}; it has: {', '.join(columns)}")
    if missing:
        raise SetupError(_missing(path, missing[0], columns))


def _missing(path: Path, name: str, columns: Sequence[str]) -> str:
    close = get_close_matches(name, columns, n=1)
    advice = f" (did you mean {close[0]}?)" if close else ""
    return f"{path} has no column {name}{advice}; it has: {', '.join(columns)}"


def _check_first_rows(path: Path, mapping: FileMapping, chunk: Chunk) -> None:
    """Rows that name their own columns may leave some out, but one that none of the first rows has is misspelt."""
    rows = [chunk.row(at) for at in range(min(len(chunk), 1000)) if at not in chunk.broken]
    columns = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    for name in mapping.columns:
        known = name in columns or name.partition(".")[0] in columns
        if rows and name in mapping.needed and not known:
            raise SetupError(f"{_missing(path, name, columns)}. If it may be missing, say optional = true")

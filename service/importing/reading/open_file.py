"""Opening a file to import: its format, from the mapping or the file's name, and a check of its columns."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from service.config import SetupError
from service.importing.chunks import Chunk, Source
from service.importing.reading.delimited import DelimitedSource
from service.importing.reading.json_lines import JsonLinesSource
from service.importing.language.mapping import FileMapping
from service.importing.reading.parquet import ParquetSource
from service.importing.reading.streams import open_stream

# The options that a file name's ending implies, unless the mapping sets them.
_OPTIONS_BY_ENDING = {
    ".csv": {"format": "csv"},
    ".txt": {"format": "csv"},
    ".tsv": {"format": "csv", "delimiter": "\t"},
    ".jsonl": {"format": "jsonl"},
    ".ndjson": {"format": "jsonl"},
    ".parquet": {"format": "parquet"},
}


def with_file_format(mapping: FileMapping, path: Path) -> FileMapping:
    """The mapping with the format that the file's name implies. Raises SetupError if the format stays unknown."""
    stated = mapping.file.model_fields_set
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ".gz"]
    implied = _OPTIONS_BY_ENDING.get(endings[-1], {}) if endings else {}
    options = mapping.file.model_copy(update={key: value for key, value in implied.items() if key not in stated})
    if not options.format:
        raise SetupError(f'The name of {path} does not show its format: set format = "csv" under [file] in the mapping')
    return replace(mapping, file=options)


@contextmanager
def open_source(path: Path, mapping: FileMapping) -> Generator[Source]:
    """A file, ready to be read by a mapping with its format. Raises SetupError."""
    file_format = mapping.file.format
    if file_format == "parquet":
        source = ParquetSource(path, mapping.columns_read)
        _check_columns(path, mapping, source.columns)
        yield source
        return
    with open_stream(path, mapping.file.encoding if file_format == "csv" else "utf-8-sig") as stream:
        if file_format == "jsonl":
            yield JsonLinesSource(stream, mapping.columns_read)
            return
        source = DelimitedSource(stream, mapping.file, mapping.columns_read)
        _check_columns(path, mapping, source.columns)
        yield source


def read_chunks(path: Path, mapping: FileMapping, source: Source, size: int) -> Iterator[Chunk]:
    """The rows of a file with tidy cells: trimmed, and empty if the column or its value is missing."""
    for chunk in source.chunks(size):
        if not source.columns and not chunk.start:
            _check_first_rows(path, mapping, chunk)
        yield Chunk(chunk.start, chunk.lines, tidy(chunk.cells, mapping), chunk.broken, chunk.row)


def tidy(cells: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    """The cells trimmed, and empty where their text stands for nothing or their column is missing."""
    text = pl.col(pl.String).str.strip_chars() if mapping.file.trim else pl.col(pl.String)
    missing = [pl.lit(None, pl.String).alias(name) for name in mapping.columns_read if name not in cells.columns]
    return cells.with_columns(text).with_columns(
        pl.when(~pl.col(pl.String).is_in(mapping.file.empty)).then(pl.col(pl.String)), *missing
    )


def _check_columns(path: Path, mapping: FileMapping, columns: Sequence[str]) -> None:
    if not columns:
        raise SetupError(f"{path} is empty: the line with the column names is missing")
    missing = [name for name in mapping.columns if name in mapping.required_columns and name not in columns]
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
    """Rows that name their own columns may leave some out, but a column in none of the first rows is misspelt."""
    rows = [chunk.row(at) for at in range(min(len(chunk), 1000)) if at not in chunk.broken]
    columns = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    for name in mapping.columns:
        known = name in columns or name.partition(".")[0] in columns
        if rows and name in mapping.required_columns and not known:
            raise SetupError(f"{_missing(path, name, columns)}. If it may be missing, set optional = true")

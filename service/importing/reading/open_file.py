"""Opening a file to import, with a check of its columns."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import polars as pl

from service.config import SetupError
from service.importing.chunks import Chunk, Source
from service.importing.language.mapping import FileMapping
from service.importing.language.options import FileOptions
from service.importing.reading.delimited import DelimitedSource
from service.importing.reading.encodings import reason_unreadable
from service.importing.reading.found_format import WHOLE
from service.importing.reading.json_lines import JsonLinesSource
from service.importing.reading.layout import DELIMITERS, delimiter_name
from service.importing.reading.parquet import ParquetSource
from service.importing.reading.streams import is_unicode, open_stream
from service.importing.reading.workbook import WorkbookSource

_FIRST_ROWS = 1_000
_WHOLE_OBJECTS = frozenset({"attributes"})


@contextmanager
def open_source(path: Path, mapping: FileMapping) -> Generator[Source]:
    """A file, ready to be read by a mapping with its format. Raises SetupError."""
    with open_columns(path, mapping.file, mapping.columns_read) as source:
        if mapping.file.format != "jsonl":
            _check_columns(path, mapping, source.columns)
        yield source


@contextmanager
def open_columns(path: Path, options: FileOptions, selected: Sequence[str]) -> Generator[Source]:
    """A file of a known format. selected: the columns to read. Raises SetupError if the file is damaged."""
    if options.format == "parquet":
        yield ParquetSource(path, selected)
    elif options.format == "xlsx":
        yield WorkbookSource(path, options, selected)
    else:
        with open_stream(path, options.encoding) as stream:
            yield (
                JsonLinesSource(stream, selected)
                if options.format == "jsonl"
                else DelimitedSource(stream, options, selected)
            )


def column_names(path: Path, options: FileOptions) -> list[str]:
    """The columns of a file; for JSON lines those of its first rows, the parts of objects with a dot."""
    with open_columns(path, options, ()) as source:
        if source.columns or options.format != "jsonl":
            return list(source.columns)
        chunk = next(source.chunks(_FIRST_ROWS), None)
        rows = [chunk.row(at) for at in range(len(chunk))] if chunk else []
    names = [name for row in rows if isinstance(row, dict) for name in _names(row)]
    return list(dict.fromkeys(names))


def _names(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, dict) and name not in _WHOLE_OBJECTS:
            yield from (f"{name}.{part}" for part in cast("dict[str, Any]", value))
        else:
            yield name


def first_cells(path: Path, mapping: FileMapping) -> pl.DataFrame:
    """The cells of a file's first rows."""
    with open_source(path, mapping) as source:
        chunk = next(source.chunks(_FIRST_ROWS), None)
    return pl.DataFrame() if chunk is None else chunk.cells


def read_chunks(path: Path, mapping: FileMapping, source: Source, size: int) -> Iterator[Chunk]:
    """The rows of a file with tidy cells: trimmed, and empty if the column or its value is missing."""
    for chunk in source.chunks(size):
        if not source.columns and not chunk.start:
            _check_first_rows(path, mapping, chunk)
        yield replace(chunk, cells=tidy(chunk.cells, mapping))


def tidy(cells: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    """The cells trimmed, and empty where their text stands for nothing or their column is missing."""
    text = pl.col(pl.String).str.strip_chars() if mapping.file.trim else pl.col(pl.String)
    missing = [pl.lit(None, pl.String).alias(name) for name in mapping.columns_read if name not in cells.columns]
    whole = [_without_decimals(name) for name in mapping.whole_columns if cells.schema.get(name) == pl.String]
    return (
        cells.with_columns(text)
        .with_columns(whole)
        .with_columns(pl.when(~pl.col(pl.String).is_in(mapping.file.empty)).then(pl.col(pl.String)), *missing)
    )


def _without_decimals(name: str) -> pl.Expr:
    return pl.col(name).str.replace(WHOLE, "$1")


def _check_columns(path: Path, mapping: FileMapping, columns: Sequence[str]) -> None:
    if not any(columns):
        raise SetupError(f"{path} is empty: the line with the column names is missing")
    missing = [name for name in mapping.columns if name in mapping.required_columns and name not in columns]
    doubled = [name for name in mapping.columns if list(columns).count(name) > 1]
    if missing and not is_unicode("".join(columns)):
        raise SetupError(f"{path}: the line with the column names {reason_unreadable(mapping.file.encoding)}")
    if doubled:
        raise SetupError(f"{path} has more than one column {doubled[0]}; it has: {_listed(columns)}")
    if missing:
        raise SetupError(f"{_missing(path, missing[0], columns)}{_advice(mapping, columns)}")


def _missing(path: Path, name: str, columns: Sequence[str]) -> str:
    close = get_close_matches(name, columns, n=1) or [other for other in columns if other.lower() == name.lower()]
    advice = f" (did you mean {close[0]}?)" if close else ""
    return f"{path} has no column {name}{advice}; it has: {_listed(columns)}"


def _listed(columns: Sequence[str]) -> str:
    """Column names as they can be printed."""
    return ", ".join(columns).encode(errors="replace").decode()


def _advice(mapping: FileMapping, columns: Sequence[str]) -> str:
    """Advice for a file with other delimiters than the mapping says, or with a title above the column names."""
    names = [name for name in columns if name]
    if len(names) > 1:
        return ""
    used = max(DELIMITERS, key=names[0].count)
    if mapping.file.format == "csv" and used in names[0]:
        return f". Its cells seem to be separated by {delimiter_name(used)}"
    return ". If that is a title above the column names, set skip_lines under [file]"


def _check_first_rows(path: Path, mapping: FileMapping, chunk: Chunk) -> None:
    """Rows that name their own columns may leave some out, but a column in none of the first rows is misspelt."""
    rows = [chunk.row(at) for at in range(min(len(chunk), _FIRST_ROWS)) if at not in chunk.broken]
    columns = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    for name in mapping.columns:
        known = name in columns or name.partition(".")[0] in columns
        if rows and name in mapping.required_columns and not known:
            raise SetupError(f"{_missing(path, name, columns)}. If it may be missing, set optional = true")

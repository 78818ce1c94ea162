"""Format of a file as its content shows it: what the mapping leaves out about encoding, delimiter and sheet."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias, cast

import polars as pl

from reports.model.lists import join_first
from service.config import SetupError
from service.importing.language.mapping import FileMapping
from service.importing.language.options import FileOptions
from service.importing.reading.archives import check_workbook_size
from service.importing.reading.encodings import encoding_of, shown_otherwise
from service.importing.reading.file_kinds import kind_of
from service.importing.reading.layout import delimiter_name, delimiter_of
from service.importing.reading.streams import read_head
from service.importing.reading.workbook import sheet_name, sheet_names

TextFormat: TypeAlias = Literal["csv", "jsonl"]

# The formats that a file name's ending implies for text; other files show their format themselves.
_FORMATS: dict[str, TextFormat] = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_HEAD = 262_144
WHOLE = r"^(\d{1,9})\.0+$"
_MOST_NAMED = 5
_WIDE = ("utf-16", "utf-32")


def with_file_format(mapping: FileMapping, path: Path, sheet: str | None = None) -> FileMapping:
    """The mapping with what the file shows of its format. Raises SetupError if the file cannot be read."""
    options, notes = found_format(mapping.file, path, mapping.columns, sheet)
    return replace(mapping, file=options, notes=(*mapping.notes, *notes))


def with_whole_ids(mapping: FileMapping, first_cells: pl.DataFrame) -> FileMapping:
    """The mapping that reads ids like 1001.0 as 1001, if every id in the first rows is written like that.

    Asterisk's own ids have a point, too, but not always a zero behind it.
    """
    named = [mapped.rule.column for mapped in mapping.all_fields if mapped.kind == "text"]
    candidates = [name for name in dict.fromkeys(named) if name in first_cells.columns]
    whole = [name for name in candidates if _is_whole(first_cells[name])]
    if not whole:
        return mapping
    note = f"Numbers in {join_first(whole, _MOST_NAMED)} end in .0; they were read without it: 1001.0 is 1001."
    return replace(mapping, whole_columns=frozenset(whole), notes=(*mapping.notes, note))


def _is_whole(cells: pl.Series) -> bool:
    present = cells.drop_nulls().str.strip_chars()
    present = present.filter(present != "")
    return len(present) > 0 and present.str.contains(WHOLE).all()


def found_format(
    options: FileOptions, path: Path, columns: Sequence[str], sheet: str | None = None
) -> tuple[FileOptions, list[str]]:
    """The options with what the file shows of its format, its encoding, its delimiter and its sheets.

    columns: names that it may have; sheet: the sheet to read, instead of the one in the options. Returns notes for
    people, too. Raises SetupError if the file cannot be read.
    """
    head = _head(path)
    kind = kind_of(path, head)
    if kind == "xlsx":
        return _of_workbook(options, path, sheet)
    if sheet is not None:
        raise SetupError(f"{path} is no workbook, so it has no sheet {sheet}")
    if kind != "parquet" and (options.format == "parquet" or _ending(path) == ".parquet"):
        raise SetupError(f"{path} is not a readable Parquet file")
    if kind == "parquet":
        return options.model_copy(update={"format": kind}), []
    return _of_text(options, path, columns, head)


def _head(path: Path) -> bytes:
    try:
        head = read_head(path, _HEAD)
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror})") from None
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        is_objects = _FORMATS.get(_ending(path)) == "jsonl"
        raise SetupError(f"{path} is empty" + ("" if is_objects else ": the line with the column names is missing"))
    return head


def _of_workbook(options: FileOptions, path: Path, sheet: str | None) -> tuple[FileOptions, list[str]]:
    check_workbook_size(path)
    names = sheet_names(path)
    chosen = sheet_name(path, names, sheet or options.sheet)
    notes: list[str] = []
    if len(names) > 1 and sheet is None and options.sheet is None:
        others = join_first([name for name in names if name != chosen], _MOST_NAMED)
        notes.append(f"Only the first sheet, {chosen}, was read; --sheet names another: {others}.")
    return options.model_copy(update={"format": "xlsx", "sheet": chosen}), notes


def _of_text(options: FileOptions, path: Path, columns: Sequence[str], head: bytes) -> tuple[FileOptions, list[str]]:
    encoding, notes = _encoding(options.encoding, head)
    text = head.decode(encoding, "replace")
    text_format = _text_format(options, path, text)
    completed = options.model_copy(update={"format": text_format, "encoding": encoding})
    if text_format == "csv" and "delimiter" not in options.model_fields_set:
        delimiter = delimiter_of(text, completed, columns)
        if delimiter not in {options.delimiter, "\t" if _ending(path) == ".tsv" else None}:
            notes.append(f"Cells are separated by {delimiter_name(delimiter)}, as the first lines show.")
        completed = completed.model_copy(update={"delimiter": delimiter})
    return completed, notes


def _encoding(stated: str, head: bytes) -> tuple[str, list[str]]:
    """The encoding that the first bytes show, else the one that is stated."""
    shown = encoding_of(head) or ("utf-8-sig" if stated.startswith(_WIDE) and b"\x00" not in head else stated)
    if shown != stated:
        return shown, [f"The file is text in {shown.upper().removesuffix('-SIG')}, as its first bytes show."]
    if shown_otherwise(head, stated):
        return stated, [f"The mapping says {stated}, but the file looks like UTF-8: look at names with accents."]
    return stated, []


def _text_format(options: FileOptions, path: Path, text: str) -> TextFormat:
    if options.format in {"csv", "jsonl"}:
        return cast("TextFormat", options.format)
    begins_with_object = re.match(r"[\ufeff\s]*(\[\s*)?\{", text) is not None
    return _FORMATS.get(_ending(path)) or ("jsonl" if begins_with_object else "csv")


def _ending(path: Path) -> str:
    endings = [ending.lower() for ending in path.suffixes if ending.lower() not in {".gz", ".zip"}]
    return endings[-1] if endings else ""

"""The first rejected rows of a check or an import, for people: row number, columns, values and the reason."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from service.importing.language.mapping import FileMapping


@dataclass(frozen=True)
class RejectedLine:
    """A rejected row. line: where it stands in the file. columns, values: those of the fields at fault."""

    line: int
    columns: list[str]
    values: list[str]
    reason: str


def first_rejected(path: Path, mapping: FileMapping, most: int) -> list[RejectedLine]:
    """The first rejected rows in a file of them."""
    columns = {mapped.path: mapped.rule.columns_read for mapped in mapping.all_fields}
    rows = _json_rows(path) if path.suffix == ".jsonl" else _csv_rows(path, mapping)
    return [_line(row, columns) for row in islice(rows, most)]


def _csv_rows(path: Path, mapping: FileMapping) -> Iterator[dict[str, Any]]:
    encoding = mapping.file.encoding if not mapping.file.encoding.startswith("utf-") else "utf-8-sig"
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter=mapping.file.delimiter)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            row: dict[str, Any] = orjson.loads(line)
            notes: dict[str, Any] = row["rejected"]
            texts = {"rejected_line": notes["line"], "rejected_field": ", ".join(notes["fields"])}
            yield row | texts | {"rejected_reason": notes["reason"]}


def _line(row: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> RejectedLine:
    fields = [field for field in str(row["rejected_field"] or "").split(", ") if field]
    names = list(dict.fromkeys(name for field in fields for name in columns.get(field, ())))
    values = [str(row.get(name) or "")[:80] for name in names]
    return RejectedLine(int(row["rejected_line"]), names or fields, values, str(row["rejected_reason"]))

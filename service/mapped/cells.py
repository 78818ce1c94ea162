"""Cells: the calls of a delivery as rows of a file, as the mapping language reads them.

A call is one row. Its outcomes and its agents may be lists in it, such as tags.*.name: each entry is a row of its own.
"""

from dataclasses import replace
from typing import Any, TypeAlias, cast

import polars as pl

from service.dialers.parsing.fields import clean
from service.errors import Fault
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping
from service.importing.language.targets import LISTS
from service.importing.reading.open_file import tidy
from service.mapped.bodies import Body, text_of_value

# The sections that may have several rows in one call.
LISTED = ("disposition", *LISTS)
_MOST_ENTRIES = 50

# One row for each call or entry; one value for each column of the mapping.
Rows: TypeAlias = list[list[Any]]


def part_of(mapping: FileMapping, section: str | None) -> FileMapping:
    """The part of a mapping that fills one listed section; None: the part that fills the call itself."""
    mapped_fields = (
        mapped
        for mapped in mapping.mapped_fields
        if (mapped.section == section if section else mapped.section not in LISTED)
    )
    return replace(mapping, mapped_fields=tuple(mapped_fields), others={})


def chunk_of_calls(body: Body, mapping: FileMapping) -> Chunk:
    """The calls of a delivery as rows."""
    return chunk_of(rows_of_calls(body, mapping), mapping)


def rows_of_calls(body: Body, mapping: FileMapping) -> Rows:
    """The values of the calls of a delivery, in the order of the mapping's columns."""
    return [[body.value(call, name) for name in mapping.columns_read] for call in body.calls]


def rows_of_entries(body: Body, mapping: FileMapping) -> tuple[Rows, list[int]]:
    """The values of the entries of the calls of a delivery, and the place of each row's call."""
    rows: Rows = []
    places: list[int] = []
    for place, call in enumerate(body.calls):
        values = [body.value(call, name) for name in mapping.columns_read]
        count = max((len(cast("list[Any]", value)) for value in values if isinstance(value, list)), default=1)
        for entry in range(min(count, _MOST_ENTRIES)):
            rows.append([_entry(value, entry) for value in values])
            places.append(place)
    return rows, places


def _entry(value: Any, place: int) -> Any:
    if not isinstance(value, list):
        return value
    entries = cast("list[Any]", value)
    return entries[place] if place < len(entries) else None


def chunk_of(rows: Rows, mapping: FileMapping) -> Chunk:
    """The rows with each value as text."""
    texts = [[_text(value) for value in row] for row in rows]
    columns = {name: [row[place] for row in texts] for place, name in enumerate(mapping.columns_read)}
    cells = tidy(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), mapping)
    return Chunk(0, range(1, len(rows) + 1), cells, {}, lambda _place: "")


def _text(value: Any) -> str | None:
    text = text_of_value(value)
    return None if text is None else clean(text)


def nested_texts(fields: pl.DataFrame, rows: Rows, mapping: FileMapping) -> dict[int, list[Fault]]:
    """The faults of fields that take text where the delivery has an object or a list, by row.

    A pattern may still find its text inside.
    """
    places = {name: place for place, name in enumerate(mapping.columns_read)}
    faults: dict[int, list[Fault]] = {}
    for mapped in mapping.mapped_fields:
        if mapped.kind != "text":
            continue
        sources = [source for source in mapped.rule.sources if source.matches is None]
        names = [name for source in sources for name in (source.column, *(source.columns or ())) if name]
        for row, text in enumerate(fields[mapped.path].to_list()):
            if text and any(_shows(text, rows[row][places[name]]) for name in names):
                faults.setdefault(row, []).append(Fault(mapped.path, "must be text, not an object or a list"))
    return faults


def _shows(text: str, value: Any) -> bool:
    """Whether a text holds a nested value."""
    return isinstance(value, dict | list) and (_text(value) or "") in text

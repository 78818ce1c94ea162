"""Cells: the calls of a delivery as rows of a file, as the mapping language reads them.

A call is one row. Its outcomes and its agents may be lists in it, such as tags.*.name: each entry is a row of its own.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import polars as pl

from service.dialers.parsing.fields import clean
from service.importing.chunks import Chunk
from service.importing.language.mapping import FileMapping
from service.importing.open_file import tidy
from service.mapped.bodies import Body, text_of_value

# The sections that may have several rows in one call.
LISTED = ("disposition", "participant")
_MOST_ENTRIES = 50


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
    return _chunk([[body.value(call, name) for name in mapping.columns_read] for call in body.calls], mapping)


def chunk_of_entries(body: Body, mapping: FileMapping) -> tuple[Chunk, list[int]]:
    """The entries of the calls of a delivery as rows, and the place of each row's call."""
    rows: list[list[Any]] = []
    places: list[int] = []
    for place, call in enumerate(body.calls):
        values = [body.value(call, name) for name in mapping.columns_read]
        count = max((len(cast("list[Any]", value)) for value in values if isinstance(value, list)), default=1)
        for entry in range(min(count, _MOST_ENTRIES)):
            rows.append([_entry(value, entry) for value in values])
            places.append(place)
    return _chunk(rows, mapping), places


def _entry(value: Any, place: int) -> Any:
    if not isinstance(value, list):
        return value
    entries = cast("list[Any]", value)
    return entries[place] if place < len(entries) else None


def _chunk(rows: Sequence[Sequence[Any]], mapping: FileMapping) -> Chunk:
    texts = [[_text(value) for value in row] for row in rows]
    columns = {name: [row[place] for row in texts] for place, name in enumerate(mapping.columns_read)}
    cells = tidy(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), mapping)
    return Chunk(0, range(1, len(rows) + 1), cells, {}, lambda _place: "")


def _text(value: Any) -> str | None:
    text = text_of_value(value)
    return None if text is None else clean(text)

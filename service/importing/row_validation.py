"""Row validation: rows pass the forms of the API one by one, with the same rules and the same messages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import polars as pl

from service.errors import Fault
from service.importing.language.mapping import FileMapping
from service.importing.language.targets import LISTS, TARGETS, Section
from service.importing.wire_fields import ChunkFields
from service.ingest.parsing import Entry, read_item
from service.ingest.resources import Resource, Sender

_LEADS = TARGETS["leads"].resource
_INLINE = ("disposition.", *(f"{name}." for name in LISTS))


@dataclass(frozen=True)
class RejectedRow:
    """A row that cannot be imported, by its place in its chunk, with all its faults."""

    place: int
    faults: Sequence[Fault]


def read_rows(
    chunk_fields: ChunkFields, places: Sequence[int], mapping: FileMapping, sender: Sender
) -> tuple[list[Entry], list[RejectedRow]]:
    """The rows at some places as entries, or the reasons they are rejected: a row is imported whole or not at all."""
    entries: list[Entry] = []
    rejected: list[RejectedRow] = []
    for place, row_items in zip(places, items(chunk_fields.fields[list(places)], mapping), strict=True):
        known = chunk_fields.faults.get(place, [])
        if any(not fault.pointer for fault in known):
            rejected.append(RejectedRow(place, known))
            continue
        read = [(name, _read(name, place, item, mapping, sender)) for name, item in row_items.items()]
        faults = [*known, *(fault for name, entry in read for fault in _faults(name, entry, known))]
        if faults:
            rejected.append(RejectedRow(place, faults))
        else:
            first = read[0][1]
            entries.append(replace(first, observations=tuple(o for _, entry in read for o in entry.observations)))
    return entries, rejected


def read_leads(fields: pl.DataFrame, mapping: FileMapping, sender: Sender) -> list[Entry]:
    """The leads in rows of attempts, as entries with the places of their rows."""
    section = next(section for section in mapping.sections if section.name == "lead")
    lead_items = section_items(fields, section, leads=True)
    return [read_item(_LEADS, place, item, sender) for place, item in zip(fields["place"], lead_items, strict=True)]


def items(fields: pl.DataFrame, mapping: FileMapping) -> Iterator[dict[str, dict[str, Any]]]:
    """The items of each row by section; a disposition and entries of lists, such as waits, are part of the first."""
    first, *others = mapping.sections
    by_section = [section_items(fields, section, leads=section is first) for section in (first, *others)]
    for row in zip(*by_section, strict=True):
        item, rest = row[0], dict(zip((section.name for section in others), row[1:], strict=True))
        if outcome := rest.pop("disposition", None):
            item["disposition"] = outcome
        for name, field in LISTS.items():
            if part := rest.pop(name, None):
                item[field] = [part]
        yield {first.name: item, **{name: other for name, other in rest.items() if other}}


def section_items(fields: pl.DataFrame, section: Section, *, leads: bool) -> list[dict[str, Any]]:
    """The items of one section; empty if a row lacks the section's marker, unless the section leads the mapping."""
    names = [name for name in fields.columns if name.startswith(f"{section.name}.")]
    chosen = fields.select(names).with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
    marker = f"{section.name}.{section.marker}"
    kinds = {f"{section.name}.{name}": kind for name, kind in section.fields.items()}
    return [
        {} if not leads and row[marker] is None else _item(section, row, kinds) for row in chosen.iter_rows(named=True)
    ]


def _item(section: Section, row: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for path, value in row.items():
        if value is None:
            continue
        name, _, part = path.removeprefix(f"{section.name}.").partition(".")
        if part:
            item.setdefault(name, {})[part] = value
        else:
            item[name] = _decoded(value) if kinds[path] == "json" else value
    return item


def _decoded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _read(name: str, place: int, item: dict[str, Any], mapping: FileMapping, sender: Sender) -> Entry:
    resource: Resource = mapping.target.resource if name == mapping.sections[0].name else _LEADS
    return read_item(resource, place, item, sender)


def _faults(section: str, entry: Entry, known: Sequence[Fault]) -> Iterator[Fault]:
    """The faults of an entry under the names of the mapping, except for fields with a faulty cell."""
    at_fault = {fault.pointer for fault in known}
    for fault in (entry.problem or {}).get("errors", ()):
        path = fault["pointer"].strip("/").replace("/", ".")
        for name, field in LISTS.items():
            path = path.replace(f"{field}.0.", f"{name}.", 1) if path.startswith(field) else path
        pointer = path if path.startswith(_INLINE) else f"{section}.{path}"
        if pointer not in at_fault:
            yield Fault(pointer, fault["message"])

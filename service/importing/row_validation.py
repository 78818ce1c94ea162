"""Rows through the forms of the API, one by one: the same rules, and the same words for what breaks them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import polars as pl

from service.errors import Fault
from service.importing.mapping import FileMapping
from service.importing.targets import TARGETS, Section
from service.importing.wire_fields import Wire
from service.ingest.parsing import Entry, read_item
from service.ingest.resources import Resource, Sender

_LEADS = TARGETS["leads"].resource


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be taken, by its place in its chunk, with everything wrong about it."""

    place: int
    faults: Sequence[Fault]


def read_rows(
    wire: Wire, places: Sequence[int], mapping: FileMapping, sender: Sender
) -> tuple[list[Entry], list[Refusal]]:
    """The rows at some places as entries, or why they cannot be taken: a row is taken whole or not at all."""
    entries: list[Entry] = []
    refusals: list[Refusal] = []
    for place, told in zip(places, items(wire.fields[list(places)], mapping), strict=True):
        known = wire.faults.get(place, [])
        if any(not fault.pointer for fault in known):
            refusals.append(Refusal(place, known))
            continue
        read = [(name, _read(name, place, item, mapping, sender)) for name, item in told.items()]
        faults = [*known, *(fault for name, entry in read for fault in _faults(name, entry, known))]
        if faults:
            refusals.append(Refusal(place, faults))
        else:
            first = read[0][1]
            entries.append(replace(first, observations=tuple(o for _, entry in read for o in entry.observations)))
    return entries, refusals


def read_leads(fields: pl.DataFrame, mapping: FileMapping, sender: Sender) -> list[Entry]:
    """The leads told beside attempts, as entries of the places of their rows."""
    section = next(section for section in mapping.sections if section.name == "lead")
    told = _section_items(fields, section)
    return [read_item(_LEADS, place, item, sender) for place, item in zip(fields["place"], told, strict=True)]


def items(fields: pl.DataFrame, mapping: FileMapping) -> Iterator[dict[str, dict[str, Any]]]:
    """What each row says as items of the API, by section; what hangs on an attempt is within it, or left out."""
    first, *others = mapping.sections
    told = [_section_items(fields, section) for section in (first, *others)]
    for row in zip(*told, strict=True):
        item, rest = row[0], dict(zip((section.name for section in others), row[1:], strict=True))
        if outcome := rest.pop("disposition", None):
            item["disposition"] = outcome
        yield {first.name: item, **{name: other for name, other in rest.items() if other}}


def _section_items(fields: pl.DataFrame, section: Section) -> list[dict[str, Any]]:
    """The items of one section; empty where a row lacks what the section is known by, unless it leads the mapping."""
    names = [name for name in fields.columns if name.startswith(f"{section.name}.")]
    chosen = fields.select(names).with_columns(pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
    marker = f"{section.name}.{section.marker}"
    beside = "attempt.external_id" in fields.columns and section.name != "attempt"
    kinds = {f"{section.name}.{name}": kind for name, kind in section.fields.items()}
    return [
        {} if beside and row[marker] is None else _item(section, row, kinds) for row in chosen.iter_rows(named=True)
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
    """The faults of an entry under the names of the mapping, but for fields whose cell is at fault already."""
    at_fault = {fault.pointer for fault in known}
    for fault in (entry.problem or {}).get("errors", ()):
        path = fault["pointer"].strip("/").replace("/", ".")
        inline = section == "attempt" and path.startswith("disposition.")
        pointer = path if inline else f"{section}.{path}"
        if pointer not in at_fault:
            yield Fault(pointer, fault["message"])

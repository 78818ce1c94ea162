"""Calls: the items of the API in a delivery, and the faults of calls that cannot be read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from service.dialers import Delivery, HookSettings, Item, ParsedEvent
from service.dialers.parsing import PROVISIONAL_TIME, format_time, link_without_query
from service.errors import Fault
from service.importing.language.mapping import FileMapping
from service.importing.language.targets import LISTS
from service.importing.row_validation import section_items
from service.importing.wire_fields import read_chunk_fields
from service.ingest.parsing import faults_of
from service.ingest.phone import is_number, read_number
from service.mapped.bodies import Body, read_root, text_of_value
from service.mapped.cells import LISTED, chunk_of, chunk_of_calls, nested_texts, part_of, rows_of_calls, rows_of_entries
from service.mapped.directions import UNSURE, Directions, directions_of
from service.mapped.mapping import HookMapping

_UNNAMED = "call"
_LONGEST = {"note": 2_000, "to_number": 64, "from_number": 64}
_KINDS = {"outbound": "attempts", "inbound": "inbound_calls"}
# The field without which a call counts nowhere.
_BEGINNINGS = {"outbound": "dialed_at", "inbound": "arrived_at"}


@dataclass
class _Read:
    """What was read of one call: its item, and its faults by the mapping's name of the field."""

    item: Item = field(default_factory=dict[str, Any])
    faults: dict[str, str] = field(default_factory=dict[str, str])


def parse_calls(delivery: Delivery, hook: HookSettings, mapping: HookMapping) -> ParsedEvent:
    """The calls of a delivery. A call with a fault is left out; the others are taken. Raises Unreadable."""
    root = read_root(delivery, mapping.body)
    event = root.event or _UNNAMED
    if mapping.body.call_events is not None and root.event not in mapping.body.call_events:
        return ParsedEvent(event, known=False)
    body = root.body(mapping.body.call_paths)
    directions = directions_of(body, mapping.fields)
    items: dict[str, list[Item]] = {name: [] for name in _KINDS.values()}
    main = _KINDS[mapping.fields.router.main]
    faults = [Fault(f"/{main}/{place}", "must be an object with the fields of a call") for place in body.no_calls]
    for kind, kind_mapping in mapping.fields.kinds.items():
        places = sorted({*directions.places[kind], *directions.places[UNSURE]} - {*body.no_calls})
        for place, read in _read_calls(body, kind_mapping, places).items():
            if place in directions.places[UNSURE]:
                read.item.pop(_BEGINNINGS[kind], None)
            call_faults = list(_faults(read, place, kind, kind_mapping, delivery))
            faults += call_faults
            items[_KINDS[kind]] += [] if call_faults else _completed(read.item, hook, kind_mapping)
    return replace(_event(event, directions, items, faults), numbers=tuple(_numbers(body, mapping.fields)))


def _numbers(body: Body, mapping: FileMapping) -> Iterator[str]:
    """The phone numbers of all calls, also of those that are left out: an erasure looks for them."""
    sources = {
        column
        for mapped in mapping.all_fields
        for column in mapped.rule.columns_read
        if mapped.field in {"to_number", "from_number"}
    }
    texts = {text_of_value(body.value(call, column)) for call in body.calls for column in sorted(sources)}
    numbers = (read_number(text[:64], mapping.region or "ZZ").number for text in sorted(filter(None, texts)))
    yield from (number for number in numbers if is_number(number))


def _event(event: str, directions: Directions, items: Mapping[str, list[Item]], faults: list[Fault]) -> ParsedEvent:
    if directions.unlisted and event == _UNNAMED:
        event = directions.unlisted[0]
    return ParsedEvent(
        event,
        attempts=tuple(items["attempts"]),
        inbound_calls=tuple(items["inbound_calls"]),
        known=not directions.unlisted,
        faults=tuple(dict.fromkeys(faults)),
    )


def _read_calls(body: Body, mapping: FileMapping, places: list[int]) -> dict[int, _Read]:
    """The calls at some places of a delivery, without any check of their forms."""
    reads = {place: _Read() for place in places}
    if not reads:
        return reads
    call = part_of(mapping, None)
    chunk_fields = read_chunk_fields(chunk_of_calls(body, call), call)
    nested = nested_texts(chunk_fields.fields, rows_of_calls(body, call), call)
    for place, item in enumerate(section_items(chunk_fields.fields, mapping.sections[0], leads=True)):
        if place in reads:
            reads[place].item |= _shortened(item)
            _note(reads[place], [*chunk_fields.faults.get(place, []), *nested.get(place, [])])
    for section in mapping.sections[1:]:
        if section.name in LISTED:
            _add_entries(body, mapping, section.name, reads)
    return reads


def _add_entries(body: Body, mapping: FileMapping, name: str, reads: Mapping[int, _Read]) -> None:
    """Add the outcomes or the agents of calls."""
    part = part_of(mapping, name)
    [section] = [section for section in mapping.sections if section.name == name]
    cells, places = rows_of_entries(body, part)
    chunk_fields = read_chunk_fields(chunk_of(cells, part), part)
    nested = nested_texts(chunk_fields.fields, cells, part)
    entries: dict[int, list[Item]] = defaultdict(list)
    for row, (place, item) in enumerate(
        zip(places, section_items(chunk_fields.fields, section, leads=False), strict=True)
    ):
        if place not in reads:
            continue
        _note(reads[place], [*chunk_fields.faults.get(row, []), *nested.get(row, [])])
        if item:
            entries[place].append(_shortened(item))
    for place, read in reads.items():
        if name in LISTS and entries[place]:
            read.item[LISTS[name]] = entries[place]
        elif name == "disposition" and (entries[place] or _is_cleared(body, part, place, read)):
            read.item |= _outcomes(entries[place], read.item)


def _shortened(item: Item) -> Item:
    """A call with long texts cut, which must not cost the call."""
    return item | {name: item[name][:longest].strip() for name, longest in _LONGEST.items() if name in item}


def _note(read: _Read, faults: list[Fault]) -> None:
    for fault in faults:
        read.faults.setdefault(fault.pointer, fault.message)


def _outcomes(outcomes: list[Item], item: Item) -> Item:
    """All outcomes on a call. Their time is that of the observation, or the newest time at which one was set."""
    set_at = max((outcome["set_at"] for outcome in outcomes if "set_at" in outcome), default=None)
    at = item.get("observed_at") or set_at
    return {"outcomes": outcomes, **({"outcomes_at": at} if at else {})}


def _is_cleared(body: Body, part: FileMapping, place: int, read: _Read) -> bool:
    """Whether a call states that it has no outcome any more, with the time of that statement."""
    code = next(mapped for mapped in part.mapped_fields if mapped.field == "code")
    is_stated = any(body.has(body.calls[place], column) for column in code.rule.columns_read)
    return is_stated and "observed_at" in read.item


def _faults(read: _Read, place: int, kind: str, mapping: FileMapping, delivery: Delivery) -> Iterator[Fault]:
    """The faults of a call: of its cells, and of the form that the call fills."""
    columns = {mapped.path: mapped.rule.columns_read for mapped in mapping.mapped_fields}
    section = mapping.sections[0].name
    for path, message in read.faults.items():
        yield Fault(f"/{_KINDS[kind]}/{place}/{_field(path, section)}", message + _origin(columns.get(path, ())))
    at_fault = {_field(path, section) for path in read.faults}
    try:
        mapping.sections[0].form.model_validate(read.item, context={"now": delivery.received_at})
    except ValidationError as error:
        for fault in faults_of(error):
            name = fault.pointer.strip("/")
            if name not in at_fault:
                path = f"{section}.{name.replace('/', '.')}"
                yield Fault(f"/{_KINDS[kind]}/{place}/{name}", fault.message + _origin(columns.get(path, ())))


def _field(path: str, section: str) -> str:
    """The place of a field in its item: attempt.recording.uri is recording/uri."""
    name = path.removeprefix(f"{section}.")
    return name.replace(".", "/")


def _origin(columns: tuple[str, ...]) -> str:
    return f" (read from {', '.join(columns)})" if columns else ""


def _completed(item: Item, hook: HookSettings, mapping: FileMapping) -> list[Item]:
    """A call as the hook reports it, and its campaign if only the hook names one."""
    for name in ("to_number", "from_number"):
        if mapping.region and name in item:
            item[name] = read_number(item[name], mapping.region).number
    if "recording" in item:
        item["recording"]["uri"] = link_without_query(item["recording"]["uri"]) or "unknown"
    if "campaign" in item:
        return [item]
    if any(mapped.field == "campaign" for mapped in mapping.mapped_fields):
        # Another delivery about the same call may name its campaign, earlier or later.
        default = {"external_id": item["external_id"], "campaign": hook.campaign}
        return [item, default | {"observed_at": format_time(PROVISIONAL_TIME)}]
    return [item | {"campaign": hook.campaign}]

"""Previews: what a pasted delivery would become under a mapping, without storing anything."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from service.dialers import Delivery, HookSettings, Item, ParsedEvent, Unreadable
from service.errors import Fault
from service.mapped.bodies import Body, read_root
from service.mapped.calls import parse_calls
from service.mapped.mapping import HookMapping

_UNKNOWN = " (unknown: the delivery would be stored and counted)"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Preview:
    """The calls in a delivery, its faults, and remarks about columns that it lacks."""

    event: str
    known: bool
    items: dict[str, list[Item]] = field(default_factory=dict[str, list[Item]])
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The preview as JSON."""
        return {
            "event": self.event,
            "known": self.known,
            **self.items,
            "faults": [{"pointer": fault.pointer, "message": fault.message} for fault in self.faults],
            "remarks": list(self.remarks),
        }


def preview(body: bytes, mapping: HookMapping, code: str, campaign: str) -> Preview:
    """What the body of a delivery would become; a body of a `query` mapping is the query of the address."""
    delivery = _delivery(body, mapping)
    settings = HookSettings(dialer=code, campaign=campaign, zone=ZoneInfo(mapping.zone))
    try:
        event = parse_calls(delivery, settings, mapping)
        remarks = tuple(_remarks(event, delivery, mapping)) if _is_about_calls(event) else ()
    except Unreadable as error:
        return Preview("", known=True, faults=(Fault("", str(error)),))
    items = {"attempts": list(event.attempts), "inbound_calls": list(event.inbound_calls)}
    return Preview(event.event, event.known, items, event.faults, remarks)


def _delivery(body: bytes, mapping: HookMapping) -> Delivery:
    text = body.strip()
    is_json = text[:1] in {b"{", b"["}
    if mapping.body.format == "query":
        query = text.decode(errors="replace").rpartition("?")[2]
        return Delivery("GET", f"https://calls.example.com/?{query}", {}, b"", datetime.now(UTC))
    headers = {"content-type": "application/json" if is_json else _FORM}
    return Delivery("POST", "https://calls.example.com/", headers, text, datetime.now(UTC))


def _is_about_calls(event: ParsedEvent) -> bool:
    return bool(event.attempts or event.inbound_calls or event.faults)


def _remarks(event: ParsedEvent, delivery: Delivery, mapping: HookMapping) -> Iterator[str]:
    body = read_root(delivery, mapping.body).body(mapping.body.call_paths)
    read = {item["external_id"] for item in (*event.attempts, *event.inbound_calls)}
    faulty = {fault.pointer.split("/")[2] for fault in event.faults}
    if left_out := len(body.calls) - len(read) - len(faulty):
        yield f"calls that count nowhere, by [direction] or [skip]: {left_out}"
    yield from _missing_columns(body, mapping)


def _missing_columns(body: Body, mapping: HookMapping) -> Iterator[str]:
    """Columns that no call of the delivery has, with the most similar ones that it has."""
    known = body.columns()
    for column in filter(mapping.fields.required_columns.__contains__, mapping.columns):
        if not column.startswith("header:") and not any(body.has(call, column) for call in body.calls):
            close = get_close_matches(column, known, n=1, cutoff=0.75)
            advice = f"; did you mean {close[0]}?" if close else ""
            yield f"the body has no {column}{advice}"


def as_json(preview: Preview) -> str:
    """The preview as one JSON document."""
    return orjson.dumps(preview.document, option=orjson.OPT_INDENT_2).decode()


def as_text(preview: Preview) -> Iterator[str]:
    """The preview in lines for people."""
    yield f"event: {preview.event or 'unreadable'}{'' if preview.known else _UNKNOWN}"
    for name, title in (("attempts", "outbound call"), ("inbound_calls", "inbound call")):
        for item in preview.items.get(name, []):
            yield f"\n{title} {item['external_id']}"
            yield from (f"  {field:<18} {value}" for field, value in _lines(item) if field != "external_id")
    if not any(preview.items.values()):
        yield "\nno calls"
    yield from (f"\n{_fault_text(fault)}" for fault in preview.faults)
    for remark in preview.remarks:
        yield f"\nnote: {remark}"


def _fault_text(fault: Fault) -> str:
    """A fault with the call counted from one: call 2, network_result: ..."""
    place = fault.pointer.split("/")[2:]
    where = f" in call {int(place[0]) + 1}, {'.'.join(place[1:])}" if place else ""
    return f"fault{where}: {fault.message}"


def _lines(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The fields of an item; nested ones with a dot, entries of lists by their place."""
    if isinstance(value, dict):
        for inner, part in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _lines(part, f"{name}.{inner}" if name else str(inner))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list) and value:
        for place, part in enumerate(value, 1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _lines(part, f"{name}.{place}")
    else:
        text = str(value)  # pyright: ignore[reportUnknownArgumentType]
        yield name, "none any more" if text == "[]" else text.replace(".000000Z", "Z")

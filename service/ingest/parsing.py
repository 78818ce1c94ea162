"""Parsing: turns bytes into items, items into observations, and each fault into a precise problem."""

import json
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from service.errors import Fault, InvalidItem, MalformedBody
from service.ingest.resources import Observation, Resource, Sender
from service.problems import problem

# An item with more faults than this is not one of our items at all.
_MOST_FAULTS = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """The request an item came in: the public prefix of its API key, and its request id."""

    key_prefix: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item on its way into the ledger: its observations, or the reason it was rejected.

    raw: a rejected item as it was sent; empty for other items.
    origin: the request of a rejected item.
    """

    index: int
    resource: Resource
    external_id: str | None
    observations: tuple[Observation, ...] = ()
    problem: dict[str, Any] | None = None
    raw: bytes = b""
    origin: Origin = Origin()


def read_json(body: bytes) -> Any:
    """The JSON value of a body. Raises MalformedBody.

    Text with half a surrogate pair is invalid Unicode, but it spoils only its own item. A second, more lenient
    reading accepts the other items, and the item's own check names the field.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        strict = error
    try:
        return json.loads(body, parse_constant=_not_json, parse_float=_finite)
    except (ValueError, RecursionError):
        message = f"{strict.msg} at line {strict.lineno}, column {strict.colno}"
        raise MalformedBody(f"The body is not JSON: {message}.") from None


def _not_json(constant: str) -> None:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def read_item(
    resource: Resource, index: int, item: Any, sender: Sender, origin: Origin = Origin(), sent: bytes | None = None
) -> Entry:
    """One item as an entry; never raises for the item's content. sent: the item's bytes, if it came alone."""
    try:
        form = resource.form.model_validate(item, context={"now": sender.now, "region": sender.region})
    except ValidationError as error:
        return reject_item(resource, index, item, tuple(faults_of(error)), origin, sent)
    return Entry(index, resource, getattr(form, resource.identity), tuple(resource.observe(form, sender)))


def read_line(resource: Resource, index: int, line: bytes, sender: Sender, origin: Origin = Origin()) -> Entry:
    """One line of an NDJSON stream as an entry; a line that is not JSON is a rejected item."""
    try:
        item = read_json(line)
    except MalformedBody:
        return reject_bytes(resource, index, line, None, (Fault("", "is not a line of JSON"),), origin)
    return read_item(resource, index, item, sender, origin, line)


def reject_item(
    resource: Resource, index: int, item: Any, faults: tuple[Fault, ...], origin: Origin, sent: bytes | None = None
) -> Entry:
    """The entry of a rejected item."""
    identity: Any = item.get(resource.identity) if isinstance(item, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    external_id = identity[:200] if isinstance(identity, str) and identity.isprintable() else None
    return reject_bytes(resource, index, _encode(item) if sent is None else sent, external_id, faults, origin)


def reject_bytes(
    resource: Resource, index: int, raw: bytes, external_id: str | None, faults: tuple[Fault, ...], origin: Origin
) -> Entry:
    """The entry of rejected bytes."""
    refusal = problem(InvalidItem(faults=faults))
    return Entry(index, resource, external_id, problem=refusal, raw=raw, origin=origin)


def _encode(item: Any) -> bytes:
    """One item of an array as bytes."""
    with suppress(TypeError):
        return orjson.dumps(item)
    try:
        return json.dumps(item).encode()
    except RecursionError:
        return b'"an item nested too deeply to be stored"'


def faults_of(error: ValidationError) -> Iterator[Fault]:
    """Each fault with its place as a JSON pointer; never the value itself, which may be a phone number."""
    if error.error_count() > _MOST_FAULTS:
        yield Fault("", f"has {error.error_count():,} faults, too many to name")
        return
    for fault in error.errors(include_url=False, include_input=False):
        context = fault.get("ctx", {})
        place = [*fault["loc"], *([context["field"]] if "field" in context else [])]
        message = _message(fault["type"], fault["msg"])
        if place and place[-1] == "[key]":
            yield Fault(pointer(place[:-1]), f"has a name that {message}")
        else:
            yield Fault(pointer(place), message)


def pointer(place: list[int | str]) -> str:
    """A JSON pointer (RFC 6901). A replacement character shows a NUL in a name, which the ledger cannot store.

    >>> pointer(["participants", 0, "agent"])
    '/participants/0/agent'
    """
    parts = (str(part).replace("\x00", "\ufffd").replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in parts)


_PLAIN = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this resource",
    "string_type": "must be a string",
    "string_unicode": "holds characters that are not valid Unicode",
    "model_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
    "bool_type": "must be true or false",
    "list_type": "must be an array",
    "dict_type": "must be a JSON object",
}


def _message(kind: str, message: str) -> str:
    return _PLAIN.get(kind) or message[:1].lower() + message[1:]

"""Bodies: a delivery as JSON, a form or a query, and the cells of its calls by their paths."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast
from urllib.parse import unquote

from service.dialers import Delivery, Unreadable
from service.dialers.parsing import parse_pairs
from service.mapped.jwt_body import payload_of
from service.mapped.options import BodyOptions

MOST_CALLS = 1_000
WHOLE = "$"
_MISSING = object()


@dataclass(frozen=True)
class Body:
    """The content of a delivery.

    root: all of it. calls: each call in it, and entries that are none. query, headers: of the delivery itself.
    """

    root: Any
    calls: tuple[Any, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def no_calls(self) -> tuple[int, ...]:
        """The places of entries that hold no fields."""
        return tuple(place for place, call in enumerate(self.calls) if not isinstance(call, dict))

    def value(self, call: Any, column: str) -> Any:
        """The value of a column; None if there is none.

        A column is a path inside the call, such as customer.phone, legs.0.id or tags.*.name. `body:` reads from the
        whole body, `query:` from the address, `header:` from the headers.
        """
        value = self._value(call, column)
        return None if value is _MISSING else value

    def has(self, call: Any, column: str) -> bool:
        """Whether the delivery has a column, be it empty."""
        return self._value(call, column) is not _MISSING

    def _value(self, call: Any, column: str) -> Any:
        place, _, name = column.partition(":")
        match place:
            case "query":
                return self.query.get(name, _MISSING)
            case "header":
                return self.headers.get(name.lower(), _MISSING)
            case "body":
                return _inner(self.root, name)
            case _:
                return _inner(call, column)

    def columns(self) -> set[str]:
        """Every column that the delivery has."""
        inside = {path for call in self.calls for path in _paths(call)}
        whole = {f"body:{path}" for path in _paths(self.root)}
        return inside | whole | {f"query:{name}" for name in self.query}


@dataclass(frozen=True)
class Root:
    """All of a delivery, before its calls are known. event: its name, if it has one."""

    value: Any
    query: Mapping[str, str]
    headers: Mapping[str, str]
    event: str | None

    def body(self, call_paths: Iterable[str]) -> Body:
        """The content with its calls, which are at the first of these paths that is there. Raises Unreadable."""
        calls = _calls(self.value, list(call_paths))
        if len(calls) > MOST_CALLS:
            raise Unreadable(f"the body has more than {MOST_CALLS:,} calls")
        return Body(self.value, calls, self.query, self.headers)


def read_root(delivery: Delivery, options: BodyOptions) -> Root:
    """All of a delivery. Raises Unreadable."""
    query = _pairs(delivery.url.partition("?")[2])
    value = _root(delivery, options, query)
    if options.percent_encoded:
        value = _decoded(value)
    body = Body(value, (), query, delivery.headers)
    event = text_of_value(body.value(value, options.event)) if options.event else None
    return Root(value, query, delivery.headers, event and event.strip())


def _root(delivery: Delivery, options: BodyOptions, query: dict[str, str]) -> Any:
    body = payload_of(delivery.body) or delivery.body
    if options.format == "query" or (options.format == "auto" and not body.strip()):
        return query
    if options.format == "json" and options.json_field is None:
        return _json(body)
    if options.format != "form" and (body.lstrip()[:1] in {b"{", b"["} or b"=" not in body):
        return _json(body)
    form = _pairs(body)
    if options.json_field is None:
        return form
    if options.json_field not in form:
        raise Unreadable(f"the body has no field {options.json_field}")
    return _json(form[options.json_field].encode())


def _pairs(text: str | bytes) -> dict[str, str]:
    return dict(reversed(parse_pairs(text)))


def _json(body: bytes) -> Any:
    """The JSON value of a body; numbers with decimals stay text, so that no digit is lost."""
    try:
        return json.loads(body, parse_constant=_refuse_constant, parse_float=str)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None


def _refuse_constant(_word: str) -> NoReturn:
    raise ValueError


def _decoded(value: Any) -> Any:
    """A value whose texts are no longer percent-encoded."""
    if isinstance(value, str):
        return unquote(value, errors="replace")
    if isinstance(value, dict):
        return {name: _decoded(inner) for name, inner in cast("dict[str, Any]", value).items()}
    return [_decoded(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _calls(root: Any, paths: list[str]) -> tuple[Any, ...]:
    """The calls at the first path that is there. Raises Unreadable."""
    for path in paths:
        value = root if path == WHOLE else _inner(root, path)
        if value is _MISSING or value is None:
            continue
        calls = cast("list[Any]", value) if isinstance(value, list) else [value]
        if calls and not any(isinstance(call, dict) for call in calls):
            raise Unreadable(f"{_place(path)} is neither a call nor a list of calls")
        return tuple(calls)
    raise Unreadable(f"the body has no {' and no '.join(paths)}")


def _place(path: str) -> str:
    return "the body" if path == WHOLE else path


def _inner(value: Any, path: str) -> Any:
    """The value at a path: names of fields, places in lists, or * for all of a list, joined by dots."""
    if isinstance(value, dict) and path in value:
        return cast("dict[str, Any]", value)[path]
    part, _, rest = path.partition(".")
    if part == "*" and value is None:
        return []
    if part == "*" and isinstance(value, list):
        entries = cast("list[Any]", value)
        return [_filled(_inner(entry, rest)) for entry in entries] if rest else entries
    if isinstance(value, dict) and part in value:
        value = cast("dict[str, Any]", value)[part]
    elif isinstance(value, list) and part.isdecimal() and int(part) < len(cast("list[Any]", value)):
        value = cast("list[Any]", value)[int(part)]
    else:
        return _MISSING
    return _inner(value, rest) if rest else value


def _filled(value: Any) -> Any:
    return None if value is _MISSING else value


def text_of_value(value: Any) -> str | None:
    """A value as the text of a cell: text as it is, nested values as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _paths(value: Any, before: str = "") -> Iterator[str]:
    """The paths of every value inside a value."""
    if isinstance(value, dict):
        inner: Iterable[tuple[str, Any]] = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        inner = ((str(place), item) for place, item in enumerate(cast("list[Any]", value)))
    else:
        return
    for name, item in inner:
        yield f"{before}{name}"
        yield from _paths(item, f"{before}{name}.")

"""A mapping as the text of its file (TOML)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

_BARE = re.compile(r"[A-Za-z0-9_-]+").fullmatch


def toml_text(content: Mapping[str, Any]) -> str:
    """The text of a mapping's tables. Lists of tables stand behind the other tables.

    >>> print(toml_text({"times": {"zone": "UTC"}, "lead": {"external_id": {"column": "Id"}}}))
    [times]
    zone = "UTC"
    <BLANKLINE>
    [lead]
    external_id = { column = "Id" }
    <BLANKLINE>
    """
    plain = {name: value for name, value in content.items() if not isinstance(value, dict | list)}
    lines = [f"{_key(name)} = {_value(value)}" for name, value in plain.items()]
    tables = [_table(name, cast("dict[str, Any]", table)) for name, table in content.items() if isinstance(table, dict)]
    lists = [f"{_key(name)} = {_value(value)}" for name, value in content.items() if isinstance(value, list)]
    return "\n".join([*lines, *lists, *(["", *tables] if lines or lists else tables)])


def _table(name: str, table: Mapping[str, Any]) -> str:
    return "".join(f"{line}\n" for line in [f"[{_key(name)}]", *_lines(table)])


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        yield f"{_key(key)} = {_value(value)}"


def _key(name: str) -> str:
    return name if _BARE(name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(part)}" for key, part in cast("dict[str, Any]", value).items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_value, cast('list[Any]', value)))}]"
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case _:
            return str(value)


def _text(text: str) -> str:
    """A text in quotes; TOML knows the escapes of JSON, and wants one for the last control character, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""JSON lines: one object per line."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

import orjson
import polars as pl

from service.config import SetupError
from service.importing.chunks import Chunk, FileRow
from service.importing.reading.streams import Stream

# Beyond this limit a float may differ from the number in the file.
_EXACT = 2.0**53


class JsonLinesSource:
    """A file of JSON lines. selected: the columns to read; a dot reaches into an object, such as customer.phone."""

    columns: Sequence[str] = ()

    def __init__(self, stream: Stream, selected: Sequence[str]) -> None:
        self._stream = stream
        self._selected = selected
        self._lines_read = 0

    @property
    def share_read(self) -> float:
        """The share of the file that has been read."""
        return self._stream.share_read

    def chunks(self, size: int) -> Iterator[Chunk]:
        """The rows, at most size rows at a time."""
        start = 0
        while block := self._stream.lines(size):
            numbered = [(line, text) for line, text in enumerate(block, self._lines_read + 1) if text.strip()]
            self._lines_read += len(block)
            if numbered:
                self._refuse_array(numbered[0][1], start)
                yield self._chunk(start, [line for line, _ in numbered], [text for _, text in numbered])
                start += len(numbered)

    def _refuse_array(self, text: str, start: int) -> None:
        if not start and text.lstrip().startswith("["):
            raise SetupError(f"{self._stream.path} is one JSON array; write one object per line, such as: jq -c '.[]'")

    def _chunk(self, start: int, lines: list[int], texts: list[str]) -> Chunk:
        rows = [_read(text) for text in texts]
        broken = {at: "is not a JSON object" for at, row in enumerate(rows) if row is None}
        columns = {name: [None if row is None else _cell(row, name) for row in rows] for name in self._selected}
        cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        numeric = frozenset(name for name in self._selected if _is_numeric(rows, name))
        return Chunk(start, lines, cells, broken, lambda at: _file_row(rows[at], texts[at]), numeric)


def _file_row(row: dict[str, Any] | None, text: str) -> FileRow:
    return text.rstrip("\r\n") if row is None else row


def _read(text: str) -> dict[str, Any] | None:
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(row, dict):
        return None
    if any(isinstance(value, float) and abs(value) >= _EXACT for value in cast("dict[str, Any]", row).values()):
        row = json.loads(text, parse_int=str, parse_float=str)
    return cast("dict[str, Any]", row)


def _is_numeric(rows: Sequence[dict[str, Any] | None], name: str) -> bool:
    """Whether a column has numbers of JSON, and no text."""
    return not any(isinstance(_value(row, name), str) for row in rows if row is not None)


def _value(row: dict[str, Any], name: str) -> Any:
    value = row.get(name)
    return _reach(row, name.split(".")) if value is None and "." in name else value


def _cell(row: dict[str, Any], name: str) -> str | None:
    """A value as text: text stays as it is, nested values stay JSON."""
    value = _value(row, name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # programs write the id 1001 as 1001.0
    return orjson.dumps(value).decode()


def _reach(value: Any, parts: list[str]) -> Any:
    for part in parts:
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(part)
    return value

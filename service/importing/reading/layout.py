"""Layout: how a text file separates its cells, found by its first lines unless the mapping says so."""

import csv
import re
from collections.abc import Sequence

from service.importing.language.options import FileOptions

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# Excel writes this line for itself.
_STATED = re.compile(r'\ufeff?"?sep=(.)"?\s*').fullmatch
_LINES = 50


def is_before_header(line: str, delimiter: str, quote: str) -> bool:
    """Whether a line holds no column name: blank, only delimiters, or a note of Excel to itself."""
    return not line.strip(f"{delimiter}{quote}\ufeff \t\r\n") or _STATED(line) is not None


def delimiter_of(head: str, options: FileOptions, columns: Sequence[str]) -> str:
    """The delimiter under which a file's first lines have most columns of the mapping, else most columns at all."""
    lines = head.splitlines()[options.skip_lines :][:_LINES]
    for line in lines[:1]:
        if stated := _STATED(line):
            return stated[1]
    preferred = sorted(DELIMITERS, key=lambda delimiter: delimiter != options.delimiter)
    return max(preferred, key=lambda delimiter: _fit(lines, delimiter, options, columns))


def delimiter_name(delimiter: str) -> str:
    """A delimiter in words: semicolons."""
    return _NAMES.get(delimiter, f'"{delimiter}"')


def _fit(lines: Sequence[str], delimiter: str, options: FileOptions, columns: Sequence[str]) -> tuple[int, int]:
    rows = [line for line in lines if not is_before_header(line, delimiter, options.quote)]
    cells = [row for row in _rows(rows, delimiter, options.quote) if row]
    if options.columns:
        return sum(len(row) == len(options.columns) for row in cells), 0
    header = {name.strip() for name in cells[0]} if cells else set[str]()
    return len(header.intersection(columns)), len(cells[0]) if cells else 0


def _rows(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote or None, quoting=quoting)
    try:
        return list(reader)
    except csv.Error:
        return []

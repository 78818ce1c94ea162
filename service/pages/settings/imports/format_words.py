"""The format of a file in words: what was found, and what to choose instead."""

from typing import Any, TypeAlias

import phonenumbers
from babel import Locale

from service.importing.guess.shape import FileShape
from service.importing.uploads.shapes import current_choices

Options: TypeAlias = list[tuple[str, str]]

_ENCODINGS: Options = [
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Western European (Windows-1252)"),
    ("iso8859-2", "Central European (ISO 8859-2)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("shift_jis", "Japanese (Shift JIS)"),
]
_DELIMITERS: Options = [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar")]
_DECIMALS: Options = [(".", "Point: 1,234.50"), (",", "Comma: 1.234,50")]
_ORDERS: Options = [("day", "Day first: 31/12/2026"), ("month", "Month first: 12/31/2026")]


def format_fields(shape: FileShape) -> list[tuple[str, str, str, Options]]:
    """The choices of a file's format: name, label, what is chosen now, and the options."""
    now = current_choices(shape)
    fields: list[tuple[str, str, str, Options]] = []
    if len(shape.sheets) > 1:
        fields.append(("sheet", "Sheet", now["sheet"], [(name, name) for name in shape.sheets]))
    if shape.options.format == "csv":
        fields.append(("delimiter", "Cells are separated by", now["delimiter"], _with(_DELIMITERS, now["delimiter"])))
    if shape.options.format in {"csv", "jsonl"}:
        fields.append(("encoding", "Encoding", now["encoding"], _with(_ENCODINGS, now["encoding"])))
    if shape.head:
        lines = [(str(line), f"Row {line}: {text}") for line, text in shape.head]
        fields.append(("header", "Column names are in", now["header"], [("0", "No row: name them by number"), *lines]))
    fields.append(("decimal", "Decimals", now["decimal"], _DECIMALS))
    fields.append(("date_order", "Dates like 03/04/2026", now["date_order"], _ORDERS))
    return fields


def _with(options: Options, value: str) -> Options:
    """The options, and the present value if it is none of them."""
    return options if value in dict(options) else [(value, value.upper()), *options]


def region_choices(usual: str) -> Options:
    """The countries of phone numbers without a country code, by their English names."""
    territories: Any = Locale("en").territories
    names: dict[str, str] = {code: territories.get(code, code) for code in phonenumbers.SUPPORTED_REGIONS}
    ordered = sorted(names.items(), key=lambda pair: pair[1])
    return [("", f"As usual: the campaign's country, else {names.get(usual, usual)}"), *ordered]

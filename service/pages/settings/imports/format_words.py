"""The format of a file in words: what was found, and what to choose instead."""

from typing import Any, TypeAlias

import phonenumbers
from babel import Locale

from reports.model.language import current_language, marked, translate
from service.importing.guess.shape import FileShape
from service.importing.uploads.shapes import current_choices

Options: TypeAlias = list[tuple[str, str]]

_ENCODINGS: Options = [
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", marked("Western European (Windows-1252)")),
    ("iso8859-2", marked("Central European (ISO 8859-2)")),
    ("cp1251", marked("Cyrillic (Windows-1251)")),
    ("gb18030", marked("Chinese (GB 18030)")),
    ("shift_jis", marked("Japanese (Shift JIS)")),
]
_DELIMITERS: Options = [
    (",", marked("Comma")),
    (";", marked("Semicolon")),
    ("\t", marked("Tab")),
    ("|", marked("Vertical bar")),
]
_DECIMALS: Options = [(".", marked("Point: 1,234.50")), (",", marked("Comma: 1.234,50"))]
_ORDERS: Options = [("day", marked("Day first: 31/12/2026")), ("month", marked("Month first: 12/31/2026"))]


def format_fields(shape: FileShape) -> list[tuple[str, str, str, Options]]:
    """The choices of a file's format: name, label, what is chosen now, and the options."""
    now = current_choices(shape)
    fields: list[tuple[str, str, str, Options]] = []
    if len(shape.sheets) > 1:
        fields.append(("sheet", translate("Sheet"), now["sheet"], [(name, name) for name in shape.sheets]))
    if shape.options.format == "csv":
        fields.append(
            (
                "delimiter",
                translate("Cells are separated by"),
                now["delimiter"],
                _with(_in_words(_DELIMITERS), now["delimiter"]),
            )
        )
    if shape.options.format in {"csv", "jsonl"}:
        fields.append(
            ("encoding", translate("Encoding"), now["encoding"], _with(_in_words(_ENCODINGS), now["encoding"]))
        )
    if shape.head:
        lines = [(str(line), translate("Row {line}: {text}", line=line, text=text)) for line, text in shape.head]
        fields.append(
            (
                "header",
                translate("Column names are in"),
                now["header"],
                [("0", translate("No row: name them by number")), *lines],
            )
        )
    fields.append(("decimal", translate("Decimals"), now["decimal"], _in_words(_DECIMALS)))
    fields.append(("date_order", translate("Dates like 03/04/2026"), now["date_order"], _in_words(_ORDERS)))
    return fields


def _in_words(options: Options) -> Options:
    return [(value, translate(words)) for value, words in options]


def _with(options: Options, value: str) -> Options:
    """The options, and the present value if it is none of them."""
    return options if value in dict(options) else [(value, value.upper()), *options]


def region_choices(usual: str) -> Options:
    """The countries of phone numbers without a country code, by their names in the reader's language."""
    territories: Any = Locale(current_language().code).territories
    names: dict[str, str] = {code: territories.get(code, code) for code in phonenumbers.SUPPORTED_REGIONS}
    ordered = sorted(names.items(), key=lambda pair: pair[1])
    return [
        ("", translate("As usual: the campaign's country, else {country}", country=names.get(usual, usual))),
        *ordered,
    ]

"""Building a mapping from what a person chose: a column or a value for each field, and the shape of the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.importing.guess.columns import fields_of_kind, suggest
from service.importing.guess.formats import day_formats, duration_unit, time_formats
from service.importing.guess.shape import FileShape
from service.importing.language.mapped_fields import kind_of
from service.importing.language.options import FileOptions
from service.importing.language.targets import TARGETS, Section, words_of
from service.importing.language.times import RFC3339

_NOON = "12:00"
_MOST_WORDS = 40
_OPEN = "attributes"
# What belongs to a file, and not to the mapping that people save for the next one.
_OF_THE_FILE = ("format", "sheet", "encoding", "delimiter", "decimal", "skip_lines", "columns")
_DIRECTIONS = ("direction", "calldirection", "calltype", "inout", "type")


@dataclass(frozen=True)
class Choices:
    """What a person chose. columns, constants: by field; key: columns that make the id of a row together.

    direction: the column that tells inbound from outbound calls. zone: of times without one. region: of phone numbers
    without a country code; empty: the campaign's or the account's. keeps_others: other columns become the lead's
    attributes.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    key: Sequence[str] = ()
    direction: str = ""
    zone: str = "UTC"
    region: str = ""
    keeps_others: bool = False
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])


def suggested_choices(resource: str, shape: FileShape, zone: str) -> Choices:
    """The choices that the names of the columns suggest."""
    columns = {path: column for column, path in suggest(resource, shape.columns).items()}
    first = TARGETS[resource].sections[0]
    with_clock = {day: name for name, (day, _) in reversed(shape.joined.items())}
    for path, column in columns.items():
        if fields_of_kind(resource)[path].fields.get(path.partition(".")[2]) == "time" and column in with_clock:
            columns[path] = with_clock[column]
    for name, stand_in in _STAND_INS.items():
        path, other = f"{first.name}.{name}", f"{first.name}.{stand_in}"
        if name in first.required and path not in columns and other in columns:
            columns[path] = columns[other]
    key: list[str] = []
    if "external_id" in first.required and f"{first.name}.external_id" not in columns:
        telling = [*(name for name in first.required if name not in _CORRECTED), *_TELLING]
        named = (columns.get(f"{first.name}.{name}") for name in telling)
        key = list(dict.fromkeys(part for name in named if name for part in shape.joined.get(name, (name,))))
    direction = ""
    if resource == "attempts":
        free = [name for name in shape.columns if name not in columns.values()]
        direction = next((name for name in free if re.sub(r"[\W_]+", "", name.lower()) in _DIRECTIONS), "")
    return Choices(columns, {}, key, direction, zone)


# What a later file may correct is no part of a row's id.
_CORRECTED = ("amount", "currency", "score", "status", "stage", "state")
_TELLING = ("to_number", "from_number", "phone_number", "agent", "campaign", "team")
# A required time that a file rarely has on its own, and the field that usually says the same.
_STAND_INS = {"to_on": "from_on", "status_at": "set_at", "set_at": "scheduled_at"}


def mapping_content(resource: str, shape: FileShape, choices: Choices) -> dict[str, Any]:
    """The tables of the mapping."""
    first = TARGETS[resource].sections[0]
    sections: dict[str, dict[str, Any]] = {first.name: {}}
    for path, section in fields_of_kind(resource).items():
        rule = _rule(path, section, first, shape, choices)
        if rule is not None:
            _put(sections.setdefault(section.name, {}), path.partition(".")[2], rule)
    if choices.keeps_others and _OPEN in first.open:
        others = unused_columns(shape, choices)
        sections[first.name][_OPEN] = {_named(name): _from(name, required=False) for name in others}
    content: dict[str, Any] = {"file": file_table(shape.options), "times": {"zone": choices.zone}}
    if choices.region:
        content["phones"] = {"region": choices.region}
    if choices.direction:
        content |= {"direction": {"column": choices.direction}, "inbound_call": {}}
    return content | sections


def unused_columns(shape: FileShape, choices: Choices) -> list[str]:
    """The columns that fill no field."""
    used = {part for name in choices.columns.values() for part in shape.joined.get(name, (name,))}
    return [name for name in shape.columns if name not in used]


def with_shape(content: Mapping[str, Any], options: FileOptions, zone: str) -> dict[str, Any]:
    """A saved mapping for another file: written as that file is, with its own zone of times."""
    before: dict[str, Any] = content.get("file", {})
    rest = {name: value for name, value in before.items() if name not in _OF_THE_FILE}
    times: dict[str, Any] = {**content.get("times", {}), "zone": zone}
    return {**content, "file": rest | file_table(options), "times": times}


def file_table(options: FileOptions) -> dict[str, Any]:
    """The options of a file as the table [file]."""
    usual = FileOptions.model_validate({})
    stated = {name: getattr(options, name) for name in _OF_THE_FILE}
    if options.format != "csv":
        del stated["delimiter"]
    if options.format not in {"csv", "jsonl"}:
        del stated["encoding"]
    changed = {name: value for name, value in stated.items() if value != getattr(usual, name) and value is not None}
    return {"format": options.format} | changed if options.format in {"csv", "jsonl"} else _without_format(changed)


def _without_format(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != "format"}


def _put(table: dict[str, Any], name: str, rule: dict[str, Any]) -> None:
    """Add a field; a part of a field stands in a table of its own."""
    outer, _, part = name.partition(".")
    if part:
        table.setdefault(outer, {})[part] = rule
    else:
        table[outer] = rule


def _rule(path: str, section: Section, first: Section, shape: FileShape, choices: Choices) -> dict[str, Any] | None:
    name = path.partition(".")[2]
    is_required = name in section.required
    column = choices.columns.get(path)
    if column:
        style = _style(section, name, column, shape)
        if chosen := choices.values.get(path):
            style |= {"values": {**style.get("values", {}), **chosen}, "unmapped": "keep"}
        return _from(column, required=is_required, parts=shape.joined.get(column)) | style
    if choices.constants.get(path):
        return {"constant": choices.constants[path]}
    if name == "external_id" and section is first and choices.key:
        return {"columns": list(choices.key), "join": "/"}
    return None


def _from(column: str, *, required: bool, parts: Sequence[str] | None = None) -> dict[str, Any]:
    source: dict[str, Any] = {"columns": list(parts), "join": " "} if parts else {"column": column}
    return source if required else source | {"optional": True}


def _style(section: Section, name: str, column: str, shape: FileShape) -> dict[str, Any]:
    """How the cells of a column are written."""
    texts, order = shape.texts(column), shape.date_order
    match kind_of(section, name):
        case "time":
            return _time_style(column, texts, shape)
        case "day" if column not in shape.typed:
            formats = day_formats(texts, order)
            return {"format": formats[0]} if formats and formats[0] != RFC3339 else {}
        case "duration" if column not in shape.typed:
            unit = duration_unit(column, texts)
            return {} if unit == "seconds" else {"unit": unit}
        case "text":
            return _translations(section, name, texts)
        case _:
            return {}


def _time_style(column: str, texts: Sequence[str], shape: FileShape) -> dict[str, Any]:
    if column in shape.typed:
        return {"at": _NOON} if shape.typed[column] == "day" else {}
    formats = time_formats(texts, shape.date_order)
    style: dict[str, Any] = {}
    if formats:
        style["format"] = formats[0] if len(formats) == 1 else formats
    if any("%" in name and "%H" not in name and "%I" not in name for name in formats):
        style["at"] = _NOON
    return style


def _translations(section: Section, name: str, texts: Sequence[str]) -> dict[str, Any]:
    """The words of a file that differ from ours only in case, spaces and punctuation."""
    words = {_plain(word): word for word in words_of(section.form, name)}
    if not words:
        return {}
    present = dict.fromkeys(text for text in texts if text)
    values = {text: words[_plain(text)] for text in present if _plain(text) in words and text != words[_plain(text)]}
    return {"values": values, "unmapped": "keep"} if values else {}


def unknown_words(resource: str, shape: FileShape, choices: Choices) -> dict[str, list[str]]:
    """The words in the first rows that are none of ours, by field, for fields that allow only some words."""
    unknown: dict[str, list[str]] = {}
    for path, column in choices.columns.items():
        section = fields_of_kind(resource).get(path)
        words = {_plain(word) for word in words_of(section.form, path.partition(".")[2])} if section else set[str]()
        if words:
            texts = dict.fromkeys(text for text in shape.texts(column) if text and _plain(text) not in words)
            unknown[path] = list(texts)[:_MOST_WORDS]
    return {path: texts for path, texts in unknown.items() if texts}


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.lower())


def _named(column: str) -> str:
    """The name of an attribute for a column."""
    return re.sub(r"\W+", "_", column.lower()).strip("_") or "column"

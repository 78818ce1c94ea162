"""Faults of a mapping, in its own words, each with advice."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import polars as pl
from pydantic import BaseModel, ValidationError

from service.importing.language.options import FieldRule, text_of
from service.importing.language.targets import Kind, Section, checker
from service.importing.language.times import TimeStyle, read_times
from service.ingest.fields import Item


def misfits(kind: Kind, rule: FieldRule, style: TimeStyle) -> Iterator[str]:
    """Keys of a rule that its field cannot use, or lacks."""
    if kind == "time" and style.lacks:
        yield style.lacks
    if kind != "time":
        for name in rule.keys_present("zone", "at", "ambiguous", *(() if kind == "day" else ("format",))):
            yield f"{name} applies only to times"
    if kind != "duration" and rule.unit:
        yield "unit applies only to durations"
    for source in rule.sources:
        if "join" in source.model_fields_set and source.columns is None:
            yield "join applies only to columns"
        if "unmapped" in source.model_fields_set and source.values is None:
            yield "unmapped applies only to values"


def wrong_words(section: Section, field: str, kind: Kind, rule: FieldRule, style: TimeStyle) -> Iterator[str]:
    """Values in the mapping itself that the field would not accept."""
    words = [
        source.prefix + text_of(word)
        for source in rule.sources
        for word in (source.constant, *(source.values or {}).values())
        if word is not None
    ]
    words += [text_of(rule.default)] if rule.default is not None else []
    if kind == "text" and field in section.form.model_fields:
        yield from not_taken(section.form, field, words)
    if kind == "time" and not style.lacks:
        for word in words:
            _, invalid = read_times(pl.Series([word]), style)
            yield from (f"{word} {reason}" for mask, reason in invalid if mask.any())


def not_taken(form: type[Item], field: str, words: Iterable[str]) -> Iterator[str]:
    """Those of some words that a field of a form refuses, with the reasons."""
    for word in words:
        try:
            checker(form, field).validate_python(word)
        except ValidationError as error:
            yield f"{word}: {error.errors()[0]['msg']}"


def decisive(error: ValidationError) -> list[Any]:
    """The faults of a table, without those that only say that a text is no list of texts."""
    faults = error.errors(include_url=False)
    known = {fault["loc"][0] for fault in faults if fault["loc"] and fault["type"] != "list_type"}
    return [fault for fault in faults if fault["type"] != "list_type" or fault["loc"][0] not in known]


def describe_fault(form: type[BaseModel], where: str, fault: Any) -> str:
    """One fault of a table, in the words of the mapping."""
    place = ".".join(str(part) for part in fault["loc"] if not str(part).startswith(_INNER))
    if fault["type"] == "extra_forbidden":
        return f"{where} {place} is not a key of this table{advice(place, form.model_fields)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where} {place}: {message}" if place else f"{where}: {message}"


# What pydantic calls the alternatives of a key that takes values of several kinds.
_INNER = ("function-", "constrained-", "list[", "Condition")


def advice(name: str, known: Any) -> str:
    """What to write instead of an unknown name."""
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else f"; use one of: {', '.join(known)}"


def article(name: str) -> str:
    """A name with its article: an attempt, a lead."""
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"

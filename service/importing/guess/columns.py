"""Suggestions: which field each column of a file fills, and which included or saved mapping fits it."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from service.importing.guess.words import SYNONYMS
from service.importing.guess.words_abroad import ABROAD
from service.importing.language.choices import shipped
from service.importing.language.targets import TARGETS, Section

# What rows of calls usually hold besides the call; other parts only if a column has exactly their name.
_SUGGESTED = ("disposition", "lead")
_RARE = ("participant", "leg", "segment", "offer")
_BRACKETS = re.compile(r"\([^)]*\)")
_REJECTED = ("rejected_line", "rejected_field", "rejected_reason")


@cache
def fields_of_kind(resource: str) -> dict[str, Section]:
    """The fields that a kind of rows has, as section.field, those of its own form first."""
    return {f"{section.name}.{name}": section for section in TARGETS[resource].sections for name in section.fields}


def suggest(resource: str, columns: Sequence[str]) -> dict[str, str]:
    """The field that each column probably fills; a column without a suggestion is left out. No field comes twice."""
    suggested: dict[str, str] = {}
    for names in _names_by_strength(resource):
        for column in columns:
            if column in suggested or column in _REJECTED:
                continue
            path = next((path for path in _means(names, column) if path not in suggested.values()), None)
            if path:
                suggested[column] = path
    return suggested


def _means(names: Mapping[str, Sequence[str]], column: str) -> Sequence[str]:
    """The fields that a column's name means, also without what stands in brackets: Amount spent (USD)."""
    return names.get(_bare(column)) or names.get(_bare(_BRACKETS.sub("", column)), ())


def fits(content: Mapping[str, Any], columns: Sequence[str]) -> bool:
    """Whether a file has every column that a mapping names, and the mapping names at least two."""
    sections = {section.name for target in TARGETS.values() for section in target.sections}
    named = {name for section, table in _tables(content) if section in sections for name in _columns_of(table)}
    return len(named) > 1 and named <= set(columns)


@cache
def _names_by_strength(resource: str) -> list[dict[str, list[str]]]:
    """Fields by the names of columns that mean them: our own names, then vendors', then words of languages."""
    own: dict[str, list[str]] = {}
    usual: dict[str, list[str]] = {}
    abroad: dict[str, list[str]] = {}
    first = TARGETS[resource].sections[0].name
    for path, section in fields_of_kind(resource).items():
        if section.name not in {first, *_SUGGESTED}:
            continue
        name = path.partition(".")[2]
        for spelling in (name, path) if section.name == first else (path,):
            own.setdefault(_bare(spelling), []).append(path)
        for words, names in ((SYNONYMS, usual), (ABROAD, abroad)):
            for word in words.get(name.rpartition(".")[2], ()):
                names.setdefault(_bare(word), []).append(path)
    return [own, _vendor_names(resource), usual, abroad]


def _vendor_names(resource: str) -> dict[str, list[str]]:
    """The columns that included mappings copy as they are, by the field they fill."""
    names: dict[str, list[str]] = {}
    for path in shipped().values():
        for section, table in _tables(tomllib.loads(path.read_text(encoding="utf-8"))):
            if section in _RARE:
                continue
            for field, rule in table.items():
                column = _copied(rule)
                if column and f"{section}.{field}" in fields_of_kind(resource):
                    names.setdefault(_bare(column.rpartition(".")[2]), []).append(f"{section}.{field}")
    return names


def _tables(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, table in content.items():
        if isinstance(table, dict):
            yield name, cast("dict[str, Any]", table)


def _copied(rule: Any) -> str | None:
    """The column that a rule copies, with no more than its format or unit."""
    if isinstance(rule, str):
        return rule
    if isinstance(rule, dict) and rule.keys() <= {"column", "optional", "unit", "format", "zone"}:
        return cast("dict[str, Any]", rule).get("column")
    return None


def _columns_of(table: Mapping[str, Any]) -> Iterator[str]:
    """The columns that the fields of a table must have."""
    for rule in table.values():
        if isinstance(rule, str):
            yield rule
        elif isinstance(rule, dict):
            options = cast("dict[str, Any]", rule)
            if isinstance(options.get("column"), str) and not options.get("optional"):
                yield options["column"]


def _bare(name: str) -> str:
    """A name without case, accents, spaces and punctuation."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[\W_]+", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))

"""Files whose columns are named like the fields of the API need no mapping."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from reports.model.lists import join_first
from service.config import SetupError
from service.importing.language.mapping import FileMapping, MappingParser
from service.importing.language.options import FileOptions
from service.importing.language.targets import TARGETS, import_scope

_MOST_NAMED = 8
_REJECTED = ("rejected", "rejected_line", "rejected_field", "rejected_reason")


def own_names(resource: str) -> dict[str, tuple[str, str]]:
    """The columns that need no mapping: fields of the resource, and those of its other sections with their section."""
    first, *others = TARGETS[resource].sections
    names = {name: (first.name, name) for name in first.fields}
    return names | {f"{other.name}.{name}": (other.name, name) for other in others for name in other.fields}


def _with_open_fields(resource: str, columns: Sequence[str]) -> dict[str, tuple[str, str]]:
    """These names, and the columns below a field that takes any name, such as points.greeting."""
    first = TARGETS[resource].sections[0]
    below = {column: (first.name, column) for column in columns if column.partition(".")[0] in first.open}
    return below | own_names(resource)


def mapping_by_names(
    resource: str, path: Path, columns: Sequence[str], options: FileOptions, zone: str | None
) -> FileMapping:
    """The mapping of a file by the names of its columns. zone: of times without one. Raises SetupError."""
    names = _with_open_fields(resource, columns)
    tables: dict[str, dict[str, dict[str, object]]] = {}
    for column in columns:
        if column in names:
            section, field = names[column]
            tables.setdefault(section, {})[field] = {"column": column, "optional": True}
    first = TARGETS[resource].sections[0]
    missing = [name for name in first.required if name not in tables.get(first.name, {})]
    if missing and not any(columns):
        raise SetupError(f"{path} has no row with columns: JSON needs one object per line")
    if missing:
        close = get_close_matches(missing[0], columns, n=1)
        meant = f" (did you mean {close[0]}?)" if close else ""
        raise SetupError(
            f"{path} has no column {missing[0]}{meant}, which {resource} need; it has: {join_first(columns, 25)}."
            " Name a mapping with --mapping, or give the columns the names of the fields"
        )
    parser = MappingParser(import_scope(resource), dict(tables), zone)
    mapping = parser.parse()
    if parser.problems:
        raise SetupError("\n  ".join([f"{path} needs a mapping:", *dict.fromkeys(parser.problems)]))
    return replace(mapping, file=options, notes=tuple(_left_out(columns, names)))


def _left_out(columns: Sequence[str], names: dict[str, tuple[str, str]]) -> list[str]:
    """A note about columns that are no fields."""
    others = [column for column in columns if column and column not in names and column not in _REJECTED]
    if not others:
        return []
    close = {column: get_close_matches(column, list(names), n=1) for column in others}
    shown = [f"{column} (did you mean {close[column][0]}?)" if close[column] else column for column in others]
    return [f"Columns that are no fields were left out: {join_first(shown, _MOST_NAMED)}."]

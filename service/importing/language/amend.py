"""Amending a mapping that overlooks what the columns of its file say: copies of earlier mappings, directions, legs."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

Table = dict[str, Any]

_MAPPINGS = Path(__file__).parent / "mappings"

# Columns that say whether a call came in. In a switch's records the direction is that of each leg and says nothing.
_DIRECTIONS = ("hs_call_direction", "CallType", "Call Type", "call_type", "Direction", "direction", "call_direction")
_OF_A_SWITCH = frozenset({"dcontext", "uuid", "call_uuid", "bleg_uuid", "hangup_cause"})
_CAME_IN = "(?i)^(inbound|incoming|in)$"
_LEG_OF = "originating_leg_uuid"


def amended(content: Table, resource: str) -> tuple[Table, list[str]]:
    """A mapping's tables with what they overlook, and what to tell people about it."""
    if resource != "attempts" or not isinstance(content.get("attempt"), dict):
        return content, []
    content, renewed = _renewed(content)
    content, joined = _with_legs(content)
    return content, [*renewed, *joined]


def overlooked_direction(content: Table) -> Table | None:
    """A [direction] for a mapping that reads none of the columns that usually tell it: only calls that came in."""
    read = set(_texts(content))
    if "direction" in content or read & _OF_A_SWITCH:
        return None
    prefixes = dict.fromkeys(["", *(f"{name.rpartition('.')[0]}." for name in sorted(read) if "." in name)])
    names = [f"{prefix}{name}" for prefix in prefixes for name in _DIRECTIONS]
    if read & set(names):
        return None
    source: Table = {}
    for name in reversed(names):
        others = {"otherwise": source} if source else {}
        source = {"column": name, "matches": _CAME_IN, "optional": True, **others}
    return {**source, "default": "outbound"}


def _renewed(content: Table) -> tuple[Table, list[str]]:
    """The mapping, with the present rules in place of those it copied unchanged from an included mapping."""
    for path in sorted((_MAPPINGS / "earlier").glob("*.toml")):
        earlier = _tables(path)
        if _is_copy(content, earlier):
            note = (
                f"The mapping copies {path.stem} as it was before; the rules it left unchanged count as they are now."
            )
            return _merged(content, earlier, _tables(_MAPPINGS / path.name)), [note]
    return content, []


def _tables(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _is_copy(content: Table, earlier: Table) -> bool:
    file = content.get("file")
    columns = cast("Table", file).get("columns") if isinstance(file, dict) else None
    same_id = content["attempt"].get("external_id") == earlier["attempt"]["external_id"]
    return same_id and columns == earlier["file"]["columns"]


def _merged(mine: Table, earlier: Table, present: Table) -> Table:
    """The present tables with the changes that were made to the earlier ones, table by table and field by field."""
    merged: Table = {}
    for name in dict.fromkeys((*present, *mine)):
        before, after = earlier.get(name), present.get(name)
        if name not in mine:
            if name not in earlier:
                merged[name] = after
        elif all(isinstance(table, dict) for table in (mine[name], before, after)) and name in _TABLES:
            merged[name] = _merged(mine[name], cast("Table", before), cast("Table", after))
        elif mine[name] != before:
            merged[name] = mine[name]
        elif name in present:
            merged[name] = after
    return merged


_TABLES = frozenset({"file", "times", "attempt"})


def _with_legs(content: Table) -> tuple[Table, list[str]]:
    """FreeSWITCH: rows that name another row as their originating leg are legs of that call, and know it better."""
    attempt: Table = content["attempt"]
    known_by, dialed_at, ended_at = (attempt.get(name) for name in ("external_id", "dialed_at", "ended_at"))
    if known_by != "call_uuid" or _LEG_OF in set(_texts(content)):
        return content, []
    legs: Table = {"external_id": {"column": _LEG_OF, "optional": True, "otherwise": {"column": known_by}}}
    if isinstance(dialed_at, str) and isinstance(ended_at, str) and "observed_at" not in attempt:
        is_leg = {_LEG_OF: {"empty": False}}
        otherwise = {"column": dialed_at}
        legs["observed_at"] = {"column": ended_at, "where": is_leg, "optional": True, "otherwise": otherwise}
    note = (
        f"Rows with an {_LEG_OF} were read as legs of that call; the included mapping freeswitch-cdr reads them best."
    )
    return {**content, "attempt": attempt | legs}, [note]


def _texts(value: Any) -> Iterator[str]:
    """Every text in a table, names of keys included: among them the columns it reads."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in cast("Table", value).items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _texts(inner)

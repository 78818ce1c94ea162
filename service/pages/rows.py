"""The rows behind a number as a page shows them: named, with units, on one clock, each a door to what it is of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.cell_schema import NO_ROWS, CellSide
from reports.measures.counts import Count, Sum
from reports.query.drill_through import ADDS, Rows, drill_through_target
from reports.query.parameters import InvalidRequest, Parameters
from reports.render import formatting, provenance
from service.pages.column_labels import is_text, reads, title

PATH = "/look/rows"
# What matters least of a row, and so stands last.
_LAST = ("team", "tracking_number", "country", "region", "period")
# Where a definition begins anew: Population, Edge cases.
_BEGINS = re.compile(r"\n(?=[A-Z][a-z ]+: )")


@dataclass(frozen=True)
class Column:
    """A column of the rows. text: whether it reads from the left."""

    name: str
    title: str
    text: bool


@dataclass(frozen=True)
class Value:
    """A value of a row, and where it leads."""

    text: str
    door: str | None


def told_of_rows(rows: Rows, parameters: Parameters) -> dict[str, Any]:
    """What the template is told of a page of rows; parameters: as they were asked."""
    columns, entry = _columns(rows), provenance.entry(rows.metric)
    names = [column.name for column in columns]
    # Whatever comes in meanwhile, other pages and the file are of the same rows.
    here = partial(_address, {**parameters, "as_of": [rows.request.until.isoformat()]})
    before = max(rows.offset - rows.limit, 0)
    return {
        "rows": rows,
        "entry": entry,
        "things": rows.metric.base_frame.label,
        "columns": columns,
        "empty": [title(name) for name in _empty(rows)],
        "definition": [part.replace("\n", " ") for part in _BEGINS.split(entry.definition)],
        "total": _total(rows),
        "lines": [[_value(rows, row, name) for name in names] for row in rows.items.iter_rows(named=True)],
        "narrowed": list(_narrowed(rows)),
        "as_of_here": here(),
        "part": (other, here(part=other, offset=None)) if (other := _other_part(rows, parameters)) else None,
        "earlier": here(offset=str(before)) if rows.offset else None,
        "further": here(offset=str(rows.offset + rows.limit)) if rows.more else None,
        "csv": here("/v1/reports/rows", format="csv", limit=None, offset=None),
    }


def _total(rows: Rows) -> str | None:
    """What the rows add up to, where that is not how many they are."""
    unit = " s" if rows.metric.unit == "s" else formatting.after(rows.metric.unit, rows.request.currency)
    return None if rows.total == rows.count else f"{rows.total:,.2f}{unit}"


def _columns(rows: Rows) -> list[Column]:
    """What tells a row first, then when things happened, then the rest; what no row has is left out."""
    told = [name for name in rows.items.columns if name not in {*_empty(rows), ADDS, "dialer"}]
    key = [name for name in told if name in rows.metric.base_frame.key and not name.endswith("_at")]
    moments = [name for name in told if name.endswith("_at")]
    rest = sorted((name for name in told if name not in {*key, *moments}), key=_LAST.__contains__)
    dialer = ["dialer"] if "dialer" in rows.items.columns else []
    adds = [ADDS] if rows.total != rows.count else []
    ordered = [*key, *moments, *rest, *dialer, *adds]
    return [Column(name, _title(rows, name), text=is_text(name) and name != ADDS) for name in ordered]


def _title(rows: Rows, name: str) -> str:
    return "Appointment" if name == "external_id" and "attempt" in rows.items.columns else title(name)


def _empty(rows: Rows) -> list[str]:
    """Columns in which no row of the page has anything."""
    items = rows.items
    return [name for name in items.columns if items.height and items[name].null_count() == items.height]


def _value(rows: Rows, row: Mapping[str, Any], name: str) -> Value:
    zone, currency = rows.request.window.zone, row.get("currency") or rows.request.currency
    return Value(reads(name, row[name], zone, currency), _door(rows, row, name))


def _door(rows: Rows, row: Mapping[str, Any], name: str) -> str | None:
    """Where a value leads: a call's name to its life, a lead's to all calls to it."""
    kept = {
        "tz": rows.request.window.zone_name,
        **({"as_of": rows.request.as_of.isoformat()} if rows.request.as_of else {}),
    }
    match name:
        case "lead" if row["lead"] is not None:
            return f"/lead?{urlencode({'external_id': row['lead'], **kept})}"
        case "external_id" | "attempt" if _names_attempt(row, name):
            return f"/attempt?{urlencode({'dialer': row['dialer'], 'external_id': row[name], **kept})}"
        case "touch_name" if row["touch_kind"] == "call":
            return f"/attempt?{urlencode({'dialer': row['touch_dialer'], 'external_id': row[name], **kept})}"
        case _:
            return None


def _names_attempt(row: Mapping[str, Any], name: str) -> bool:
    """Whether a column holds the name of a call; that of an appointment says with its dialer which call led to it."""
    return (name == "attempt") == ("attempt" in row) and row.get("dialer") is not None and row[name] is not None


def _narrowed(rows: Rows) -> Iterator[str]:
    """What the rows were narrowed to, in words."""
    for name, values in rows.request.filters.items():
        what = DIMENSIONS[name].title.lower()
        nothing = DIMENSIONS[name].missing or f"no {what}"
        yield " or ".join(f"{what} {value}" if value else nothing for value in values)


def _address(parameters: Parameters, path: str = PATH, **changed: str | None) -> str:
    """The same question with something asked otherwise, or no more; an empty value asks for what has none."""
    said = {**parameters, **{name: [] if value is None else [value] for name, value in changed.items()}}
    return f"{path}?{urlencode(said, doseq=True)}"


def _other_part(rows: Rows, parameters: Parameters) -> CellSide | None:
    """The other side of a quotient, where rows stand behind it."""
    other: CellSide = "denominator" if rows.part == "numerator" else "numerator"
    if parameters.get("part", ["numerator"])[-1] == other or isinstance(rows.metric.measure, Count | Sum):
        return None
    try:
        metric, part = drill_through_target(rows.request.metrics[0], other)
    except InvalidRequest:
        return None
    return None if metric.base_measure.drill_through(part) is NO_ROWS else other

"""The rows of a number as a page shows them: with labels and units, on one clock, linked to calls and leads."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from reports.measures.cell_schema import NO_ROWS, CellSide
from reports.measures.counts import Count, Sum
from reports.model.language import digits, marked, translate, translate_plural
from reports.model.lists import join_all
from reports.query.drill_through import ADDS, Rows, drill_through_target
from reports.query.parameters import InvalidRequest, Parameters
from reports.render import formatting, provenance
from service.pages.components.call_links import KnownCalls, call_link
from service.pages.components.column_labels import column_label, display_value, is_converted, is_left_aligned

PATH = "/look/rows"
# The least important columns of a row; they stand last.
_LAST = ("team", "tracking_number", "country", "region", "period")
# What an external id names, in frames whose rows are no calls.
_OWN_IDS = {
    **dict.fromkeys(("appointments", "meetings"), marked("Appointment")),
    **dict.fromkeys(("evaluations", "evaluated_items", "disputes"), marked("Evaluation")),
    "surveys": marked("Survey"),
    "shared_calls": marked("Shared call"),
    "cases": marked("Case"),
}
_CONVERSION = ("rate", "rate_on")
# The start of a paragraph in a definition: Population, Edge cases.
_PARAGRAPH_START = re.compile(r"\n(?=[A-Z][a-z ]+: )")


@dataclass(frozen=True)
class Column:
    """A column of the rows. text: whether it is aligned to the left."""

    name: str
    title: str
    text: bool


@dataclass(frozen=True)
class Value:
    """A value of a row, and the page it links to."""

    text: str
    link: str | None


def named_calls(rows: Rows) -> Iterator[tuple[str | None, str | None]]:
    """The dialer and the id of every call that the rows name."""
    for name in rows.metric.base_frame.calls:
        if {name, "dialer"} <= set(rows.items.columns):
            yield from rows.items.select("dialer", name).iter_rows()


def rows_context(rows: Rows, parameters: Parameters, known: KnownCalls) -> dict[str, Any]:
    """The template variables of one page of rows; parameters: those in the address. known: the calls it links to."""
    columns, entry = _columns(rows), provenance.catalogue_entry(rows.metric)
    names = [column.name for column in columns]
    # The other pages and the file show the same rows, even if more calls are recorded meanwhile.
    link = partial(_link, {**parameters, "as_of": [rows.request.until.isoformat()]})
    previous_offset = max(rows.offset - rows.limit, 0)
    other_side = _other_side(rows, parameters)
    return {
        "rows": rows,
        "entry": entry,
        "counted": translate_plural(*provenance.row_labels(rows.metric.base_frame), rows.count),
        "columns": columns,
        "empty_columns": [column_label(name) for name in _empty_columns(rows) if name not in _CONVERSION],
        "definition": [paragraph.replace("\n", " ") for paragraph in _PARAGRAPH_START.split(entry.definition)],
        "total": _total(rows),
        "lines": [[_value(rows, row, name, known) for name in names] for row in rows.items.iter_rows(named=True)],
        "filters": list(_filters(rows)),
        "as_of_link": link(),
        "other_side": (other_side, link(part=other_side, offset=None)) if other_side else None,
        "previous_link": link(offset=str(previous_offset)) if rows.offset else None,
        "next_link": link(offset=str(rows.offset + rows.limit)) if rows.more else None,
        "csv_link": link("/v1/reports/rows", format="csv", limit=None, offset=None),
    }


def _total(rows: Rows) -> str | None:
    """The sum of the rows, if it differs from their number."""
    if rows.total == rows.count:
        return None
    if rows.metric.unit == "s":
        return formatting.duration(rows.total)
    return formatting.with_unit(digits(rows.total, 2), rows.metric.unit, rows.request.currency)


def _columns(rows: Rows) -> list[Column]:
    """The columns with at least one value: first the row's key, then its times, then the rest."""
    hidden = {*_empty_columns(rows), *_needless_columns(rows), ADDS, "dialer"}
    names = [name for name in rows.items.columns if name not in hidden]
    key = [name for name in names if name in rows.metric.base_frame.key and not name.endswith("_at")]
    times = [name for name in names if name.endswith("_at")]
    rest = sorted((name for name in names if name not in {*key, *times}), key=_LAST.__contains__)
    dialer = ["dialer"] if "dialer" in rows.items.columns else []
    adds = [ADDS] if rows.total != rows.count else []
    ordered = [*key, *times, *rest, *dialer, *adds]
    return [Column(name, _title(rows, name), text=is_left_aligned(name) and name != ADDS) for name in ordered]


def _title(rows: Rows, name: str) -> str:
    """The label of a column; an id that is not of a call is that of what the frame counts."""
    frame = rows.metric.base_frame
    own = _OWN_IDS.get(frame.name) if name == "external_id" else None
    return translate(own) if own else column_label(name)


def _empty_columns(rows: Rows) -> list[str]:
    """The columns without a value in any row of the page."""
    items = rows.items
    return [name for name in items.columns if items.height and items[name].null_count() == items.height]


def _needless_columns(rows: Rows) -> list[str]:
    """Converted money that is the same as the money sent: no row of the page needed an exchange rate."""
    return [name for name in rows.items.columns if is_converted(name)] if "rate" in _empty_columns(rows) else []


def _value(rows: Rows, row: Mapping[str, Any], name: str, known: KnownCalls) -> Value:
    zone, currency = rows.request.window.zone, rows.request.currency
    if not is_converted(name):
        currency = row.get("currency") or currency
    return Value(display_value(name, row[name], zone, currency), _row_link(rows, row, name, known))


def _row_link(rows: Rows, row: Mapping[str, Any], name: str, known: KnownCalls) -> str | None:
    """The page a value links to: a call to its history, a lead to all calls to it."""
    carried = {
        "tz": rows.request.window.zone_name,
        **({"as_of": rows.request.as_of.isoformat()} if rows.request.as_of else {}),
    }
    match name:
        case "lead" if row["lead"] is not None:
            return f"/lead?{urlencode({'external_id': row['lead'], **carried})}"
        case "touch_name" if row["touch_kind"] == "call":
            return f"/attempt?{urlencode({'dialer': row['touch_dialer'], 'external_id': row[name], **carried})}"
        case _ if kind := rows.metric.base_frame.calls.get(name):
            call = known.find(kind, row.get("dialer"), row[name])
            return call_link(call, **carried) if call else None
        case _:
            return None


def _filters(rows: Rows) -> Iterator[str]:
    """The filters of the rows, in words."""
    for name, values in rows.request.filters.items():
        dimension = rows.request.dimension(name)
        what = dimension.label.lower()
        nothing = dimension.missing_label or translate("no {dimension}", dimension=what)
        yield join_all([f"{dimension.label} {value}" if value else nothing for value in values], "or")


def _link(parameters: Parameters, path: str = PATH, **changes: str | None) -> str:
    """The same address with some parameters changed; None removes one, an empty text asks for rows without a code."""
    changed = {**parameters, **{name: [] if value is None else [value] for name, value in changes.items()}}
    return f"{path}?{urlencode(changed, doseq=True)}"


def _other_side(rows: Rows, parameters: Parameters) -> CellSide | None:
    """The other side of a ratio, if it has rows."""
    other: CellSide = "denominator" if rows.part == "numerator" else "numerator"
    if parameters.get("part", ["numerator"])[-1] == other or isinstance(rows.metric.measure, Count | Sum):
        return None
    try:
        metric, side = drill_through_target(rows.request.metrics[0], other)
    except InvalidRequest:
        return None
    return None if metric.base_measure.drill_through(side) is NO_ROWS else other

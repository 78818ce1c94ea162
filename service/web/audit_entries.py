"""Entries of the audit log as API and page show them: which ones a request selects, and the log as a file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, cast
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from reports.model.times import TimeFormError
from reports.model.windows import read_edge
from service.accounts.audit_log import ACTIONS, RESOURCES, Action, Selection
from service.errors import Fault, InvalidParameter

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A file has at most so many entries, the latest; a shorter time has all of its own.
MOST_IN_A_FILE = 100_000
FILTERS = ("action", "resource", "name", "from", "to")
_COLUMNS = ("recorded_at", "actor", "name", "client", "action", "resource", "subject", "address", "changes")
# A spreadsheet would run text that begins so as a formula.
_FORMULA = r"^[=+\-@\t\r]"


def read_selection(sent: Mapping[str, str | None], zone: ZoneInfo) -> Selection:
    """The entries that the filters of a request select; dates are days of the zone. Raises InvalidParameter."""
    faults = list[Fault]()
    for name, known in (("action", [*ACTIONS]), ("resource", RESOURCES)):
        if (text := sent.get(name)) and text not in known:
            faults.append(Fault(name, f"must be one of {', '.join(known)}"))
    edges = {name: _edge(name, sent.get(name), zone, faults) for name in ("from", "to")}
    if faults:
        raise InvalidParameter(faults=tuple(faults))
    action = cast("Action | None", sent.get("action") or None)
    return Selection(action, sent.get("resource") or None, sent.get("name") or None, edges["from"], edges["to"])


def _edge(name: str, text: str | None, zone: ZoneInfo, faults: list[Fault]) -> datetime | None:
    try:
        return read_edge(text, zone) if text else None
    except TimeFormError as error:
        faults.append(Fault(name, str(error)))
        return None


def as_file(entries: Iterable[Mapping[str, Any]], kind: str) -> bytes:
    """Entries as a file of this kind, csv or xlsx; a spreadsheet runs none of its text."""
    rows = [[_text(entry[name]) for name in _COLUMNS] for entry in entries]
    table = pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    if kind == "xlsx":
        buffer = BytesIO()
        table.write_excel(buffer, worksheet="Audit log")
        return buffer.getvalue()
    quoted = (
        pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in _COLUMNS
    )
    return table.with_columns(quoted).write_csv().encode()


def _text(value: Any) -> str | None:
    match value:
        case None | str():
            return value
        case datetime():
            return value.isoformat()
        case _:
            return orjson.dumps(value).decode()

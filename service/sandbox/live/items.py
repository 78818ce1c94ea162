"""Rows of the ledger as they are sent: plain dicts with the field names of the API."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson

from service.sandbox.scenario.instants import SECOND, wire_time

Item = dict[str, object]
Row = Mapping[str, Any]

# Columns that capture finds out, or that travel in an item of their own.
_NOT_SENT = {
    *("id", "recorded_at", "source", "tracking_number", "attributed_by", "lead", "lead_by", "talk_ms", "hold_ms"),
    *("to_country", "to_region", "to_zones", "phone_country", "phone_region", "phone_zones"),
    *("from_country", "from_region", "from_zones"),
    *("disposition", "disposition_set_at", "disposition_agent", "callback_at"),
}

# What a dialer knows when it begins to dial, and when the call is answered.
_AT_DIAL = (
    *("external_id", "dialer", "campaign", "said_lead", "lead_matching", "said_source", "to_number", "from_number"),
    *("dialed_at", "test"),
)
_AT_ANSWER = (
    *("external_id", "dialer", "campaign", "dialed_at", "agent", "answered_at", "agent_joined_at"),
    *("ring_ms", "network_result"),
)
_AT_ARRIVAL = (
    *("external_id", "dialer", "campaign", "said_lead", "lead_matching", "said_source", "from_number", "to_number"),
    *("arrived_at", "queued_at", "menu_path", "menu_ms", "queue", "test"),
)
_AFTER_DIAL = {"said_lead", "lead_matching", "said_source", "to_number", "from_number", "test"}

_NOTES = {"SALE": "Wants the start before the end of the month.", "INFO": "Send the brochure, then ring again."}


def wire_value(name: str, value: Any) -> object:
    """A value of a column as JSON has it."""
    if name.endswith("_at"):
        return wire_time(value)
    if name.endswith("_ms"):
        return value / SECOND
    return value.isoformat() if isinstance(value, date) else value


def item(row: Row, columns: Iterable[str]) -> Item:
    """These columns of a row; unknown values are not sent."""
    return {_field(name): wire_value(name, row[name]) for name in columns if row[name] is not None}


def _field(name: str) -> str:
    if name == "lead_matching":
        return "match_lead"
    name = name.removeprefix("said_")
    return f"{name.removesuffix('_ms')}_seconds" if name.endswith("_ms") else name


def _sent(row: Row) -> list[str]:
    return [name for name in row if name not in _NOT_SENT]


def national(number: str) -> str:
    """A number as people at home write it, without the code of their country."""
    if number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return f"0{number[3:6]} {number[6:9]} {number[9:]}"


def lead_received(row: Row, number: str | None) -> Item:
    """A lead as it arrives, with its number as it was written; a lead of the past has none."""
    sent = item(row, ("external_id", "received_at", "source", "campaign", "test"))
    attributes = {"attributes": orjson.loads(row["attributes"])} if row["attributes"] else {}
    reached = {"phone_number": number} if number else {}
    return sent | attributes | reached | {"observed_at": wire_time(row["received_at"])}


def lead_changed(row: Row, at: str, *columns: str) -> Item:
    """A lead that was assigned or closed. at: the column with the moment of the change."""
    # A few leads are closed before the CRM assigns them: the assignment is then no news.
    observed_at = min(row[at], row["observed_at"])
    return item(row, ("external_id", "received_at", at, *columns)) | {"observed_at": wire_time(observed_at)}


def attempt(row: Row, number: str) -> Item:
    """A whole call in one item, or as much of it as is known."""
    return item(row, _sent(row)) | {"to_number": number} | _recording(row)


def attempt_dialed(row: Row, number: str) -> Item:
    """The beginning of a call."""
    return item(row, _AT_DIAL) | {"to_number": number, "observed_at": wire_time(row["dialed_at"])}


def attempt_answered(row: Row, detected: str) -> Item:
    """A call that was answered. detected: what the dialer's machine detection heard, right or wrong."""
    heard_at = row["agent_joined_at"] or row["answered_at"]
    return item(row, _AT_ANSWER) | {"answered_by": detected, "detector": "amd", "observed_at": wire_time(heard_at)}


def attempt_ended(row: Row) -> Item:
    """The end of a call whose beginning was sent before."""
    return item(row, (name for name in _sent(row) if name not in _AFTER_DIAL)) | _recording(row)


def inbound_call(row: Row) -> Item:
    """A whole call from a caller in one item."""
    sent = item(row, (name for name in _sent(row) if name != "offers"))
    return sent | ({"offers": orjson.loads(row["offers"])} if row["offers"] else {})


def caller_arrived(row: Row) -> Item:
    """A caller who begins to wait."""
    return item(row, _AT_ARRIVAL) | {"observed_at": wire_time(row["queued_at"])}


def _recording(row: Row) -> Item:
    if row["answered_by"] != "human" or row["talk_ms"] is None:
        return {}
    uri = f"https://recordings.example/{row['external_id']}.opus"
    return {"recording": {"uri": uri, "seconds": row["talk_ms"] / SECOND, "consent": "announced"}}


def disposition(row: Row, *columns: str) -> Item:
    """A disposition with its note. columns: those that name its call, when it is sent without the call."""
    note = {"note": _NOTES[row["code"]]} if row["code"] in _NOTES else {}
    return item(row, (*columns, "code", "set_at", "agent", "callback_at")) | note


def whole_row(row: Row, **changes: object) -> Item:
    """A row of any other table, with some columns changed."""
    changed = {**row, **changes}
    return item(changed, (name for name in changed if name != "recorded_at"))

"""A few calls as they count, looked at one by one: by the same rules as in any report."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from reports.model.codes import Codes
from reports.rules.call_outcomes import CURRENT_ATTEMPT, resolve_attempts

Key = tuple[str, str]


def resolve_few(rows: Iterable[Mapping[str, Any]], codes: Codes) -> dict[Key, dict[str, Any]]:
    """Some attempts as they count, by dialer and external id; rows: what is believed, as much as is known of it."""
    believed = [tuple(row.get(name) for name in CURRENT_ATTEMPT) for row in rows]
    table = pl.LazyFrame(believed, schema=CURRENT_ATTEMPT, orient="row")
    settled = resolve_attempts(table, codes).collect()
    return {(row["dialer"], row["external_id"]): row for row in settled.iter_rows(named=True)}


def outcome_label(call: Mapping[str, Any]) -> str:
    """What a settled call has come to so far: sale, person, no answer, going on."""
    if call["open"]:
        return "going on"
    if call["result"] == "unmapped":
        return f"{call['disposition']} (nobody has said what it means)"
    if call["result"] != "none":
        return call["result"].replace("_", " ")
    if call["network_result"] != "answered":
        return call["network_result"].replace("_", " ")
    return _ANSWERED[call["answered_by"]]


_ANSWERED = {
    "unknown": "answered",
    "fax_or_tone": "fax or tone",
    "machine": "machine",
    "human": "a person answered",
}

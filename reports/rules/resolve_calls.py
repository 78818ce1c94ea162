"""A few calls as they count, by the same rules as in reports."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from reports.model.codes import Codes
from reports.model.language import marked, translate
from reports.rules.call_outcomes import CURRENT_ATTEMPT, resolve_attempts

Key = tuple[str, str]


def resolve_few(rows: Iterable[Mapping[str, Any]], codes: Codes) -> dict[Key, dict[str, Any]]:
    """Some attempts as they count, by dialer and external id; rows: the known columns of CURRENT_ATTEMPT."""
    attempts = [tuple(row.get(name) for name in CURRENT_ATTEMPT) for row in rows]
    table = pl.LazyFrame(attempts, schema=CURRENT_ATTEMPT, orient="row")
    resolved = resolve_attempts(table, codes).collect()
    return {(row["dialer"], row["external_id"]): row for row in resolved.iter_rows(named=True)}


def outcome_label(call: Mapping[str, Any]) -> str:
    """The outcome of a resolved call so far: sale, person, no answer, going on."""
    if call["open"]:
        return translate("in progress")
    if call["result"] == "unmapped":
        return translate("{code} (unmapped)", code=call["disposition"])
    if call["result"] != "none":
        return translate(call["result"].replace("_", " "))
    if call["network_result"] != "answered":
        return translate(call["network_result"].replace("_", " "))
    return translate(_ANSWERED[call["answered_by"]])


_ANSWERED = {
    "unknown": marked("answered"),
    "fax_or_tone": marked("fax or tone"),
    "machine": marked("machine"),
    "human": marked("a person answered"),
}

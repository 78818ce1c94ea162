"""Inbound calls of one lead as they count, for the pages of a call and of a lead."""

from collections.abc import Sequence
from typing import Any

import orjson

from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext
from reports.model.windows import Window
from reports.rules.inbound.outcomes import resolve_few_inbound_calls
from service.pages.components.call_history import Row
from service.pages.components.records import RecordRequest

# What the ledger has as lists and reports read as text.
_LISTS = ("shares", "segments", "offers")


def resolved_inbound_calls(
    rows: Sequence[Row], lead: Row | None, codes: Codes, record: RecordRequest
) -> list[dict[str, Any]]:
    """Calls of the ledger as they count at the moment of the page, in the same order. lead: that of all of them."""
    of_lead = {f"lead_{name}": lead[name] if lead else None for name in ("source", "test", "owner")}
    current = [{**row, **_parts(row), **of_lead} for row in rows]
    window = Window(record.moment, record.moment, record.zone)
    context = ResolveContext(codes=codes, window=window, until=record.moment, account_zone=record.zone)
    return resolve_few_inbound_calls(current, context)


def _parts(row: Row) -> Row:
    """The lists of a call as reports read them, and the first agent who took part."""
    stayed = (part for part in row["participants"] or () if part.get("state") != "left")
    texts = {name: orjson.dumps(row[name]).decode() if row[name] else None for name in _LISTS}
    return {**texts, "first_participant": next((part.get("agent") for part in stayed), None)}

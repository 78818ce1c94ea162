"""The requests by which managers and marketing configure the floor before its first call arrives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
import polars as pl

from service.sandbox.live.items import Item, wire_value
from service.sandbox.rows.tables import Tables

# For each table of configuration: the column with the code, the path under /v1, and the columns that are put.
_PUT = {
    "sources": ("code", "sources", ("name", "medium")),
    "campaigns": ("code", "campaigns", ("name", "region", "zone", "starts_on")),
    "agents": ("code", "agents", ("name", "team", "zone")),
    "disposition_codes": (
        *("code", "disposition-codes"),
        ("name", "result", "network_result", "answered_by", "party", "handled", "next_step"),
    ),
    "tracking_numbers": ("number", "tracking-numbers", ("name",)),
    "calendars": ("team", "calendars", ("zone", "hours")),
    "lead_attributes": ("name", "lead-attributes", ("title", "fewest_leads", "allowed")),
    "targets": ("metric", "targets", ("value",)),
}
# Columns that hold JSON, and the fields that it is put in.
_JSON = {"hours": "hours", "allowed": "values"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One request that configures: its method, its path, its body."""

    method: str
    path: str
    body: Item


def settings(tables: Tables) -> list[Setting]:
    """Every configuration request, in an order in which each finds the codes it refers to."""
    puts = [setting for table in _PUT if table in tables for setting in _puts(table, tables[table])]
    return [*puts, *_assignments(tables["tracking_number_assignments"])]


def _puts(table: str, rows: pl.DataFrame) -> Iterator[Setting]:
    key, path, columns = _PUT[table]
    for row in rows.iter_rows(named=True):
        if row.get("confirmed", True):
            yield Setting("PUT", f"/v1/{path}/{quote(row[key], safe='')}", _body(row, columns))


def _assignments(rows: pl.DataFrame) -> Iterator[Setting]:
    for row in rows.iter_rows(named=True):
        path = f"/v1/tracking-numbers/{quote(row['number'], safe='')}/assignments"
        yield Setting("POST", path, _body(row, ("campaign", "source", "from_at", "to_at")))


def _body(row: dict[str, Any], columns: tuple[str, ...]) -> Item:
    values = {name: row[name] for name in columns if row[name] is not None}
    return {_JSON[name]: orjson.loads(value) for name, value in values.items() if name in _JSON} | {
        name: wire_value(name, value) for name, value in values.items() if name not in _JSON
    }

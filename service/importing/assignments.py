"""Assignments of tracking numbers in files: who has a number from when on, in the order of their times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from service.accounts.accounts import Account
from service.errors import AlreadyAssigned, AlreadyRetired, Fault
from service.importing.row_validation import RejectedRow
from service.ingest.attribution import assign
from service.ingest.configuration import Assignment
from service.ingest.resources import Row
from service.platform.db import Pool
from sql.facts import ASSIGNMENTS

PlacedRow = tuple[int, Row]


@dataclass
class AssignedRows:
    """What assignments changed in the ledger, by their places, and those of numbers that another holder has."""

    created: set[int] = field(default_factory=set[int])
    changed: set[int] = field(default_factory=set[int])
    rejected: list[RejectedRow] = field(default_factory=list[RejectedRow])


def assignment_rows(frames: Sequence[pl.DataFrame]) -> list[PlacedRow]:
    """The rows in the order of their times.

    An assignment without an end ends where the next one without an end begins; one with an end only interrupts it.
    """
    if not frames:
        return []
    ordered = pl.concat(frames, how="diagonal").sort("number", "from_at", "place")
    is_open = pl.col("to_at").is_null()
    next_start = pl.when(is_open.shift(-1)).then(pl.col("from_at").shift(-1)).over("number")
    ends = ordered.with_columns(pl.coalesce(pl.col("to_at").cast(ordered.schema["from_at"]), next_start).alias("to_at"))
    columns = (*ASSIGNMENTS.key, *ASSIGNMENTS.observed)
    return [(row.pop("place"), row) for row in ends.select("place", *columns).iter_rows(named=True)]


async def assign_rows(pool: Pool, account: Account, rows: Sequence[PlacedRow]) -> AssignedRows:
    """Assign the numbers one by one, by the rules of the API; the calls of each number find their holder again."""
    assigned = AssignedRows()
    for place, row in rows:
        try:
            # A file is the account's own list of its numbers, so it may name new ones.
            outcome = await assign(pool, account, row["number"], _assignment(row), create=True)
        except (AlreadyAssigned, AlreadyRetired) as error:
            assigned.rejected.append(RejectedRow(place, [Fault("assignment.number", str(error))]))
            continue
        if outcome.receipt.status == "created":
            assigned.created.add(place)
        elif outcome.receipt.status == "updated":
            assigned.changed.add(place)
    return assigned


def _assignment(row: Mapping[str, object]) -> Assignment:
    fields = {name: value for name, value in row.items() if name != "number"}
    return Assignment.model_construct(None, **fields)

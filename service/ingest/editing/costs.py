"""Costs as people look them up: what marketing paid for sources, and what the sales team costs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from service.ingest.fields import Code, Currency, Day
from service.platform.db import Pool, account_transaction
from sql import load

_QUERIES = load("costs")
_AMOUNT = Field(description="A text, so that no digit is lost.")
_NEXT = Field(description="The `after` of the page that follows; null on the last.")


class SpendDocument(TypedDict):
    """What a source cost over a range of days."""

    external_id: Code
    source: Code
    campaign: Code | None
    tracking_number: Code | None
    from_on: Day
    to_on: Day
    amount: Annotated[str, _AMOUNT]
    currency: Currency
    recorded_at: datetime


class SpendPage(TypedDict):
    """A page of spend, the newest days first."""

    items: list[SpendDocument]
    next: Annotated[str | None, _NEXT]


class RunningCostDocument(TypedDict):
    """What a team, or all teams, cost over a range of days."""

    external_id: Code
    team: Code | None
    overhead: bool | None
    from_on: Day
    to_on: Day
    amount: Annotated[str, _AMOUNT]
    currency: Currency
    recorded_at: datetime


class RunningCostsPage(TypedDict):
    """A page of running costs, the newest days first."""

    items: list[RunningCostDocument]
    next: Annotated[str | None, _NEXT]


class MonthCost(TypedDict):
    """What one month cost in one currency, and how many entries are in it."""

    month: date
    currency: str
    amount: Decimal
    entries: int


# What makes two entries the same, and what each list may be narrowed to, in the order of their statements.
_SAME = {
    "spend": ("source", "campaign", "tracking_number", "from_on", "to_on", "currency"),
    "running_costs": ("team", "overhead", "from_on", "to_on", "currency"),
}
_FILTERS = {"spend": ("source", "campaign"), "running_costs": ("team",)}


async def list_costs(
    pool: Pool,
    account_id: int,
    table: str,
    *,
    external_id: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    days: tuple[date | None, date | None] = (None, None),
    part: str | None = None,
    after: tuple[date, str] | None = None,
    most: int,
) -> list[dict[str, Any]]:
    """Entries of spend or running_costs, the newest days first.

    codes: only of this source, campaign or team. days: only entries that touch these days, both included. part: only
    entries with this in one of their texts. after: the first day and the id of the entry before.
    """
    only = [(codes or {}).get(name) for name in _FILTERS[table]]
    after_on, after_id = after or (None, None)
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(
            _QUERIES[f"list_{table}"], account_id, external_id, *only, *days, part, after_on, after_id, most
        )
    return [dict(row) for row in rows]


async def costs_by_month(pool: Pool, account_id: int, table: str, most_months: int) -> list[MonthCost]:
    """What the newest months cost, in each currency; a cost accrues evenly over its days."""
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["costs_by_month"], account_id, table, most_months)
    return [MonthCost(**dict(row)) for row in rows]


async def same_costs(
    pool: Pool, account_id: int, table: str, rows: Sequence[Mapping[str, Any]]
) -> list[list[tuple[str, Decimal]]]:
    """For each row the ids and amounts of known entries about the same: same source or team, days and currency."""
    columns = [[row[name] for row in rows] for name in _SAME[table]]
    async with account_transaction(pool, account_id, readonly=True) as connection:
        known = await connection.fetch(_QUERIES[f"same_{table}"], account_id, *columns)
    by_place: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for entry in known:
        by_place[entry["place"]].append((entry["external_id"], entry["amount"]))
    return [by_place[place] for place in range(1, len(rows) + 1)]

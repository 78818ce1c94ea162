"""Regulatory periods: the 30 days, counted from a campaign's start, over which its dropped calls are added up.

The rule's text fixes them to the campaign, not to the calendar. The first begins on the campaign's first day, and each
next one 30 days later. Days are those of the campaign's own zone, else of the account's.
"""

import polars as pl

from reports.model import windows
from reports.model.codes import Codes
from reports.model.resolve_context import ResolveContext

PERIOD_DAYS = 30


def period_of(anchor: str, context: ResolveContext) -> pl.Expr:
    """The first day of the campaign's period that contains a moment.

    Null where the campaign has no start: the first call in the ledger need not be the first there was. Days before the
    start fall in periods of 30 days back from it.
    """
    campaigns = context.codes.campaigns
    zone, began = _of_campaign(context.codes, "zone"), _of_campaign(context.codes, "starts_on")
    day = windows.local_day(anchor, context.account_zone.key)
    for name in campaigns["zone"].drop_nulls().unique().sort():
        day = pl.when(zone == name).then(windows.local_day(anchor, name)).otherwise(day)
    whole = (day - began).dt.total_days() // PERIOD_DAYS
    return (began + pl.duration(days=whole * PERIOD_DAYS)).cast(pl.Date)


def _of_campaign(codes: Codes, what: str) -> pl.Expr:
    table = codes.campaigns
    return pl.col("campaign").replace_strict(table["code"], table[what], default=None, return_dtype=table.schema[what])

"""Contracts: rows of customers on the days of a window, their spells, and their money.

The rules; their numbers mark the code that applies them:

 1  A row of a customer is a contract or a sale. It covers its first and its last day; days are the account's. What ends
    after the moment of the report has not ended.
 2  A customer is one for as long as contracts follow each other without a day between them (a spell). A new contract on
    the next day, at another price too, is no loss.
 3  A monthly value accrues by day, each day as a part of its month, so that a whole month has the whole value. A sale
    has its value on its first day.
 4  Source, campaign and agent are those of the lead; of several contracts, those of the first with a lead.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.types import VALUE_PERIOD, Schema
from reports.model.windows import day_of, moment_of
from reports.rules.last_contact import read_origin
from reports.rules.spells import MONTH_PARTS, number_spells

CONTRACT: Schema = {
    **dict.fromkeys(("contract", "customer", "lead"), pl.String),
    "since_on": pl.Date,
    "until_on": pl.Date,
    "value": pl.Int128,
    "gross_profit": pl.Int128,
    "value_per": VALUE_PERIOD,
    "currency": pl.String,
    # Those of the lead itself.
    "source": pl.String,
    "campaign": pl.String,
    "owner": pl.String,
    "test": pl.Boolean,
}


@dataclass(frozen=True)
class CountedDays:
    """The account's days that count in a window, up to the report: those with their noon in it. None may count."""

    first: date
    last: date

    @classmethod
    def of(cls, context: ResolveContext) -> "CountedDays":
        """The days of a window. Where none counts, the last day lies before the first."""
        end = min(context.window.end, context.until)
        return cls(_next_day(context.window.start, context), _next_day(end, context) - timedelta(days=1))


def _next_day(edge: datetime, context: ResolveContext) -> date:
    """The first day with its noon at a moment or after it."""
    day = day_of(edge, context.account_zone)
    noon = moment_of(datetime.combine(day, datetime.min.time()) + timedelta(hours=12), context.account_zone)
    return day if noon >= edge else day + timedelta(days=1)


def contracts_by_spell(rows: pl.LazyFrame, context: ResolveContext, days: CountedDays) -> pl.LazyFrame:
    """The contracts begun by the last counted day, each with its spell and the origin of its customer."""
    codes = context.codes
    spells = number_spells(rows, "customer", "since_on", "until_on")  # 2
    in_order = ["since_on", "contract"]
    named = spells.with_columns(lead_at=pl.when(pl.col("lead").is_not_null()).then("since_on"))
    names = ("lead", "owner", "source", "campaign", "test")
    first = [
        pl.col(name).sort_by(pl.col("lead_at"), *in_order, nulls_last=True).first().over("spell") for name in names
    ]
    return (
        named.with_columns(first)  # 4
        .filter(pl.col("since_on") <= days.last)
        .pipe(read_origin, codes)
        .with_columns(
            agent=codes.read("owner", "agent"),
            test=pl.col("test").fill_null(value=False),
            until_on=_happened("until_on", days),  # 1
            ends_on=_happened("ends_on", days),
        )
        .with_columns(team=codes.team_of("agent"))
    )


def _happened(day: str, days: CountedDays) -> pl.Expr:
    return pl.when(pl.col(day) <= days.last).then(day)


def months_up_to(day: pl.Expr) -> pl.Expr:
    """The months from the year 0 up to a day, the day included, in parts of MONTH_PARTS."""
    whole = day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)
    return whole * MONTH_PARTS + day.dt.day().cast(pl.Int64) * (MONTH_PARTS // day.dt.days_in_month().cast(pl.Int64))


def months_between(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """The months of some days, both included, in parts of MONTH_PARTS."""
    return months_up_to(last) - months_up_to(first.dt.offset_by("-1d"))


def accrued(amount: pl.Expr, first: pl.Expr, last: pl.Expr, coin: int | pl.Expr) -> pl.Expr:
    """The part of a month's amount on some days of that month, in whole coins; the parts of all days add up to it."""
    size = first.dt.days_in_month().cast(pl.Int128)
    up_to = [
        amount * day.cast(pl.Int128) // (size * coin) for day in (first.dt.day().cast(pl.Int64) - 1, last.dt.day())
    ]
    whole = last.dt.day().cast(pl.Int128) == size
    return pl.when(whole).then(amount).otherwise(up_to[1] * coin) - up_to[0] * coin

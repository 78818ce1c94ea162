"""Spells: uninterrupted time of a person or customer, of rows with a first and a last day.

Rows have a column with the person, the first day, and the last day, null while it lies ahead. Two rows of a person are
one spell if they share a day, or if one begins on the day after the other has ended.
"""

from datetime import date, timedelta

import polars as pl

from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT
from reports.model.windows import day_of

# The day of a row without a last day.
NEVER = pl.lit(date(9999, 1, 1))
# A month is as many parts as the days of any month divide; a day is some of them, and twelve months are a year.
MONTH_PARTS = 28 * 29 * 15 * 31


def number_spells(rows: pl.LazyFrame, person: str, first: str, last: str) -> pl.LazyFrame:
    """The same rows, sorted, with `spell`, its number, and `ends_on`: its last day, null while it goes on."""
    in_order = rows.sort(person, first, last).with_row_index("place")
    ended = pl.col(last).fill_null(NEVER)
    so_far = ended.cum_max().shift(1).over(person, order_by="place")
    is_new = (pl.col(first) > so_far + timedelta(days=1)).fill_null(value=True)
    numbered = in_order.with_columns(is_new=is_new).with_columns(spell=pl.col("is_new").cum_sum())
    ends_on = ended.max().over("spell")
    return numbered.with_columns(ends_on=pl.when(ends_on < NEVER).then(ends_on)).drop("place", "is_new")


def part_of_month(day: str) -> pl.Expr:
    """A day as parts of its month: the days of a month are MONTH_PARTS together."""
    return MONTH_PARTS // pl.col(day).dt.days_in_month().cast(pl.Int64)


def days_in_window(context: ResolveContext) -> pl.LazyFrame:
    """The days of the account that count in the window, up to the report: day and day_at, its noon.

    A day counts at its noon, in any report; a day that the zone skipped has its noon in UTC.
    """
    end = min(context.window.end, context.until)
    edges = (context.window.start, max(end, context.window.start))
    first, last = (day_of(edge, context.account_zone) for edge in edges)
    days = pl.date_range(first, last, eager=True).alias("day").to_frame().lazy()
    at = days.with_columns(day_at=noon("day", context))
    return at.filter(pl.col("day_at").is_between(pl.lit(context.window.start), pl.lit(end), closed="left"))


def noon(day: str, context: ResolveContext) -> pl.Expr:
    """Noon of a day in the account's zone; a day that the zone skipped has its noon in UTC."""
    shown = pl.col(day).cast(pl.Datetime("us")).dt.offset_by("12h")
    local = shown.dt.replace_time_zone(context.account_zone.key, ambiguous="earliest", non_existent="null")
    return pl.coalesce(local.dt.convert_time_zone("UTC"), shown.dt.replace_time_zone("UTC")).cast(INSTANT)

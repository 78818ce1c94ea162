"""Customer spells: one row is an uninterrupted time as a customer that began by the end of the window.

The rules of reports/rules/contracts.py apply. A row has three moments: counted_at, the start of the window, for what
stands; since_at and lost_at, when the spell began or ended within the window, at noon of that day.
"""

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, CurrentRows, Frame, Input
from reports.model.resolve_context import ResolveContext
from reports.model.types import INSTANT, Schema
from reports.rules import people_inputs
from reports.rules.contracts import CONTRACT, CountedDays, contracts_by_spell, months_between
from reports.rules.deals import MONEY
from reports.rules.exchange import RATES, add_conversion
from reports.rules.lead_selection import instant
from reports.rules.spells import NEVER, noon

CUSTOMER_SPELL: Schema = {
    **dict.fromkeys(("customer", "lead", *CODE_DIMENSIONS), pl.String),
    "since_on": pl.Date,
    "ends_on": pl.Date,
    "counted_at": INSTANT,
    "since_at": INSTANT,
    "lost_at": INSTANT,
    "at_start": pl.Boolean,
    "ended": pl.Boolean,
    # What the customer paid a month at the start of the window, in ten-thousandths of the report's currency.
    "value_at_start": pl.Int128,
    # Parts of a month: the days of the window, and the whole spell so far.
    "month_parts": pl.Int64,
    "life_parts": pl.Int64,
    # Whether the customer pays by the month, and whether a monthly gross profit is known.
    "monthly": pl.Boolean,
    "profit_known": pl.Boolean,
    "no_rate": pl.Boolean,
    "test": pl.Boolean,
}
_OF_CUSTOMER = ("customer", "lead", "agent", "team", "source", "campaign", "test", "ends_on")


def at_start() -> pl.Expr:
    """A customer when the window began."""
    return pl.col("at_start")


def lost_since() -> pl.Expr:
    """A customer when the window began, and lost in it."""
    return pl.col("at_start") & pl.col("ended")


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    days = CountedDays.of(context)
    first, last = pl.lit(days.first), pl.lit(days.last)
    contracts = contracts_by_spell(rows["customers"], context, days)
    spells = _spells(contracts, rows["exchange_rates"], context, first)
    ends_on = pl.col("ends_on").fill_null(NEVER)
    shown = pl.max_horizontal("since_on", first), pl.min_horizontal(ends_on, last)
    return (
        spells.with_columns(
            tracking_number=pl.lit(None, pl.String),
            counted_at=instant(context.window.start),
            at_start=(pl.col("since_on") < first) & (ends_on >= first),
            ended=pl.col("ends_on").is_not_null(),
            month_parts=pl.when(shown[0] <= shown[1]).then(months_between(*shown)).otherwise(0),
            life_parts=months_between(pl.col("since_on"), pl.min_horizontal(ends_on, last)),
        )
        .with_columns(
            since_at=pl.when(pl.col("since_on") >= first).then(noon("since_on", context)),
            lost_at=pl.when(pl.col("ends_on") >= first).then(noon("ends_on", context)),
        )
        .select(pl.col(name).cast(kind) for name, kind in CUSTOMER_SPELL.items())
    )


def _spells(contracts: pl.LazyFrame, rates: pl.LazyFrame, context: ResolveContext, first: pl.Expr) -> pl.LazyFrame:
    """The spells of contracts, each with its monthly value on the first day."""
    covers = (pl.col("since_on") < first) & (pl.col("until_on").fill_null(NEVER) >= first)
    by_month = (pl.col("value_per") == "month").fill_null(value=False)
    paid = covers & by_month
    return (
        contracts.pipe(add_conversion, rates, context, first, {"value": "converted"})
        .with_columns(converted=pl.when(paid).then("converted"), no_rate=paid & pl.col("no_rate"))
        .group_by("spell")
        .agg(
            *(pl.col(name).first() for name in _OF_CUSTOMER),
            pl.col("since_on").min(),
            pl.col("no_rate").any(),
            monthly=by_month.any(),
            profit_known=(by_month & pl.col("gross_profit").is_not_null()).any(),
            value_at_start=pl.when(pl.col("converted").is_not_null().any() & ~pl.col("no_rate").any()).then(
                pl.col("converted").sum()
            ),
        )
    )


CUSTOMER_SPELLS = Frame(
    name="customer_spells",
    label="customers",
    sent_as=("customers",),
    grain="customer, for as long as they stay",
    inputs=(Input("customers", CONTRACT, people_inputs.customers), RATES),
    columns=CUSTOMER_SPELL,
    key=("customer", "since_on"),
    resolve=_resolve,
    anchor="counted_at",
    dimensions=(*CODE_DIMENSIONS, "day", "week", "month"),
    display_columns=("ends_on", "lead", "at_start", "ended", "value_at_start"),
    scale={"value_at_start": MONEY},
    population=~pl.col("test"),
    exclusions={
        "test": pl.col("test"),
        "no_rate": ~pl.col("test") & pl.col("no_rate"),
        "unattributed": ~pl.col("test") & pl.col("source").is_null(),
    },
)

"""Contract months: one row is the value of one contract or sale in one month, as far as the month is in the window.

The rules of reports/rules/contracts.py apply. In another currency, an amount is converted with the rate of the first
day of the month, or of the contract in its first month. So the same month has the same value in any report.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import polars as pl

from reports.measures.frame import CODE_DIMENSIONS, CurrentRows, Frame, Input, Money
from reports.model.currencies import smallest
from reports.model.resolve_context import ResolveContext
from reports.model.tables import Tables
from reports.model.types import INSTANT, VALUE_PERIOD, Schema
from reports.model.windows import Window
from reports.rules import inputs, people_inputs
from reports.rules.contracts import CONTRACT, CountedDays, accrued, contracts_by_spell
from reports.rules.deals import MONEY
from reports.rules.exchange import CONVERSION, RATES, add_conversion, smallest_coin
from reports.rules.spells import noon

CONTRACT_MONTH: Schema = {
    **dict.fromkeys(("contract", "customer", "lead"), pl.String),
    **dict.fromkeys(CODE_DIMENSIONS, pl.String),
    "month": pl.Date,
    "first_on": pl.Date,
    "last_on": pl.Date,
    "first_at": INSTANT,
    # Ten-thousandths of the contract's currency, and of the report's.
    "revenue": pl.Int128,
    "profit": pl.Int128,
    "currency": pl.String,
    "value_per": VALUE_PERIOD,
    "converted_revenue": pl.Int128,
    "converted_profit": pl.Int128,
    **CONVERSION,
    "pays": pl.Boolean,
    "test": pl.Boolean,
}
_LONGEST_MONTH = timedelta(days=31)


def paying() -> pl.Expr:
    """The customer pays something for these days, in a currency with a rate."""
    return pl.col("pays")


def monthly() -> pl.Expr:
    """The value of a contract that is paid by the month."""
    return (pl.col("value_per") == "month").fill_null(value=False)


def _month_rates(tables: Tables, context: ResolveContext, columns: Collection[str]) -> pl.LazyFrame:
    window = context.window
    since_month = Window(window.start - _LONGEST_MONTH, window.end, window.zone)
    return inputs.exchange_rates(tables, replace(context, window=since_month), columns)


def _resolve(rows: CurrentRows, context: ResolveContext) -> pl.LazyFrame:
    days = CountedDays.of(context)
    months = _by_month(contracts_by_spell(rows["customers"], context, days), days)
    started_on = pl.max_horizontal("month", "since_on")
    converted = {"value": "converted_value", "gross_profit": "converted_gross_profit"}
    coin = pl.lit(smallest(context.currency), dtype=pl.Int128)
    return (
        months.pipe(add_conversion, rows["exchange_rates"], context, started_on, converted)
        .with_columns(first_at=noon("first_on", context), coin=smallest_coin().cast(pl.Int128))
        .with_columns(
            pays=(pl.col("converted_value") > 0).fill_null(value=False),
            revenue=_of_days("value", pl.col("coin")),
            profit=_of_days("gross_profit", pl.col("coin")),
            converted_revenue=_of_days("converted_value", coin),
            converted_profit=_of_days("converted_gross_profit", coin),
        )
        .with_columns(tracking_number=pl.lit(None, pl.String))
        .select(*CONTRACT_MONTH)
    )


def _by_month(contracts: pl.LazyFrame, days: CountedDays) -> pl.LazyFrame:
    """Each month that a contract covers on counted days; of a sale, the month of its first day."""
    first, last = pl.max_horizontal("since_on", pl.lit(days.first)), pl.min_horizontal("until_on", pl.lit(days.last))
    last = pl.when(pl.col("value_per") == "sale").then("since_on").otherwise(last)
    return (
        contracts.with_columns(first_on=first, last_on=last)
        .filter(pl.col("first_on") <= pl.col("last_on"))
        .with_columns(month=pl.date_ranges(pl.col("first_on").dt.month_start(), "last_on", "1mo"))
        .explode("month")
        .with_columns(
            first_on=pl.max_horizontal("first_on", "month"),
            last_on=pl.min_horizontal("last_on", pl.col("month").dt.month_end()),
        )
    )


def _of_days(amount: str, coin: pl.Expr) -> pl.Expr:
    """The part of an amount that counts on the days of a row: all of a sale."""
    part = accrued(pl.col(amount), pl.col("first_on"), pl.col("last_on"), coin)
    return pl.when(pl.col("value_per") == "sale").then(amount).otherwise(part)


CONTRACT_MONTHS = Frame(
    name="contract_months",
    label="months of contracts",
    sent_as=("customers",),
    grain="contract and month",
    inputs=(
        Input("customers", CONTRACT, people_inputs.customers),
        Input("exchange_rates", RATES.columns, _month_rates),
    ),
    columns=CONTRACT_MONTH,
    key=("contract", "month"),
    resolve=_resolve,
    anchor="first_at",
    dimensions=(*CODE_DIMENSIONS, "month"),
    display_columns=(
        *("customer", "lead", "first_on", "last_on", "revenue", "profit", "currency"),
        *("converted_revenue", "converted_profit", "rate", "rate_on"),
    ),
    scale=dict.fromkeys(("revenue", "profit", "converted_revenue", "converted_profit"), MONEY),
    population=~pl.col("test"),
    money=Money(
        where=pl.lit(value=True),
        of="contract",
        label="contracts",
        sent={"converted_revenue": "revenue", "converted_profit": "profit"},
    ),
    exclusions={
        "test": pl.col("test"),
        "no_rate": ~pl.col("test") & pl.col("no_rate"),
        "unpriced": ~pl.col("test") & pl.col("revenue").is_null(),
        "no_profit": ~pl.col("test") & pl.col("profit").is_null(),
        "unattributed": ~pl.col("test") & pl.col("source").is_null(),
    },
)

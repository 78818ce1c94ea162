"""Exchange: money in other currencies, converted to the currency of the report with the rate of its day.

The rules; their numbers mark the code that applies them:

 1  The day is that of the fact, in the account's zone: the day a deal closed, the day of a cost.
 2  The rate is the last one on that day or in the RATE_DAYS days before it. Without one, the money has no rate: it is
    in no number, and the report says how much there is of it.
 3  A rate also counts for the other direction. Of two rates of one day, the direct one counts.
 4  Without a rate between two currencies, one currency between them will do: the one with the newest pair of rates.
    The day of such a rate is that of its older half.
 5  Converted money is rounded to the smallest coin of the report's currency, half a coin away from zero.

All amounts are integers: ten-thousandths of their currency. Conversion is exact up to the rounding.
"""

from datetime import timedelta

import polars as pl

from reports.measures.frame import Input
from reports.model.currencies import CURRENCIES, smallest
from reports.model.resolve_context import ResolveContext
from reports.model.types import Schema
from reports.rules import inputs

# A rate counts on its own day and on so many days after it: banks are closed for less, even at New Year.
RATE_DAYS = 7

RATES = Input(
    "exchange_rates",
    {"base": pl.String, "quote": pl.String, "rate_on": pl.Date, "rate": pl.Int128},
    inputs.exchange_rates,
)
# What a conversion adds to a row: the rate, its day, and whether there is none although one is needed.
CONVERSION: Schema = {"rate": pl.Float64, "rate_on": pl.Date, "no_rate": pl.Boolean}

# Rates are counted in parts of this size.
_RATE = 10**10
# Further digits of an amount between its two conversions through a third currency.
_GUARD = 10**6
_LEAST, _MOST = 1e-9, 1e9
_FACTORS = ("over", "under", "then_over", "then_under")


def add_conversion(
    rows: pl.LazyFrame, rates: pl.LazyFrame, context: ResolveContext, day: pl.Expr, amounts: dict[str, str]
) -> pl.LazyFrame:
    """Add the columns of CONVERSION, and each amount in the currency of the report; null without a rate.

    day: the day of a row in the account's zone. amounts: the column of each amount, and the name of the converted one.
    """
    own = pl.col("currency") == context.currency
    converted = [
        pl.when(own).then(name).otherwise(_convert(pl.col(name), smallest(context.currency))).alias(into)
        for name, into in amounts.items()
    ]
    return (
        rows.with_columns(_day=day)
        .join(_rates_into(rates, context.currency), on=["currency", "_day"], how="left")
        .with_columns(no_rate=(~own & pl.col("rate").is_null()).fill_null(value=False))
        .with_columns(converted)
        .drop("_day", *_FACTORS)
    )


def smallest_coin() -> pl.Expr:
    """The smallest coin of each row's currency, in ten-thousandths."""
    coins = {code: smallest(code) for code in CURRENCIES}
    return pl.col("currency").replace_strict(coins, default=smallest(""), return_dtype=pl.Int64)


def _rates_into(rates: pl.LazyFrame, currency: str) -> pl.LazyFrame:
    """How each currency converts to this one on each day: rows of currency, _day, the factors, rate and rate_on."""
    daily = _by_day(rates)
    direct = daily.filter(pl.col("quote") == currency).with_columns(
        then_over=pl.lit(1, dtype=pl.Int128), then_under=pl.lit(1, dtype=pl.Int128), rate=_quotient("over", "under")
    )
    crossed = _through_another(daily, direct, currency)
    indirect = crossed.join(direct, on=["base", "_day"], how="anti")
    return pl.concat([direct.drop("quote"), indirect], how="diagonal").rename({"base": "currency"})


def _by_day(rates: pl.LazyFrame) -> pl.LazyFrame:
    """The rate between two currencies on each day, in both directions."""
    known = rates.filter(pl.col("rate").is_not_null())
    unit = pl.lit(_RATE, dtype=pl.Int128)
    direct = known.select("base", "quote", "rate_on", over="rate", under=unit, direct=pl.lit(1))
    inverse = known.select(base="quote", quote="base", rate_on="rate_on", over=unit, under="rate", direct=pl.lit(0))
    return (
        pl.concat([direct, inverse], how="vertical_relaxed")  # 3
        .with_columns(_day=pl.date_ranges("rate_on", pl.col("rate_on") + timedelta(days=RATE_DAYS)))
        .explode("_day")
        .sort("rate_on", "direct")
        .unique(["base", "quote", "_day"], keep="last", maintain_order=True)  # 2
        .drop("direct")
    )


def _through_another(daily: pl.LazyFrame, direct: pl.LazyFrame, currency: str) -> pl.LazyFrame:  # 4
    onward = direct.select(
        "_day", quote="base", then_over="over", then_under="under", then_rate="rate", then_on="rate_on"
    )
    return (
        daily.filter((pl.col("quote") != currency) & (pl.col("base") != currency))
        .join(onward, on=["quote", "_day"])
        .with_columns(
            rate=_quotient("over", "under") * pl.col("then_rate"), rate_on=pl.min_horizontal("rate_on", "then_on")
        )
        .filter(pl.col("rate").is_between(_LEAST, _MOST))
        .sort("rate_on", "quote", descending=[False, True])
        .unique(["base", "_day"], keep="last", maintain_order=True)
        .drop("quote", "then_rate", "then_on")
    )


def _quotient(over: str, under: str) -> pl.Expr:
    return pl.col(over).cast(pl.Float64) / pl.col(under).cast(pl.Float64)


def _convert(amount: pl.Expr, coin: int) -> pl.Expr:
    """An amount by the factors of its row, in whole coins."""
    size = amount.cast(pl.Int128).abs() * _GUARD
    exact = _times(_times(size, "over", "under"), "then_over", "then_under")
    unit = coin * _GUARD
    return amount.sign().cast(pl.Int128) * coin * ((2 * exact + unit) // (2 * unit))  # 5


def _times(size: pl.Expr, over: str, under: str) -> pl.Expr:
    """An integer times a quotient, rounded down; the product never grows beyond what an integer holds."""
    whole, rest = size // pl.col(under), size % pl.col(under)
    return whole * pl.col(over) + rest * pl.col(over) // pl.col(under)

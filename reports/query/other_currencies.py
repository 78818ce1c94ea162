"""Other currencies: how much of a report's money was in them, and how much of that has no exchange rate.

Converted money is in the numbers of the report. Money without a rate is in none of them.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from reports.measures.frame import Frame
from reports.model import currencies
from reports.model.language import digits, translate, translate_plural
from reports.model.types import Schema
from reports.rules.deals import MONEY
from reports.rules.exchange import RATE_DAYS

NAME = "other currencies"
# what: the kind of amount, such as gross_profit. count: how many deals or costs. amount: in their own currency.
# converted: in the currency of the report; null for amounts without an exchange rate.
COLUMNS: Schema = {
    "frame": pl.String,
    "label": pl.String,
    "what": pl.String,
    "currency": pl.String,
    "count": pl.Int64,
    "amount": pl.Float64,
    "converted": pl.Float64,
}


def columns_read(frame: Frame, sent: tuple[str, ...]) -> set[str]:
    """The resolved columns that the tally reads. sent: the amounts as they were sent."""
    if frame.money is None or not sent:
        return set()
    amounts = {*sent, *map(_converted, sent)}
    return {"currency", "no_rate", "rate", frame.money.of, *frame.money.where.meta.root_names(), *amounts}


def tally(frame: Frame, sent: tuple[str, ...], population: pl.LazyFrame) -> pl.LazyFrame:
    """The money in other currencies among the rows of a population: rows of COLUMNS."""
    money = frame.money
    if money is None or not sent:
        return pl.LazyFrame(schema=COLUMNS)
    other = population.filter(money.where & (pl.col("no_rate") | pl.col("rate").is_not_null()))
    tables = [
        other.filter(pl.col(what).is_not_null())
        .group_by("currency", "no_rate")
        .agg(
            frame=pl.lit(frame.name),
            label=pl.lit(money.label),
            what=pl.lit(what),
            count=pl.col(money.of).n_unique().cast(pl.Int64),
            amount=pl.col(what).sum() / MONEY,
            converted=pl.when(~pl.col("no_rate").first()).then(pl.col(_converted(what)).sum() / MONEY),
        )
        .select(*COLUMNS)
        for what in sent
    ]
    return pl.concat(tables).match_to_schema(COLUMNS)


def merge(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The tallies of several scans; scans of the same amounts are told once."""
    parts = [table.with_columns(scan=pl.lit(number)) for number, table in enumerate(tables)]
    whole = pl.concat(parts) if parts else pl.DataFrame(schema={**COLUMNS, "scan": pl.Int32})
    first = pl.col("scan") == pl.col("scan").min().over("frame", "what")
    return whole.filter(first).drop("scan").sort("frame", "what", "currency", "converted")


def notes(table: pl.DataFrame, currency: str) -> Iterator[str]:
    """What readers must know about money in other currencies."""
    without = table.filter(pl.col("converted").is_null())
    if without.height:
        yield translate(
            "Not included: {amounts}. No exchange rate to {currency} for these days or the {days} days before.",
            amounts=_amounts(without),
            currency=currency,
            days=RATE_DAYS,
        )
    converted = table.filter(pl.col("converted").is_not_null())
    if converted.height:
        yield translate(
            "Converted to {currency} at the exchange rate of each day: {amounts}.",
            currency=currency,
            amounts=_amounts(converted),
        )


def _amounts(table: pl.DataFrame) -> str:
    pieces = (
        translate(
            "{amount} {currency} {what} of {rows}",
            amount=digits(row["amount"], currencies.decimals(row["currency"])),
            currency=row["currency"],
            what=translate(row["what"].replace("_", " ")),
            rows=_label(row["label"], row["count"]),
        )
        for row in table.iter_rows(named=True)
    )
    return ", ".join(pieces)


def _label(label: str, count: int) -> str:
    return translate_plural(f"{{count}} {label.removesuffix('s')}", f"{{count}} {label}", count)


def _converted(what: str) -> str:
    """The column with an amount in the currency of the report."""
    return f"converted_{what}"

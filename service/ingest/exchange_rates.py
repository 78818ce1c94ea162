"""Exchange rates: what one currency was worth in another on a day, as the account states it.

Saved like the rest of the configuration: a new rate replaces the old one, which stays in history.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Self, cast

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from service.ingest.fields import Currency, Day, Item
from service.ingest.quantities import Rate
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import EXCHANGE_RATES

MOST_RATES = 5_000


class ExchangeRate(Item):
    """One rate of one day: 1 unit of `base` is worth `rate` units of `quote`."""

    base: Currency = Field(examples=["EUR"])
    quote: Currency = Field(examples=["USD"])
    on: Day = Field(description="The day of the rate.", examples=["2026-03-02"])
    rate: Rate | None = Field(description="Null withdraws the rate.", examples=["1.0834"])

    @model_validator(mode="after")
    def is_between_two_currencies(self) -> Self:
        """A currency is always worth itself."""
        if self.base == self.quote:
            raise PydanticCustomError("same_currency", "must be another currency than base", {"field": "quote"})
        return self


class ExchangeRates(Item):
    """Rates of any days and currencies. A rate that is sent again is corrected; other rates stay as they are."""

    rates: list[ExchangeRate] = Field(min_length=1, max_length=MOST_RATES)

    @model_validator(mode="before")
    @classmethod
    def take_a_bare_list(cls, value: Any) -> Any:
        """A list of rates is as good as an object with the list."""
        return {"rates": cast("list[Any]", value)} if isinstance(value, list) else value


def observe(item: ExchangeRate, _sender: Sender) -> Iterator[Observation]:
    """A rate writes one row."""
    yield EXCHANGE_RATES, {"base": item.base, "quote": item.quote, "rate_on": item.on, "rate": item.rate}


RESOURCE = Resource("exchange-rates", ExchangeRate, EXCHANGE_RATES, observe, identity="base")


class ExchangeRateDocument(TypedDict):
    """One rate of one day. The rate is a text, so that no digit is lost."""

    base: Currency
    quote: Currency
    on: Day
    rate: Annotated[str, Field(description="How many units of `quote` one unit of `base` is worth.")]
    recorded_at: datetime


class ExchangeRatesDocument(TypedDict):
    """A page of exchange rates, newest first."""

    items: list[ExchangeRateDocument]
    next: Annotated[str | None, Field(description="The `after` of the page that follows; null on the last.")]

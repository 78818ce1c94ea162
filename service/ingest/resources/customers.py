"""Customers: what leads became, since when, at which value, and until when and why."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import ValuePeriod
from service.ingest.fields import Code, Currency, Day, Item, PastTime, Text
from service.ingest.quantities import Cost, Money, check_decimals
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import CUSTOMERS


class Customer(Item):
    """One contract or sale of one customer; a customer may have several.

    A customer is lost on the last day of a contract if no other contract of theirs covers the next day.
    """

    external_id: Code = Field(description="The id of the contract or sale.", examples=["contract-12"])
    customer: Code | None = Field(
        None, description="The customer, if they may have several of these; else the external_id.", examples=["acme"]
    )
    lead: Code | None = Field(None, description="The lead they were.", examples=["lead-77"])
    since_on: Day = Field(description="The first day.", examples=["2026-03-05"])
    until_on: Day | None = Field(None, description="The last day; it may lie ahead.")
    reason: Text | None = Field(None, description="Why it ended, in words. An erasure of the lead removes it.")
    value: Cost | None = Field(None, description="What the customer pays a month, or for the sale.", examples=[250])
    gross_profit: Money | None = Field(None, description="The part of the value left after its cost.", examples=[150])
    value_per: ValuePeriod | None = Field(None, examples=["month"])
    currency: Currency | None = Field(None, examples=["USD"])
    observed_at: PastTime | None = Field(None, description="When this was known: send it with a correction.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A contract has at least one day."""
        if self.until_on and self.until_on < self.since_on:
            raise PydanticCustomError("ends_before_start", "{field} is before since_on", {"field": "until_on"})
        return self

    @model_validator(mode="after")
    def money_is_complete(self) -> Self:
        """An amount needs its currency, and whether it is one of a month or of a sale."""
        has_money = self.value is not None or self.gross_profit is not None
        if has_money and self.currency is None:
            raise PydanticCustomError("currency_missing", "{field} is needed with an amount", {"field": "currency"})
        if has_money and self.value_per is None:
            raise PydanticCustomError("period_missing", "{field} is needed with an amount", {"field": "value_per"})
        check_decimals("value", self.value, self.currency)
        check_decimals("gross_profit", self.gross_profit, self.currency)
        return self


def observe(item: Customer, sender: Sender) -> Iterator[Observation]:
    """A contract or sale writes one row; without a time of its own it takes the start of its first day."""
    observed_at = sender.observed(item.observed_at, datetime.combine(item.since_on, time(), UTC))
    yield CUSTOMERS, item.model_dump() | {"observed_at": observed_at}


RESOURCE = Resource("customers", Customer, CUSTOMERS, observe)

"""Spend: what marketing paid for a source over a range of days."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.fields import Code, Currency, Day, Item, PastTime, PhoneNumber
from service.ingest.quantities import Cost, check_decimals
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import SPEND


class Spend(Item):
    """One cost, accruing evenly from from_on to to_on, both included."""

    external_id: Code = Field(examples=["ads-2026-03-02"])
    source: Code = Field(examples=["web-form"])
    campaign: Code | None = None
    tracking_number: PhoneNumber = None
    from_on: Day = Field(examples=["2026-03-02"])
    to_on: Day = Field(examples=["2026-03-02"])
    amount: Cost = Field(examples=[180])
    currency: Currency = Field(examples=["USD"])
    observed_at: PastTime | None = Field(None, description="When this was known: send it with a corrected amount.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A range of days has at least one day."""
        if self.to_on < self.from_on:
            raise PydanticCustomError("ends_before_start", "{field} is before from_on", {"field": "to_on"})
        return self

    @model_validator(mode="after")
    def has_the_decimals_of_its_currency(self) -> Self:
        """Spend is paid in whole units of the currency's smallest coin."""
        check_decimals("amount", self.amount, self.currency)
        return self


def observe(item: Spend, sender: Sender) -> Iterator[Observation]:
    """A cost writes one row; without a time of its own it takes the start of its last day."""
    row = item.model_dump()
    number = sender.number(item.tracking_number, item.campaign)
    row["tracking_number"] = number and number.line
    row["observed_at"] = sender.observed(item.observed_at, datetime.combine(item.to_on, time(), UTC))
    yield SPEND, row


RESOURCE = Resource("spend", Spend, SPEND, observe)

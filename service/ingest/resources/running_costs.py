"""Running costs: what the sales team costs over a range of days, for one team or for all."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.fields import Code, Currency, Day, Flag, Item, PastTime
from service.ingest.quantities import Cost, check_decimals
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import RUNNING_COSTS


class RunningCost(Item):
    """One cost, such as salaries or rent, accruing evenly from from_on to to_on, both included."""

    external_id: Code = Field(examples=["salaries-2026-03"])
    team: Code | None = Field(None, description="Without it, the cost is one of all teams.", examples=["north"])
    overhead: Flag | None = Field(None, description="Whether it would be there without any call, as rent is.")
    from_on: Day = Field(examples=["2026-03-01"])
    to_on: Day = Field(examples=["2026-03-31"])
    amount: Cost = Field(examples=[42000])
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
        """A cost is paid in whole units of the currency's smallest coin."""
        check_decimals("amount", self.amount, self.currency)
        return self


def observe(item: RunningCost, sender: Sender) -> Iterator[Observation]:
    """A cost writes one row; without a time of its own it takes the start of its first day."""
    observed_at = sender.observed(item.observed_at, datetime.combine(item.from_on, time(), UTC))
    yield RUNNING_COSTS, item.model_dump() | {"observed_at": observed_at}


RESOURCE = Resource("running-costs", RunningCost, RUNNING_COSTS, observe)

"""Stage changes: an opportunity moves from first contact to won or lost, with its money."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import Stage
from service.ingest.fields import Code, Currency, Item, PastTime
from service.ingest.quantities import Money, check_decimals
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import STAGE_CHANGES


class StageChange(Item):
    """One move of one opportunity to a stage."""

    external_id: Code = Field(examples=["move-9"])
    opportunity: Code = Field(examples=["deal-3"])
    lead: Code = Field(examples=["lead-77"])
    stage: Stage = Field(examples=["won"])
    changed_at: PastTime = Field(examples=["2026-03-04T16:20:00-05:00"])
    amount: Money | None = Field(None, examples=[42000])
    gross_profit: Money | None = Field(None, examples=[12600.5])
    currency: Currency | None = Field(None, examples=["USD"])
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def money_has_a_currency(self) -> Self:
        """An amount without its currency cannot be added to other amounts."""
        if self.currency is None and (self.amount is not None or self.gross_profit is not None):
            raise PydanticCustomError("currency_missing", "{field} is needed with an amount", {"field": "currency"})
        check_decimals("amount", self.amount, self.currency)
        check_decimals("gross_profit", self.gross_profit, self.currency)
        return self


def observe(item: StageChange, sender: Sender) -> Iterator[Observation]:
    """A stage change writes one row."""
    yield STAGE_CHANGES, item.model_dump() | {"observed_at": sender.observed(item.observed_at, item.changed_at)}


RESOURCE = Resource("stage-changes", StageChange, STAGE_CHANGES, observe)

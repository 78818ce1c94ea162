"""Form items: what the evaluation forms ask about a call, item by item, in each version of a form."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.fields import Code, Day, Flag, Item, PastTime
from service.ingest.points import Points
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import FORM_ITEMS


class FormItem(Item):
    """One item of one version of an evaluation form."""

    form: Code = Field(examples=["sales-call"])
    form_version: Code = Field("1", description="Scores of different versions stay apart.", examples=["2"])
    item: Code = Field(examples=["greeting"])
    section: Code | None = Field(None, description="The section of the form.", examples=["courtesy"])
    weight: Points = Field(Decimal(1), description="How much each point counts.", examples=[2])
    max_points: Points = Field(description="The most points for this item; 1 for yes or no.", examples=[5])
    auto_fail: Flag = Field(default=False, description="No points for this item take all points from the evaluation.")
    script: Flag = Field(default=False, description="The item is a part of the script.")
    from_on: Day | None = Field(None, description="Since when the version is in use.", examples=["2026-01-01"])
    observed_at: PastTime | None = Field(None, description="If missing, the moment it arrives.")

    @model_validator(mode="after")
    def has_points(self) -> Self:
        """An item that can earn nothing measures nothing."""
        for field in ("weight", "max_points"):
            if getattr(self, field) == 0:
                raise PydanticCustomError("no_points", "{field} must be above 0", {"field": field})
        return self


def observe(item: FormItem, sender: Sender) -> Iterator[Observation]:
    """An item of a form writes one row. It mentions no moment, so it was known when it came."""
    yield FORM_ITEMS, item.model_dump() | {"observed_at": item.observed_at or sender.observed_at or sender.now}


RESOURCE = Resource("form-items", FormItem, FORM_ITEMS, observe, identity="item")

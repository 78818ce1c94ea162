"""Staff: who is employed as an agent, in which team, from when and until when."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.agents import AgentCode
from service.ingest.fields import Code, Day, Flag, Item, PastTime
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import STAFF


class Employment(Item):
    """One employment of one agent; a person who comes back, or moves to another team, has another.

    An employment that ends on one day while another of the same agent covers the next day is a move. The agent has not
    left.
    """

    external_id: Code = Field(description="The personnel system's own id.", examples=["hr-1044"])
    agent: AgentCode = Field(examples=["ada"])
    team: Code | None = Field(None, description="Without it, the agent's team counts.", examples=["north"])
    manager: AgentCode | None = Field(None, examples=["grace"])
    joined_on: Day = Field(description="The first day.", examples=["2025-09-01"])
    left_on: Day | None = Field(None, description="The last day; it may lie ahead.", examples=["2026-03-31"])
    voluntary: Flag | None = Field(None, description="Whether the agent chose to leave; null if that is not known.")
    observed_at: PastTime | None = Field(None, description="When this was known: send it with a correction.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """An employment has at least one day."""
        if self.left_on and self.left_on < self.joined_on:
            raise PydanticCustomError("ends_before_start", "{field} is before joined_on", {"field": "left_on"})
        return self


def observe(item: Employment, sender: Sender) -> Iterator[Observation]:
    """An employment writes one row; without a time of its own it takes the start of its first day."""
    observed_at = sender.observed(item.observed_at, datetime.combine(item.joined_on, time(), UTC))
    yield STAFF, item.model_dump() | {"observed_at": observed_at}


RESOURCE = Resource("staff", Employment, STAFF, observe)

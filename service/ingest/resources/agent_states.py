"""Agent states: how an agent spent a shift, interval by interval."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import AgentActivity
from service.ingest.agents import AgentCode
from service.ingest.fields import Item, PastTime, Text
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import AGENT_STATES


class AgentState(Item):
    """One interval of one agent; open while to_at is missing."""

    agent: AgentCode = Field(examples=["ada"])
    state: AgentActivity = Field(examples=["talking"])
    reason: Text | None = Field(None, description="Why the agent paused, in the dialer's own words.")
    from_at: PastTime = Field(examples=["2026-03-02T09:30:17-05:00"])
    to_at: PastTime | None = Field(None, examples=["2026-03-02T09:32:31-05:00"])
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """An interval does not end before it begins."""
        if self.to_at and self.to_at < self.from_at:
            raise PydanticCustomError("ends_before_start", "{field} is before from_at", {"field": "to_at"})
        return self


def observe(item: AgentState, sender: Sender) -> Iterator[Observation]:
    """A state writes one row."""
    observed_at = sender.observed(item.observed_at, item.from_at, item.to_at)
    yield AGENT_STATES, item.model_dump() | {"observed_at": observed_at}


RESOURCE = Resource("agent-states", AgentState, AGENT_STATES, observe, identity="agent")

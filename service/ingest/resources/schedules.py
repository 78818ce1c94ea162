"""Schedules: when agents are planned to work, to take a break, or to be in a meeting."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import PlannedActivity
from service.ingest.agents import AgentCode
from service.ingest.fields import Item, PastTime, PlannedTime
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import SCHEDULES


class Schedule(Item):
    """One planned interval of one agent; of two at the same time, the one that starts later counts."""

    agent: AgentCode = Field(examples=["ada"])
    activity: PlannedActivity = Field(
        examples=["work"], description="What is planned; off means no working time, and cancels what was planned."
    )
    from_at: PlannedTime = Field(examples=["2026-03-02T09:00:00-05:00"])
    to_at: PlannedTime = Field(examples=["2026-03-02T12:30:00-05:00"])
    observed_at: PastTime | None = Field(None, description="When this was planned: send it with every change of plans.")

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A planned interval does not end before it begins."""
        if self.to_at < self.from_at:
            raise PydanticCustomError("ends_before_start", "{field} is before from_at", {"field": "to_at"})
        return self


def observe(item: Schedule, sender: Sender) -> Iterator[Observation]:
    """A plan writes one row; without a time of its own it takes its start, so that a later delivery corrects it."""
    yield SCHEDULES, item.model_dump() | {"observed_at": sender.observed(item.observed_at, item.from_at)}


RESOURCE = Resource("schedules", Schedule, SCHEDULES, observe, identity="agent")

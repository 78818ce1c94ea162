"""Follow-ups: contacts promised or made after a first contact, by any channel."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import Channel
from service.ingest.agents import agent_code
from service.ingest.fields import Code, Flag, Item, PastTime, PlannedTime
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import FOLLOW_UPS


class FollowUp(Item):
    """One follow-up: due, done or both."""

    external_id: Code = Field(examples=["task-5"])
    lead: Code = Field(examples=["lead-77"])
    agent: Code | None = Field(None, examples=["ada"])
    channel: Channel = Field(examples=["call"])
    due_at: PlannedTime | None = Field(None, examples=["2026-03-03T10:00:00-05:00"])
    done_at: PastTime | None = None
    automated: Flag | None = None
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def is_due_or_done(self) -> Self:
        """A follow-up needs a due time or a completion time."""
        if self.due_at is None and self.done_at is None:
            raise PydanticCustomError("neither_due_nor_done", "{field} is needed, or done_at", {"field": "due_at"})
        return self


def observe(item: FollowUp, sender: Sender) -> Iterator[Observation]:
    """A follow-up writes one row; without a time of its own it takes its newest time."""
    row = item.model_dump() | {"agent": agent_code(item.agent)}
    row["observed_at"] = sender.observed(item.observed_at, item.due_at, item.done_at)
    yield FOLLOW_UPS, row


RESOURCE = Resource("follow-ups", FollowUp, FOLLOW_UPS, observe)

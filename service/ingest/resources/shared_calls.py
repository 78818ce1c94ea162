"""Shared calls: a manager shares a call with a team for coaching, with a note."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.agents import AgentCode
from service.ingest.fields import Code, Item, PastTime, Text
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import SHARED_CALLS


class SharedCall(Item):
    """One call that a manager shares with one team."""

    external_id: Code = Field(examples=["coaching-5"])
    dialer: Code | None = Field(None, description="The dialer of the call; if missing, the dialer of the API key.")
    call: Code = Field(description="The external_id of the call.", examples=["call-1001"])
    team: Code = Field(description="The team that should listen to it.", examples=["north"])
    manager: AgentCode = Field(description="Who shares it.", examples=["quinn"])
    note: Text | None = Field(None, description="What is good about it; an erasure removes the note.")
    shared_at: PastTime = Field(examples=["2026-03-03T16:00:00-05:00"])
    withdrawn_at: PastTime | None = Field(None, description="Since when it is no longer shared.")
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def is_shared_before_it_is_withdrawn(self) -> Self:
        """A call is shared first."""
        if self.withdrawn_at and self.withdrawn_at < self.shared_at:
            raise PydanticCustomError("ends_before_start", "{field} is before shared_at", {"field": "withdrawn_at"})
        return self


def observe(item: SharedCall, sender: Sender) -> Iterator[Observation]:
    """A shared call writes one row."""
    row = item.model_dump()
    row["dialer"] = item.dialer or sender.dialer
    row["observed_at"] = sender.observed(item.observed_at, item.shared_at, item.withdrawn_at)
    yield SHARED_CALLS, row


RESOURCE = Resource("shared-calls", SharedCall, SHARED_CALLS, observe)

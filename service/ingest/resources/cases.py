"""Cases: what a caller wants resolved, and the calls that were needed for it."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.ingest.agents import agent_code
from service.ingest.fields import Code, Flag, Item, PastTime
from service.ingest.resources import Observation, Resource, Row, Sender
from sql.facts import CASES


class CaseCall(Item):
    """A call that belongs to a case, in either direction."""

    external_id: Code = Field(description="The dialer's own id of the call.", examples=["call-2001"])
    dialer: Code | None = Field(None, description="The dialer; if missing, the dialer of the API key.")


class Case(Item):
    """One case, or the known part of it; the calls that several observations report are united."""

    external_id: Code = Field(examples=["case-88"])
    lead: Code | None = Field(None, description="The CRM's lead of the caller.", examples=["lead-77"])
    agent: Code | None = Field(None, description="The agent who has the case.", examples=["ada"])
    queue: Code | None = Field(None, examples=["billing"])
    topic: Code | None = Field(None, examples=["invoice"])
    source: Code | None = Field(None, description="If missing, the source of the lead or the campaign.")
    campaign: Code | None = None
    opened_at: PastTime = Field(examples=["2026-03-02T09:35:00-05:00"])
    resolved_at: PastTime | None = Field(None, description="When it was last resolved.")
    reopened_at: PastTime | None = Field(None, description="When it was last opened again: then it is not resolved.")
    closed_at: PastTime | None = Field(None, description="When it was closed without a solution.")
    escalated_at: PastTime | None = Field(
        None, description="When it was handed to a higher tier or a specialist; other handovers are none."
    )
    escalated_to: Code | None = Field(None, examples=["tier-2"])
    calls: list[CaseCall] | None = Field(
        None, description="Its calls; an inbound call may name its case instead.", max_length=500
    )
    test: Flag | None = Field(None, description="A test: it counts in no metric, but as excluded.")
    observed_at: PastTime | None = None

    @model_validator(mode="after")
    def happens_in_order(self) -> Self:
        """Nothing happens to a case before it is opened."""
        for name in ("resolved_at", "reopened_at", "closed_at", "escalated_at"):
            moment = getattr(self, name)
            if moment and moment < self.opened_at:
                raise PydanticCustomError(
                    "before_start", "{field} is before {start}", {"field": name, "start": "opened_at"}
                )
        return self


def observe(item: Case, sender: Sender) -> Iterator[Observation]:
    """A case writes one row."""
    times = (item.opened_at, item.resolved_at, item.reopened_at, item.closed_at, item.escalated_at)
    row: Row = item.model_dump(exclude={"calls"}) | {"agent": agent_code(item.agent)}
    row["calls"] = [
        {"dialer": call.dialer or sender.dialer, "external_id": call.external_id} for call in item.calls or ()
    ] or None
    row["observed_at"] = sender.observed(item.observed_at, *times)
    yield CASES, row


RESOURCE = Resource("cases", Case, CASES, observe)

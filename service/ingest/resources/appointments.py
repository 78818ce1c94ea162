"""Appointments: meetings that a call set, and what happened to them."""

from collections.abc import Iterator

from pydantic import Field

from reports.model.vocabulary import AppointmentStatus
from service.ingest.agents import agent_code
from service.ingest.fields import Code, Item, PastTime, PlannedTime
from service.ingest.resources import Observation, Resource, Sender
from sql.facts import APPOINTMENTS


class Appointment(Item):
    """One appointment; a rescheduled one keeps its external_id."""

    external_id: Code = Field(examples=["meeting-12"])
    lead: Code = Field(examples=["lead-77"])
    dialer: Code | None = None
    attempt: Code | None = Field(None, description="The attempt that set it.", examples=["call-1001"])
    agent: Code | None = Field(None, examples=["ada"])
    set_at: PastTime = Field(examples=["2026-03-02T09:33:00-05:00"])
    scheduled_at: PlannedTime = Field(examples=["2026-03-05T14:00:00-05:00"])
    status: AppointmentStatus = Field(examples=["set"])
    status_at: PastTime = Field(examples=["2026-03-02T09:33:00-05:00"])
    observed_at: PastTime | None = None


def observe(item: Appointment, sender: Sender) -> Iterator[Observation]:
    """An appointment writes one row."""
    row = item.model_dump() | {"agent": agent_code(item.agent)}
    row["dialer"] = item.attempt and (item.dialer or sender.dialer)
    row["observed_at"] = sender.observed(item.observed_at, item.set_at, item.status_at)
    yield APPOINTMENTS, row


RESOURCE = Resource("appointments", Appointment, APPOINTMENTS, observe)

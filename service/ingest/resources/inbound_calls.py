"""Inbound calls: a caller dials one of your numbers, waits, and is answered or not."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from reports.model.vocabulary import InboundOutcome
from service.ingest.agents import drop_numbers_as_agents
from service.ingest.fields import CallItem, Flag, PastTime, PhoneNumber, SentCode, Text
from service.ingest.quantities import Money, Seconds
from service.ingest.resources import Observation, Resource, Row, Sender, newest
from service.ingest.resources.attempts import (
    SPANS,
    InlineDisposition,
    Participant,
    Recording,
    call_row,
    check_order,
    check_outcomes,
    outcomes_of,
)
from sql.facts import INBOUND_CALLS


class PartialInboundCall(CallItem):
    """What a dialer's own event reports about an inbound call; any field may be missing."""

    external_id: SentCode = Field(description="The dialer's own id of the call.", examples=["call-2001"])
    dialer: SentCode | None = Field(None, description="The dialer; if missing, the dialer of the API key.")
    campaign: SentCode | None = Field(None, examples=["spring-renewals"])
    agent: SentCode | None = Field(None, description="The agent who answered.", examples=["ada"])
    lead: SentCode | None = Field(None, description="The CRM's lead; if missing, the lead with the caller's number.")
    match_lead: Flag | None = Field(None, description="False: find no lead by the caller's number.")
    contact: SentCode | None = Field(None, description="The dialer's own id of the caller.")
    source: SentCode | None = Field(
        None, description="Where the caller came from; if missing, the tracking number's source."
    )
    to_number: PhoneNumber = Field(
        None,
        description="The number the caller dialed; if it is a tracking number, it attributes the call.",
        examples=["+14155550100"],
    )
    from_number: PhoneNumber = Field(None, description="The caller.", examples=["+14155550123"])
    arrived_at: PastTime | None = None
    queued_at: PastTime | None = Field(None, description="When the caller began to wait for an agent.")
    answered_at: PastTime | None = Field(None, description="When an agent answered.")
    ended_at: PastTime | None = Field(None, examples=["2026-03-02T09:34:10-05:00"])
    queue: SentCode | None = Field(None, description="The queue the caller waited in.", examples=["sales"])
    queue_seconds: Seconds | None = Field(None, description="How long the caller waited.", examples=[18])
    talk_seconds: Seconds | None = Field(None, examples=[210])
    hold_seconds: Seconds | None = None
    outcome: InboundOutcome | None = Field(
        None,
        description="abandoned: the caller hung up waiting. missed: no one answered. voicemail: a message was left.",
        examples=["answered"],
    )
    transferred: Flag | None = Field(None, description="Transferred to another agent, or outside.")
    participants: list[Participant] | None = Field(None, max_length=50)
    recording: Recording | None = None
    note: Text | None = Field(None, description="A comment on the call itself.")
    value: Money | None = Field(None, description="The amount that a user of the dialer put on the call.")
    test: Flag | None = Field(None, description="A test call: it counts in no metric.")
    spam: Flag | None = Field(None, description="A spam call: it counts in no metric.")
    observed_at: PastTime | None = Field(
        None,
        description="When the dialer knew this; if two observations disagree, the newer one is stored."
        " If missing, the newest time in the item.",
    )
    disposition: InlineDisposition | None = None
    outcomes: list[InlineDisposition] | None = Field(
        None,
        description="All outcomes on the call at outcomes_at, where several can be set; empty if none is set any more."
        " The mapped outcome with the greatest result counts.",
        max_length=50,
    )
    outcomes_at: PastTime | None = Field(None, description="If missing, observed_at.")

    @model_validator(mode="after")
    def happens_in_order(self) -> Self:
        """Refuse an observation that contradicts itself."""
        check_outcomes(self.disposition, self.outcomes)
        check_order(self, "arrived_at", ("queued_at", "answered_at"), ("queue_seconds", *SPANS))
        return self


class InboundCall(PartialInboundCall):
    """One inbound call, or the known part of it. Only external_id and arrived_at are needed."""

    arrived_at: PastTime = Field(examples=["2026-03-02T09:30:20-05:00"])  # pyright: ignore[reportIncompatibleVariableOverride]


def observe(item: PartialInboundCall, sender: Sender) -> Iterator[Observation]:
    """An inbound call writes one row, with its outcome."""
    called, caller = (sender.number(number, item.campaign) for number in (item.to_number, item.from_number))
    drop_numbers_as_agents(item, called, caller)
    times = (item.arrived_at, item.queued_at, item.answered_at, item.ended_at)
    row: Row = {
        **call_row(item, item.dialer or sender.dialer),
        "queue_ms": item.queue_seconds,
        "observed_at": sender.observed(item.observed_at, *times),
    }
    row.update((name, getattr(item, name)) for name in _AS_SENT)
    if called:
        row["to_number"] = called.line
    if caller:
        row.update(zip(("from_number", "from_country", "from_region", "from_zones"), caller, strict=True))
    for outcome, _ in outcomes_of(item, row, sender, newest(*times)):
        row["note"] = outcome.note or row["note"]
    yield INBOUND_CALLS, row


_AS_SENT = (
    "campaign",
    "agent",
    "arrived_at",
    "queued_at",
    "answered_at",
    "ended_at",
    "queue",
    "outcome",
    "transferred",
)

RESOURCE = Resource("inbound-calls", InboundCall, INBOUND_CALLS, observe)
PARTIAL = Resource("inbound-calls", PartialInboundCall, INBOUND_CALLS, observe)

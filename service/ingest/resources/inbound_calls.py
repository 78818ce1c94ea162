"""Inbound calls: a caller dials one of your numbers, waits, and is answered or not."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import InboundOutcome, WaitOutcome
from service.ingest.agents import agent_code, drop_numbers_as_agents
from service.ingest.fields import CallItem, Flag, PastTime, PhoneNumber, SentCode, Text
from service.ingest.quantities import Money, Seconds
from service.ingest.resources import Observation, Resource, Row, Sender, newest
from service.ingest.resources.attempts import (
    SPANS,
    InlineDisposition,
    Participant,
    Recording,
    as_json,
    call_row,
    check_order,
    check_outcomes,
    outcomes_of,
)
from sql.facts import INBOUND_CALLS


def _check_end(begun: datetime, ended: datetime | None, field: str, start: str) -> None:
    if ended is not None and ended < begun:
        raise PydanticCustomError("ends_before_start", "{field} is before {start}", {"field": field, "start": start})


class Offer(CallItem):
    """The call rang at one agent, who answered it or not; the offers that several observations report are united."""

    agent: SentCode = Field(examples=["ada"])
    from_at: PastTime = Field(description="When it began to ring.", examples=["2026-03-02T09:30:50-05:00"])
    to_at: PastTime | None = Field(None, description="When it stopped ringing there.")
    answered: Flag | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """An offer does not end before it begins."""
        _check_end(self.from_at, self.to_at, "to_at", "from_at")
        return self


class Segment(CallItem):
    """The caller waited in one queue; the waits that several observations report are united.

    A call that is transferred to a second queue waits there anew. The outcome `moved` means that the call went on to
    another queue unanswered.
    """

    queue: SentCode = Field(examples=["billing"])
    queued_at: PastTime = Field(examples=["2026-03-02T09:30:38-05:00"])
    left_at: PastTime | None = Field(None, description="When the wait ended, in whatever way.")
    wait_seconds: Seconds | None = Field(None, description="If missing, the time from queued_at to left_at.")
    agent: SentCode | None = Field(None, description="The agent who answered.")
    outcome: WaitOutcome | None = Field(None, examples=["answered"])

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> Self:
        """A wait does not end before it begins."""
        _check_end(self.queued_at, self.left_at, "left_at", "queued_at")
        return self


class PartialInboundCall(CallItem):
    """What a dialer's own event reports about an inbound call; any field may be missing."""

    external_id: SentCode = Field(description="The dialer's own id of the call.", examples=["call-2001"])
    dialer: SentCode | None = Field(None, description="The dialer; if missing, the dialer of the API key.")
    campaign: SentCode | None = Field(None, examples=["spring-renewals"])
    agent: SentCode | None = Field(
        None,
        description="The agent who answered. If missing, the agent of the first answered offer, else of the first"
        " answered segment, else the first participant, else the agent of the disposition.",
        examples=["ada"],
    )
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
    menu_path: SentCode | None = Field(
        None,
        description="The caller's choices in the voice menu. Numbers that the caller typed, such as an account or a"
        " phone number, are stored as `digits`.",
        examples=["english > billing"],
    )
    menu_seconds: Seconds | None = Field(None, description="How long the caller was in the voice menu.", examples=[12])
    topic: SentCode | None = Field(None, description="What the call was about.", examples=["invoice"])
    case: SentCode | None = Field(None, description="The case that the call belongs to.", examples=["case-88"])
    queue: SentCode | None = Field(None, description="The queue the caller waited in first.", examples=["sales"])
    queue_seconds: Seconds | None = Field(
        None,
        description="How long the caller waited there. 0: the caller was put through at once, or hung up at once.",
        examples=[18],
    )
    segments: list[Segment] | None = Field(
        None, description="Every wait in a queue, where there were several.", max_length=50
    )
    offers: list[Offer] | None = Field(None, description="Every agent at whom the call rang.", max_length=200)
    talk_seconds: Seconds | None = Field(None, examples=[210])
    hold_seconds: Seconds | None = None
    wrap_seconds: Seconds | None = Field(None, description="After-call work.", examples=[25])
    outcome: InboundOutcome | None = Field(
        None,
        description="abandoned: the caller hung up waiting. missed: no one answered. voicemail: a message was left."
        " callback: the caller chose to be called back.",
        examples=["answered"],
    )
    callback_chosen_at: PastTime | None = Field(None, description="When the caller chose to be called back.")
    transferred: Flag | None = Field(None, description="Transferred to another agent, or outside.")
    escalated_at: PastTime | None = Field(
        None, description="When the call was handed to a higher tier or a specialist; other transfers are none."
    )
    escalated_to: SentCode | None = Field(None, description="Who took it over.", examples=["tier-2"])
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
        between = ("queued_at", "answered_at", "callback_chosen_at", "escalated_at")
        check_order(self, "arrived_at", between, ("menu_seconds", "queue_seconds", *SPANS))
        return self


class InboundCall(PartialInboundCall):
    """One inbound call, or the known part of it. Only external_id and arrived_at are needed."""

    arrived_at: PastTime = Field(examples=["2026-03-02T09:30:20-05:00"])  # pyright: ignore[reportIncompatibleVariableOverride]


def observe(item: PartialInboundCall, sender: Sender) -> Iterator[Observation]:
    """An inbound call writes one row, with its outcome."""
    called, caller = (sender.number(number, item.campaign) for number in (item.to_number, item.from_number))
    drop_numbers_as_agents(item, called, caller)
    _drop_numbers_inside(item, called and called.line, caller and caller.line)
    times = (item.arrived_at, item.queued_at, item.answered_at, item.ended_at, *_times_inside(item))
    row: Row = {
        **call_row(item, item.dialer or sender.dialer),
        "said_case": item.case,
        "menu_ms": item.menu_seconds,
        "queue_ms": item.queue_seconds,
        "wrap_ms": item.wrap_seconds,
        "offers": item.offers and list(map(as_json, item.offers)),
        "segments": item.segments and list(map(as_json, item.segments)),
        "observed_at": sender.observed(item.observed_at, *times),
    }
    row.update((name, getattr(item, name)) for name in _AS_SENT)
    row["menu_path"] = item.menu_path and _TYPED.sub("digits", item.menu_path)
    if called:
        row["to_number"] = called.line
    if caller:
        row.update(zip(("from_number", "from_country", "from_region", "from_zones"), caller, strict=True))
    for outcome, _ in outcomes_of(item, row, sender, newest(*times)):
        row["note"] = outcome.note or row["note"]
    yield INBOUND_CALLS, row


# What a caller typed is about the caller; a choice in a menu has few digits.
_TYPED = re.compile(r"[+]?[0-9]{5,}|[(]?[0-9]{3}[)]?[ .-][0-9]{3}[ .-][0-9]{4}")


def _drop_numbers_inside(item: PartialInboundCall, *numbers: str | None) -> None:
    """Take phone numbers out of the agents of offers and waits; an offer without an agent is none."""
    item.offers = [offer for offer in item.offers or () if agent_code(offer.agent, *numbers)] or None
    for segment in item.segments or ():
        segment.agent = agent_code(segment.agent, *numbers)


def _times_inside(item: PartialInboundCall) -> Iterator[datetime | None]:
    """The times of the waits and offers of a call."""
    for segment in item.segments or ():
        yield from (segment.queued_at, segment.left_at)
    for offer in item.offers or ():
        yield from (offer.from_at, offer.to_at)


_AS_SENT = (
    "campaign",
    "agent",
    "arrived_at",
    "queued_at",
    "answered_at",
    "ended_at",
    "topic",
    "queue",
    "outcome",
    "callback_chosen_at",
    "transferred",
    "escalated_at",
    "escalated_to",
)

RESOURCE = Resource("inbound-calls", InboundCall, INBOUND_CALLS, observe)
PARTIAL = Resource("inbound-calls", PartialInboundCall, INBOUND_CALLS, observe)

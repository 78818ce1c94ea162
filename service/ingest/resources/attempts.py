"""Attempts: one call placed by a dialer to one number, sent in one observation or in several."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from reports.model.vocabulary import AnsweredBy, Detector, Handled, NetworkResult
from service.ingest.agents import drop_numbers_as_agents
from service.ingest.fields import CallItem, Flag, Item, PastTime, PhoneNumber, PlannedTime, SentCode, Text
from service.ingest.quantities import Money, Seconds
from service.ingest.resources import Observation, Resource, Row, Sender, newest
from sql.facts import ATTEMPTS, DISPOSITIONS

# Two clocks in one system seldom agree to the second.
_SLACK = timedelta(seconds=2)
# Durations that are part of a call. Talk is not among them: after a lost hang-up a dialer counts on, for people to see.
SPANS = ("hold_seconds",)


class Participant(CallItem):
    """An agent's part in a call; the parts that several observations report are united.

    A part lasts until to_at, else the agent's next part, else until another agent takes over, else until the call ends.
    """

    agent: SentCode
    state: Literal["talking", "holding", "left"] = Field(
        "talking", description="holding: the customer waits. left: the agent has left the call."
    )
    role: Literal["originator", "fronter", "closer", "last"] | None = None
    from_at: PastTime | None = None
    to_at: PastTime | None = None
    talk_seconds: Seconds | None = Field(
        None, description="How long the agent talked with the customer; if missing, from_at and the part's end tell."
    )


class Recording(CallItem):
    """Where the recording is stored, and the consent for it; never the audio itself."""

    uri: Text
    seconds: Seconds | None = None
    consent: Text | None = None


class Outcome(CallItem):
    """The outcome of an attempt, as an agent or a dialer recorded it."""

    code: SentCode = Field(examples=["SALE"])
    agent: SentCode | None = Field(None, description="The agent who chose it; the outcome counts for that agent.")
    callback_at: PlannedTime | None = None
    note: Text | None = None


class InlineDisposition(Outcome):
    """The outcome sent with its attempt."""

    set_at: PastTime | None = Field(None, description="When it was chosen; if missing, when the attempt ended.")


class PartialAttempt(CallItem):
    """What a dialer's own event reports about an attempt; any field may be missing."""

    external_id: SentCode = Field(description="The dialer's own id of the call.", examples=["call-1001"])
    dialer: SentCode | None = Field(None, description="The dialer; if missing, the dialer of the API key.")
    campaign: SentCode | None = None
    agent: SentCode | None = Field(None, examples=["ada"])
    lead: SentCode | None = Field(
        None, description="The CRM's lead; if missing, the lead with the called number.", examples=["lead-77"]
    )
    match_lead: Flag | None = Field(None, description="False: find no lead by the called number.")
    contact: SentCode | None = Field(None, description="The dialer's own id of the person.")
    source: SentCode | None = Field(
        None, description="Where the lead came from; if missing, the tracking number's source."
    )
    to_number: PhoneNumber = Field(None, examples=["+14155550123"])
    from_number: PhoneNumber = Field(
        None, description="The caller ID shown; if it is a tracking number, it attributes the attempt."
    )
    dialed_at: PastTime | None = None
    rang_at: PastTime | None = Field(None, description="When the called phone began to ring.")
    answered_at: PastTime | None = None
    agent_joined_at: PastTime | None = None
    ended_at: PastTime | None = Field(None, examples=["2026-03-02T09:32:31-05:00"])
    ring_seconds: Seconds | None = None
    talk_seconds: Seconds | None = Field(None, examples=[134.2])
    hold_seconds: Seconds | None = None
    wrap_seconds: Seconds | None = None
    dead_seconds: Seconds | None = Field(None, description="The callee has hung up, the agent is still in the call.")
    network_result: NetworkResult | None = Field(None, examples=["answered"])
    answered_by: AnsweredBy | None = Field(None, examples=["human"])
    detector: Detector | None = Field(None, description="Who determined answered_by; on its own it has no effect.")
    person_after_seconds: Seconds | None = Field(
        None,
        description="An answered call with at least this much talk counts as answered by a person if nothing else"
        " tells who answered. If missing, the answerer stays unknown.",
    )
    handled: Handled | None = None
    participants: list[Participant] | None = Field(None, max_length=50)
    recording: Recording | None = None
    note: Text | None = Field(None, description="A comment on the call itself.")
    value: Money | None = Field(None, description="The amount that a user of the dialer put on the call.")
    test: Flag | None = Field(None, description="A test call: it counts in no metric, but as excluded.")
    spam: Flag | None = Field(None, description="A spam call: it counts in no metric, but as excluded.")
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
        check_order(self, "dialed_at", ("rang_at", "answered_at", "agent_joined_at"), ("ring_seconds", *SPANS))
        return self


class Attempt(PartialAttempt):
    """One dialer attempt, or the known part of it. Only external_id, campaign and dialed_at are needed."""

    campaign: SentCode = Field(examples=["spring-renewals"])  # pyright: ignore[reportIncompatibleVariableOverride]
    dialed_at: PastTime = Field(examples=["2026-03-02T09:30:00-05:00"])  # pyright: ignore[reportIncompatibleVariableOverride]


def check_outcomes(disposition: InlineDisposition | None, outcomes: list[InlineDisposition] | None) -> None:
    """Refuse an observation with both the newest outcome and all outcomes."""
    if disposition is not None and outcomes is not None:
        raise PydanticCustomError("outcomes_twice", "{field} cannot be sent with outcomes", {"field": "disposition"})


def check_order(item: Item, first: str, between: tuple[str, ...], spans: tuple[str, ...]) -> None:
    """Refuse a call that contradicts itself: times before its start or after its end, or durations beyond its length.

    first: the field of its start; between: the fields of times before ended_at; spans: the fields of durations.
    """
    begins: datetime | None = getattr(item, first)
    ends: datetime | None = getattr(item, "ended_at")  # noqa: B009  the forms that have it have no more in common
    for name in (*between, "ended_at") if begins else ():
        moment: datetime | None = getattr(item, name)
        if moment and begins and moment < begins - _SLACK:
            raise PydanticCustomError("before_start", "{field} is before {start}", {"field": name, "start": first})
    answered: datetime | None = getattr(item, "answered_at")  # noqa: B009  the same
    if begins and ends:
        _fits_between(item, ends - begins, first, spans)
    if ends and answered and answered > ends + _SLACK:
        raise PydanticCustomError("answered_after_end", "{field} is after ended_at", {"field": "answered_at"})


def _fits_between(item: Item, span: timedelta, first: str, spans: tuple[str, ...]) -> None:
    call = "attempt" if first == "dialed_at" else "call"
    longest = round((span + _SLACK).total_seconds() * 1000)
    for name in spans:
        if (getattr(item, name) or 0) > longest:
            raise PydanticCustomError(
                "longer_than_call",
                "{field} is longer than the {call} from {start} to ended_at",
                {"field": name, "start": first, "call": call},
            )


def observe(item: PartialAttempt, sender: Sender) -> Iterator[Observation]:
    """An attempt writes one row of attempts, and one row of dispositions for each outcome it carries."""
    dialer = item.dialer or sender.dialer
    called, shown = (sender.number(number, item.campaign) for number in (item.to_number, item.from_number))
    drop_numbers_as_agents(item, called, shown)
    row: Row = {
        **call_row(item, dialer),
        "detector": item.answered_by and item.detector,
        "agent_joined_at": item.agent_joined_at or _first_talk(item.participants),
        "observed_at": sender.observed(item.observed_at, *_times(item)),
        "person_after_ms": item.person_after_seconds,
    }
    row.update((name, getattr(item, name)) for name in _AS_SENT)
    row.update((f"{name}_ms", getattr(item, f"{name}_seconds")) for name in _DURATIONS)
    if called:
        row.update(zip(("to_number", "to_country", "to_region", "to_zones"), called, strict=True))
    if shown:
        row["from_number"] = shown.line
    for outcome, set_at in outcomes_of(item, row, sender, newest(*_times(item))):
        listed = "" if item.outcomes is None else outcome.code
        observed_at = _outcome_observed(item, sender)
        yield DISPOSITIONS, disposition_row(outcome, dialer, item.external_id, set_at, observed_at, listed)
    yield ATTEMPTS, row


def _times(item: PartialAttempt) -> tuple[datetime | None, ...]:
    return item.dialed_at, item.answered_at, item.agent_joined_at, item.ended_at


def _outcome_observed(item: "Call", sender: Sender) -> datetime | None:
    """When an outcome was known, if the item or its file states it; a dialer's outcome has its own time only."""
    return None if sender.received_at else item.observed_at or sender.observed_at


class Call(Protocol):
    """The fields that attempts and inbound calls share."""

    external_id: str
    lead: str | None
    match_lead: bool | None
    contact: str | None
    source: str | None
    talk_seconds: int | None
    hold_seconds: int | None
    participants: list[Participant] | None
    recording: Recording | None
    note: str | None
    value: Decimal | None
    test: bool | None
    spam: bool | None
    ended_at: datetime | None
    disposition: InlineDisposition | None
    outcomes: list[InlineDisposition] | None
    outcomes_at: datetime | None
    observed_at: datetime | None


def call_row(item: Call, dialer: str) -> Row:
    """The columns that attempts and inbound calls share."""
    return {
        "dialer": dialer,
        "external_id": item.external_id,
        "said_lead": item.lead,
        "lead_matching": item.match_lead,
        "contact": item.contact,
        "said_source": item.source,
        "said_talk_ms": item.talk_seconds,
        "said_hold_ms": item.hold_seconds,
        "participants": item.participants and list(map(as_json, item.participants)),
        "recording": item.recording and as_json(item.recording),
        "note": item.note,
        "value": item.value,
        "test": item.test,
        "spam": item.spam,
    }


def as_json(part: Item) -> Row:
    """A part of a call as the ledger stores it."""
    # Without warnings: for a time of its own kind Pydantic warns of the text that it has made of it itself.
    return part.model_dump(mode="json", exclude_none=True, warnings=False)


def _first_talk(participants: list[Participant] | None) -> datetime | None:
    """When the first agent joined."""
    talks = (part.from_at for part in participants or () if part.state == "talking" and part.from_at)
    return min(talks, default=None)


def outcomes_of(
    item: Call, row: Row, sender: Sender, happened_at: datetime | None
) -> Iterator[tuple[InlineDisposition, datetime]]:
    """The outcomes of a call, each with its time; fills their columns of the call's row.

    happened_at: the newest time of the call itself, for an outcome without a time.
    """
    observed_at = _outcome_observed(item, sender)
    at = item.observed_at or happened_at or row["observed_at"]
    if outcome := item.disposition:
        set_at = outcome.set_at or item.ended_at or at
        row |= current_disposition(outcome, set_at, observed_at)
        yield outcome, set_at
    if item.outcomes is not None:
        at = item.outcomes_at or at
        row |= _all_outcomes(item.outcomes, at, sender.received_at or observed_at)
        yield from ((outcome, outcome.set_at or at) for outcome in item.outcomes)


def _all_outcomes(outcomes: list[InlineDisposition], at: datetime, received_at: datetime | None) -> Row:
    """The columns of all outcomes on a call. Their notes stand in its dispositions only, where an erasure looks."""
    listed = sorted((as_json(outcome) for outcome in outcomes), key=lambda outcome: outcome["code"])
    for outcome in listed:
        outcome.pop("note", None)
    undated = {outcome.code: round(at.timestamp() * 1_000_000) for outcome in outcomes if outcome.set_at is None}
    return {
        "outcomes": listed,
        "outcomes_at": at,
        "outcomes_received_at": received_at,
        "first_set": undated or None,
    }


def current_disposition(outcome: Outcome, set_at: object, observed_at: datetime | None) -> Row:
    """The columns of an attempt that a disposition sets."""
    return {
        "disposition": outcome.code,
        "disposition_set_at": set_at,
        "disposition_agent": outcome.agent,
        "callback_at": outcome.callback_at,
        "outcomes_received_at": observed_at,
    }


def disposition_row(
    outcome: Outcome, dialer: str, attempt: str, set_at: object, observed_at: datetime | None, listed: str = ""
) -> Row:
    """A disposition's own row. listed: its code, if it is one of a list."""
    return {
        "dialer": dialer,
        "attempt": attempt,
        "set_at": set_at,
        "listed": listed,
        "code": outcome.code,
        "agent": outcome.agent,
        "callback_at": outcome.callback_at,
        "note": outcome.note,
        "observed_at": observed_at or set_at,
    }


_DURATIONS = ("ring", "wrap", "dead")
_AS_SENT = (
    "campaign",
    "agent",
    "dialed_at",
    "rang_at",
    "answered_at",
    "ended_at",
    "network_result",
    "answered_by",
    "handled",
)

RESOURCE = Resource("attempts", Attempt, ATTEMPTS, observe)
PARTIAL = Resource("attempts", PartialAttempt, ATTEMPTS, observe)

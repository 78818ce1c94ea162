"""Attempts: one origination by a dialer to one number, told in one observation or in many."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.fields import Code, Flag, Item, PastTime, PhoneNumber, PlannedTime, Text
from service.quantities import Seconds
from service.resources import Observation, Resource, Row, Sender, newest
from sql.facts import ATTEMPTS, DISPOSITIONS

# Two clocks of one system seldom agree to the second.
_SLACK_MS = 2_000


class Participant(Item):
    """An agent's part in an attempt."""

    agent: Code
    role: Literal["originator", "fronter", "closer", "last"]
    from_at: PastTime | None = None
    to_at: PastTime | None = None


class Recording(Item):
    """Where the recording is kept, and on what grounds; never the audio itself."""

    uri: Text
    seconds: Seconds | None = None
    consent: Text | None = None


class Outcome(Item):
    """What an agent, or a dialer, says came of an attempt."""

    code: Code = Field(examples=["SALE"])
    agent: Code | None = Field(None, description="Who chose it; the outcome is theirs.")
    callback_at: PlannedTime | None = None
    note: Text | None = None


class InlineDisposition(Outcome):
    """The outcome sent with its attempt."""

    set_at: PastTime | None = Field(None, description="When it was chosen; without it, when the attempt ended.")


class Attempt(Item):
    """One dialer attempt, or what is known of it so far. Only external_id, campaign and dialed_at are needed."""

    external_id: Code = Field(description="The dialer's own id of the call.", examples=["call-1001"])
    dialer: Code | None = Field(None, description="Which dialer; without it, the dialer of the API key.")
    campaign: Code = Field(examples=["spring-renewals"])
    agent: Code | None = Field(None, examples=["ada"])
    lead: Code | None = Field(None, examples=["lead-77"])
    source: Code | None = Field(None, description="Where the lead came from; without it, the tracking number's source.")
    to_number: PhoneNumber = Field(None, examples=["+14155550123"])
    from_number: PhoneNumber = Field(None, description="The caller ID shown; a tracking number attributes the attempt.")
    dialed_at: PastTime = Field(examples=["2026-03-02T09:30:00-05:00"])
    answered_at: PastTime | None = None
    agent_joined_at: PastTime | None = None
    ended_at: PastTime | None = Field(None, examples=["2026-03-02T09:32:31-05:00"])
    ring_seconds: Seconds | None = None
    talk_seconds: Seconds | None = Field(None, examples=[134.2])
    hold_seconds: Seconds | None = None
    wrap_seconds: Seconds | None = None
    dead_seconds: Seconds | None = Field(None, description="Callee gone, agent still in the call.")
    network_result: (
        Literal[
            "unknown",
            "cancelled",
            "blocked",
            "invalid_number",
            "network_failure",
            "no_answer",
            "busy",
            "rejected",
            "answered",
        ]
        | None
    ) = Field(None, examples=["answered"])
    answered_by: Literal["unknown", "fax_or_tone", "machine", "human"] | None = Field(None, examples=["human"])
    detector: Literal["carrier", "amd", "agent"] | None = Field(
        None, description="Who said answered_by; alone it says nothing."
    )
    handled: Literal["none", "ivr_only", "abandoned_by_callee", "abandoned_by_us", "agent"] | None = None
    participants: list[Participant] | None = Field(None, max_length=50)
    recording: Recording | None = None
    test: Flag | None = Field(None, description="A test call: in no metric, but counted as excluded.")
    observed_at: PastTime | None = Field(
        None,
        description="When the dialer knew this; of two that disagree the newer is kept."
        " Without it, the newest time in the item.",
    )
    disposition: InlineDisposition | None = None

    @model_validator(mode="after")
    def happens_in_order(self) -> Self:
        """Refuse an observation that contradicts itself."""
        for name in ("answered_at", "agent_joined_at", "ended_at"):
            moment = getattr(self, name)
            if moment and moment < self.dialed_at - timedelta(milliseconds=_SLACK_MS):
                raise PydanticCustomError("before_dialed", "{field} is before dialed_at", {"field": name})
        if self.ended_at:
            self._fits_between(round((self.ended_at - self.dialed_at).total_seconds() * 1000))
        if self.ended_at and self.answered_at and self.answered_at > self.ended_at + timedelta(milliseconds=_SLACK_MS):
            raise PydanticCustomError("answered_after_end", "{field} is after ended_at", {"field": "answered_at"})
        return self

    def _fits_between(self, span_ms: int) -> None:
        for name in ("ring_seconds", "talk_seconds", "hold_seconds"):
            if (getattr(self, name) or 0) > span_ms + _SLACK_MS:
                raise PydanticCustomError(
                    "longer_than_call", "{field} is longer than the attempt from dialed_at to ended_at", {"field": name}
                )


def observe(item: Attempt, sender: Sender) -> Iterator[Observation]:
    """An attempt says one row of attempts, and one of dispositions where it carries its outcome."""
    dialer = item.dialer or sender.dialer
    row: Row = {
        "dialer": dialer,
        "external_id": item.external_id,
        "said_source": item.source,
        "detector": item.answered_by and item.detector,
        "observed_at": item.observed_at
        or newest(item.dialed_at, item.answered_at, item.agent_joined_at, item.ended_at),
        "participants": item.participants
        and [part.model_dump(mode="json", exclude_none=True) for part in item.participants],
        "recording": item.recording and item.recording.model_dump(mode="json", exclude_none=True),
    }
    row.update((name, getattr(item, name)) for name in _AS_SENT)
    row.update((f"{name}_ms", getattr(item, f"{name}_seconds")) for name in _DURATIONS)
    if called := sender.number(item.to_number, item.campaign):
        row.update(zip(("to_number", "to_country", "to_region", "to_zones"), called, strict=True))
    if shown := sender.number(item.from_number, item.campaign):
        row["from_number"] = shown.number
    if outcome := item.disposition:
        set_at = outcome.set_at or item.ended_at or row["observed_at"]
        row |= current_disposition(outcome, set_at)
        yield DISPOSITIONS, disposition_row(outcome, dialer, item.external_id, set_at)
    yield ATTEMPTS, row


def current_disposition(outcome: Outcome, set_at: object) -> Row:
    """What a disposition says of its attempt's current one."""
    return {
        "disposition": outcome.code,
        "disposition_set_at": set_at,
        "disposition_agent": outcome.agent,
        "callback_at": outcome.callback_at,
    }


def disposition_row(outcome: Outcome, dialer: str, attempt: str, set_at: object) -> Row:
    """A disposition's own row."""
    return {
        "dialer": dialer,
        "attempt": attempt,
        "set_at": set_at,
        "code": outcome.code,
        "agent": outcome.agent,
        "callback_at": outcome.callback_at,
        "note": outcome.note,
        "observed_at": set_at,
    }


_DURATIONS = ("ring", "talk", "hold", "wrap", "dead")
_AS_SENT = (
    "campaign",
    "agent",
    "lead",
    "dialed_at",
    "answered_at",
    "agent_joined_at",
    "ended_at",
    "network_result",
    "answered_by",
    "handled",
    "test",
)

RESOURCE = Resource("attempts", Attempt, ATTEMPTS, observe)

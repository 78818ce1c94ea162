"""What truly happened on the floor, before any of it is sent anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.floor.cast import Campaign


@dataclass(slots=True)
class Lead:
    """Somebody to call, and how likely they pick up and buy."""

    external_id: str
    received_at: int
    campaign: Campaign
    source: str
    phone_number: str
    zone: str
    line: str  # person, dead (number does not exist), fax
    pickup: float
    appeal: float
    owner: str | None = None
    assigned_at: int | None = None
    closed_at: int | None = None
    close_reason: str | None = None
    tries: int = 0
    test: bool = False


@dataclass(slots=True)
class Attempt:
    """One dial to one number, from the first ring to the last note."""

    external_id: str
    dialer: str
    lead: Lead
    ordinal: int
    from_number: str
    said_source: str | None
    dialed_at: int
    ended_at: int
    ring_ms: int
    network_result: str
    agent: str | None = None
    answered_at: int | None = None
    joined_at: int | None = None
    talk_ms: int | None = None
    hold_ms: int | None = None
    wrap_ms: int | None = None
    dead_ms: int | None = None
    answered_by: str | None = None
    detected: str | None = None  # what machine detection said, right or wrong
    handled: str | None = None
    party: str | None = None
    result: str = "none"
    code: str | None = None
    callback_at: int | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """What an agent said a call came to."""

    attempt: Attempt
    code: str
    set_at: int
    arrives_at: int
    callback_at: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentStep:
    """One thing that happened to an appointment."""

    external_id: str
    attempt: Attempt
    set_at: int
    scheduled_at: int
    status: str
    status_at: int


@dataclass(slots=True)
class FollowUp:
    """Something promised to a lead, and whether it was done."""

    external_id: str
    lead: Lead
    agent: str | None
    channel: str
    promised_at: int
    due_at: int | None
    done_at: int | None = None
    automated: bool = False


@dataclass(frozen=True, slots=True)
class StageChange:
    """A deal that moved on."""

    opportunity: str
    lead: Lead
    stage: str
    changed_at: int
    amount: int | None = None
    gross_profit: int | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """What one source cost for one campaign on one day."""

    external_id: str
    source: str
    campaign: Campaign
    on: str
    cents: int
    reported_at: int


@dataclass(slots=True)
class State:
    """What an agent was doing, and until when."""

    agent: str
    state: str
    from_at: int
    reason: str | None = None
    to_at: int | None = None


@dataclass(slots=True)
class Story:
    """Everything that happened on the floor from its first day until now.

    Calls in progress now are told to their end, and so is what follows from them: whoever sends it leaves out what
    lies ahead.
    """

    seed: int
    start: int
    until: int
    handover: int  # when tracking numbers change hands
    leads: list[Lead] = field(default_factory=list[Lead])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    dispositions: list[Disposition] = field(default_factory=list[Disposition])
    appointments: list[AppointmentStep] = field(default_factory=list[AppointmentStep])
    follow_ups: list[FollowUp] = field(default_factory=list[FollowUp])
    stage_changes: list[StageChange] = field(default_factory=list[StageChange])
    spend: list[Spend] = field(default_factory=list[Spend])
    states: list[State] = field(default_factory=list[State])

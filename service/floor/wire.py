"""What happened, put the way it is sent: plain dicts with the field names of the API."""

from __future__ import annotations

from service.floor.story import AppointmentStep, Attempt, Disposition, FollowUp, Lead, Spend, StageChange, State
from service.sandbox.scenario.instants import wire_seconds, wire_time

Item = dict[str, object]


def _said(item: Item) -> Item:
    """What is not known is not sent."""
    return {name: value for name, value in item.items() if value is not None}


def _time(instant: int | None) -> str | None:
    return None if instant is None else wire_time(instant)


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else wire_seconds(milliseconds)


def national(number: str) -> str:
    """A number as people at home write it, without the code of their country."""
    if number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return f"0{number[3:6]} {number[6:9]} {number[9:]}"


def lead_received(lead: Lead, number: str) -> Item:
    """A lead as it comes in, its number written one way or the other."""
    return _said(
        {
            "external_id": lead.external_id,
            "received_at": _time(lead.received_at),
            "source": lead.source,
            "campaign": lead.campaign.code,
            "phone_number": number,
            "attributes": {"list": "spring"} if lead.owner is None else {"asked_for": lead.campaign.name or "?"},
            "test": lead.test or None,
            "observed_at": _time(lead.received_at),
        }
    )


def lead_assigned(lead: Lead, at: int) -> Item:
    """A lead that was given to an agent."""
    return _lead_changed(lead, at) | {"owner": lead.owner, "assigned_at": wire_time(at)}


def lead_closed(lead: Lead, at: int) -> Item:
    """A lead nobody will call again, and why."""
    return _lead_changed(lead, at) | {"closed_at": wire_time(at), "close_reason": lead.close_reason}


def _lead_changed(lead: Lead, at: int) -> Item:
    return {
        "external_id": lead.external_id,
        "received_at": wire_time(lead.received_at),
        "observed_at": wire_time(at),
    }


def _call(call: Attempt, observed_at: int) -> Item:
    return {
        "external_id": call.external_id,
        "dialer": call.dialer,
        "campaign": call.lead.campaign.code,
        "dialed_at": wire_time(call.dialed_at),
        "observed_at": wire_time(observed_at),
    }


def attempt_initiated(call: Attempt, to_number: str) -> Item:
    """What the dialer knows when it begins to dial."""
    return _said(
        _call(call, call.dialed_at)
        | {
            "lead": call.lead.external_id,
            "source": call.said_source,
            "to_number": to_number,
            "from_number": call.from_number,
            "test": call.lead.test or None,
        }
    )


def attempt_answered(call: Attempt, at: int) -> Item:
    """What the dialer knows when somebody, or something, picks up; its detector may be wrong."""
    return _said(
        _call(call, at)
        | {
            "agent": call.agent,
            "answered_at": _time(call.answered_at),
            "agent_joined_at": _time(call.joined_at),
            "ring_seconds": _seconds(call.ring_ms),
            "network_result": call.network_result,
            "answered_by": call.detected,
            "detector": "amd",
        }
    )


def attempt_ended(call: Attempt, at: int) -> Item:
    """What is known when the call is over and the agent has done with it."""
    answered = call.answered_at is not None
    return _said(
        _call(call, at)
        | {
            "agent": call.agent,
            "answered_at": _time(call.answered_at),
            "agent_joined_at": _time(call.joined_at),
            "ended_at": _time(call.ended_at),
            "ring_seconds": _seconds(call.ring_ms),
            "talk_seconds": _seconds(call.talk_ms),
            "hold_seconds": _seconds(call.hold_ms),
            "wrap_seconds": _seconds(call.wrap_ms),
            "dead_seconds": _seconds(call.dead_ms),
            "network_result": call.network_result,
            "answered_by": call.answered_by,
            "detector": ("agent" if call.handled == "agent" else "amd") if answered else None,
            "handled": call.handled,
            "recording": _recording(call),
        }
    )


def _recording(call: Attempt) -> Item | None:
    if call.party != "right_party" or call.talk_ms is None:
        return None
    return {
        "uri": f"s3://floor-recordings/{call.external_id}.opus",
        "seconds": wire_seconds(call.talk_ms),
        "consent": "announced",
    }


def attempt_in_one(call: Attempt, at: int, to_number: str) -> Item:
    """A whole call told once, after its end."""
    return attempt_initiated(call, to_number) | attempt_ended(call, at)


def disposition(note: Disposition) -> Item:
    """A disposition sent on its own."""
    return {"dialer": note.attempt.dialer, "attempt": note.attempt.external_id, **inline_disposition(note)}


def inline_disposition(note: Disposition) -> Item:
    """A disposition sent with its attempt."""
    return _said(
        {
            "code": note.code,
            "set_at": _time(note.set_at),
            "agent": note.attempt.agent,
            "callback_at": _time(note.callback_at),
            "note": note.note,
        }
    )


def appointment(step: AppointmentStep) -> Item:
    """One thing that happened to an appointment."""
    return _said(
        {
            "external_id": step.external_id,
            "lead": step.attempt.lead.external_id,
            "dialer": step.attempt.dialer,
            "attempt": step.attempt.external_id,
            "agent": step.attempt.agent,
            "set_at": _time(step.set_at),
            "scheduled_at": _time(step.scheduled_at),
            "status": step.status,
            "status_at": _time(step.status_at),
        }
    )


def follow_up(promise: FollowUp, at: int, done_at: int | None) -> Item:
    """A follow-up as it stood at an instant."""
    return _said(
        {
            "external_id": promise.external_id,
            "lead": promise.lead.external_id,
            "agent": promise.agent,
            "channel": promise.channel,
            "due_at": _time(promise.due_at),
            "done_at": _time(done_at),
            "automated": promise.automated or None,
            "observed_at": _time(at),
        }
    )


def stage_change(change: StageChange) -> Item:
    """A deal's move to a stage, money as text so that no digit is lost."""
    return _said(
        {
            "external_id": f"{change.opportunity}-{change.stage}",
            "opportunity": change.opportunity,
            "lead": change.lead.external_id,
            "stage": change.stage,
            "changed_at": _time(change.changed_at),
            "amount": None if change.amount is None else str(change.amount),
            "gross_profit": None if change.gross_profit is None else str(change.gross_profit),
            "currency": None if change.amount is None else change.lead.campaign.currency,
        }
    )


def spend(bill: Spend, cents: int, at: int) -> Item:
    """The bill of one day as it was known at an instant."""
    return {
        "external_id": bill.external_id,
        "source": bill.source,
        "campaign": bill.campaign.code,
        "from_on": bill.on,
        "to_on": bill.on,
        "amount": f"{cents // 100}.{cents % 100:02d}",
        "currency": bill.campaign.currency,
        "observed_at": wire_time(at),
    }


def agent_state(state: State, to_at: int | None) -> Item:
    """What an agent did, and until when if that is known."""
    return _said(
        {
            "agent": state.agent,
            "state": state.state,
            "reason": state.reason,
            "from_at": _time(state.from_at),
            "to_at": _time(to_at),
        }
    )

"""The status callbacks of a leg: a customer's call, or an agent's part of one."""

from datetime import datetime, timedelta
from typing import Any

from service.dialers import ParsedEvent
from service.dialers.parsing import PROVISIONAL_TIME, format_time, item
from service.dialers.twilio.callback import Callback, recording_link, talking
from service.dialers.twilio.results import ANSWERED, PENDING, RESULTS, detection, network_result


def read_status(callback: Callback) -> ParsedEvent:
    """The content of a status callback: an attempt, an inbound call, or what an agent did in either."""
    status = callback.form.code("CallStatus") or ""
    if status not in PENDING and status not in RESULTS:
        return callback.event(status, known=False)
    if callback.is_agents_leg:
        return _agents_leg(callback, status)
    moments = _Moments(callback, status)
    return _inbound(callback, status, moments) if callback.inbound else _outbound(callback, status, moments)


class _Moments:
    """When a leg began, was answered and ended, as far as one callback knows.

    began: the latest possible start, because the ledger stores the earliest start it receives.
    """

    def __init__(self, callback: Callback, status: str) -> None:
        self.seconds = callback.form.seconds("CallDuration") if status == "completed" else None
        self.began: datetime = callback.event_time - timedelta(seconds=self.seconds or 0)
        answered = status == "in-progress" or self.seconds is not None
        self.answered_at = self.began if answered else None
        self.ended_at = callback.event_time if status not in PENDING and status != "in-progress" else None


def _outbound(callback: Callback, status: str, moments: _Moments) -> ParsedEvent:
    fields: dict[str, Any] = {
        **callback.opening_fields,
        "dialed_at": None if status == "queued" else moments.began,
        "rang_at": callback.event_time if status == "ringing" else None,
        "answered_at": moments.answered_at,
        "ended_at": moments.ended_at,
        "network_result": network_result(callback.form, status),
        **detection(callback.form),
        "recording": recording_link(callback.form),
        # The call counts from its answer, so what is known of its agents later supersedes it.
        "observed_at": moments.began,
    }
    return callback.parsed(status, callback.call, fields | _who_talks(callback, status, moments))


def _who_talks(callback: Callback, status: str, moments: _Moments) -> dict[str, Any]:
    """Who talks to a customer who answered: only the leg of an agent's own call has its agent from the answer on.

    Until an agent's leg shows when its agent joined, the call counts as talk from its answer on.
    """
    if status not in ANSWERED:
        return {}
    agent_waits = callback.parent is not None
    handled = callback.handled or ("agent" if agent_waits else None)
    return {
        "handled": handled,
        "participants": talking(callback.agent, moments.answered_at) if agent_waits else None,
        "talk_seconds": moments.seconds if handled in {None, "agent"} else None,
    }


def _inbound(callback: Callback, status: str, moments: _Moments) -> ParsedEvent:
    # Twilio itself answers every call; only the legs show whether an agent answered, and which one.
    outcome = {"completed": "unknown", "canceled": "abandoned"}.get(status, "missed")
    fields: dict[str, Any] = {
        **callback.opening_fields,
        "arrived_at": moments.began,
        "ended_at": moments.ended_at,
        "outcome": outcome if moments.ended_at else None,
        "recording": recording_link(callback.form),
        "observed_at": moments.began,
    }
    return callback.parsed(status, callback.call, fields)


def _agents_leg(callback: Callback, status: str) -> ParsedEvent:
    """An agent's leg: who joined the customer's call and who left it. It is never a call of its own."""
    agent = callback.to.agent or callback.agent
    if status == "ringing" and callback.inbound and agent:
        offer = item(agent=agent, from_at=format_time(callback.event_time))
        return callback.parsed(status, callback.call, {"offers": [offer], "observed_at": callback.event_time})
    if status in PENDING or (status not in ANSWERED and not callback.inbound):
        return callback.event(status)
    if status not in ANSWERED:
        return callback.parsed(status, callback.call, unanswered(status))
    moments = _Moments(callback, status)
    # A leg that ends in the second of its answer has no talk, and nobody who joined.
    joined = None if moments.seconds == 0 else moments.answered_at
    fields: dict[str, Any] = {
        "agent": agent,
        "participants": talking(agent, joined, moments.ended_at),
        "observed_at": callback.event_time,
    }
    fields |= _answering(moments) if callback.inbound else _joining(callback, moments)
    return callback.parsed(status, callback.call, fields)


def _answering(moments: _Moments) -> dict[str, Any]:
    return {"answered_at": moments.answered_at, "talk_seconds": moments.seconds, "outcome": "answered"}


def _joining(callback: Callback, moments: _Moments) -> dict[str, Any]:
    """A leg that the customer's call dialed joins a customer who has answered; in a conference the agent may wait."""
    if callback.named_call:
        return {}
    return {"agent_joined_at": moments.answered_at, "handled": "agent", "talk_seconds": moments.seconds}


def unanswered(status: str) -> dict[str, Any]:
    """The outcome of an inbound call after a leg that nobody answered: provisional, as another leg may be answered."""
    if status == "canceled":
        return abandoned()
    return {"outcome": "missed", "observed_at": PROVISIONAL_TIME}


def abandoned() -> dict[str, Any]:
    """The outcome of an inbound call whose caller hung up waiting: it supersedes agents who missed the call before."""
    return {"outcome": "abandoned", "observed_at": PROVISIONAL_TIME + timedelta(seconds=1)}

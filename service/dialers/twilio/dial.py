"""What Twilio asks of the application after `<Dial>` and `<Enqueue>`: how the other side's call, or the wait, ended."""

from datetime import timedelta
from typing import Any

from service.dialers import Item, ParsedEvent
from service.dialers.parsing import PROVISIONAL_TIME
from service.dialers.twilio.callback import Callback, recording_link
from service.dialers.twilio.results import ANSWERED, RESULTS, network_result
from service.dialers.twilio.status import abandoned, unanswered


def read_dialed(callback: Callback) -> ParsedEvent:
    """The result of `<Dial>`: of the customer's call that an agent dialed, or of an agent dialed for the customer.

    An outbound call to a phone number may be either. Then both calls get what would be true of them: the call that is
    an agent's has no callback as a customer's call, and counts nowhere.
    """
    status = callback.form.code("DialCallStatus") or ""
    if status not in RESULTS:
        return callback.event("dial", known=False)
    event = f"dial {status}"
    if callback.inbound:
        return callback.parsed(event, callback.call, _agent_dialed(callback, status))
    attempts: list[Item] = []
    if callback.calls != "outbound":
        attempts += _customer_dialed(callback, status)
    if callback.call and status in ANSWERED:
        attempts.append(callback.item_of(callback.call, _agent_dialed(callback, status)))
    return callback.event(event, attempts=tuple(attempts))


def _customer_dialed(callback: Callback, status: str) -> list[Item]:
    """The customer's call, by its own id; a conference has none."""
    form = callback.form
    if not (call := form.code("DialCallSid")):
        return []
    seconds = timedelta(seconds=form.seconds("DialCallDuration") or 0)
    own_number = callback.to.number if callback.is_agents_own_call else None
    # The call's own callbacks and its agents' legs, if it has any, know these better.
    provisional: dict[str, Any] = {
        "network_result": network_result(form, status),
        "agent": callback.caller.agent,
        "observed_at": PROVISIONAL_TIME,
    }
    if own_number:
        provisional |= callback.opening_fields | {"dialed_at": callback.event_time - seconds}
    if status not in ANSWERED:
        return [callback.item_of(call, provisional)]
    later = _bridged(callback, status) | {"recording": recording_link(form), "observed_at": callback.event_time}
    return [callback.item_of(call, provisional), callback.item_of(call, later)]


def _agent_dialed(callback: Callback, status: str) -> dict[str, Any]:
    """The customer's own call, after an agent was dialed for it."""
    fields = {"recording": recording_link(callback.form), "observed_at": callback.event_time}
    bridged = _bridged(callback, status)
    if not callback.inbound:
        return fields | bridged
    talked = bridged.pop("handled") == "agent"
    return fields | bridged | ({"outcome": "answered"} if talked else unanswered(status))


def _bridged(callback: Callback, status: str) -> dict[str, Any]:
    """Whether the two sides talked, and for how long."""
    if status not in ANSWERED:
        return {"handled": None}
    if callback.form.flag("DialBridged") is False:
        return {"handled": callback.handled, "talk_seconds": 0}
    return {"handled": callback.handled or "agent", "talk_seconds": callback.form.seconds("DialCallDuration")}


def read_queued(callback: Callback) -> ParsedEvent:
    """The result of `<Enqueue>`: how long the customer waited for an agent, and whether they gave up."""
    gave_up = callback.form.text("QueueResult") == "hangup"
    fields: dict[str, Any] = {"observed_at": PROVISIONAL_TIME}
    if callback.inbound:
        fields |= {"queue_seconds": callback.form.seconds("QueueTime"), **(abandoned() if gave_up else {})}
    elif gave_up:
        fields["handled"] = callback.handled or "abandoned_by_callee"
    return callback.parsed("queue", callback.call, fields)

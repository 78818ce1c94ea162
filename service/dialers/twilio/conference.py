"""The callbacks of a conference: which agents were with the customer, and when the customer was on hold.

The address names the customer's call (`call`) and the agent who opened the conference (`agent`). Other agents are
named by the labels of their legs. Without `call`, a leg of a named agent's conference counts as the customer's.
"""

from service.dialers import Item, ParsedEvent
from service.dialers.parsing import item
from service.dialers.twilio.callback import Callback

_STATES = {
    "participant-join": "talking",
    "participant-unhold": "talking",
    "participant-hold": "holding",
    "participant-leave": "left",
}
_OTHERS = (
    *("conference-start", "conference-end", "participant-mute", "participant-unmute", "participant-modify"),
    *("participant-speech-start", "participant-speech-stop", "announcement-end", "announcement-fail"),
)
# Labels that say what a leg is, and name no agent.
_CUSTOMERS = {"customer", "caller", "lead", "contact"}
_AGENTS = {"agent", "worker", "supervisor"}


def read_conference(callback: Callback) -> ParsedEvent:
    """Who joined, left or held: an agent's part in the customer's call."""
    event = callback.form.code("StatusCallbackEvent") or ""
    if event not in _STATES:
        return callback.event(event, known=event in _OTHERS)
    part = None if _listens(callback) else _part(callback, _STATES[event])
    if part is None:
        return callback.event(event)
    fields = {"agent": part["agent"], "participants": [part], "observed_at": callback.event_time}
    return callback.parsed(event, callback.address.code("call") or callback.own_call, fields)


def _listens(callback: Callback) -> bool:
    """Whether the leg is a supervisor's who only listens, or talks to the agent only."""
    form = callback.form
    joins_muted = form.code("StatusCallbackEvent") == "participant-join" and form.flag("Muted")
    return bool(form.flag("Coaching") or joins_muted)


def _part(callback: Callback, state: str) -> Item | None:
    """What the leg shows about an agent; None if it shows no agent, or no customer's call."""
    call = callback.address.code("call")
    if _is_customers(callback, call):
        # With `call`, the agents' legs tell who joined and left, and the customer's tells of holds only.
        held = (callback.form.code("StatusCallbackEvent") or "").endswith("hold")
        agent = callback.agent if held or call is None else None
    else:
        label = callback.form.code("ParticipantLabel")
        named = label and label.lower() not in _AGENTS
        agent = (label if named else callback.agent) if call else None
    return item(agent=agent, from_at=callback.event_time, state=state) if agent else None


def _is_customers(callback: Callback, call: str | None) -> bool:
    if call:
        return callback.own_call == call
    label = callback.form.code("ParticipantLabel")
    return callback.calls != "agent" and (label is None or label.lower() in _CUSTOMERS)

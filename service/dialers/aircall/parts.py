"""Who talked with the customer and from when, as far as one Aircall event shows it.

A call keeps its id when agents pass it on, and each event names the agents of the last transfer only. So every event
adds what happened at its own moment, and the ledger unites these observations to intervals.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from service.dialers import Item
from service.dialers.aircall.call import Call
from service.dialers.parsing import item

_HOLDS = {"call.hold": "holding", "call.unhold": None}


def participants(call: Call) -> list[Item] | None:
    """The agents' parts in an answered call; None if the event adds nothing to them."""
    if call.answered_at is None:
        return None
    parts = _PARTS.get(call.event, _roles)(call)
    return [part for part in parts if "agent" in part] or None


def _part(agent: str | None, from_at: datetime | None, state: str | None = None, role: str | None = None) -> Item:
    return item(agent=agent, from_at=from_at, state=state, role=role)


def _answered(call: Call) -> Iterator[Item]:
    """The second agent of a call joins when they answer, not when the first one did."""
    yield _part(call.agent, call.event_time if call.passed_on else call.answered_at)


def _held(call: Call) -> Iterator[Item]:
    if not (call.fronter or call.closer):
        yield _part(call.agent, call.answered_at)
    yield _part(call.agent, call.event_time, _HOLDS[call.event])


def _transferred(call: Call) -> Iterator[Item]:
    """A call that is transferred leaves one agent and reaches the next at the same moment."""
    fronter = call.fronter or (call.agent if call.agent != call.closer else None)
    closer = call.closer or (call.agent if call.agent != call.fronter else None)
    if fronter != closer:
        yield _part(fronter, call.event_time, "left", "fronter")
        yield _part(closer, call.event_time, role="closer")


def _left(call: Call) -> Iterator[Item]:
    """The customer talks on with an outside number."""
    yield _part(call.fronter or call.agent, call.event_time, "left")


def _returned(call: Call) -> Iterator[Item]:
    """A transfer failed: the first agent has the call again."""
    yield _part(call.fronter or call.agent, call.event_time)


def _rings(call: Call) -> Iterator[Item]:
    """The phone of the next agent rings, or is declined, while the customer waits."""
    yield _part(call.closer, call.event_time, "left")


def _roles(call: Call) -> Iterator[Item]:
    """Both agents of the last transfer, without a time: the event came later."""
    if call.passed_on and call.fronter:
        yield _part(call.fronter, None, role="fronter")
        yield _part(call.closer, None, role="closer")


_PARTS: dict[str, Callable[[Call], Iterator[Item]]] = {
    "call.answered": _answered,
    "call.hold": _held,
    "call.unhold": _held,
    "call.transferred": _transferred,
    "call.external_transferred": _left,
    "call.unsuccessful_transfer": _returned,
    "call.ringing_on_agent": _rings,
    "call.agent_declined": _rings,
}

"""RingCentral's parties as calls: what each party adds to an attempt, to an inbound call, or to both.

A party that does not tell the direction adds to an attempt and to an inbound call of the same id. The one that never
began stays incomplete and counts nowhere.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from reports.model.vocabulary import NetworkResult
from service.dialers import HookSettings, Item
from service.dialers.parsing import PROVISIONAL_TIME, format_time, item
from service.dialers.ringcentral.parties import PASSED_ON, TALKING, Party, part

_RESULTS: dict[str, NetworkResult] = {
    "TargetBusy": "busy",
    "NoAnswer": "no_answer",
    "Timeout": "no_answer",
    "Cancelled": "cancelled",
    "Rejected": "rejected",
    "InvalidNumber": "invalid_number",
    "NoSuchUser": "invalid_number",
    "InternationalDisabled": "blocked",
    "DestinationBlocked": "blocked",
    "NotEnoughFunds": "blocked",
    "InternalError": "network_failure",
}


def attempts_of(party: Party, hook: HookSettings) -> Iterator[Item]:
    """What a party adds to an attempt."""
    if party.is_callee:
        yield from _callee(party, hook)
    elif party.is_dialing_agent:
        # In a click to call the customer's party does not name the agent.
        agent = party.extension if party.rings_out else None
        yield from _known(party, agent=agent, participants=party.parts() or None)
    elif party.is_reached_extension and (party.rings_out or not party.certainly_inbound):
        yield from _known(party, participants=party.parts() or None)
    yield from _joined_by_transfer(party)


def inbound_calls_of(party: Party, hook: HookSettings) -> Iterator[Item]:
    """What a party adds to an inbound call."""
    if party.is_caller:
        yield from _caller(party, hook)
    elif party.is_reached_extension and not party.rings_out:
        yield from _answer(party)
    yield from _joined_by_transfer(party)


def _known(party: Party, **fields: Any) -> Iterator[Item]:
    """One item with these fields, if any of them is known."""
    if known := item(**fields):
        yield item(external_id=party.call_id, **known, observed_at=party.event_time)


def _joined_by_transfer(party: Party) -> Iterator[Item]:
    """The agent who takes over another call: the end of a consultation that becomes the other end of that call."""
    colleague = party.to_extension if party.placed_call else party.from_extension
    consulted = party.status == "Gone" and party.reason == "AttendedTransfer"
    if consulted and colleague and party.peer and party.peer != party.call_id:
        joined = part(colleague, "talking", party.event_time)
        yield item(external_id=party.peer, participants=[joined], observed_at=party.event_time)


def _callee(party: Party, hook: HookSettings) -> Iterator[Item]:
    """The customer's party of an outgoing call: the attempt itself."""
    answer_fields = _answer_fields(party)
    yield item(
        external_id=party.call_id,
        campaign=hook.campaign,
        agent=party.from_extension,
        to_number=party.to_phone,
        from_number=party.from_phone,
        # The first event is the latest possible start: the ledger stores the earliest start it receives.
        dialed_at=party.event_time if party.certainly_customer else None,
        rang_at=party.event_time if party.status == "Proceeding" else None,
        ended_at=party.left_at,
        **answer_fields,
        participants=party.parts() or None,
        observed_at=party.event_time,
    )
    if party.left_at and not answer_fields.get("network_result"):
        # The line was cut without a reason: before an answer, this means that the agent hung up.
        yield item(external_id=party.call_id, network_result="cancelled", observed_at=PROVISIONAL_TIME)


def _answer_fields(party: Party) -> dict[str, Any]:
    if party.status in TALKING:
        # The agent who placed the call is in it when the customer picks up.
        answer = {"network_result": "answered", "answered_at": party.event_time}
        return answer | {"agent_joined_at": party.event_time, "handled": "agent"}
    if party.leaves_message:
        return {"network_result": "answered", "answered_by": "machine", "detector": "carrier"}
    result = "no_answer" if party.missed else _RESULTS.get(party.reason)
    return {"network_result": result if party.left_at else None}


def _caller(party: Party, hook: HookSettings) -> Iterator[Item]:
    """The caller's party of an incoming call: when the caller came and went, but not whether anyone answered."""
    yield item(
        external_id=party.call_id,
        campaign=hook.campaign,
        to_number=party.to_phone,
        from_number=party.from_phone,
        arrived_at=party.event_time,
        ended_at=party.left_at,
        outcome="voicemail" if party.leaves_message else None,
        observed_at=party.event_time,
    )
    if party.left_at and not party.leaves_message:
        yield item(external_id=party.call_id, outcome="abandoned", observed_at=PROVISIONAL_TIME)


def _answer(party: Party) -> Iterator[Item]:
    """An extension that a call reaches: a menu, a queue or an agent; only agents answer."""
    if party.leaves_message:
        yield from _known(party, queue=party.queue, outcome="voicemail")
    elif party.status in TALKING and party.parts():
        answered = {"agent": party.extension, "outcome": "answered", "answered_at": party.event_time}
        yield from _known(party, queue=party.queue, **answered, participants=party.parts())
    elif party.left_at and party.reason in PASSED_ON:
        yield from _known(party, queue=party.queue, transferred=True, participants=party.parts())
    elif party.left_at and (party.missed or party.reason in _RESULTS):
        # That a phone rang in vain says more than that the caller left without an answer.
        missed_at = PROVISIONAL_TIME + timedelta(seconds=1)
        yield item(external_id=party.call_id, outcome="missed", observed_at=missed_at)
    else:
        yield from _known(party, queue=party.queue, offers=_offers(party), participants=party.parts() or None)


def _offers(party: Party) -> list[Item] | None:
    """The agent whose phone begins to ring; a menu or a queue never rings."""
    if party.status != "Proceeding" or not party.extension:
        return None
    return [item(agent=party.extension, from_at=format_time(party.event_time))]

"""One party of a RingCentral call at the time of an event: which side it is on, and what it tells.

Parties are numbered in the order in which they enter the call. The first two are the two ends of the call as it began;
later ones are agents, menus and queues that the call reached on its way, or numbers that it was passed on to.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from service.dialers import Item
from service.dialers.parsing import Fields, format_time, item

TALKING = {"Answered", "Hold", "Parked"}
# The agent is still there, but the customer waits.
_WAITING = {"Hold", "Parked"}
_OVER = {"Disconnected", "Gone"}
_MESSAGE = {"VoiceMail", "VoiceMailScreening", "Voicemail"}
PASSED_ON = {"BlindTransfer", "RccTransfer", "AttendedTransfer", "DtmfTransfer"}
_LEFT = PASSED_ON | {"ParkLocation", "CallFlip", "Conference", "TakeOver"}
# A supervisor who listens does not talk with the customer.
_LISTENS = "Supervising"

_PLACE = re.compile(r"-(\d{1,3})$", re.ASCII).search


class Party:
    """One party of a call. from_phone, to_phone: the call's numbers, as the party sees them.

    origin: the kind of session, as far as the event tells it. role: the party's part in a click to call.
    """

    def __init__(self, call_id: str, event_time: datetime, origin: str | None, party: Fields) -> None:
        begin, end, status = party.nested("from"), party.nested("to"), party.nested("status")
        self.call_id, self.event_time = call_id, event_time
        self.role = party.text("ringOutRole")
        # An agent whose mobile phone rings first has the extension as the party's owner only.
        owner = party.nested("owner").code("extensionId") if self.role == "Initiator" else None
        self.extension = party.code("extensionId") or owner
        self.placed_call = party.text("direction") == "Outbound"
        self.from_phone, self.to_phone = begin.number("phoneNumber"), end.number("phoneNumber")
        self.from_extension, self.to_extension = begin.code("extensionId"), end.code("extensionId")
        self.status, self.reason = status.text("code") or "", status.text("reason") or ""
        self.missed = party.flag("missedCall")
        self.peer = status.nested("peerId").code("telephonySessionId")
        self.queue = _queue(party.nested("uiCallInfo").nested("primary"))
        self.origin = origin
        self.place = _place(party.code("id"))

    @property
    def began_call(self) -> bool:
        """Whether the party is one of the two ends of the call as it began, as far as its id tells."""
        return self.place is None or self.place <= 2

    @property
    def rings_out(self) -> bool:
        """Whether it is a party of a click to call."""
        return bool(self.role) or self.origin == "RingOut"

    @property
    def left_at(self) -> datetime | None:
        """When the party left, if it has."""
        return self.event_time if self.status in _OVER else None

    @property
    def leaves_message(self) -> bool:
        """Whether the party is leaving a message."""
        return self.status in _MESSAGE or self.reason in _MESSAGE

    @property
    def is_callee(self) -> bool:
        """Whether it is the customer that an agent called, or may be."""
        outside = not self.extension and not self.placed_call and self.role != "Initiator"
        return outside and self.began_call

    @property
    def certainly_customer(self) -> bool:
        """Whether a callee is certainly a customer: an extension called it, or it is the target of a click to call.

        A party that a plain call reached without an extension may be a phone that a caller was forwarded to.
        """
        return bool(self.from_extension) or self.rings_out or self.origin is None

    @property
    def is_caller(self) -> bool:
        """Whether it is a person from outside who called in."""
        return not self.extension and self.placed_call and self.began_call and not self.rings_out

    @property
    def is_dialing_agent(self) -> bool:
        """Whether it is the agent of an outgoing call: who dialed it, or whose own phone rang first (click to call)."""
        if not self.extension:
            return False
        if self.rings_out:
            return self.began_call and self.role != "Target"
        return self.placed_call and not self.to_extension and (self.to_phone or "").startswith("+")

    @property
    def is_reached_extension(self) -> bool:
        """Whether it is a menu, a queue or an agent that a customer's call reached."""
        if not self.extension or self.placed_call or self.is_dialing_agent or self.role:
            return False
        # An extension that calls an extension is a call within the company, unless it joins a call that has two ends.
        return not (self.from_extension and self.place is not None and self.began_call)

    @property
    def certainly_inbound(self) -> bool:
        """Whether an extension is certainly reached by a customer who called in, and not by a click to call."""
        return self.place is not None and self.began_call and self.origin == "Call"

    def parts(self) -> list[Item]:
        """What this event tells about the part of the party's agent in the call."""
        agent = self.extension or self.from_extension
        return [part(agent, state, self.event_time) for state in self._states()] if agent else []

    def _states(self) -> Iterator[str]:
        if self.reason == _LISTENS:
            return
        if self.status == "Answered":
            yield "talking"
        elif self.status == "Parked" or (self.status in _WAITING and self.extension):
            yield "holding"
        elif self.left_at and self.extension and (self.is_dialing_agent or self.reason in _LEFT):
            yield "left"


def part(agent: str, state: str, since: datetime) -> Item:
    """An agent's part in a call from this moment on."""
    return item(agent=agent, from_at=format_time(since), state=None if state == "talking" else state)


def _place(party_id: str | None) -> int | None:
    match = _PLACE(party_id or "")
    return int(match[1]) if match else None


def _queue(shown: Fields) -> str | None:
    return shown.code("value") if shown.text("type") == "QueueName" else None

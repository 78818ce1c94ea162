"""Calls of a table as RingCentral tells them: an event for each change of one party.

Ways: out, in, and click: the agent's own phone rings first. Steps of outgoing calls: `pickup 3` (the agent's phone),
`ring 4`, `answer 12`, `message 20`, `quit 25` (the agent gives up), `end 98 [REASON]`. Of incoming calls:
`ring 3 AGENT`, `miss 18 AGENT`, `answer 24 AGENT`, `message 22`, `end 84`. Of both: `hold 40`, `unhold 55`,
`pass 60 AGENT` (without waiting), `join 66 AGENT`, `hand 60 AGENT` (after a call of their own), `park 50`,
`pick 70 AGENT`, `outside 45`.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from service.dialers import Delivery
from tests.dialers.call_tables import Step, TableCall
from tests.dialers.deliveries import ADDRESS

OWN_NUMBER = "+12125550188"
_QUEUE = "8899"
_ACCOUNT = "880000"

Fields = dict[str, Any]


class _Call:
    """A call whose steps change its parties. on: the party that talks with the customer, none after it has left."""

    def __init__(self, row: TableCall) -> None:
        self.row = row
        self.sequences: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.last_place = 2
        self.on: Fields | None = None if row.is_inbound else self.dialing_agent()

    def dialing_agent(self) -> Fields:
        """The agent's party of an outgoing call."""
        agent, outside, own = self.row.agent, {"phoneNumber": self.row.phone}, {"phoneNumber": OWN_NUMBER}
        if self.row.way == "click":
            return self.party(1, agent, outside, own, ringOutRole="Initiator")
        return self.party(1, agent, own | {"extensionId": agent}, outside, direction="Outbound")

    def customer(self) -> Fields:
        """The customer's party."""
        outside, own = {"phoneNumber": self.row.phone}, {"phoneNumber": OWN_NUMBER, "name": "Renewals"}
        if self.row.is_inbound:
            return self.party(1, None, outside, own | {"extensionId": _QUEUE}, direction="Outbound")
        if self.row.way == "click":
            return self.party(2, None, own, outside, ringOutRole="Target")
        return self.party(2, None, own | {"extensionId": self.row.agent}, outside)

    def reached(self, extension: str) -> Fields:
        """The party of an extension that the customer's call reaches, with the place at which it came in."""
        if extension not in self.places:
            self.last_place += 1
            self.places[extension] = self.last_place
        return self.inside(self.places[extension], extension)

    def inside(self, place: int, extension: str) -> Fields:
        """A party of the company that the customer's call reaches."""
        own = {"phoneNumber": OWN_NUMBER, "extensionId": extension}
        return self.party(place, extension, {"phoneNumber": self.row.phone}, own)

    def party(self, place: int, extension: str | None, begin: Fields, end: Fields, **more: str) -> Fields:
        """A party, without its status."""
        inner = {"extensionId": extension} if extension else {}
        flags = {"missedCall": False, "standAlone": False, "muted": False}
        name = f"p-{self.row.call}-{place}"
        return {"id": name, "direction": "Inbound", "from": begin, "to": end} | flags | inner | more

    def event(
        self, party: Fields | None, code: str, reason: str = "", session: str = "", peer: str = ""
    ) -> list[Fields]:
        """The event of a party's new status; none without a party. peer: the call that goes on in its place."""
        if party is None:
            return []
        call = session or self.row.call
        self.sequences[call] = self.sequences.get(call, 1) + 1
        changed: Fields = {"code": code, "rcc": False} | ({"reason": reason} if reason else {})
        changed |= {"peerId": {"telephonySessionId": peer}} if peer else {}
        origin = {"type": "RingOut" if self.row.way == "click" and not session else "Call"}
        parties = [{"accountId": _ACCOUNT, **party, "status": changed, "missedCall": reason == "NoAnswer"}]
        return [{"sequence": self.sequences[call], "telephonySessionId": call, "origin": origin, "parties": parties}]

    def begins(self) -> list[Fields]:
        """The events at the start."""
        if self.row.is_inbound:
            return self.event(self.customer(), "Setup") + self.event(self.inside(2, _QUEUE), "Setup")
        return self.event(self.on, "Proceeding" if self.row.way == "click" else "Setup")

    def happens(self, step: Step) -> list[Fields]:
        """The events of a step."""
        match step.verb:
            case "hold" | "park":
                return self.event(self.on, {"hold": "Hold", "park": "Parked"}[step.verb])
            case "pickup" | "unhold":
                return self.event(self.on, "Answered")
            case "pass" | "hand" | "pick" | "outside" | "join":
                return self.moves(step)
            case "quit":
                return self.event(self.on, "Disconnected") + self.event(self.customer(), "Disconnected")
            case "end":
                return self.event(self.customer(), "Disconnected", step.rest) + self.event(self.on, "Disconnected")
            case _:
                return self.arrives(step) if self.row.is_inbound else self.goes_out(step)

    def goes_out(self, step: Step) -> list[Fields]:
        """The events of a step that only outgoing calls have."""
        code = {"ring": "Proceeding", "answer": "Answered", "message": "VoiceMail"}[step.verb]
        return self.event(self.customer(), code) + (self.event(self.on, code) if step.verb == "answer" else [])

    def arrives(self, step: Step) -> list[Fields]:
        """The events of a step that only incoming calls have."""
        party = self.reached(step.rest or self.row.agent)
        if step.verb == "answer":
            self.on = party
            return self.event(party, "Answered") + self.event(self.inside(2, _QUEUE), "Disconnected", "AgentAnswered")
        code = {"ring": "Proceeding", "miss": "Disconnected", "message": "VoiceMail"}[step.verb]
        return self.event(party, code, "NoAnswer" if step.verb == "miss" else "")

    def moves(self, step: Step) -> list[Fields]:
        """The events of a step that takes the customer to somebody else."""
        before, self.on = self.on, self.reached(step.rest) if step.rest else None
        match step.verb:
            case "join":
                return self.event(self.on, "Answered")
            case "pick":
                left = self.event(before, "Disconnected", "ParkLocation")
                return self.event(self.on, "Answered", "Pickup") + left
            case "hand":
                self.on = None
                return self.hands_over(before, step.rest)
            case "outside":
                self.last_place += 1
                own = {"phoneNumber": OWN_NUMBER, "extensionId": self.row.agent}
                target = self.party(self.last_place, None, own, {"phoneNumber": "+12125550199"})
                left = self.event(before, "Disconnected", "BlindTransfer")
                return left + self.event(target, "Proceeding") + self.event(target, "Answered")
            case _:
                return self.event(before, "Disconnected", "BlindTransfer") + self.event(self.on, "Setup")

    def hands_over(self, before: Fields | None, colleague: str) -> list[Fields]:
        """The events of a transfer after a call between the two agents."""
        own, session = self.row.agent, f"{self.row.call}b"
        ends = {"phoneNumber": "201", "extensionId": own}, {"phoneNumber": "202", "extensionId": colleague}
        consulting = self.party(1, own, *ends, direction="Outbound") | {"id": f"p-{session}-1"}
        consulted = self.party(2, colleague, *ends) | {"id": f"p-{session}-2"}
        return [
            *self.event(consulted, "Answered", session=session),
            *self.event(before, "Gone", "AttendedTransfer", peer=session),
            *self.event(consulting, "Gone", "AttendedTransfer", session, peer=self.row.call),
        ]


def deliveries(row: TableCall) -> Iterator[Delivery]:
    """The events of a call, at their own times."""
    call = _Call(row)
    yield from _sent(row, 0, call.begins())
    for step in row.life:
        yield from _sent(row, step.second, call.happens(step))


def _sent(row: TableCall, second: int, events: list[Fields]) -> Iterator[Delivery]:
    at = row.starts + timedelta(seconds=second)
    for event in events:
        name = f"{event['telephonySessionId']}-{event['sequence']}"
        body = {"eventTime": at.isoformat().replace("+00:00", "Z"), **event}
        notice = {"uuid": name, "event": f"/restapi/v1.0/account/{_ACCOUNT}/telephony/sessions", "body": body}
        headers = {"content-type": "application/json"}
        yield Delivery("POST", ADDRESS.format(dialer="ringcentral"), headers, json.dumps(notice).encode(), at)

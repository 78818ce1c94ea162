"""Calls of a table as Aircall tells them: every event carries the whole call as it stands.

Steps: `answer 8`, `hold 60`, `unhold 90`, `ring 5 AGENT`, `decline 9 AGENT`, `pass 120 AGENT`, `fail 100 AGENT`,
`outside 200`, `end 240 [REASON]`, `message 45`, `tag 260 NAME`, `untag 300 NAME`, `comment 280 TEXT`.
Aircall sends two events for the end of a call, the second one 31 s later.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from service.dialers import Delivery
from tests.dialers.call_tables import Step, TableCall
from tests.dialers.deliveries import ADDRESS

OWN_NUMBER = "+12125550100"
_EVENTS = {
    "answer": "answered",
    "ring": "ringing_on_agent",
    "decline": "agent_declined",
    "pass": "transferred",
    "fail": "unsuccessful_transfer",
    "outside": "external_transferred",
    "end": "hungup",
    "closed": "ended",
    "message": "voicemail_left",
    "tag": "tagged",
    "untag": "untagged",
    "comment": "commented",
}


class _Call:
    """A call whose steps change it."""

    def __init__(self, row: TableCall) -> None:
        self.row = row
        self.agent = "" if row.is_inbound else row.agent
        self.data: dict[str, Any] = {
            "id": int(row.call),
            "call_uuid": f"CA{row.call}",
            "direction": "inbound" if row.is_inbound else "outbound",
            "status": "initial",
            "missed_call_reason": None,
            "started_at": self.unix(0),
            "answered_at": None,
            "ended_at": None,
            "raw_digits": f"{row.phone[:2]} {row.phone[2:5]}-{row.phone[5:8]}-{row.phone[8:]}",
            "number": {"id": 77, "digits": OWN_NUMBER, "country": "US"},
            "teams": [{"id": 4, "name": "Renewals desk"}] if row.is_inbound else [],
            "comments": [],
            "tags": [],
        }

    def unix(self, second: int) -> int:
        """A second of the call on Aircall's clock."""
        return int((self.row.starts + timedelta(seconds=second)).timestamp())

    def changed(self, step: Step) -> None:
        """Apply a step."""
        match step.verb:
            case "answer":
                self.data |= {"status": "answered", "answered_at": self.unix(step.second)}
                self.agent = self.agent or self.row.agent
            case "end":
                self.data |= {"status": "done", "ended_at": self.unix(step.second)}
            case "closed":
                self.data |= {"missed_call_reason": step.rest or None}
            case "message":
                self.data |= {"asset": f"https://assets.aircall.io/calls/{self.row.call}/voicemail"}
            case "pass" | "fail" | "outside":
                self._transferred(step)
            case "tag" | "untag" | "comment":
                self._marked(step)
            case _:
                pass

    def _transferred(self, step: Step) -> None:
        self.data |= {"transferred_by": user(self.agent)}
        self.data |= {"transferred_to": user(step.rest)} if step.rest else {"external_transferred_to": "+12125550199"}
        if step.verb == "pass":
            self.agent = step.rest
        if self.row.way == "turned":
            self.data["direction"] = "inbound"

    def _marked(self, step: Step) -> None:
        at, by = self.unix(step.second), user(self.agent or self.row.agent)
        if step.verb == "comment":
            self.data["comments"] = [*self.data["comments"], {"content": step.rest, "posted_by": by, "posted_at": at}]
        elif step.verb == "tag":
            self.data["tags"] = [*self.data["tags"], {"name": step.rest, "tagged_by": by, "tagged_at": at}]
        else:
            self.data["tags"] = [tag for tag in self.data["tags"] if tag["name"] != step.rest]

    def event(self, step: Step) -> dict[str, Any]:
        """The event of a step, with the call as it stands."""
        agent = step.rest if step.verb in {"ring", "decline"} else self.agent
        named = self.data | ({"user": user(agent)} if agent else {})
        name = _EVENTS.get(step.verb, step.verb)
        return {"resource": "call", "event": f"call.{name}", "timestamp": self.unix(step.second), "data": named}


def user(name: str) -> dict[str, Any]:
    """An agent as Aircall writes them."""
    return {"id": sum(name.encode()), "name": name.title(), "email": f"{name}@floor.example"}


def deliveries(row: TableCall) -> Iterator[Delivery]:
    """The events of a call, at their own times."""
    call = _Call(row)
    closed = [Step("closed", step.second + 31, step.rest) for step in row.life if step.verb == "end"]
    for step in sorted([Step("created", 0, ""), *row.life, *closed], key=lambda step: step.second):
        call.changed(step)
        body = json.dumps(call.event(step)).encode()
        at = row.starts + timedelta(seconds=step.second)
        yield Delivery("POST", ADDRESS.format(dialer="aircall"), {"content-type": "application/json"}, body, at)

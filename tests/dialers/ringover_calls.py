"""Calls of a table as Ringover tells them: an event for each step of an agent's leg, and for each later addition.

Steps: `ring 3 AGENT`, `answer 10`, `miss 30`, `message 25`, `end 70 [WORD FOR WHO ANSWERED]`. In a transfer
`leave 40` ends the agent's leg, `join 48 AGENT` begins the next one, `inside 48 AGENT` begins a leg that is marked as
internal, and `take 48 AGENT` begins one that has no event before its end. Additions: `tags 90 NAME|NAME`, `tags 90 -`
for none, `comment 95 TEXT`, `record 99`, `after 99 TAG|TAG|COMMENT` (a missing tag is `-`).
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from service.dialers import Delivery
from tests.dialers.call_tables import Step, TableCall
from tests.dialers.deliveries import ADDRESS

OWN_NUMBER = "33144500188"

Fields = dict[str, Any]


class _Call:
    """A call whose steps change the leg of its agent. answered: when the leg began to talk."""

    def __init__(self, row: TableCall) -> None:
        self.row = row
        self.agent = row.agent
        self.answered: float | None = None
        self.internal = False

    def unix(self, second: int) -> float:
        """A second of the call on Ringover's clock."""
        return (self.row.starts + timedelta(seconds=second)).timestamp()

    def leg(self, agent: str = "", **more: Any) -> Fields:
        """The data of an event about a leg."""
        numbers = (OWN_NUMBER, self.row.phone.removeprefix("+"))
        caller, called = numbers[::-1] if self.row.is_inbound else numbers
        user = int(agent or self.agent)
        return {
            "call_id": int(self.row.call),
            "channel_id": int(self.row.call) % 1_000_000 * 100 + user % 100,
            "direction": "inbound" if self.row.is_inbound else "outbound",
            "from_number": caller,
            "to_number": called,
            "is_internal": self.internal,
            "is_ivr": False,
            "ivr_data": [],
            "start_time": self.unix(0),
            "user_id": user,
            "user": {"user_id": user, "email": f"{user}@floor.example"},
            **({"answered_time": self.answered} if self.answered else {}),
            **more,
        }

    def happens(self, step: Step) -> Iterator[tuple[str, Fields]]:
        """The events of a step, each with its name."""
        at = self.unix(step.second)
        match step.verb:
            case "ring":
                yield "ringing", self.leg(step.rest)
            case "answer" | "join" | "inside" | "take":
                self.agent, self.answered = step.rest or self.agent, at
                self.internal = step.verb == "inside"
                if step.verb != "take":
                    yield "answered", self.leg()
            case "leave" | "end":
                seconds = at - self.answered if self.answered else 0
                heard = {"answering_machine_detection": step.rest} if step.rest else {}
                yield "hangup", self.leg(hangup_time=at, duration_in_seconds=seconds, **heard)
                self.answered = None if step.verb == "leave" else self.answered
            case "miss":
                yield "missed", self.leg(hangup_time=at, status="missed")
            case "message":
                self.answered = self.unix(step.second - 5)
                yield "voicemail", self.leg(hangup_time=at)
            case _:
                yield self.added(step)

    def added(self, step: Step) -> tuple[str, Fields]:
        """The event of an addition."""
        data: Fields = {"call_id": int(self.row.call)}
        *tags, comment = step.rest.split("|")
        match step.verb:
            case "record":
                link = f"https://media.example.com/{self.row.call}.mp3?token=once"
                return "record_available", data | {"record_link": link, "record_duration": "30"}
            case "comment":
                return "comments_updated", data | {"comments": step.rest}
            case "tags":
                return "tags_updated", data | {"tags": [tag for tag in step.rest.split("|") if tag != "-"]}
            case _:
                return "aftercall", data | {"tags": [tag for tag in tags if tag != "-"], "comments": comment}


def deliveries(row: TableCall) -> Iterator[Delivery]:
    """The events of a call, at their own times."""
    call = _Call(row)
    for step in [Step("ring", 0, ""), *row.life]:
        at = row.starts + timedelta(seconds=step.second)
        for name, data in call.happens(step):
            event = {"event": name, "resource": "call", "timestamp": at.timestamp(), "data": data, "attempt": 1}
            headers = {"content-type": "application/json"}
            yield Delivery("POST", ADDRESS.format(dialer="ringover"), headers, json.dumps(event).encode(), at)

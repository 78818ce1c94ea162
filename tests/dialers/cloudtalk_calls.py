"""Calls of a table as CloudTalk tells them: the bodies of our workflows, without times.

Steps: `started 0`, `answered 9`, `recording 100`, `ended 120 wait=9 talk=80 wrap=15 tags=A,B voicemail=true`,
`modified 130 tags=A,B note=TEXT`. Values are written with an underscore for each blank.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from service.dialers import Delivery
from tests.dialers.call_tables import Step, TableCall
from tests.dialers.deliveries import ADDRESS

OWN_NUMBER = "+12125550100"
_NAMES = {"wait": "waiting_time", "talk": "talking_time", "wrap": "wrapup_time", "voicemail": "is_voicemail"}


def deliveries(row: TableCall) -> Iterator[Delivery]:
    """The deliveries of a call, at their own times."""
    for step in row.life:
        body = json.dumps(_body(row, step)).encode()
        at = row.starts + timedelta(seconds=step.second)
        yield Delivery("POST", ADDRESS.format(dialer="cloudtalk"), {"content-type": "application/json"}, body, at)


def _body(row: TableCall, step: Step) -> dict[str, Any]:
    ids: dict[str, Any] = {"call_uuid": f"5d0e7c1a-0000-4000-8000-{int(row.call):012d}"}
    if step.verb == "recording":
        ids = {"recording_url": f"https://rec.example.com/r/{row.call}.wav"}
    if step.verb in {"recording", "ended", "modified"}:
        ids["call_id"] = int(row.call)
    stated = dict(pair.split("=", 1) for pair in step.rest.split())
    return {
        "action": step.verb,
        **ids,
        "direction": "incoming" if row.is_inbound else "outgoing",
        "agent_email": f"{row.agent}@floor.example",
        "internal_number": int(OWN_NUMBER[1:]),
        "external_number": int(row.phone[1:]),
        **{_NAMES.get(name, name): value.replace("_", " ") for name, value in stated.items()},
    }

"""Floors: fifty calls of each dialer at once, written as a table of what happened and of what the ledger must say.

`floor/calls.csv` in a dialer's folder has a row for each call. `steps` tells its life, in words of this module.
`result` is the network result, or the outcome of an inbound call. `talk` is the seconds of talk of all agents, `code`
the outcome that counts, `more` further columns of the ledger. Empty means null. `floor/totals.json` has the attempts of
the report by result and by agent.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from service.dialers import Delivery
from tests.dialers.deliveries import ADDRESS, OURS

OPENING = datetime(2026, 4, 14, 14, tzinfo=UTC)
CODES = {
    "Visit booked": {"result": "appointment", "party": "right_party"},
    "Asked to ring back": {"result": "callback_requested", "party": "right_party"},
}


@dataclass(frozen=True)
class Row:
    """A call of a floor. starts: when it began; sequence: its number on the floor."""

    sequence: int
    call: str
    at: str
    way: str
    agent: str
    phone: str
    steps: str
    result: str
    talk: str
    code: str
    more: str

    @property
    def starts(self) -> datetime:
        """When the call began."""
        minutes, _, seconds = self.at.partition(":")
        return OPENING + timedelta(minutes=int(minutes), seconds=int(seconds))

    @property
    def lives(self) -> list[list[str]]:
        """The steps of the call, each in words."""
        return [step.split() for step in self.steps.split(";")]

    @property
    def columns(self) -> dict[str, str | None]:
        """The columns of the ledger that this row states, as text."""
        stated = dict(pair.split("=", 1) for pair in self.more.split(";") if pair)
        result = "network_result" if self.attempt else "outcome"
        return {result: self.result, "talk_seconds": self.talk, "disposition": self.code, **stated}

    @property
    def attempt(self) -> bool:
        """Whether the call went out."""
        return self.way not in {"in", "inbound", "Y"}


def floor(vendor: str) -> list[Row]:
    """The calls of a dialer's floor."""
    with (OURS / vendor / "floor" / "calls.csv").open() as file:
        return [Row(sequence, **row) for sequence, row in enumerate(csv.DictReader(file))]


def deliveries_of(vendor: str) -> list[Delivery]:
    """The deliveries of all calls of a floor, as they come in the course of the day."""
    sent = [delivery for row in floor(vendor) for delivery in COMPOSERS[vendor](row)]
    return sorted(sent, key=lambda delivery: delivery.received_at)


def life_of(vendor: str) -> list[Delivery]:
    """The deliveries of one call's whole life, a minute apart: those of the case of this name."""
    _, *lines = map(json.loads, (OURS / "cases" / f"{vendor}-life.jsonl").read_text().splitlines())
    times = (OPENING + timedelta(days=1, minutes=place) for place in range(len(lines)))
    return [
        _posted(vendor, line.get("query", ""), line["body"], at) if "body" in line else _fetched(line["query"], at)
        for line, at in zip(lines, times, strict=True)
    ]


def _fetched(query: str, at: datetime) -> Delivery:
    return Delivery("GET", f"{ADDRESS.format(dialer='vicidial')}?{query}", {}, b"", at)


def _posted(vendor: str, query: str, body: dict[str, Any], at: datetime) -> Delivery:
    url = ADDRESS.format(dialer=vendor) + (f"?{query}" if query else "")
    return Delivery("POST", url, {"content-type": "application/json"}, json.dumps(body).encode(), at)


def _settings(step: str) -> dict[str, str]:
    """The fields that a step sets: `tags=a|b lead=good_lead`, or with commas between them."""
    return dict(part.strip().split("=", 1) for part in step.replace(",", "\x00").split("\x00") if "=" in part)


def _callrail(row: Row) -> Iterator[Delivery]:
    first, *changes = row.steps.split("; ")
    kind, duration, *rest = first.split(" ", 3)
    body = _callrail_body(row, kind, duration, rest[0] if rest else "")
    for setting in (rest[1] if len(rest) > 1 else "").split(" lead="):
        body |= _callrail_fields(setting if "=" in setting else f"lead={setting}")
    at, prefix = row.starts + timedelta(seconds=int(duration) + 40), "outbound-" if row.attempt else ""
    yield _posted("callrail", f"event={prefix}post-call", body, at)
    for number, change in enumerate(changes, 1):
        body |= _callrail_fields(change)
        changed = {**body, "changes": [change.partition("=")[0]]}
        yield _posted("callrail", f"event={prefix}call-modified", changed, at + timedelta(minutes=7 * number))


def _callrail_fields(setting: str) -> dict[str, Any]:
    name, _, value = setting.strip().partition("=")
    match name:
        case "tags":
            return {"tags": [tag for tag in value.split("|") if tag]}
        case "lead":
            return {"lead_status": value}
        case "recording":
            return {"recording_duration": int(value)}
        case "spam":
            return {"spam": value == "true"}
        case _:
            return {name: value}


def _callrail_body(row: Row, kind: str, duration: str, recorded: str) -> dict[str, Any]:
    return {
        "resource_id": f"CAL{row.call}",
        "person_resource_id": f"PER{row.call}",
        "direction": row.way,
        "call_type": "outbound" if row.attempt and kind != "voicemail" else kind,
        "answered": kind == "answered",
        "voicemail": kind == "voicemail",
        "duration": duration,
        "recording_duration": recorded if recorded != "0" else "",
        "recording": "",
        "start_time": row.starts.isoformat(),
        "customer_phone_number": row.phone,
        "tracking_phone_number": "+13125550177",
        "agent_email": row.agent,
        "tags": [],
        "lead_status": "",
        "note": "",
        "value": "",
        "spam": False,
    }


def _justcall(row: Row) -> Iterator[Delivery]:
    first, *changes = row.steps.split("; ")
    kind, ring, talk, hold, wrap = first.split()
    seconds = {
        "ring_time": int(ring),
        "conversation_time": int(talk),
        "hold_time": int(hold),
        "wrap_up_time": int(wrap),
    }
    seconds["total_duration"] = int(talk) + int(hold)
    info: dict[str, Any] = {"direction": "Outgoing" if row.attempt else "Incoming", "type": kind, "disposition": ""}
    data = _justcall_data(row)
    ends = row.starts + timedelta(seconds=int(ring) + seconds["total_duration"] + 5)
    prefix = "sd" if row.way == "sd" else "call"
    if row.way != "sd":
        begin = "call.initiated" if row.attempt else "call.incoming"
        yield _event(row, 0, begin, {**data, "call_info": {**info, "type": ""}}, row.starts)
    completed = "call_completed" if prefix == "sd" else "completed"
    yield _event(row, 1, f"{prefix}.{completed}", {**data, "call_info": info, "call_duration": seconds}, ends)
    for number, change in enumerate(changes, 1):
        info = {**info, **_settings(change)}
        updated = f"{prefix}.{'call_updated' if prefix == 'sd' else 'updated'}"
        whole = {**data, "call_info": info, "call_duration": seconds}
        yield _event(row, number + 1, updated, whole, ends + timedelta(minutes=5 * number))


def _justcall_data(row: Row) -> dict[str, Any]:
    line = "sales_dialer_number" if row.way == "sd" else "justcall_number"
    agent = {} if "ABANDONED_CALL" in row.steps else {"agent_email": row.agent}
    return {
        "call_sid": f"CA{row.call}",
        "contact_number": row.phone.removeprefix("+"),
        line: "13125550177",
        "call_date": row.starts.date().isoformat(),
        "call_time": row.starts.time().isoformat(),
        **agent,
    }


def _event(row: Row, number: int, kind: str, data: dict[str, Any], at: datetime) -> Delivery:
    return _posted("justcall", "", {"request_id": f"{row.call}-{number}", "type": kind, "data": data}, at)


def _vicidial(row: Row) -> Iterator[Delivery]:
    for event, user, after, *outcome in row.lives:
        at = row.starts + timedelta(seconds=int(after))
        passed_on = {"group": "CLOSE_IN", "campaign": "CLOSERS"} if user.startswith("7") else {}
        status, talk = (*outcome, "", "")[:2]
        fields = {
            "event": event,
            "call_id": f"{row.way}0414{row.starts:%H%M%S}{row.sequence:010d}",
            "uniqueid": f"{int(row.starts.timestamp())}.{row.sequence}",
            "lead_id": f"{row.sequence}",
            "campaign": "SPRING",
            "group": "SPRING",
            "phone_code": "1",
            "phone_number": row.phone.removeprefix("+1"),
            "vendor_lead_code": row.call,
            "user": user.removeprefix("-"),
            "epoch": int(at.timestamp()),
            "status" if event == "noagent" else "dispo": status,
            "talk_time": talk,
            **passed_on,
        }
        yield _fetched(urlencode(fields), at)


COMPOSERS: dict[str, Callable[[Row], Iterator[Delivery]]] = {
    "callrail": _callrail,
    "justcall": _justcall,
    "vicidial": _vicidial,
}


def at_address(delivery: Delivery, url: str) -> Delivery:
    """A delivery, sent to a hook's own address now."""
    query = delivery.url.partition("?")[2]
    return replace(delivery, url=f"{url}?{query}" if query else url, received_at=datetime.now(UTC))

"""JustCall: posts a JSON event for each step of a call, and again when an agent has recorded its outcome.

The signature covers the address, the kind of event and the time of sending, but not the body. So verification uses
the hook's own address, requires a recent time, and detects replays by `request_id`. `call_sid` identifies a call, as
`id` may be empty. Times are in UTC without a zone; users can edit the local times, so these are not read.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from typing import cast
from urllib.parse import quote

from reports.model.types import InboundOutcome, NetworkResult
from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Reply, Unreadable
from service.dialers.parsing import (
    Fields,
    attempt_dispositions,
    check_proof,
    hash_key,
    item,
    json_fields,
    parse_json,
    permanent_recording,
    shared_secret,
)
from service.dialers.parsing.times import parse_time

_SIGNATURE = "x-justcall-signature"
_VERSION = "x-justcall-signature-version"
_SENT_AT = "x-justcall-request-timestamp"
_REPLAY_WINDOW = timedelta(minutes=15)

_INBOUND = {f"call.{step}" for step in ("incoming", "answered", "missed", "voicemail", "enters_queue", "exits_queue")}
_OUTBOUND = {"call.initiated", "sd.call_completed", "sd.call_updated"}
_EVENTS = _INBOUND | _OUTBOUND | {"call.completed", "call.updated"}
# Summaries, messages, contacts: they add nothing to the call's own events.
_OTHER_EVENTS = ("jc.", "sd.call_ai", "call.ai", "sms.", "whatsapp.", "appointment.")

# The result of a call, by call_info.type without its prefix and suffix.
_NETWORK_RESULTS: dict[str, NetworkResult] = {
    **dict.fromkeys(("answered", "human_answered", "machine_answered", "voicemail"), "answered"),
    "busy": "busy",
    **dict.fromkeys(("unanswered", "no_answer", "missed"), "no_answer"),
    "failed": "network_failure",
    **dict.fromkeys(("restricted", "blocked"), "blocked"),
    **dict.fromkeys(("cancelled", "canceled", "abandoned_before_ringing"), "cancelled"),
    # From the sales dialer: the callee answered and no agent was free.
    "abandoned": "answered",
}
_ANSWER_FIELDS: dict[str, Item] = {
    "human_answered": {"answered_by": "human", "detector": "amd"},
    "machine_answered": {"answered_by": "machine", "detector": "amd"},
    "voicemail": {"answered_by": "machine"},
    "abandoned": {"handled": "abandoned_by_us"},
}
_INBOUND_OUTCOMES: dict[str, InboundOutcome] = {
    "answered": "answered",
    **dict.fromkeys(("missed", "unanswered", "no_answer", "busy", "failed"), "missed"),
    "voicemail": "voicemail",
    **dict.fromkeys(("abandoned", "abandoned_before_ringing"), "abandoned"),
}
_TYPE_BY_EVENT = {"call.answered": "answered", "call.missed": "missed", "call.voicemail": "voicemail"}
_CONNECTED = {"answered", "human_answered", "machine_answered"}
_AFFIX = re.compile(r"^(outgoing|incoming)_|_call$")


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook)
    sent_at = delivery.headers.get(_SENT_AT, "")
    if delivery.headers.get(_VERSION, "v1") != "v1":
        raise Refused("unknown signature version")
    signed_text = "|".join((secret, quote(delivery.url, safe="", errors="replace"), _kind(delivery), sent_at))
    signature = hmac(secret.encode(), signed_text.encode(errors="replace"), sha256).hexdigest()
    check_proof(delivery.headers.get(_SIGNATURE), signature)
    time = parse_time(sent_at, UTC)
    if time is None or abs(delivery.received_at - time) > _REPLAY_WINDOW:
        raise Refused("not recent")


def _kind(delivery: Delivery) -> str:
    """The kind of event, which is signed but stands only in the body."""
    try:
        return str(parse_json(delivery.body).get("type", ""))
    except Unreadable:
        return ""


def _handshake(delivery: Delivery) -> Reply | None:
    """JustCall tests a new address with an empty request, which has no signature."""
    empty = delivery.body.strip() in {b"", b"{}", b"[]", b"null"}
    return Reply() if empty and _SIGNATURE not in delivery.headers else None


def _delivery_key(delivery: Delivery) -> str:
    try:
        request = parse_json(delivery.body).get("request_id")
    except Unreadable:
        request = None
    return hash_key("request", request) if request else hash_key("bytes", delivery.body)


@dataclass(frozen=True)
class _CallEvent:
    """The content of an event. call_type: the call's result, in the vendor's word; sent_at: when the event was sent."""

    event: str
    data: Fields
    info: Fields
    durations: Fields
    call_type: str
    sent_at: datetime
    started_at: datetime | None

    @property
    def talk_seconds(self) -> float | None:
        """The conversation without hold time; the total includes both."""
        talked = self.durations.seconds("conversation_time")
        total = self.durations.seconds("total_duration")
        if total is None:
            total = self.info.seconds("duration")
        if talked is None and total is not None:
            talked = max(total - (self.durations.seconds("hold_time") or 0), 0)
        return talked if self.finished and self.call_type in _CONNECTED else None

    @property
    def ended_at(self) -> datetime | None:
        """The end, computed from the start, the ring time and the duration, because it is not sent."""
        ring, total = self.durations.seconds("ring_time"), self.durations.seconds("total_duration")
        if self.started_at is None or ring is None or total is None or not self.finished:
            return None
        talked_and_held = (self.talk_seconds or 0) + (self.durations.seconds("hold_time") or 0)
        waited = self.durations.seconds("queue_wait_time") or 0
        return self.started_at + timedelta(seconds=min(waited + ring + max(total, talked_and_held), 86_400))

    @property
    def finished(self) -> bool:
        """Whether the call is over and its result known, and not only that it was picked up."""
        has_result = self.call_type in _NETWORK_RESULTS or self.call_type in _INBOUND_OUTCOMES
        return has_result and self.event != "call.answered"

    @property
    def observed_at(self) -> datetime:
        """When the event became known: a running call's start, a finished call's end, or the time of sending."""
        if self.event in {"call.initiated", "call.incoming"}:
            return self.started_at or self.sent_at
        return self.ended_at or self.sent_at if self.event.endswith("completed") else self.sent_at


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    envelope = json_fields(delivery)
    event = envelope.code("type") or "unnamed"
    if event not in _EVENTS:
        return ParsedEvent(event, known=event.startswith(_OTHER_EVENTS))
    data = envelope.nested("data")
    call = _call_event(event, data, delivery)
    directions = _directions(call)
    dispositions = attempt_dispositions(data.identity("call_sid"), filter(None, [_outcome(call)]))
    return ParsedEvent(
        event,
        attempts=(_attempt(call, hook),) if "out" in directions else (),
        dispositions=dispositions if "out" in directions else (),
        inbound_calls=(_inbound_call(call, hook),) if "in" in directions else (),
    )


def _call_event(event: str, data: Fields, delivery: Delivery) -> _CallEvent:
    info = data.nested("call_info")
    word = re.sub(r"[\s\-]+", "_", (info.text("type") or "").lower())
    return _CallEvent(
        event=event,
        data=data,
        info=info,
        durations=data.nested("call_duration"),
        call_type=_TYPE_BY_EVENT.get(event) or _AFFIX.sub("", _AFFIX.sub("", word)),
        sent_at=parse_time(delivery.headers.get(_SENT_AT, ""), UTC) or delivery.received_at,
        started_at=_started_at(data),
    )


def _started_at(data: Fields) -> datetime | None:
    day, time = data.text("call_date"), data.text("call_time")
    if day is None or time is None:
        return None
    try:
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("call_date and call_time are not a time") from None


def _directions(call: _CallEvent) -> tuple[str, ...]:
    """The call's direction; both if an update does not state it."""
    direction = (call.info.text("direction") or "").lower()
    if call.event in _INBOUND or direction.startswith("in"):
        return ("in",)
    return ("out",) if call.event in _OUTBOUND or direction.startswith("out") else ("in", "out")


def _shared_fields(call: _CallEvent, hook: HookSettings) -> Item:
    """Fields of calls in both directions; an update without a start carries only its own fields."""
    campaign = call.data.nested("campaign")
    named = campaign.code("name") or campaign.code("id")
    return item(
        external_id=call.data.identity("call_sid"),
        campaign=named or (None if call.event.endswith("updated") else hook.campaign),
        ended_at=call.ended_at,
        talk_seconds=call.talk_seconds,
        hold_seconds=call.durations.seconds("hold_time"),
        recording=permanent_recording(call.info.text("recording")),
        observed_at=call.observed_at,
    )


def _agent(call: _CallEvent) -> str | None:
    return call.data.code("agent_email") or call.data.code("agent_id")


def _own_number(call: _CallEvent) -> str | None:
    """The account's number."""
    numbers = (call.data.number(f"{line}_number", international=True) for line in ("justcall", "sales_dialer"))
    return next(filter(None, numbers), None)


def _attempt(call: _CallEvent, hook: HookSettings) -> Item:
    own_fields = item(
        agent=_agent(call),
        to_number=call.data.number("contact_number", international=True),
        from_number=_own_number(call),
        dialed_at=call.started_at,
        answered_at=_answered_at(call),
        ring_seconds=call.durations.seconds("ring_time"),
        wrap_seconds=call.durations.seconds("wrap_up_time"),
        network_result=_NETWORK_RESULTS.get(call.call_type),
    )
    return {**_shared_fields(call, hook), **own_fields, **_ANSWER_FIELDS.get(call.call_type, {})}


def _answered_at(call: _CallEvent) -> datetime | None:
    """The answer, computed from the start and the ring time, because it is not sent."""
    ring = call.durations.seconds("ring_time")
    if call.started_at is None or ring is None or call.call_type not in _CONNECTED:
        return None
    return call.started_at + timedelta(seconds=min(ring, 86_400))


def _outcome(call: _CallEvent) -> Item | None:
    code = call.info.code("disposition")
    return item(code=code, set_at=call.observed_at, agent=_agent(call), note=call.info.text("notes")) if code else None


def _inbound_call(call: _CallEvent, hook: HookSettings) -> Item:
    traits = call.info.raw("call_traits")
    named = {str(trait).upper() for trait in cast("list[object]", traits)} if isinstance(traits, list) else set[str]()
    outcome = _INBOUND_OUTCOMES.get(call.call_type)
    own_fields = item(
        agent=_agent(call) if outcome == "answered" else None,
        from_number=call.data.number("contact_number", international=True),
        to_number=_own_number(call),
        arrived_at=call.started_at,
        queued_at=call.sent_at if call.event == "call.enters_queue" else None,
        queue_seconds=call.durations.seconds("queue_wait_time"),
        outcome=outcome,
        transferred=True if "TRANSFER" in named else None,
        disposition=_outcome(call),
    )
    return {**_shared_fields(call, hook), **own_fields}


DIALER = Dialer(
    name="justcall",
    title="JustCall",
    secret="The API secret of the JustCall account: justcall.io, APIs and Webhooks, API credentials.",
    setup="""\
Open JustCall, Settings, APIs and Webhooks, Webhooks (Team plan or higher), and add a webhook with the address

    {url}

for each of these events: **Call initiated**, **Incoming call**, **Call answered**, **Call missed**, **Voicemail**,
**Call completed**, **Call updated**. In the sales dialer, also add it for **Call completed** and **Call updated**.

- Turn on **dynamic webhook signatures**, and give the API secret to `calltally hook create`.
- **Call updated** is required: agents choose dispositions after a call, and only this event brings them.
- The address is part of the signature: paste it exactly.
- Dispositions are identified by their labels: define each one with `PUT /v1/disposition-codes/{code}`. calltally lists
  codes without a definition.

The signature does not cover the body: keep the address secret, and use https.
""",
    answer_detection=(
        "The sales dialer detects human or machine. Other answered outgoing calls are unknown, and a voicemail greeting"
        " counts as answered."
    ),
    verify=_verify,
    handshake=_handshake,
    delivery_key=_delivery_key,
    parse=_parse,
    stored_headers=frozenset({"content-type", _SENT_AT}),
)

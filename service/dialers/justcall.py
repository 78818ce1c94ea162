"""JustCall: posts a JSON event for the steps of a call, and again when an agent has said what came of it.

Its signature covers the address, the kind of event and the time of sending, not the body: the address is the hook's
own, never the one the body names, the time must be recent, and `request_id` tells a replay. Calls are joined by
`call_sid`, as `id` may be empty. Times are UTC without saying so; the pair in the user's zone can be edited by users
and is not read.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from typing import cast
from urllib.parse import quote

from reports.model.types import InboundOutcome, NetworkResult
from service.dialers import Answer, Delivery, Dialer, Hook, Item, Reading, Refused, Unreadable
from service.dialers.parsing import Fields, check, item, json_fields, json_of, key_of, shared_secret
from service.dialers.parsing.moments import read_moment

_SIGNATURE = "x-justcall-signature"
_VERSION = "x-justcall-signature-version"
_SENT_AT = "x-justcall-request-timestamp"
_RECENT = timedelta(minutes=15)

_INBOUND = {f"call.{step}" for step in ("incoming", "answered", "missed", "voicemail", "enters_queue", "exits_queue")}
_OUTBOUND = {"call.initiated", "sd.call_completed", "sd.call_updated"}
_EVENTS = _INBOUND | _OUTBOUND | {"call.completed", "call.updated"}
# Summaries of what was said, messages, contacts: they say nothing of a call that its own events do not say.
_NOTHING_OF_CALLS = ("jc.", "sd.call_ai", "call.ai", "sms.", "whatsapp.", "appointment.")

# What became of a call, by the word of call_info.type without its prefix and suffix.
_OUTGOING: dict[str, NetworkResult] = {
    **dict.fromkeys(("answered", "human_answered", "machine_answered", "voicemail"), "answered"),
    "busy": "busy",
    **dict.fromkeys(("unanswered", "no_answer", "missed"), "no_answer"),
    "failed": "network_failure",
    **dict.fromkeys(("restricted", "blocked"), "blocked"),
    **dict.fromkeys(("cancelled", "canceled", "abandoned_before_ringing"), "cancelled"),
    # The sales dialer's: somebody answered and no agent was free.
    "abandoned": "answered",
}
_WHO: dict[str, Item] = {
    "human_answered": {"answered_by": "human", "detector": "amd"},
    "machine_answered": {"answered_by": "machine", "detector": "amd"},
    "voicemail": {"answered_by": "machine"},
    "abandoned": {"handled": "abandoned_by_us"},
}
_INCOMING: dict[str, InboundOutcome] = {
    "answered": "answered",
    **dict.fromkeys(("missed", "unanswered", "no_answer", "busy", "failed"), "missed"),
    "voicemail": "voicemail",
    **dict.fromkeys(("abandoned", "abandoned_before_ringing"), "abandoned"),
}
_BY_EVENT = {"call.answered": "answered", "call.missed": "missed", "call.voicemail": "voicemail"}
_TALKED = {"answered", "human_answered", "machine_answered"}
_AROUND = re.compile(r"^(outgoing|incoming)_|_call$")


def _verify(delivery: Delivery, hook: Hook) -> None:
    secret = shared_secret(hook)
    sent_at = delivery.headers.get(_SENT_AT, "")
    if delivery.headers.get(_VERSION, "v1") != "v1":
        raise Refused("unknown signature version")
    said = "|".join((secret, quote(delivery.url, safe="", errors="replace"), _kind(delivery), sent_at))
    check(delivery.headers.get(_SIGNATURE), hmac(secret.encode(), said.encode(errors="replace"), sha256).hexdigest())
    moment = read_moment(sent_at, UTC)
    if moment is None or abs(delivery.received_at - moment) > _RECENT:
        raise Refused("not recent")


def _kind(delivery: Delivery) -> str:
    """The kind of event, which is signed and stands in the body alone."""
    try:
        return str(json_of(delivery.body).get("type", ""))
    except Unreadable:
        return ""


def _handshake(delivery: Delivery) -> Answer | None:
    """A new address is tried out with an empty request, which has no signature."""
    empty = delivery.body.strip() in {b"", b"{}", b"[]", b"null"}
    return Answer() if empty and _SIGNATURE not in delivery.headers else None


def _key(delivery: Delivery) -> str:
    try:
        request = json_of(delivery.body).get("request_id")
    except Unreadable:
        request = None
    return key_of("request", request) if request else key_of("bytes", delivery.body)


@dataclass(frozen=True)
class _Told:
    """What an event says of its call. word: what became of it, by the vendor's word; sent_at: of the event itself."""

    event: str
    data: Fields
    info: Fields
    lengths: Fields
    word: str
    sent_at: datetime
    began: datetime | None

    @property
    def talk_seconds(self) -> float | None:
        """The conversation without holding; the total has both."""
        talked = self.lengths.seconds("conversation_time")
        total = self.lengths.seconds("total_duration")
        if total is None:
            total = self.info.seconds("duration")
        if talked is None and total is not None:
            talked = max(total - (self.lengths.seconds("hold_time") or 0), 0)
        return talked if self.finished and self.word in _TALKED else None

    @property
    def ended_at(self) -> datetime | None:
        """Its end is not told, but how long it rang and lasted."""
        ring, total = self.lengths.seconds("ring_time"), self.lengths.seconds("total_duration")
        if self.began is None or ring is None or total is None or not self.finished:
            return None
        told = (self.talk_seconds or 0) + (self.lengths.seconds("hold_time") or 0)
        waited = self.lengths.seconds("queue_wait_time") or 0
        return self.began + timedelta(seconds=min(waited + ring + max(total, told), 86_400))

    @property
    def finished(self) -> bool:
        """Whether the call is over: what became of it is known, and not only that somebody picked up."""
        return self.event != "call.answered" and (self.word in _OUTGOING or self.word in _INCOMING)

    @property
    def observed_at(self) -> datetime:
        """When it was known: the beginning of a call that goes on, its end, or when it was said later."""
        if self.event in {"call.initiated", "call.incoming"}:
            return self.began or self.sent_at
        return self.ended_at or self.sent_at if self.event.endswith("completed") else self.sent_at


def _read(delivery: Delivery, hook: Hook) -> Reading:
    envelope = json_fields(delivery)
    event = envelope.code("type") or "unnamed"
    if event not in _EVENTS:
        return Reading(event, known=event.startswith(_NOTHING_OF_CALLS))
    data = envelope.inner("data")
    told = _told(event, data, delivery)
    ways = _ways(told)
    return Reading(
        event,
        attempts=(_attempt(told, hook),) if "out" in ways else (),
        dispositions=_dispositions(told) if "out" in ways else (),
        inbound_calls=(_inbound_call(told, hook),) if "in" in ways else (),
    )


def _told(event: str, data: Fields, delivery: Delivery) -> _Told:
    info = data.inner("call_info")
    word = re.sub(r"[\s\-]+", "_", (info.text("type") or "").lower())
    return _Told(
        event=event,
        data=data,
        info=info,
        lengths=data.inner("call_duration"),
        word=_BY_EVENT.get(event) or _AROUND.sub("", _AROUND.sub("", word)),
        sent_at=read_moment(delivery.headers.get(_SENT_AT, ""), UTC) or delivery.received_at,
        began=_began(data),
    )


def _began(data: Fields) -> datetime | None:
    day, time = data.text("call_date"), data.text("call_time")
    if day is None or time is None:
        return None
    try:
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        raise Unreadable("call_date and call_time are not a moment") from None


def _ways(told: _Told) -> tuple[str, ...]:
    """Which way the call went; both where an update does not say."""
    direction = (told.info.text("direction") or "").lower()
    if told.event in _INBOUND or direction.startswith("in"):
        return ("in",)
    return ("out",) if told.event in _OUTBOUND or direction.startswith("out") else ("in", "out")


def _common(told: _Told, hook: Hook) -> Item:
    """What is said of a call whichever way it went; an update that brings no beginning says only what it brings."""
    campaign = told.data.inner("campaign")
    named = campaign.code("name") or campaign.code("id")
    return item(
        external_id=told.data.identity("call_sid"),
        campaign=named or (None if told.event.endswith("updated") else hook.campaign),
        ended_at=told.ended_at,
        talk_seconds=told.talk_seconds,
        hold_seconds=told.lengths.seconds("hold_time"),
        recording=_recording(told.info),
        observed_at=told.observed_at,
    )


def _agent(told: _Told) -> str | None:
    return told.data.code("agent_email") or told.data.code("agent_id")


def _line(told: _Told) -> str | None:
    """The number of ours."""
    names = ("justcall_number", "sales_dialer_number")
    return next(filter(None, (told.data.number(name, international=True) for name in names)), None)


def _recording(info: Fields) -> Item | None:
    """Where the recording stays; an address with a query expires, or holds a key."""
    uri = info.text("recording")
    return {"uri": uri} if uri and "?" not in uri else None


def _attempt(told: _Told, hook: Hook) -> Item:
    said = item(
        agent=_agent(told),
        to_number=told.data.number("contact_number", international=True),
        from_number=_line(told),
        dialed_at=told.began,
        answered_at=_answered_at(told),
        ring_seconds=told.lengths.seconds("ring_time"),
        wrap_seconds=told.lengths.seconds("wrap_up_time"),
        network_result=_OUTGOING.get(told.word),
    )
    return {**_common(told, hook), **said, **_WHO.get(told.word, {})}


def _answered_at(told: _Told) -> datetime | None:
    """It is not told, but when it began and for how long it rang."""
    ring = told.lengths.seconds("ring_time")
    if told.began is None or ring is None or told.word not in _TALKED:
        return None
    return told.began + timedelta(seconds=min(ring, 86_400))


def _outcome(told: _Told) -> Item | None:
    code = told.info.code("disposition")
    if code is None:
        return None
    return item(code=code, set_at=told.observed_at, agent=_agent(told), note=told.info.text("notes"))


def _dispositions(told: _Told) -> tuple[Item, ...]:
    outcome = _outcome(told)
    return ({"attempt": told.data.identity("call_sid"), **outcome},) if outcome else ()


def _inbound_call(told: _Told, hook: Hook) -> Item:
    traits = told.info.raw("call_traits")
    named = {str(trait).upper() for trait in cast("list[object]", traits)} if isinstance(traits, list) else set[str]()
    outcome = _INCOMING.get(told.word)
    said = item(
        agent=_agent(told) if outcome == "answered" else None,
        from_number=told.data.number("contact_number", international=True),
        to_number=_line(told),
        arrived_at=told.began,
        queued_at=told.sent_at if told.event == "call.enters_queue" else None,
        queue_seconds=told.lengths.seconds("queue_wait_time"),
        outcome=outcome,
        transferred=True if "TRANSFER" in named else None,
        disposition=_outcome(told),
    )
    return {**_common(told, hook), **said}


DIALER = Dialer(
    name="justcall",
    title="JustCall",
    secret="The API secret of the JustCall account: justcall.io, APIs and Webhooks, API credentials.",
    setup="""\
JustCall, Settings, APIs and Webhooks, Webhooks (Team plan or higher): add a webhook with the address

    {url}

for each of these events: **Call initiated**, **Incoming call**, **Call answered**, **Call missed**, **Voicemail**,
**Call completed**, **Call updated**; of the sales dialer **Call completed** and **Call updated**.

- Turn on **dynamic webhook signatures**, and give the API secret to `calltally hook create`.
- **Call updated** is not to be left out: agents choose dispositions after a call, and only it brings them.
- The address is part of the signature: paste it exactly. Dispositions are known by their labels; say what each means
  (`PUT /v1/disposition-codes/{code}`), those that nobody has explained are listed.

The signature does not cover the body: keep the address to yourself, and use https.
""",
    tells=(
        "Human or machine in the sales dialer, which listens; of other outgoing calls that were answered it is unknown,"
        " and a voicemail greeting counts as answered."
    ),
    verify=_verify,
    handshake=_handshake,
    key=_key,
    read=_read,
    keeps=frozenset({"content-type", _SENT_AT}),
)

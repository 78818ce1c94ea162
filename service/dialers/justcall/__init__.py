"""JustCall: posts a JSON event for each step of a call, and again when an agent has recorded its outcome.

The signature covers the address, the kind of event and the time of sending, but not the body. So verification uses
the hook's own address, requires a recent time, and detects replays by `request_id`. `call_sid` identifies a call, as
`id` may be empty. Times are in UTC without a zone; users can edit the local times, so these are not read. Ringing,
talk and hold are durations of their own. An update states all outcomes of the call: they replace earlier ones.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from reports.model.vocabulary import InboundOutcome, NetworkResult
from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Unreadable
from service.dialers.justcall.requests import SENT_AT, delivery_key, handshake, verify, without_keys
from service.dialers.justcall.setup import SETUP
from service.dialers.parsing import Fields, item, json_fields, link_without_query
from service.dialers.parsing.times import parse_time

_INBOUND = {f"call.{step}" for step in ("incoming", "answered", "missed", "voicemail", "enters_queue", "exits_queue")}
_ARRIVALS = {"call.incoming", "call.enters_queue", "call.exits_queue"}
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
_RATINGS = {f"rating {stars}": {"name": f"Rated {stars} of 5", "result": "none"} for stars in range(1, 6)}
# Only calls that came in wait in a queue or choose from a menu.
_INBOUND_TRAITS = {"QUEUE", "IVR"}
_LONGEST_WAIT = timedelta(hours=1)
_AFFIX = re.compile(r"^(outgoing|incoming)_|_call$")


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
    def traits(self) -> set[str]:
        """What happened to the call, in the vendor's words, such as TRANSFER."""
        traits = self.info.raw("call_traits")
        return {str(trait).upper() for trait in cast("list[object]", traits)} if isinstance(traits, list) else set()

    @property
    def waited_seconds(self) -> float | None:
        """How long a caller waited: in the queue, and while agents' phones rang."""
        queued, rang = self.durations.seconds("queue_wait_time"), self.durations.seconds("ring_time")
        return None if queued is None and rang is None else (queued or 0) + (rang or 0)

    @property
    def ended_at(self) -> datetime | None:
        """The end, computed from the start, the ring time and the duration, because it is not sent."""
        ring, total = self.durations.seconds("ring_time"), self.durations.seconds("total_duration")
        if self.started_at is None or ring is None or total is None or not self.finished:
            return None
        talked_and_held = (self.talk_seconds or 0) + (self.durations.seconds("hold_time") or 0)
        waited = self.waited_seconds or 0
        return self.started_at + timedelta(seconds=min(waited + max(total, talked_and_held), 86_400))

    @property
    def finished(self) -> bool:
        """Whether the call is over and its result known, and not only that it was picked up."""
        has_result = self.call_type in _NETWORK_RESULTS or self.call_type in _INBOUND_OUTCOMES
        return has_result and self.event != "call.answered"

    @property
    def observed_at(self) -> datetime:
        """When the event became known: a running call's start, a finished call's end, an update's time of sending."""
        if self.event.endswith("updated"):
            return self.sent_at
        return (self.ended_at if self.finished else self.started_at) or self.sent_at


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    envelope = json_fields(delivery)
    event = envelope.code("type") or "unnamed"
    if event not in _EVENTS:
        return ParsedEvent(event, known=event.startswith(_OTHER_EVENTS))
    data = envelope.nested("data")
    call = _call_event(event, data, delivery)
    directions = _directions(call)
    # Where the direction is unsure, the event that began the call decides: only it tells a start.
    begin = call.started_at if len(directions) == 1 else None
    return ParsedEvent(
        event,
        attempts=(_attempt(call, hook, begin),) if "out" in directions else (),
        inbound_calls=(_inbound_call(call, hook, begin),) if "in" in directions else (),
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
        sent_at=parse_time(delivery.headers.get(SENT_AT, ""), UTC) or delivery.received_at,
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
    """The call's direction; both if an update does not state it, or if a transfer may have changed it."""
    direction = (call.info.text("direction") or "").lower()
    moved = direction.startswith("in") and "TRANSFER" in call.traits and not call.traits & _INBOUND_TRAITS
    if moved and call.event not in _ARRIVALS:
        return ("in", "out")
    if call.event in _INBOUND or direction.startswith("in"):
        return ("in",)
    return ("out",) if call.event in _OUTBOUND or direction.startswith("out") else ("in", "out")


def _shared_fields(call: _CallEvent, hook: HookSettings) -> Item:
    """Fields of calls in both directions; an update without a start carries only its own fields."""
    campaign = call.data.nested("campaign")
    named = campaign.code("name") or campaign.code("id")
    recording, outcomes = link_without_query(call.info.text("recording")), _outcomes(call)
    return item(
        external_id=call.data.identity("call_sid"),
        campaign=named or (None if call.event.endswith("updated") else hook.campaign),
        contact=call.data.code("contact_id"),
        ended_at=call.ended_at,
        talk_seconds=call.talk_seconds,
        hold_seconds=call.durations.seconds("hold_time"),
        participants=_participants(call),
        recording=item(uri=recording),
        outcomes=outcomes,
        outcomes_at=None if outcomes is None else call.observed_at,
        note=call.info.text("notes"),
        observed_at=call.observed_at,
    )


def _agent(call: _CallEvent) -> str | None:
    return call.data.code("agent_email") or call.data.code("agent_id")


def _participants(call: _CallEvent) -> list[Item] | None:
    """The agent who began the call, or has it after a transfer; JustCall does not tell when, nor each one's talk."""
    agent = _agent(call)
    begins = call.event in {"call.initiated", "call.answered"}
    if agent is None or not (begins or "TRANSFER" in call.traits):
        return None
    return [item(agent=agent, role="originator" if begins else "last")]


def _own_number(call: _CallEvent) -> str | None:
    """The account's number."""
    numbers = (call.data.number(f"{line}_number", international=True) for line in ("justcall", "sales_dialer"))
    return next(filter(None, numbers), None)


def _attempt(call: _CallEvent, hook: HookSettings, dialed_at: datetime | None) -> Item:
    agent = _agent(call)
    # The sales dialer tells a call without an agent; in other calls the agent dials.
    by_agent = call.event.startswith("sd.") and agent is not None and call.call_type != "machine_answered"
    own_fields = item(
        agent=agent,
        to_number=call.data.number("contact_number", international=True),
        from_number=_own_number(call),
        dialed_at=dialed_at,
        answered_at=_answered_at(call),
        ring_seconds=call.durations.seconds("ring_time"),
        wrap_seconds=call.durations.seconds("wrap_up_time"),
        network_result=_NETWORK_RESULTS.get(call.call_type),
        handled="agent" if by_agent and call.talk_seconds else None,
    )
    return {**_shared_fields(call, hook), **own_fields, **_ANSWER_FIELDS.get(call.call_type, {})}


def _answered_at(call: _CallEvent) -> datetime | None:
    """The answer, computed from the start and the ring time, because it is not sent."""
    ring = call.durations.seconds("ring_time")
    if call.started_at is None or ring is None or call.call_type not in _CONNECTED:
        return None
    return call.started_at + timedelta(seconds=min(ring, 86_400))


def _outcomes(call: _CallEvent) -> list[Item] | None:
    """The disposition, the tags and the rating, as they stand now; None if the event does not state them.

    Only an update takes an outcome away: before it, agents have chosen none.
    """
    info, agent = call.info, _agent(call)
    if "disposition" not in info and "tags" not in info and "tags" not in call.data:
        return None
    rating = info.code("rating") if info.text("rating") != "0" else None
    codes = [info.code("disposition"), *_tags(info), *_tags(call.data), rating and f"rating {rating}"]
    outcomes = [item(code=code, agent=agent) for code in dict.fromkeys(codes) if code]
    return outcomes if outcomes or call.event.endswith("updated") else None


def _tags(fields: Fields) -> list[str | None]:
    """The names of tags, from a list of names or of objects, or a text with commas."""
    tags = fields.raw("tags")
    if isinstance(tags, str):
        return [*Fields({"tags": [tag for tag in tags.split(",") if tag.strip()]}).codes("tags")]
    if isinstance(tags, list) and tags and all(isinstance(tag, dict) for tag in cast("list[object]", tags)):
        return [tag.code("name") for tag in fields.objects("tags")]
    return [*fields.codes("tags")]


def _inbound_call(call: _CallEvent, hook: HookSettings, arrived_at: datetime | None) -> Item:
    outcome = _INBOUND_OUTCOMES.get(call.call_type)
    own_fields = item(
        agent=_agent(call) if outcome == "answered" else None,
        from_number=call.data.number("contact_number", international=True),
        to_number=_own_number(call),
        arrived_at=arrived_at,
        queued_at=_queued_at(call),
        queue_seconds=call.waited_seconds,
        wrap_seconds=call.durations.seconds("wrap_up_time"),
        outcome=outcome,
        transferred=True if "TRANSFER" in call.traits else None,
    )
    return {**_shared_fields(call, hook), **own_fields}


def _queued_at(call: _CallEvent) -> datetime | None:
    """When the caller joined the queue: as that event was sent, unless it comes hours late."""
    if call.event != "call.enters_queue" or not call.started_at or call.sent_at > call.started_at + _LONGEST_WAIT:
        return None
    return call.sent_at


DIALER = Dialer(
    name="justcall",
    title="JustCall",
    secret="The API secret of the JustCall account: justcall.io, APIs and Webhooks, API credentials.",
    setup=SETUP,
    answer_detection=(
        "The sales dialer detects human or machine, and tells a call without a free agent. Of other answered outgoing"
        " calls JustCall does not tell who answered, and a voicemail greeting counts as answered."
    ),
    tells=frozenset({"ringing", "answer", "person", "hold", "drop", "disposition"}),
    tells_inbound=frozenset({"wait", "transfer", "wrap"}),
    verify=verify,
    handshake=handshake,
    delivery_key=delivery_key,
    parse=_parse,
    without_secrets=without_keys,
    dispositions=_RATINGS,
    stored_headers=frozenset({"content-type", SENT_AT}),
)

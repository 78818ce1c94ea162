"""Ringover: posts a JSON event for each step of a call, and again for later additions.

Its signature is a token (JWT, HS512) that proves the sender but does not cover the body. `call_id` is a whole number
beyond 2^53. Later additions (tags, comments, recordings) do not state the call's direction, so they apply to an
attempt and an inbound call of that id. The one that never existed stays unknown and counts nowhere.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry, decode

from reports.model.types import AnsweredBy
from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.parsing import (
    Fields,
    attempt_dispositions,
    hash_key,
    item,
    json_fields,
    parse_json,
    shared_secret,
)

_SIGNATURE = "x-ringover-webhook-signature"
_CLOCKS_DIFFER = 300

_CALL_EVENTS = frozenset({"ringing", "answered", "hangup", "missed", "voicemail"})
_ADDITION_EVENTS = frozenset({"comments_updated", "tags_updated", "aftercall", "record_available"})
_OTHER_EVENTS = frozenset({"transcription_available", "summary_available", "sent", "received"})
_ANSWERED_BY: dict[str, AnsweredBy] = {
    "human": "human",
    "person": "human",
    "machine": "machine",
    "answering_machine": "machine",
    "fax": "fax_or_tone",
}


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook)
    token = delivery.headers.get(_SIGNATURE)
    if not token:
        raise Refused("no proof", 401)
    clock = JWTClaimsRegistry(now=int(delivery.received_at.timestamp()), leeway=_CLOCKS_DIFFER)
    try:
        clock.validate(decode(token, OctKey.import_key(secret.encode()), algorithms=["HS512"]).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refused("wrong proof") from None


def _delivery_key(delivery: Delivery) -> str:
    """The body without its number of tries: tags change more than once, so the call alone is no key."""
    try:
        body = parse_json(delivery.body)
    except Unreadable:
        return hash_key("bytes", delivery.body)
    return hash_key("event", {name: value for name, value in body.items() if name != "attempt"})


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    envelope = json_fields(delivery)
    event, data = envelope.code("event") or "unnamed", envelope.nested("data")
    if event in _CALL_EVENTS:
        return _call_event(event, data, _sent_at(envelope, delivery), hook)
    if event in _ADDITION_EVENTS:
        return _addition(event, data, _sent_at(envelope, delivery))
    if event == "voicemail_available":
        return ParsedEvent(event, inbound_calls=(_voicemail_left(data, _sent_at(envelope, delivery)),))
    return ParsedEvent(event, known=event in _OTHER_EVENTS)


def _sent_at(envelope: Fields, delivery: Delivery) -> datetime:
    return envelope.time("timestamp") or delivery.received_at


def _call_event(event: str, data: Fields, sent_at: datetime, hook: HookSettings) -> ParsedEvent:
    if data.flag("is_internal") and not data.flag("is_ivr"):
        return ParsedEvent(event)
    if data.code("direction") == "outbound":
        return ParsedEvent(event, attempts=(_attempt(event, data, sent_at, hook),))
    return ParsedEvent(event, inbound_calls=(_inbound_call(event, data, sent_at, hook),))


def _time(data: Fields, name: str) -> datetime | None:
    """A time, which newer versions also write as ISO 8601."""
    return data.time(f"{name}_time") or data.time(f"{name}_date_time_atom")


def _shared_fields(event: str, data: Fields, sent_at: datetime, hook: HookSettings) -> Item:
    """Fields of every step of a call. A later step supersedes an earlier one; only an end is final."""
    began, ended = _time(data, "start"), _time(data, "hangup")
    return item(
        external_id=data.identity("call_id"),
        campaign=hook.campaign,
        to_number=data.number("to_number", international=True),
        from_number=data.number("from_number", international=True),
        answered_at=_answered_at(event, data),
        ended_at=ended,
        talk_seconds=_talk_seconds(event, data),
        recording=_recording(data, "record", None),
        observed_at=ended or (began if event == "ringing" else None) or sent_at,
    )


def _answered_at(event: str, data: Fields) -> datetime | None:
    """When a person answered. A voicemail also has an answer time: the machine's."""
    return None if event == "voicemail" else _time(data, "answered")


def _talk_seconds(event: str, data: Fields) -> float | None:
    """From answer to end if both are sent, otherwise Ringover's count; never longer than the call."""
    began, answered, ended = (_time(data, name) for name in ("start", "answered", "hangup"))
    if event != "hangup" or not _connected(event, data):
        return None
    if answered and ended:
        return max(round((ended - answered).total_seconds(), 3), 0)
    seconds = data.seconds("duration_in_seconds")
    whole = (ended - began).total_seconds() if began and ended else None
    return seconds if seconds is None or whole is None else min(seconds, max(whole, 0))


def _connected(event: str, data: Fields) -> bool | None:
    """Whether a person or a machine picked up; None if that is unknown."""
    if event in {"answered", "voicemail"} or _time(data, "answered"):
        return True
    if event == "hangup":
        seconds = data.seconds("duration_in_seconds")
        return None if seconds is None else seconds > 0
    return False if event == "missed" else None


def _agent(data: Fields) -> str | None:
    return data.code("user_id") or data.nested("user").code("user_id")


def _attempt(event: str, data: Fields, sent_at: datetime, hook: HookSettings) -> Item:
    connected = _connected(event, data)
    own_fields = item(
        agent=_agent(data),
        dialed_at=_time(data, "start"),
        network_result={True: "answered", False: "no_answer", None: None}[connected],
    )
    return {**_shared_fields(event, data, sent_at, hook), **own_fields, **_answer_fields(event, data)}


def _answer_fields(event: str, data: Fields) -> Item:
    """Who picked up, if Ringover detected it; unknown words are ignored."""
    if event == "voicemail":
        return {"answered_by": "machine"}
    heard = _ANSWERED_BY.get((data.text("answering_machine_detection") or "").lower())
    return {"answered_by": heard, "detector": "amd"} if heard else {}


def _inbound_call(event: str, data: Fields, sent_at: datetime, hook: HookSettings) -> Item:
    connected = _connected(event, data)
    own_fields = item(
        # The call rings several agents; the last one is the agent who answered.
        agent=_agent(data) if connected and event != "voicemail" else None,
        arrived_at=_time(data, "start"),
        queue=data.nested("ivr_data").code("ivr_name") or data.nested("ivr").code("name"),
        outcome=_outcome(event, data, connected=connected),
    )
    return {**_shared_fields(event, data, sent_at, hook), **own_fields}


def _outcome(event: str, data: Fields, *, connected: bool | None) -> str | None:
    if event == "voicemail":
        return "voicemail"
    if event == "missed":
        # No agent was rung and Ringover gives no reason: the caller left while still in the menu.
        in_menu = data.flag("is_ivr") and not data.code("reason") and not _agent(data)
        return "abandoned" if in_menu else "missed"
    return "answered" if connected else None


def _recording(data: Fields, link: str, seconds: str | None) -> Item | None:
    uri = data.text(link)
    return item(uri=uri, seconds=_recording_seconds(data, seconds)) if uri else None


def _recording_seconds(data: Fields, name: str | None) -> float | None:
    """A length that is sent as text, and may not be a number."""
    try:
        return data.seconds(name) if name else None
    except Unreadable:
        return None


def _addition(event: str, data: Fields, sent_at: datetime) -> ParsedEvent:
    """Additions to a call after its end, in either direction."""
    call_id, outcomes = data.identity("call_id"), list(_outcomes(data, sent_at))
    recording = _recording(data, "record_link", "record_duration")
    if not outcomes and not recording:
        return ParsedEvent(event)
    update = item(external_id=call_id, recording=recording, observed_at=sent_at)
    return ParsedEvent(
        event,
        attempts=(update,) if recording else (),
        dispositions=attempt_dispositions(call_id, outcomes),
        inbound_calls=({**update, **item(disposition=outcomes[-1] if outcomes else None)},),
    )


def _outcomes(data: Fields, sent_at: datetime) -> Iterator[Item]:
    """One outcome for each tag, in alphabetical order; every outcome carries the comments."""
    for tag in sorted(set(_tags(data.raw("tags")))):
        yield item(code=tag, set_at=sent_at, note=data.text("comments"))


def _tags(listed: object) -> Iterator[str]:
    for tag in cast("list[object]", listed) if isinstance(listed, list) else ():
        if isinstance(tag, str) and (code := Fields({"tag": tag}).code("tag")):
            yield code


def _voicemail_left(data: Fields, sent_at: datetime) -> Item:
    return item(
        external_id=data.identity("call_id"),
        outcome="voicemail",
        recording=_recording(data, "voicemail_link", "voicemail_duration"),
        observed_at=sent_at,
    )


DIALER = Dialer(
    name="ringover",
    title="Ringover",
    secret="The key of the webhook for call events: Ringover dashboard, Developer, Webhooks, next to the events.",
    setup="""\
Open the Ringover dashboard, Developer, Webhooks:

1. Paste `{url}` as the address of **Ringing calls**, **Answered calls**, **Ended calls**, **Missed calls**,
   **Voicemail** and **After-call** events (tags, comments, recordings). Messages (SMS) are not needed.
2. Select the **signature** (JWT) for authentication, not the API key, and give the webhook's key to
   `calltally hook create`. Each group of events may have its own key. If keys differ, create a hook for each group;
   calltally still joins their events into the same calls.
3. Tags are the dispositions: define each one with `PUT /v1/disposition-codes/{code}`. calltally lists codes without a
   definition. Agents are identified by their Ringover user id.

The signature proves the sender, not the body: keep the address secret.
""",
    answer_detection=(
        "Human or machine if Ringover sends answering_machine_detection with a call's end, and machine if a voicemail"
        " answered; other answered calls are unknown. Busy and cancelled calls count as no answer."
    ),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
)

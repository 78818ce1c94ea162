"""Ringover: posts a JSON event for every step of a call, and again for what is added to it afterwards.

Its signature is a token (JWT, HS512) that proves the sender and says nothing of the body. `call_id` is a whole number
beyond 2^53. What comes after a call (tags, comments, recordings) does not say which way it went, so it is told of both
an attempt and an inbound call of that id: the one that never was stays unknown, and counts nowhere.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry, decode

from reports.model.types import AnsweredBy
from service.dialers import Delivery, Dialer, Hook, Item, Reading, Refused, Unreadable
from service.dialers.parsing import Fields, item, json_fields, json_of, key_of, shared_secret

_SIGNATURE = "x-ringover-webhook-signature"
_CLOCKS_DIFFER = 300

_CALLS = frozenset({"ringing", "answered", "hangup", "missed", "voicemail"})
_ADDED = frozenset({"comments_updated", "tags_updated", "aftercall", "record_available"})
_NOTHING_OF_CALLS = frozenset({"transcription_available", "summary_available", "sent", "received"})
_HEARD: dict[str, AnsweredBy] = {
    "human": "human",
    "person": "human",
    "machine": "machine",
    "answering_machine": "machine",
    "fax": "fax_or_tone",
}


def _verify(delivery: Delivery, hook: Hook) -> None:
    secret = shared_secret(hook)
    token = delivery.headers.get(_SIGNATURE)
    if not token:
        raise Refused("no proof", 401)
    clock = JWTClaimsRegistry(now=int(delivery.received_at.timestamp()), leeway=_CLOCKS_DIFFER)
    try:
        clock.validate(decode(token, OctKey.import_key(secret.encode()), algorithms=["HS512"]).claims)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refused("wrong proof") from None


def _key(delivery: Delivery) -> str:
    """What is said, but for how often it was tried: tags are updated more than once, so the call alone is no key."""
    try:
        said = json_of(delivery.body)
    except Unreadable:
        return key_of("bytes", delivery.body)
    return key_of("event", {name: value for name, value in said.items() if name != "attempt"})


def _read(delivery: Delivery, hook: Hook) -> Reading:
    envelope = json_fields(delivery)
    event, data = envelope.code("event") or "unnamed", envelope.inner("data")
    if event in _CALLS:
        return _call(event, data, _sent_at(envelope, delivery), hook)
    if event in _ADDED:
        return _added(event, data, _sent_at(envelope, delivery))
    if event == "voicemail_available":
        return Reading(event, inbound_calls=(_voicemail_left(data, _sent_at(envelope, delivery)),))
    return Reading(event, known=event in _NOTHING_OF_CALLS)


def _sent_at(envelope: Fields, delivery: Delivery) -> datetime:
    return envelope.moment("timestamp") or delivery.received_at


def _call(event: str, data: Fields, sent_at: datetime, hook: Hook) -> Reading:
    if data.flag("is_internal") and not data.flag("is_ivr"):
        return Reading(event)
    if data.code("direction") == "outbound":
        return Reading(event, attempts=(_attempt(event, data, sent_at, hook),))
    return Reading(event, inbound_calls=(_inbound_call(event, data, sent_at, hook),))


def _moment(data: Fields, name: str) -> datetime | None:
    """A moment, which newer versions also write as ISO 8601."""
    return data.moment(f"{name}_time") or data.moment(f"{name}_date_time_atom")


def _common(event: str, data: Fields, sent_at: datetime, hook: Hook) -> Item:
    """What every step of a call says. The later a step, the newer its word; only an end is final."""
    began, ended = _moment(data, "start"), _moment(data, "hangup")
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
    """When somebody answered. A voicemail has a moment of answer too: that of the machine."""
    return None if event == "voicemail" else _moment(data, "answered")


def _talk_seconds(event: str, data: Fields) -> float | None:
    """From answer to end where both are told, else what Ringover counts; never longer than the call."""
    began, answered, ended = (_moment(data, name) for name in ("start", "answered", "hangup"))
    if event != "hangup" or not _connected(event, data):
        return None
    if answered and ended:
        return max(round((ended - answered).total_seconds(), 3), 0)
    seconds = data.seconds("duration_in_seconds")
    whole = (ended - began).total_seconds() if began and ended else None
    return seconds if seconds is None or whole is None else min(seconds, max(whole, 0))


def _connected(event: str, data: Fields) -> bool | None:
    """Whether somebody or something picked up; None while that is not known."""
    if event in {"answered", "voicemail"} or _moment(data, "answered"):
        return True
    if event == "hangup":
        seconds = data.seconds("duration_in_seconds")
        return None if seconds is None else seconds > 0
    return False if event == "missed" else None


def _agent(data: Fields) -> str | None:
    return data.code("user_id") or data.inner("user").code("user_id")


def _attempt(event: str, data: Fields, sent_at: datetime, hook: Hook) -> Item:
    connected = _connected(event, data)
    said = item(
        agent=_agent(data),
        dialed_at=_moment(data, "start"),
        network_result={True: "answered", False: "no_answer", None: None}[connected],
    )
    return {**_common(event, data, sent_at, hook), **said, **_picked_up(event, data)}


def _picked_up(event: str, data: Fields) -> Item:
    """Who picked up, where Ringover heard it; of words it has not been seen to use, nothing."""
    if event == "voicemail":
        return {"answered_by": "machine"}
    heard = _HEARD.get((data.text("answering_machine_detection") or "").lower())
    return {"answered_by": heard, "detector": "amd"} if heard else {}


def _inbound_call(event: str, data: Fields, sent_at: datetime, hook: Hook) -> Item:
    connected = _connected(event, data)
    said = item(
        # It rings with several people; the one it ended with is the one who answered.
        agent=_agent(data) if connected and event != "voicemail" else None,
        arrived_at=_moment(data, "start"),
        queue=data.inner("ivr_data").code("ivr_name") or data.inner("ivr").code("name"),
        outcome=_outcome(event, data, connected=connected),
    )
    return {**_common(event, data, sent_at, hook), **said}


def _outcome(event: str, data: Fields, *, connected: bool | None) -> str | None:
    if event == "voicemail":
        return "voicemail"
    if event == "missed":
        # Nobody was rung and Ringover gives no reason: the caller left while still in the menu.
        in_menu = data.flag("is_ivr") and not data.code("reason") and not _agent(data)
        return "abandoned" if in_menu else "missed"
    return "answered" if connected else None


def _recording(data: Fields, link: str, seconds: str | None) -> Item | None:
    uri = data.text(link)
    return item(uri=uri, seconds=_length(data, seconds)) if uri else None


def _length(data: Fields, name: str | None) -> float | None:
    """A length that is typed as text, and need not be a number."""
    try:
        return data.seconds(name) if name else None
    except Unreadable:
        return None


def _added(event: str, data: Fields, sent_at: datetime) -> Reading:
    """What is added to a call after its end, whichever way it went."""
    call, outcomes = data.identity("call_id"), list(_outcomes(data, sent_at))
    recording = _recording(data, "record_link", "record_duration")
    if not outcomes and not recording:
        return Reading(event)
    said = item(external_id=call, recording=recording, observed_at=sent_at)
    return Reading(
        event,
        attempts=(said,) if recording else (),
        dispositions=tuple({"attempt": call, **outcome} for outcome in outcomes),
        inbound_calls=({**said, **item(disposition=outcomes[-1] if outcomes else None)},),
    )


def _outcomes(data: Fields, sent_at: datetime) -> Iterator[Item]:
    """A disposition for every tag, in the order of the alphabet; what was remarked goes with each."""
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
    secret="The key of the webhook for call events: Ringover dashboard, Developer, Webhooks, beside the events.",
    setup="""\
Ringover dashboard, Developer, Webhooks:

1. Paste `{url}` as the address of **Ringing calls**, **Answered calls**, **Ended calls**, **Missed calls**,
   **Voicemail** and of **After-call** events (tags, comments, recordings). Messages (SMS) are not needed.
2. Choose the **signature** (JWT) as the way to authenticate, not the API key, and give the webhook's key to
   `calltally hook create`. Ringover has a key of its own for each group of events: where the groups have different
   keys, create a hook for each, and their calls are the same ones.
3. Tags are the dispositions: say what each means (`PUT /v1/disposition-codes/{code}`); those that nobody has
   explained are listed. Agents are known by their Ringover user id.

The signature proves the sender, not the body: keep the address to yourself.
""",
    tells=(
        "Human or machine where Ringover sends answering_machine_detection with the end of a call, and machine where"
        " a voicemail answered; every other answered call is unknown. Busy and cancelled calls count as no answer."
    ),
    verify=_verify,
    key=_key,
    read=_read,
)

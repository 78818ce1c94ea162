"""CloudTalk: posts what the account itself writes into a workflow, so calltally says what to write.

Our body (setup) names in `action` what happened. `call_uuid` is there from the beginning of a call and `call_id` from
its end on, and a recording, which may come before the end, has only the latter: so `call_id` is what a call is known
by, where there is one, and what comes before the end is kept and says nothing. CloudTalk sends no times: a call ended
when its end was told, and began as long before as it waited and talked. Keys of the account's own, in any language,
are left alone.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from service.dialers import Delivery, Dialer, Hook, Item, Reading, Refused, Unreadable
from service.dialers.parsing import Fields, check, item, json_of, key_of, query_of, shared_secret

_BEFORE_THE_END = frozenset({"started", "ringing", "answered", "raised_hand"})
_LATER = frozenset({"recording", "modified"})
# What integrations of others call the same.
_ALIASES = {
    "call_started": "started",
    "ringing_on_agent": "ringing",
    "call_answered": "answered",
    "call_ended": "ended",
    "recording_uploaded": "recording",
    "call_modified": "modified",
}
_LONGEST = 86_400
_UNFILLED = re.compile(r"\{\{.*\}\}|null|undefined").fullmatch


def _verify(delivery: Delivery, hook: Hook) -> None:
    scheme, _, given = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("no proof", 401)
    check(given.strip(), shared_secret(hook))


def _key(delivery: Delivery) -> str:
    """All that was said: two workflows on one trigger say the same twice, and nothing numbers what is sent."""
    return key_of(delivery.url.partition("?")[2], delivery.body)


def _read(delivery: Delivery, hook: Hook) -> Reading:
    body, address = json_of(delivery.body), query_of(delivery)
    fields = Fields({name: value for name, value in body.items() if not _is_unfilled(value)})
    action = fields.code("action") or _shown(fields) or address.code("action") or "unnamed"
    action = _ALIASES.get(action.lower(), action.lower())
    way = (fields.code("direction") or address.code("direction") or "").lower()
    if action in _BEFORE_THE_END or way == "internal":
        return Reading(action)
    if action == "ended":
        return _ended(fields, way, delivery, hook)
    return _later(action, fields, way, delivery) if action in _LATER else Reading(action, known=False)


def _is_unfilled(value: object) -> bool:
    return isinstance(value, str) and _UNFILLED(value.strip()) is not None


def _shown(fields: Fields) -> str | None:
    """What a body without a word for it shows it is: one address may have been given to the wrong workflow."""
    return "recording" if fields.text("recording_url") and fields.text("talking_time") is None else None


def _call(fields: Fields) -> str:
    return fields.identity("call_uuid" if fields.text("call_id") is None else "call_id")


def _agent(fields: Fields) -> str | None:
    return fields.code("agent_email") or fields.code("agent_id")


def _ended(fields: Fields, way: str, delivery: Delivery, hook: Hook) -> Reading:
    if way not in {"incoming", "outgoing"}:
        raise Unreadable("direction is neither incoming nor outgoing")
    outcomes = list(_outcomes(fields, delivery.received_at))
    if way == "incoming":
        inbound = _inbound_call(fields, delivery, hook) | item(disposition=outcomes[-1] if outcomes else None)
        return Reading("ended", inbound_calls=(inbound,))
    attempt = _attempt(fields, delivery, hook)
    return Reading("ended", attempts=(attempt,), dispositions=_of(attempt["external_id"], outcomes))


def _of(call: str, outcomes: list[Item]) -> tuple[Item, ...]:
    return tuple({"attempt": call, **outcome} for outcome in outcomes)


def _timeline(fields: Fields, delivery: Delivery, beginning: str) -> Item:
    """When it began, was answered and ended; beginning: what the first of these is called of this kind of call."""
    talked, waited = (min(fields.seconds(name) or 0, _LONGEST) for name in ("talking_time", "waiting_time"))
    ended = fields.moment("ended_at") or delivery.received_at
    answered = ended - timedelta(seconds=talked)
    began = min(answered - timedelta(seconds=waited), fields.moment("started_at") or answered)
    spoken = talked > 0 and not fields.flag("is_voicemail")
    return item(**{beginning: began}, answered_at=answered if spoken else None, ended_at=ended, observed_at=ended)


def _talked(fields: Fields) -> float | None:
    """How long it was talked; what was said to a machine of ours is no talk."""
    return None if fields.flag("is_voicemail") else fields.seconds("talking_time")


def _attempt(fields: Fields, delivery: Delivery, hook: Hook) -> Item:
    talked = _talked(fields)
    machine = fields.flag("is_voicemail")
    said = item(
        external_id=_call(fields),
        campaign=hook.campaign,
        agent=_agent(fields),
        to_number=fields.number("external_number", international=True),
        from_number=fields.number("internal_number", international=True),
        ring_seconds=fields.seconds("waiting_time"),
        talk_seconds=talked,
        wrap_seconds=fields.seconds("wrapup_time"),
        network_result="answered" if machine or talked else None if talked is None else "no_answer",
        answered_by="machine" if machine else None,
        recording=_recording(fields),
    )
    return said | _timeline(fields, delivery, "dialed_at")


def _inbound_call(fields: Fields, delivery: Delivery, hook: Hook) -> Item:
    talked = _talked(fields)
    said = item(
        external_id=_call(fields),
        campaign=hook.campaign,
        agent=_agent(fields) if talked else None,
        from_number=fields.number("external_number", international=True),
        to_number=fields.number("internal_number", international=True),
        queue_seconds=fields.seconds("waiting_time"),
        talk_seconds=talked,
        outcome="voicemail" if fields.flag("is_voicemail") else "answered" if talked else _unless(talked),
        recording=_recording(fields),
    )
    return said | _timeline(fields, delivery, "arrived_at")


def _unless(talked: float | None) -> str | None:
    """Nobody answered where nobody talked; where that is not told, nothing is known of it."""
    return None if talked is None else "missed"


def _later(action: str, fields: Fields, way: str, delivery: Delivery) -> Reading:
    """A recording or an outcome, of a call that may be yet to be told of; of both kinds where the way is not said."""
    call, outcomes = _call(fields), list(_outcomes(fields, delivery.received_at))
    recording = _recording(fields)
    if not recording and not outcomes:
        return Reading(action)
    said = item(external_id=call, recording=recording, observed_at=delivery.received_at)
    inbound = said | item(disposition=outcomes[-1] if outcomes else None)
    return Reading(
        action,
        attempts=(said,) if recording and way != "incoming" else (),
        dispositions=_of(call, outcomes) if way != "incoming" else (),
        inbound_calls=(inbound,) if way != "outgoing" else (),
    )


def _recording(fields: Fields) -> Item | None:
    """Where the recording stays; an address with a query expires, or holds a key."""
    uri = fields.text("recording_url")
    return {"uri": uri} if uri and "?" not in uri else None


def _outcomes(fields: Fields, set_at: datetime) -> Iterator[Item]:
    """A disposition for every tag, in the order of the alphabet, with what was noted."""
    for tag in sorted(set(_tags(fields.raw("tags")))):
        yield item(code=tag, set_at=set_at, agent=_agent(fields), note=fields.text("note"))


def _tags(listed: object) -> Iterator[str]:
    """Tags are a list, or one text with commas between them."""
    parts = listed.split(",") if isinstance(listed, str) else listed
    for tag in cast("list[object]", parts) if isinstance(parts, list) else ():
        if isinstance(tag, str) and (code := Fields({"tag": tag}).code("tag")):
            yield code


DIALER = Dialer(
    name="cloudtalk",
    title="CloudTalk",
    secret="A secret of your own making, 20 characters or longer, which every workflow sends in a header.",
    setup="""\
CloudTalk, Dashboard, Workflow Automations: create a workflow for each of these triggers.

| trigger | `action` |
|---|---|
| Call Ended | `ended` |
| Recording Uploaded | `recording` |
| Call Modified | `modified` |

Each has one step, **API Request**: method `POST`, endpoint

    {url}

headers `Content-Type: application/json` and `Authorization: Bearer YOUR-SECRET` (the one given to
`calltally hook create`), and this body. What stands in double braces is CloudTalk's variable: choose it from its list,
and leave out a line whose variable the trigger does not offer. Write the `action` of the trigger by hand.

    {
      "action": "ended",
      "call_id": "{{call_id}}",
      "call_uuid": "{{call_uuid}}",
      "direction": "{{direction}}",
      "agent_id": "{{agent_id}}",
      "agent_email": "{{agent_email}}",
      "internal_number": "{{internal_number}}",
      "external_number": "{{external_number}}",
      "waiting_time": "{{waiting_time}}",
      "talking_time": "{{talking_time}}",
      "wrapup_time": "{{wrapup_time}}",
      "is_voicemail": "{{is_voicemail}}",
      "recording_url": "{{recording_url}}",
      "tags": "{{tags}}",
      "note": "{{note}}"
    }

- `call_id`, `direction` and `talking_time` are not to be left out of `ended`: a recording has only `call_id`, and
  without a direction nobody knows whether you called or were called. Where CloudTalk does not offer `direction`, make a
  workflow for each direction with a condition on it, and write `"incoming"` or `"outgoing"` by hand.
- CloudTalk sends no times: a call counts as ended when calltally is told so.
- Tags are the dispositions: say what each means (`PUT /v1/disposition-codes/{code}`); those that nobody has explained
  are listed.
""",
    tells=(
        "An answered call is unknown, as CloudTalk hears no machines: a voicemail greeting counts as answered. Busy,"
        " failed and cancelled calls count as no answer."
    ),
    verify=_verify,
    key=_key,
    read=_read,
)

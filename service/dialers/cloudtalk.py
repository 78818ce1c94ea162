"""CloudTalk: posts a body that the account writes into a workflow, so calltally provides the body.

Our body (setup) names the event in `action`. `call_uuid` exists from the start of a call, `call_id` only from its
end, and a recording, which may precede the end, has only `call_id`. So `call_id` identifies a call where it exists,
and deliveries before the end are stored without effect. CloudTalk sends no times: a call ended when its end was
delivered, and began as long before as it waited and talked. Keys that the account adds, in any language, are ignored.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.parsing import (
    Fields,
    attempt_dispositions,
    check_proof,
    hash_key,
    item,
    parse_json,
    permanent_recording,
    query_fields,
    shared_secret,
)

_EARLY_ACTIONS = frozenset({"started", "ringing", "answered", "raised_hand"})
_LATER_ACTIONS = frozenset({"recording", "modified"})
# Names that other integrations use for the same actions.
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


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    scheme, _, token = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("no proof", 401)
    check_proof(token.strip(), shared_secret(hook))


def _delivery_key(delivery: Delivery) -> str:
    """The whole delivery: two workflows on one trigger send the same text twice, and CloudTalk numbers no delivery."""
    return hash_key(delivery.url.partition("?")[2], delivery.body)


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body, address = parse_json(delivery.body), query_fields(delivery)
    fields = Fields({name: value for name, value in body.items() if not _is_unfilled(value)})
    action = fields.code("action") or _implied_action(fields) or address.code("action") or "unnamed"
    action = _ALIASES.get(action.lower(), action.lower())
    direction = (fields.code("direction") or address.code("direction") or "").lower()
    if action in _EARLY_ACTIONS or direction == "internal":
        return ParsedEvent(action)
    if action == "ended":
        return _ended(fields, direction, delivery, hook)
    return _later(action, fields, direction, delivery) if action in _LATER_ACTIONS else ParsedEvent(action, known=False)


def _is_unfilled(value: object) -> bool:
    return isinstance(value, str) and _UNFILLED(value.strip()) is not None


def _implied_action(fields: Fields) -> str | None:
    """The action of a body that does not name one: an address may have been pasted into the wrong workflow."""
    return "recording" if fields.text("recording_url") and fields.text("talking_time") is None else None


def _call_id(fields: Fields) -> str:
    return fields.identity("call_uuid" if fields.text("call_id") is None else "call_id")


def _agent(fields: Fields) -> str | None:
    return fields.code("agent_email") or fields.code("agent_id")


def _ended(fields: Fields, direction: str, delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    if direction not in {"incoming", "outgoing"}:
        raise Unreadable("direction is neither incoming nor outgoing")
    outcomes = list(_outcomes(fields, delivery.received_at))
    if direction == "incoming":
        inbound = _inbound_call(fields, delivery, hook) | item(disposition=outcomes[-1] if outcomes else None)
        return ParsedEvent("ended", inbound_calls=(inbound,))
    attempt = _attempt(fields, delivery, hook)
    return ParsedEvent(
        "ended", attempts=(attempt,), dispositions=attempt_dispositions(attempt["external_id"], outcomes)
    )


def _timeline(fields: Fields, delivery: Delivery, beginning: str) -> Item:
    """When the call began, was answered and ended; beginning: the field of its start, which differs by direction."""
    talked, waited = (min(fields.seconds(name) or 0, _LONGEST) for name in ("talking_time", "waiting_time"))
    ended = fields.time("ended_at") or delivery.received_at
    answered = ended - timedelta(seconds=talked)
    began = min(answered - timedelta(seconds=waited), fields.time("started_at") or answered)
    spoken = talked > 0 and not fields.flag("is_voicemail")
    return item(**{beginning: began}, answered_at=answered if spoken else None, ended_at=ended, observed_at=ended)


def _talk_seconds(fields: Fields) -> float | None:
    """Talk time; a message left on our own machine is no talk."""
    return None if fields.flag("is_voicemail") else fields.seconds("talking_time")


def _attempt(fields: Fields, delivery: Delivery, hook: HookSettings) -> Item:
    talked = _talk_seconds(fields)
    machine = fields.flag("is_voicemail")
    attempt = item(
        external_id=_call_id(fields),
        campaign=hook.campaign,
        agent=_agent(fields),
        to_number=fields.number("external_number", international=True),
        from_number=fields.number("internal_number", international=True),
        ring_seconds=fields.seconds("waiting_time"),
        talk_seconds=talked,
        wrap_seconds=fields.seconds("wrapup_time"),
        network_result="answered" if machine or talked else None if talked is None else "no_answer",
        answered_by="machine" if machine else None,
        recording=permanent_recording(fields.text("recording_url")),
    )
    return attempt | _timeline(fields, delivery, "dialed_at")


def _inbound_call(fields: Fields, delivery: Delivery, hook: HookSettings) -> Item:
    talked = _talk_seconds(fields)
    call = item(
        external_id=_call_id(fields),
        campaign=hook.campaign,
        agent=_agent(fields) if talked else None,
        from_number=fields.number("external_number", international=True),
        to_number=fields.number("internal_number", international=True),
        queue_seconds=fields.seconds("waiting_time"),
        talk_seconds=talked,
        outcome="voicemail" if fields.flag("is_voicemail") else "answered" if talked else _missed_if_silent(talked),
        recording=permanent_recording(fields.text("recording_url")),
    )
    return call | _timeline(fields, delivery, "arrived_at")


def _missed_if_silent(talked: float | None) -> str | None:
    """A call without talk time is missed; without any information on talk its outcome is unknown."""
    return None if talked is None else "missed"


def _later(action: str, fields: Fields, direction: str, delivery: Delivery) -> ParsedEvent:
    """A recording or an outcome of a call that may arrive later; it applies in both directions if none is stated."""
    call_id, outcomes = _call_id(fields), list(_outcomes(fields, delivery.received_at))
    recording = permanent_recording(fields.text("recording_url"))
    if not recording and not outcomes:
        return ParsedEvent(action)
    update = item(external_id=call_id, recording=recording, observed_at=delivery.received_at)
    inbound = update | item(disposition=outcomes[-1] if outcomes else None)
    return ParsedEvent(
        action,
        attempts=(update,) if recording and direction != "incoming" else (),
        dispositions=attempt_dispositions(call_id, outcomes) if direction != "incoming" else (),
        inbound_calls=(inbound,) if direction != "outgoing" else (),
    )


def _outcomes(fields: Fields, set_at: datetime) -> Iterator[Item]:
    """One outcome for each tag, in alphabetical order, with the note."""
    for tag in sorted(set(_tags(fields.raw("tags")))):
        yield item(code=tag, set_at=set_at, agent=_agent(fields), note=fields.text("note"))


def _tags(listed: object) -> Iterator[str]:
    """Tags from a list, or from one text separated by commas."""
    parts = listed.split(",") if isinstance(listed, str) else listed
    for tag in cast("list[object]", parts) if isinstance(parts, list) else ():
        if isinstance(tag, str) and (code := Fields({"tag": tag}).code("tag")):
            yield code


DIALER = Dialer(
    name="cloudtalk",
    title="CloudTalk",
    secret="A secret that you choose, 20 characters or longer; every workflow sends it in a header.",
    setup="""\
Open CloudTalk, Dashboard, Workflow Automations, and create a workflow for each of these triggers.

| trigger | `action` |
|---|---|
| Call Ended | `ended` |
| Recording Uploaded | `recording` |
| Call Modified | `modified` |

Each workflow has one step, **API Request**, with method `POST` and the endpoint

    {url}

Set the headers `Content-Type: application/json` and `Authorization: Bearer YOUR-SECRET` (the secret you gave to
`calltally hook create`), and paste the body below. Double braces mark CloudTalk variables: select each variable from
CloudTalk's list, and delete lines with a variable that the trigger does not offer. Type the trigger's `action` by hand.

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

- The `ended` body must have `call_id`, `direction` and `talking_time`. A recording has only `call_id`, and only
  `direction` tells outgoing from incoming calls. If CloudTalk does not offer `direction`, create a workflow for each
  direction with a condition on it, and type `"incoming"` or `"outgoing"` yourself.
- CloudTalk sends no times: a call ends when calltally receives its end.
- Tags are the dispositions: define each one with `PUT /v1/disposition-codes/{code}`. calltally lists codes without a
  definition.
""",
    answer_detection=(
        "CloudTalk does not detect machines, so answered calls are unknown and a voicemail greeting counts as"
        " answered. Busy, failed and cancelled calls count as no answer."
    ),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
)

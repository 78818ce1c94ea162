"""CloudTalk: posts a body that the account writes into a workflow, so calltally provides the body.

Our body (setup) names the event in `action`. `call_uuid` exists from the start of a call, `call_id` only from its
end, and a recording, which may precede the end, has only `call_id`. So `call_id` identifies a call where it exists,
and deliveries before the end are stored without effect. CloudTalk sends no times: it delivers the end of a call after
the agent's wrap-up, and the call began as long before its end as it waited and talked. A delivery that names tags names
all of them, so the newest one counts. Keys that the account adds, in any language, are ignored.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Refused, Unreadable
from service.dialers.parsing import (
    Fields,
    check_proof,
    format_time,
    hash_key,
    item,
    link_without_query,
    parse_json,
    query_fields,
    shared_secret,
    without_link_secrets,
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
_UNFILLED = re.compile(r"\{\{.*\}\}|undefined").fullmatch


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    scheme, _, token = delivery.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("no proof", 401)
    check_proof(token.strip(), shared_secret(hook))


def _delivery_key(delivery: Delivery) -> str:
    """The whole delivery: two workflows on one trigger send the same text twice, and CloudTalk numbers no delivery.

    A tag that is set, removed and set again is the same text twice, so each change is a delivery of its own.
    """
    try:
        changed = _read(delivery)[1] == "modified"
    except Unreadable:
        changed = False
    moment = format_time(delivery.received_at) if changed else None
    return hash_key(delivery.url.partition("?")[2], without_link_secrets(delivery.body), moment)


def _without_secrets(delivery: Delivery) -> Delivery:
    """The delivery without the keys in its links."""
    return replace(delivery, body=without_link_secrets(delivery.body))


def _read(delivery: Delivery) -> tuple[Fields, str, str]:
    """The filled fields of a body, the action, and the direction, which may stand in the address."""
    body, address = parse_json(delivery.body), query_fields(delivery)
    fields = Fields({name: _filled(value) for name, value in body.items() if not _is_unfilled(value)})
    action = fields.code("action") or _implied_action(fields) or address.code("action") or "unnamed"
    direction = fields.code("direction") or address.code("direction") or ""
    return fields, _ALIASES.get(action.lower(), action.lower()), direction.lower()


def _is_unfilled(value: object) -> bool:
    """Whether CloudTalk does not have the variable."""
    return isinstance(value, str) and _UNFILLED(value.strip()) is not None


def _filled(value: object) -> object:
    """A value, or None if the variable is empty for this call."""
    return None if isinstance(value, str) and value.strip() == "null" else value


def _implied_action(fields: Fields) -> str | None:
    """The action of a body that does not name one: an address may have been pasted into the wrong workflow."""
    return "recording" if fields.text("recording_url") and fields.text("talking_time") is None else None


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    fields, action, direction = _read(delivery)
    if action in _EARLY_ACTIONS or direction == "internal":
        return ParsedEvent(action)
    if action == "ended":
        return _ended(fields, direction, delivery, hook)
    return _later(action, fields, direction, delivery) if action in _LATER_ACTIONS else ParsedEvent(action, known=False)


def _call_id(fields: Fields) -> str:
    return fields.identity("call_uuid" if fields.text("call_id") is None else "call_id")


def _agent(fields: Fields) -> str | None:
    return fields.code("agent_email") or fields.code("agent_id")


def _ended(fields: Fields, direction: str, delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    ended = fields.time("ended_at") or delivery.received_at - timedelta(seconds=_span(fields, "wrapup_time"))
    if direction == "incoming":
        return ParsedEvent("ended", inbound_calls=(_inbound_call(fields, ended, hook),))
    if direction == "outgoing":
        return ParsedEvent("ended", attempts=(_attempt(fields, ended, hook),))
    raise Unreadable("direction is neither incoming nor outgoing")


def _span(fields: Fields, name: str) -> float:
    return min(fields.seconds(name) or 0, _LONGEST)


def _call(fields: Fields, ended: datetime, beginning: str, hook: HookSettings) -> Item:
    """What the end says about a call in either direction.

    beginning: the field of its start, which differs by direction.
    """
    answered = ended - timedelta(seconds=_span(fields, "talking_time"))
    began = min(answered - timedelta(seconds=_span(fields, "waiting_time")), fields.time("started_at") or answered)
    call = item(
        external_id=_call_id(fields),
        campaign=hook.campaign,
        contact=fields.code("contact_id"),
        **{beginning: began},
        answered_at=answered if _talk_seconds(fields) else None,
        ended_at=ended,
        talk_seconds=_talk_seconds(fields),
        recording=_recording(fields),
        note=fields.text("note"),
        observed_at=ended,
    )
    # Without a tag, only a change of tags says that none is left.
    return call | _outcomes(fields, ended) if _tags(fields) else call


def _talk_seconds(fields: Fields) -> float | None:
    """Talk time; a message left on our own machine is no talk."""
    return None if fields.flag("is_voicemail") else fields.seconds("talking_time")


def _attempt(fields: Fields, ended: datetime, hook: HookSettings) -> Item:
    talked = _talk_seconds(fields)
    machine = fields.flag("is_voicemail")
    return _call(fields, ended, "dialed_at", hook) | item(
        agent=_agent(fields),
        to_number=fields.number("external_number", international=True),
        from_number=fields.number("internal_number", international=True),
        ring_seconds=fields.seconds("waiting_time"),
        wrap_seconds=fields.seconds("wrapup_time"),
        network_result="answered" if machine or talked else None if talked is None else "no_answer",
        answered_by="machine" if machine else None,
    )


def _inbound_call(fields: Fields, ended: datetime, hook: HookSettings) -> Item:
    talked = _talk_seconds(fields)
    return _call(fields, ended, "arrived_at", hook) | item(
        agent=_agent(fields) if talked else None,
        from_number=fields.number("external_number", international=True),
        to_number=fields.number("internal_number", international=True),
        queue_seconds=fields.seconds("waiting_time"),
        wrap_seconds=fields.seconds("wrapup_time"),
        outcome="voicemail" if fields.flag("is_voicemail") else "answered" if talked else _missed_if_silent(talked),
    )


def _missed_if_silent(talked: float | None) -> str | None:
    """A call without talk time is missed; without any information on talk its outcome is unknown."""
    return None if talked is None else "missed"


def _later(action: str, fields: Fields, direction: str, delivery: Delivery) -> ParsedEvent:
    """A recording, tags or a note of a call that may arrive later; for both directions if none is stated."""
    update = item(recording=_recording(fields), note=fields.text("note"), contact=fields.code("contact_id"))
    if _tags(fields) or (action == "modified" and "tags" in fields):
        update |= _outcomes(fields, delivery.received_at)
    if not update.keys() - {"contact"}:
        return ParsedEvent(action)
    update |= item(external_id=_call_id(fields), observed_at=delivery.received_at)
    return ParsedEvent(
        action,
        attempts=(update,) if direction != "incoming" else (),
        inbound_calls=(update,) if direction != "outgoing" else (),
    )


def _recording(fields: Fields) -> Item | None:
    link = link_without_query(fields.text("recording_url"))
    return {"uri": link} if link else None


def _outcomes(fields: Fields, at: datetime) -> Item:
    """All tags on a call at a moment, each as an outcome."""
    agent = _agent(fields)
    return {"outcomes": [item(code=tag, agent=agent) for tag in _tags(fields)], "outcomes_at": format_time(at)}


def _tags(fields: Fields) -> list[str]:
    """Tags in alphabetical order, from a list of names or of objects, or from one text separated by commas."""
    tags = fields.raw("tags")
    parts = tags.split(",") if isinstance(tags, str) else tags
    named = map(_tag, cast("list[object]", parts)) if isinstance(parts, list) else ()
    return sorted({tag for tag in named if tag})


def _tag(part: object) -> str | None:
    if isinstance(part, dict):
        tag = Fields(cast("dict[str, object]", part))
        return tag.code("name") or tag.code("label")
    return Fields({"tag": part}).code("tag") if isinstance(part, str) else None


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

Set the headers `Content-Type: application/json` and `Authorization: Bearer YOUR-SECRET` (the secret of the hook), and
paste the body below. Double braces mark CloudTalk variables: select each variable from CloudTalk's list, and delete
lines with a variable that the trigger does not offer. Type the trigger's `action` by hand.

    {
      "action": "ended",
      "call_id": "{{call_id}}",
      "call_uuid": "{{call_uuid}}",
      "direction": "{{direction}}",
      "agent_id": "{{agent_id}}",
      "agent_email": "{{agent_email}}",
      "contact_id": "{{contact_id}}",
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
- CloudTalk sends no times, and delivers the end of a call after the agent's wrap-up: a call ends `wrapup_time` before
  calltally receives its end.
- Tags are the dispositions: define each one under Settings, Disposition codes, or with
  `PUT /v1/disposition-codes/{code}`. calltally lists codes without a definition. Of several tags
  the one with the greatest result counts. `modified` must have `tags`, filled or empty: a
  tag that it no longer names counts no more.
- CloudTalk's contacts are no leads of your CRM: calls find their lead by phone number.
- CloudTalk does not tell when a call is held or passed to another agent: the last agent has the whole talk.
""",
    answer_detection=(
        "CloudTalk does not detect machines: the hook's setting decides when an answer counts as a person. Busy, failed"
        " and cancelled calls count as no answer."
    ),
    tells=frozenset({"ringing", "answer", "disposition"}),
    tells_inbound=frozenset({"wait", "wrap"}),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_secrets,
    chooses_secret=True,
)

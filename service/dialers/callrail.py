"""CallRail: calls to and from tracking numbers, sent when they end, and again when a user changes them.

The body is signed. It does not name its event, so each event has its own address, `?event=post-call`. A Pre-Call
looks like a missed call and is none. `duration` is seconds as text and includes ringing; the recording begins with the
answer, so its length is the talk time where there is a recording. Every body states all tags and the lead status: these
replace what earlier bodies stated. A body's only time is the call's start, so changes count from their receipt.
"""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from hmac import new as hmac
from typing import Any, cast

from service.dialers import Delivery, Dialer, HookSettings, Item, ParsedEvent, Unreadable
from service.dialers.parsing import (
    Fields,
    check_proof,
    format_time,
    hash_key,
    item,
    json_fields,
    link_without_query,
    query_fields,
    shared_secret,
    without_link_secrets,
)

_ENDED_EVENTS = {"post-call", "outbound-post-call"}
_CHANGE_EVENTS = {"call-modified", "outbound-call-modified"}
_EARLY_EVENTS = {"pre-call", "call-routing-complete"}
_OTHER_EVENTS = {"form-submission", "text-message-received", "text-message-sent", "convert-assist-complete"}
_NO_SOURCE = "Unknown Source"
_VOICEMAILS = {"voicemail", "voicemail_transcription"}
# Changes of what came of the call; CallRail calls a changed lead status a score.
_OUTCOME_CHANGES = {"tag", "tags", "lead_status", "auto_score", "manual_score"}
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII).fullmatch


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook).encode(errors="surrogatepass")
    check_proof(delivery.headers.get("signature"), b64encode(hmac(secret, delivery.body, sha1).digest()).decode())


def _without_keys(delivery: Delivery) -> Delivery:
    """The delivery without the keys that let anyone listen to the recording."""
    return replace(delivery, body=without_link_secrets(delivery.body))


def _delivery_key(delivery: Delivery) -> str:
    """The event and its body. A change has no time and is never repeated, so each is a delivery of its own."""
    try:
        event = query_fields(delivery).text("event")
    except Unreadable:
        event = delivery.url
    body = _without_keys(delivery).body
    if event in _CHANGE_EVENTS or b'"changes"' in body:
        return hash_key(event, body, format_time(delivery.received_at))
    return hash_key(event, body)


def _event(body: Fields, address: Fields) -> str:
    """The event: from its address, otherwise from its fields; a Pre-Call cannot be recognised by its fields."""
    if event := address.code("event"):
        return event
    if "form_data" in body:
        return "form-submission"
    if not ("start_time" in body or "datetime" in body) or "direction" not in body:
        return "unknown"
    event = "call-modified" if "changes" in body else "post-call"
    return f"outbound-{event}" if body.text("direction") == "outbound" else event


class _Call:
    """The call of an event. is_over: whether the event has the result; changed_fields: names of changed fields."""

    def __init__(self, event: str, body: Fields, received_at: datetime) -> None:
        self.body, self.event = body, event
        self.id = body.identity("resource_id" if body.text("resource_id") else "id")
        self.started_at = body.time("start_time") or body.time("datetime", UTC)
        self.is_over = event not in _EARLY_EVENTS and body.text("call_type") != "in_progress"
        self.duration_seconds = body.seconds("duration") if self.is_over else None
        self.answered = body.flag("answered") or False
        self.voicemail = body.flag("voicemail") or body.text("call_type") in _VOICEMAILS
        self.received_at = received_at
        self.is_change = event in _CHANGE_EVENTS
        self.changed_fields = _changed_fields(body.raw("changes")) if self.is_change else set[str]()
        # Before its end only the call's arrival is known; a change supersedes the values it changes.
        known_at = (self.ended_at or self.started_at) if self.is_over else self.started_at
        self.observed_at = received_at if self.is_change else known_at or received_at

    @property
    def ended_at(self) -> datetime | None:
        """The end, computed from the start and the duration, because it is not sent."""
        if self.started_at is None or self.duration_seconds is None:
            return None
        return self.started_at + timedelta(seconds=self.duration_seconds)

    @property
    def talk_seconds(self) -> float | None:
        """The length of the recording, which begins with the answer; otherwise the whole duration, with ringing."""
        if not self.is_over or not self.answered or self.voicemail:
            return None
        spans = [span for span in (self.body.seconds("recording_duration"), self.duration_seconds) if span]
        return min(spans, default=self.duration_seconds)

    def number(self, name: str, old_name: str) -> str | None:
        """A number by its name today or in older events; a national one is in the customer's country."""
        country = self.body.code("customer_country")
        return self.body.number(name, region=country) or self.body.number(old_name, region=country)

    def shared_fields(self, hook: HookSettings) -> dict[str, Any]:
        """Fields of calls in both directions."""
        source = self.body.code("source") or self.body.code("formatted_tracking_source")
        recording = link_without_query(self.body.text("recording"))
        return {
            "external_id": self.id,
            "campaign": self.body.code("campaign") or hook.campaign,
            "agent": self.body.code("agent_email"),
            "contact": self.body.code("person_resource_id"),
            "source": None if source == _NO_SOURCE else source,
            "ended_at": self.ended_at,
            "talk_seconds": self.talk_seconds,
            "recording": item(uri=recording, seconds=self.body.seconds("recording_duration")) if recording else None,
            "observed_at": self.observed_at,
            **(_user_fields(self) if self.is_over else {}),
        }


def _changed_fields(changes: object) -> set[str]:
    """The names of the changed fields: from a list of names, or from objects that map names to earlier values."""
    listed = cast("list[object]", changes) if isinstance(changes, list) else [changes]
    return {
        str(name)
        for change in listed
        for name in (cast("dict[str, object]", change) if isinstance(change, dict) else [change])
    }


def _user_fields(call: _Call) -> Item:
    """What users noted on the call: outcomes, note, value, spam."""
    spam = call.body.flag("spam")
    outcomes = _outcomes(call)
    return {
        "outcomes": outcomes,
        "outcomes_at": None if outcomes is None else call.observed_at,
        "note": call.body.text("note"),
        "value": _value(call),
        # A change may take the mark away; at first no call has it.
        "spam": spam if spam or call.is_change else None,
    }


def _value(call: _Call) -> str | None:
    """The amount of money on the call; a value that was taken away is 0."""
    text = (call.body.text("value") or "").lstrip("$").replace(",", "")
    if not text and "value" in call.changed_fields:
        return "0"
    return text if _AMOUNT(text) else None


def _outcomes(call: _Call) -> list[Item] | None:
    """All tags and the lead status, as they stand now; None if the event does not state them."""
    if "tags" not in call.body and "lead_status" not in call.body:
        return None
    codes = [*_tags(call.body), call.body.code("lead_status")]
    # A change of something else does not set the tags again.
    set_at = None if call.changed_fields & _OUTCOME_CHANGES or not call.is_change else call.ended_at
    return [
        item(code=code, set_at=set_at, agent=call.body.code("agent_email")) for code in dict.fromkeys(codes) if code
    ]


def _tags(body: Fields) -> list[str | None]:
    """The names of the tags, from a list of names or of objects."""
    tags = body.raw("tags")
    if isinstance(tags, list) and tags and all(isinstance(tag, dict) for tag in cast("list[object]", tags)):
        return [tag.code("name") for tag in body.objects("tags")]
    return [*body.codes("tags")]


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = json_fields(delivery)
    event = _event(body, query_fields(delivery))
    if event not in _ENDED_EVENTS | _CHANGE_EVENTS | _EARLY_EVENTS:
        return ParsedEvent(event, known=event in _OTHER_EVENTS)
    call = _Call(event, body, delivery.received_at)
    directions = _directions(call)
    # A call that changed its direction, such as by a transfer, counts as what it began as.
    unsure = len(directions) > 1
    return ParsedEvent(
        event,
        attempts=(_attempt(call, hook, None if unsure else call.started_at),) if "outbound" in directions else (),
        inbound_calls=(_inbound_call(call, hook, None if unsure else call.started_at),)
        if "inbound" in directions
        else (),
    )


def _directions(call: _Call) -> set[str]:
    """The call's direction; both if a change contradicts the address it was sent to."""
    by_address = "outbound" if call.event.startswith("outbound") else "inbound"
    stated = call.body.text("direction") or call.body.text("call_type")
    by_body = stated if stated in {"inbound", "outbound"} else by_address
    return {by_address, by_body} if call.is_change and by_address == "outbound" else {by_body}


def _attempt(call: _Call, hook: HookSettings, dialed_at: datetime | None) -> Item:
    picked_up = call.answered or call.voicemail
    return item(
        **call.shared_fields(hook),
        to_number=call.number("customer_phone_number", "callernum"),
        from_number=call.number("tracking_phone_number", "trackingnum"),
        dialed_at=dialed_at,
        network_result=("answered" if picked_up else "no_answer") if call.is_over else None,
        answered_by="machine" if call.voicemail else None,
    )


def _inbound_call(call: _Call, hook: HookSettings, arrived_at: datetime | None) -> Item:
    return item(
        **call.shared_fields(hook),
        to_number=call.number("tracking_phone_number", "trackingnum"),
        from_number=call.number("customer_phone_number", "callernum"),
        arrived_at=arrived_at,
        outcome=_outcome(call) if call.is_over else None,
    )


def _outcome(call: _Call) -> str:
    if call.voicemail:
        return "voicemail"
    if call.answered:
        return "answered"
    return "abandoned" if call.body.text("call_type") == "abandoned" else "missed"


DIALER = Dialer(
    name="callrail",
    title="CallRail",
    secret="The company's signing key: CallRail, Settings, Integrations, Webhooks.",
    setup="""\
CallRail's body does not name its event, so each event needs its own address. Open Settings, Integrations, Webhooks:

| event | address |
|---|---|
| Pre-Call | `{url}?event=pre-call` |
| Call Routing Complete | `{url}?event=call-routing-complete` |
| Post-Call | `{url}?event=post-call` |
| Call Modified | `{url}?event=call-modified` |
| Outbound Post-Call | `{url}?event=outbound-post-call` |
| Outbound Call Modified | `{url}?event=outbound-call-modified` |

Post-Call and Outbound Post-Call are required. Call Modified and Outbound Call Modified bring what users change later:
tags, lead status, note, value, spam. CallRail never repeats a delivery: deliveries sent while calltally is down are
lost.

- Each tag and each lead status is a disposition code. The best result among them counts; one that a user takes away
  counts no more. Define your tags under Settings, Disposition codes, or with `PUT /v1/disposition-codes/{code}`.
- Turn on call recording: CallRail's duration includes ringing, so only a recording tells the talk time.
- A call marked as spam is set aside and counts as excluded. The value of a call is kept with it.
- CallRail names no lead of your CRM: calltally finds the lead by the customer's number.
- Agents are identified by e-mail address.
""",
    answer_detection=(
        "CallRail reports whether a call was answered or a message was left, but not whether a person or a machine"
        " answered. A busy line counts as no answer."
    ),
    tells=frozenset({"answer", "disposition"}),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_keys,
    dispositions={
        "good_lead": {"name": "Good lead", "result": "qualified"},
        "not_a_lead": {"name": "Not a lead", "result": "not_qualified"},
        "previously_marked_good_lead": {"name": "Good lead already by an earlier call", "result": "none"},
    },
)

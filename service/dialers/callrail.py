"""CallRail: calls to and from tracking numbers, sent when they end, and again when a user changes them.

The body is signed. It does not name its event, so each event has its own address, `?event=post-call`. A Pre-Call
looks like a missed call and is none. Durations are seconds as text, of the whole call and not only its talk time. A
body's only time is the call's start, so later facts take the time they were received. Tags have no time of their own:
tags sent with the call take the call's end, changed tags the time of receipt.
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
    hash_key,
    item,
    json_fields,
    link_without_query,
    query_fields,
    shared_secret,
)

_ENDED_EVENTS = {"post-call", "outbound-post-call"}
_CHANGE_EVENTS = {"call-modified", "outbound-call-modified"}
_EARLY_EVENTS = {"pre-call", "call-routing-complete"}
_OTHER_EVENTS = {"form-submission", "text-message-received", "text-message-sent", "convert-assist-complete"}
_NO_SOURCE = "Unknown Source"
_RATINGS = {"good_lead", "not_a_lead"}
_ACCESS_KEY = re.compile(rb"(access_key=)[\w.~%-]+", re.ASCII)


def _verify(delivery: Delivery, hook: HookSettings) -> None:
    secret = shared_secret(hook).encode(errors="surrogatepass")
    check_proof(delivery.headers.get("signature"), b64encode(hmac(secret, delivery.body, sha1).digest()).decode())


def _without_keys(delivery: Delivery) -> Delivery:
    """The delivery without the keys that let anyone listen to the recording."""
    return replace(delivery, body=_ACCESS_KEY.sub(rb"\1", delivery.body))


def _delivery_key(delivery: Delivery) -> str:
    try:
        event = query_fields(delivery).text("event")
    except Unreadable:
        event = delivery.url
    return hash_key(event, _without_keys(delivery).body)


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
        self.body, self.changed_fields = body, set[str]()
        self.id = body.identity("resource_id" if body.text("resource_id") else "id")
        self.started_at = body.time("start_time") or body.time("datetime", UTC)
        self.is_over = event not in _EARLY_EVENTS
        duration_seconds = body.seconds("duration") if self.is_over else None
        self.duration_seconds = duration_seconds
        self.ended_at = (
            self.started_at + timedelta(seconds=duration_seconds)
            if self.started_at and duration_seconds is not None
            else None
        )
        self.answered = body.flag("answered") or False
        self.voicemail = body.flag("voicemail") or body.text("call_type") == "voicemail"
        self.customer_number = body.number("customer_phone_number") or body.number("callernum")
        self.tracking_number = body.number("tracking_phone_number") or body.number("trackingnum")
        self.received_at = received_at
        if event in _CHANGE_EVENTS:
            self.changed_fields = _changed_fields(body.raw("changes"))
        # Before its end only the call's arrival is known; a change supersedes the values it changes.
        first = self.started_at if not self.is_over else None if event in _CHANGE_EVENTS else self.ended_at
        self.observed_at = first or received_at
        self.is_change = event in _CHANGE_EVENTS

    def shared_fields(self, hook: HookSettings) -> dict[str, Any]:
        """Fields of calls in both directions."""
        source = self.body.code("source") or self.body.code("formatted_tracking_source")
        recording = link_without_query(self.body.text("recording"))
        return {
            "external_id": self.id,
            "campaign": self.body.code("campaign") or hook.campaign,
            "agent": self.body.code("agent_email"),
            "source": None if source == _NO_SOURCE else source,
            "ended_at": self.ended_at,
            "talk_seconds": self.duration_seconds if self.answered and not self.voicemail else None,
            "recording": item(uri=recording, seconds=self.body.seconds("recording_duration")) if recording else None,
            "observed_at": self.observed_at,
        }


def _changed_fields(changes: object) -> set[str]:
    """The names of the changed fields: from a list of names, or from objects that map names to earlier values."""
    listed = cast("list[object]", changes) if isinstance(changes, list) else [changes]
    return {
        str(name)
        for change in listed
        for name in (cast("dict[str, object]", change) if isinstance(change, dict) else [change])
    }


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    body = json_fields(delivery)
    event = _event(body, query_fields(delivery))
    if event not in _ENDED_EVENTS | _CHANGE_EVENTS | _EARLY_EVENTS:
        return ParsedEvent(event, known=event in _OTHER_EVENTS)
    call = _Call(event, body, delivery.received_at)
    dispositions = _dispositions(call)
    if body.text("direction") == "outbound":
        return ParsedEvent(event, attempts=(_attempt(call, hook),), dispositions=tuple(dispositions))
    return ParsedEvent(event, inbound_calls=(_inbound_call(call, hook, dispositions),))


def _attempt(call: _Call, hook: HookSettings) -> Item:
    picked_up = call.answered or call.voicemail
    return item(
        **call.shared_fields(hook),
        to_number=call.customer_number,
        from_number=call.tracking_number,
        dialed_at=call.started_at,
        network_result=("answered" if picked_up else "no_answer") if call.is_over else None,
        answered_by="machine" if call.voicemail else None,
    )


def _inbound_call(call: _Call, hook: HookSettings, dispositions: list[Item]) -> Item:
    last = {name: value for name, value in dispositions[-1].items() if name != "attempt"} if dispositions else None
    return item(
        **call.shared_fields(hook),
        to_number=call.tracking_number,
        from_number=call.customer_number,
        arrived_at=call.started_at,
        outcome=_outcome(call) if call.is_over else None,
        disposition=last,
    )


def _outcome(call: _Call) -> str:
    if call.voicemail:
        return "voicemail"
    if call.answered:
        return "answered"
    return "abandoned" if call.body.text("call_type") == "abandoned" else "missed"


def _dispositions(call: _Call) -> list[Item]:
    """The tags or, without tags, the lead rating; a change counts only if it changed these."""
    if not call.is_over or (call.is_change and not call.changed_fields & {"tags", "lead_status", "note"}):
        return []
    rating = call.body.code("lead_status")
    codes = call.body.codes("tags") or ([rating] if rating in _RATINGS else [])
    set_at = call.received_at if call.changed_fields & {"tags", "lead_status"} else call.ended_at or call.started_at
    return [
        item(
            attempt=call.id,
            code=code,
            set_at=set_at or call.received_at,
            agent=call.body.code("agent_email"),
            note=call.body.text("note"),
        )
        for code in codes
    ]


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

Post-Call and Outbound Post-Call are required. Call Modified brings tags and notes that users add later. CallRail never
repeats a delivery: deliveries sent while calltally is down are lost. Each tag becomes a disposition code. Agents are
identified by e-mail address.
""",
    answer_detection=(
        "CallRail reports whether a call was answered or a message was left, but not whether a person or a machine"
        " answered. A busy line counts as no answer."
    ),
    verify=_verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_keys,
    dispositions={
        "good_lead": {"name": "Good lead", "result": "qualified"},
        "not_a_lead": {"name": "Not a lead", "result": "not_qualified"},
    },
)

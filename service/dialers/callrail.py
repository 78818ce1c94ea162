"""CallRail: calls to and from tracking numbers, told once they are over, and again when somebody changes them.

The body is signed. It does not say which event it is: each event has an address of its own, `?event=post-call`. A
Pre-Call looks like a missed call and is none. Durations are seconds as text, and of the call, not of its talk alone.
The only time in it is the call's start, so that what is told later is known by when it was received. Tags have no time
of their own: those sent with the call were set at its end, those of a change when the change was received.
"""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from hmac import new as hmac
from typing import Any, cast

from service.dialers import Delivery, Dialer, Hook, Item, Reading, Unreadable
from service.dialers.parsing import Fields, check, item, json_fields, key_of, query_of, shared_secret, stable

_OVER = {"post-call", "outbound-post-call"}
_CHANGED = {"call-modified", "outbound-call-modified"}
_NOT_OVER = {"pre-call", "call-routing-complete"}
_NO_CALLS = {"form-submission", "text-message-received", "text-message-sent", "convert-assist-complete"}
_NO_SOURCE = "Unknown Source"
_RATINGS = {"good_lead", "not_a_lead"}
_ACCESS_KEY = re.compile(rb"(access_key=)[\w.~%-]+", re.ASCII)


def _verify(delivery: Delivery, hook: Hook) -> None:
    secret = shared_secret(hook).encode(errors="surrogatepass")
    check(delivery.headers.get("signature"), b64encode(hmac(secret, delivery.body, sha1).digest()).decode())


def _without_keys(delivery: Delivery) -> Delivery:
    """Without the keys that let anybody listen to the recording."""
    return replace(delivery, body=_ACCESS_KEY.sub(rb"\1", delivery.body))


def _key(delivery: Delivery) -> str:
    try:
        event = query_of(delivery).text("event")
    except Unreadable:
        event = delivery.url
    return key_of(event, _without_keys(delivery).body)


def _event(body: Fields, address: Fields) -> str:
    """Which event this is: as its address says, else as far as it can be seen; a Pre-Call cannot."""
    if event := address.code("event"):
        return event
    if "form_data" in body:
        return "form-submission"
    if not ("start_time" in body or "datetime" in body) or "direction" not in body:
        return "unknown"
    event = "call-modified" if "changes" in body else "post-call"
    return f"outbound-{event}" if body.text("direction") == "outbound" else event


class _Call:
    """The call of an event. over: whether this is what came of it; changed: what of it was changed, in its words."""

    def __init__(self, event: str, body: Fields, received_at: datetime) -> None:
        self.body, self.changed = body, set[str]()
        self.id = body.identity("resource_id" if body.text("resource_id") else "id")
        self.began = body.moment("start_time") or body.moment("datetime", UTC)
        self.over = event not in _NOT_OVER
        seconds = body.seconds("duration") if self.over else None
        self.seconds = seconds
        self.ended = self.began + timedelta(seconds=seconds) if self.began and seconds is not None else None
        self.answered = body.flag("answered") or False
        self.voicemail = body.flag("voicemail") or body.text("call_type") == "voicemail"
        self.customer = body.number("customer_phone_number") or body.number("callernum")
        self.tracking = body.number("tracking_phone_number") or body.number("trackingnum")
        self.received_at = received_at
        if event in _CHANGED:
            self.changed = _changed(body.raw("changes"))
        # Before it is over nothing is known but that it came; a change outranks what it changes.
        first = self.began if not self.over else None if event in _CHANGED else self.ended
        self.observed_at = first or received_at
        self.modified = event in _CHANGED

    def both(self, hook: Hook) -> dict[str, Any]:
        """What is said of calls in both directions."""
        source = self.body.code("source") or self.body.code("formatted_tracking_source")
        recording = stable(self.body.text("recording"))
        return {
            "external_id": self.id,
            "campaign": self.body.code("campaign") or hook.campaign,
            "agent": self.body.code("agent_email"),
            "source": None if source == _NO_SOURCE else source,
            "ended_at": self.ended,
            "talk_seconds": self.seconds if self.answered and not self.voicemail else None,
            "recording": item(uri=recording, seconds=self.body.seconds("recording_duration")) if recording else None,
            "observed_at": self.observed_at,
        }


def _changed(changes: object) -> set[str]:
    """What was changed, by name: a list of names, or of objects or one object with names before what they were."""
    inside = cast("list[object]", changes) if isinstance(changes, list) else [changes]
    return {
        str(name) for one in inside for name in (cast("dict[str, object]", one) if isinstance(one, dict) else [one])
    }


def _read(delivery: Delivery, hook: Hook) -> Reading:
    body = json_fields(delivery)
    event = _event(body, query_of(delivery))
    if event not in _OVER | _CHANGED | _NOT_OVER:
        return Reading(event, known=event in _NO_CALLS)
    call = _Call(event, body, delivery.received_at)
    chosen = _dispositions(call)
    if body.text("direction") == "outbound":
        return Reading(event, attempts=(_attempt(call, hook),), dispositions=tuple(chosen))
    return Reading(event, inbound_calls=(_inbound_call(call, hook, chosen),))


def _attempt(call: _Call, hook: Hook) -> Item:
    picked_up = call.answered or call.voicemail
    return item(
        **call.both(hook),
        to_number=call.customer,
        from_number=call.tracking,
        dialed_at=call.began,
        network_result=("answered" if picked_up else "no_answer") if call.over else None,
        answered_by="machine" if call.voicemail else None,
    )


def _inbound_call(call: _Call, hook: Hook, chosen: list[Item]) -> Item:
    last = {name: value for name, value in chosen[-1].items() if name != "attempt"} if chosen else None
    return item(
        **call.both(hook),
        to_number=call.tracking,
        from_number=call.customer,
        arrived_at=call.began,
        outcome=_outcome(call) if call.over else None,
        disposition=last,
    )


def _outcome(call: _Call) -> str:
    if call.voicemail:
        return "voicemail"
    if call.answered:
        return "answered"
    return "abandoned" if call.body.text("call_type") == "abandoned" else "missed"


def _dispositions(call: _Call) -> list[Item]:
    """The tags, or where there are none the rating as a lead; of a change only if they are what was changed."""
    if not call.over or (call.modified and not call.changed & {"tags", "lead_status", "note"}):
        return []
    rating = call.body.code("lead_status")
    codes = call.body.codes("tags") or ([rating] if rating in _RATINGS else [])
    set_at = call.received_at if call.changed & {"tags", "lead_status"} else call.ended or call.began
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
CallRail does not say in its body which event it is: give each its own address. Settings, Integrations, Webhooks:

| event | address |
|---|---|
| Pre-Call | `{url}?event=pre-call` |
| Call Routing Complete | `{url}?event=call-routing-complete` |
| Post-Call | `{url}?event=post-call` |
| Call Modified | `{url}?event=call-modified` |
| Outbound Post-Call | `{url}?event=outbound-post-call` |
| Outbound Call Modified | `{url}?event=outbound-call-modified` |

Post-Call and Outbound Post-Call are needed, Call Modified brings tags and notes that come later. CallRail sends nothing
twice: what is lost while calltally is down stays lost. Each tag becomes a disposition code; agents are known by their
e-mail address.
""",
    tells="Answered, left a message, or not: never whether a person or a machine answered, and busy as no answer.",
    verify=_verify,
    key=_key,
    read=_read,
    without_secrets=_without_keys,
    dispositions={
        "good_lead": {"name": "Good lead", "result": "qualified"},
        "not_a_lead": {"name": "Not a lead", "result": "not_qualified"},
    },
)

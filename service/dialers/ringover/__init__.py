"""Ringover: posts a JSON event for each step of a call, and again for later additions.

Its signature binds address and body. `call_id` is a whole number beyond 2^53; a transferred call keeps it, and each
agent has own events. Tags are the outcomes of a call: every event about tags carries all of them. Ringover does not
tell hold.
"""

from datetime import datetime

from service.dialers import Delivery, Dialer, HookSettings, ParsedEvent, Unreadable
from service.dialers.parsing import Fields, hash_key, json_fields, parse_json
from service.dialers.ringover.additions import ADDITION_EVENTS, additions, voicemail_left
from service.dialers.ringover.calls import CALL_EVENTS, Call, attempts_of, inbound_calls_of
from service.dialers.ringover.recordings import without_tokens
from service.dialers.ringover.signature import verify

_OTHER_EVENTS = frozenset({"transcription_available", "summary_available", "sent", "received"})


def _delivery_key(delivery: Delivery) -> str:
    """The body without its number of tries: tags change more than once, so the call alone is no key."""
    stored = without_tokens(delivery).body
    try:
        body = parse_json(stored)
    except Unreadable:
        return hash_key("bytes", stored)
    return hash_key("event", {name: value for name, value in body.items() if name != "attempt"})


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    envelope = json_fields(delivery)
    event, data = envelope.code("event") or "unnamed", envelope.nested("data")
    sent_at = _sent_at(envelope, delivery)
    if event in CALL_EVENTS:
        call = Call(event, data, sent_at)
        return ParsedEvent(
            event, attempts=tuple(attempts_of(call, hook)), inbound_calls=tuple(inbound_calls_of(call, hook))
        )
    if event in ADDITION_EVENTS:
        added = additions(event, data, sent_at)
        return ParsedEvent(event, attempts=added, inbound_calls=added)
    if event == "voicemail_available":
        return ParsedEvent(event, inbound_calls=(voicemail_left(data, sent_at),))
    return ParsedEvent(event, known=event in _OTHER_EVENTS)


def _sent_at(envelope: Fields, delivery: Delivery) -> datetime:
    return envelope.time("timestamp") or delivery.received_at


DIALER = Dialer(
    name="ringover",
    title="Ringover",
    secret="The key of the webhook for call events: Ringover dashboard, Developer, Webhooks, next to the events.",
    setup="""\
Open the Ringover dashboard, Developer, Webhooks:

1. Paste `{url}` as the address of **Ringing calls**, **Answered calls**, **Ended calls**, **Missed calls**,
   **Voicemail** and **After-call** events (tags, comments, recordings). Messages (SMS) are not needed.
2. Select the **signature** (JWT) for authentication, not the API key, and give the webhook's key to
   the hook. Each group of events may have its own key. If keys differ, create a hook for each group;
   calltally still joins their events into the same calls.
3. Tags are the dispositions: define each one under Settings, Disposition codes, or with
   `PUT /v1/disposition-codes/{code}`. calltally lists codes without a definition. Of several tags on a call, the
   defined one with the greatest result counts. A tag that an agent takes off the call counts no longer.
   Agents are identified by their Ringover user id.

calltally accepts the token (`X-Ringover-Webhook-Signature`) and the newer signature
(`X-Ringover-Webhook-Signature-V3`). Both bind the address and the body: paste the address exactly as it stands here.
""",
    answer_detection=(
        "Human or machine if Ringover sends answering_machine_detection with a call's end, and machine if a voicemail"
        " answered. Other answered calls count as answered by a person after the talk time that the hook sets. Busy and"
        " cancelled calls count as no answer."
    ),
    tells=frozenset({"answer", "person", "transfer", "disposition"}),
    tells_inbound=frozenset({"queue", "offers", "transfer"}),
    verify=verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=without_tokens,
)

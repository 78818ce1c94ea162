"""Twilio: calls that the account's own application places, reported by status callbacks.

Twilio signs every callback over its address and its form. `CallSid` identifies a leg, and each leg to a customer is an
attempt of its own: placed by the REST API, or dialed by `<Dial>` from an agent's call, one by one or several at once.
Agents' legs (`client:`, an agent's SIP phone, a phone that the address marks) are never calls of their own: they tell
when an agent joined a customer's call and left it. `Duration` is minutes rounded up and is not read; `CallDuration` is
seconds from answer to end. SIP codes decide only why a call failed.

The query of the callback's address, which is signed too, adds what Twilio cannot know: agent, lead, campaign, contact,
who handled the call, and whose leg it is. See setup.py.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from re import Match
from urllib.parse import quote_plus, unquote_plus, urlsplit

from service.dialers import Delivery, Dialer, HookSettings, ParsedEvent, Reply, Unreadable
from service.dialers.parsing import hash_key, link_without_query, parse_pairs
from service.dialers.twilio.callback import Callback, recording_link
from service.dialers.twilio.conference import read_conference
from service.dialers.twilio.dial import read_dialed, read_queued
from service.dialers.twilio.results import detection
from service.dialers.twilio.setup import ANSWER_DETECTION, PROOF, SETUP
from service.dialers.twilio.signature import verify
from service.dialers.twilio.status import read_status

_TOKEN = "i-twilio-idempotency-token"  # noqa: S105 - the name of a header
_RECORDING = re.compile(r"((?:^|[?&])RecordingUrl=)([^&#]*)")
_NO_RECORDING = {"absent", "failed"}


def _without_secrets(delivery: Delivery) -> Delivery:
    """The delivery with a link to a recording as the ledger stores it."""
    body = _RECORDING.sub(_permanent, delivery.body.decode("latin-1")).encode("latin-1")
    return replace(delivery, url=_RECORDING.sub(_permanent, delivery.url), body=body)


def _permanent(match: Match[str]) -> str:
    return match[1] + quote_plus(link_without_query(unquote_plus(match[2])) or "")


def _delivery_key(delivery: Delivery) -> str:
    token = delivery.headers.get(_TOKEN)
    if token:
        return hash_key("token", token)
    delivery = _without_secrets(delivery)
    try:
        sent = urlsplit(delivery.url).query if delivery.method == "GET" else delivery.body
        return hash_key("form", sorted(parse_pairs(sent)))
    except (Unreadable, ValueError):
        return hash_key("bytes", delivery.url, delivery.body)


def _parse(delivery: Delivery, hook: HookSettings) -> ParsedEvent:
    callback = Callback(delivery, hook)
    for name, read in _READERS.items():
        if callback.form.code(name):
            return read(callback)
    return callback.event("unknown", known=False)


def _recording(callback: Callback) -> ParsedEvent:
    link = recording_link(callback.form) if callback.form.code("RecordingStatus") not in _NO_RECORDING else None
    left_message = callback.inbound and link and callback.form.text("RecordingSource") == "RecordVerb"
    fields = {"recording": link, "outcome": "voicemail" if left_message else None}
    return callback.parsed("recording", callback.call, fields | {"observed_at": callback.event_time})


def _transcribed(callback: Callback) -> ParsedEvent:
    return callback.event("transcription")


def _detected(callback: Callback) -> ParsedEvent:
    """The result of machine detection, which only says something about customers who were called."""
    call = None if callback.inbound or callback.is_agents_leg else callback.call
    fields = {
        "network_result": "answered",
        "handled": callback.handled,
        **detection(callback.form),
        "observed_at": callback.event_time,
    }
    return callback.parsed("answering machine detection", call, fields)


# The kinds of callbacks, by a field that only this kind has; a kind comes before those whose fields it has too.
_READERS: dict[str, Callable[[Callback], ParsedEvent]] = {
    "TranscriptionStatus": _transcribed,
    "RecordingStatus": _recording,
    "StatusCallbackEvent": read_conference,
    "DialCallStatus": read_dialed,
    "QueueResult": read_queued,
    "CallStatus": read_status,
    "AnsweredBy": _detected,
}

DIALER = Dialer(
    name="twilio",
    title="Twilio",
    secret=PROOF,
    setup=SETUP,
    answer_detection=ANSWER_DETECTION,
    methods=frozenset({"GET", "POST"}),
    tells=frozenset({"ringing", "answer", "person", "hold", "transfer", "drop", "lead"}),
    tells_inbound=frozenset({"wait", "offers", "transfer"}),
    verify=verify,
    delivery_key=_delivery_key,
    parse=_parse,
    without_secrets=_without_secrets,
    # If a `<Dial>` action points here too, Twilio would read a plain text aloud to the customer.
    reply=Reply(text="<Response/>", headers={"content-type": "text/xml"}),
    stored_headers=frozenset({"content-type", _TOKEN}),
)

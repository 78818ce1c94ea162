"""JustCall's requests: their signature, their id, and what of them may be stored.

The signature covers the address, the kind of event and the time of sending, but not the body.
"""

from dataclasses import replace
from datetime import UTC, timedelta
from hashlib import sha256
from hmac import new as hmac
from urllib.parse import quote

from service.dialers import Delivery, HookSettings, Refused, Reply, Unreadable
from service.dialers.parsing import check_proof, hash_key, parse_json, shared_secret, without_link_secrets
from service.dialers.parsing.times import parse_time

_SIGNATURE = "x-justcall-signature"
_VERSION = "x-justcall-signature-version"
SENT_AT = "x-justcall-request-timestamp"
_REPLAY_WINDOW = timedelta(minutes=15)


def verify(delivery: Delivery, hook: HookSettings) -> None:
    """Refuse a request with a wrong signature, or one that was not sent within the last minutes."""
    secret = shared_secret(hook)
    sent_at = delivery.headers.get(SENT_AT, "")
    if delivery.headers.get(_VERSION, "v1") != "v1":
        raise Refused("unknown signature version")
    signed_text = "|".join((secret, quote(delivery.url, safe="", errors="replace"), _kind(delivery), sent_at))
    signature = hmac(secret.encode(), signed_text.encode(errors="replace"), sha256).hexdigest()
    check_proof(delivery.headers.get(_SIGNATURE), signature)
    time = parse_time(sent_at, UTC)
    if time is None or abs(delivery.received_at - time) > _REPLAY_WINDOW:
        raise Refused("not recent")


def _kind(delivery: Delivery) -> str:
    """The kind of event, which is signed but stands only in the body."""
    try:
        return str(parse_json(delivery.body).get("type", ""))
    except Unreadable:
        return ""


def handshake(delivery: Delivery) -> Reply | None:
    """The reply to the test of a new address: an empty request without a signature."""
    empty = delivery.body.strip() in {b"", b"{}", b"[]", b"null"}
    return Reply() if empty and _SIGNATURE not in delivery.headers else None


def delivery_key(delivery: Delivery) -> str:
    """The request's own id: a replay with another body is the same delivery."""
    try:
        request = parse_json(delivery.body).get("request_id")
    except Unreadable:
        request = None
    return hash_key("request", request) if request else hash_key("bytes", without_keys(delivery).body)


def without_keys(delivery: Delivery) -> Delivery:
    """The delivery without the keys in its links to recordings."""
    return replace(delivery, body=without_link_secrets(delivery.body))

"""Ringover's proof: a signature that binds the delivery to the hook's address and to the body.

Version 1 is a token (JWT, HS512). Its claims are `{url, payload}` or, in an older form, the event itself without the
address. Version 3 is an HMAC-SHA256 in Base64 over method, address, body and the time of sending. Ringover may send
both; a delivery is genuine if either holds. An attacker gains nothing from that: each of them alone binds the body.

A token whose claims do not hold the body proves only that Ringover once issued it. With such a token, which every
delivery would reveal to a proxy or a log, anything could be sent, so it is refused. The older form does not name the
address: it is accepted, because its body can only be repeated, and calltally counts a repeated body once.
"""

import hmac
import json
from base64 import b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry, decode

from service.dialers import Delivery, HookSettings, Refused, Unreadable
from service.dialers.parsing import Fields, equal_in_constant_time, parse_json, shared_secret

_JWT = "x-ringover-webhook-signature"
_SIGNATURE = "x-ringover-webhook-signature-v3"
_SENT_AT = "x-ringover-request-signature-v3-timestamp"
_CLOCKS_DIFFER = 300
# Claims about the token itself.
_REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}
_PORTS = {"https": 443, "http": 80}
_LONGEST_SECONDS = 11


def verify(delivery: Delivery, hook: HookSettings) -> None:
    """Raise Refused unless a signature of the hook's secret holds for this address and this body."""
    secret = shared_secret(hook)
    if not delivery.headers.get(_JWT) and not delivery.headers.get(_SIGNATURE):
        raise Refused("no proof", 401)
    genuine = [_has_genuine_token(delivery, secret), _has_genuine_hmac(delivery, secret)]
    if not any(genuine):
        raise Refused("wrong proof")


def _has_genuine_hmac(delivery: Delivery, secret: str) -> bool:
    sent_at = delivery.headers.get(_SENT_AT, "")
    head, tail = (text.encode(errors="surrogatepass") for text in (f"{delivery.method}{delivery.url}", sent_at))
    expected = b64encode(hmac.digest(secret.encode(), head + delivery.body + tail, sha256)).decode()
    return equal_in_constant_time(delivery.headers.get(_SIGNATURE, ""), expected) and _is_recent(sent_at, delivery)


def _is_recent(sent_at: str, delivery: Delivery) -> bool:
    """Whether a delivery was sent just now: an older one may be replayed. Seconds, or milliseconds, since 1970."""
    milliseconds = sent_at.isdigit() and len(sent_at) > _LONGEST_SECONDS
    try:
        moment = Fields({"at": sent_at[:-3] if milliseconds else sent_at}).time("at")
    except Unreadable:
        return False
    return moment is not None and abs((delivery.received_at - moment).total_seconds()) <= _CLOCKS_DIFFER


def _has_genuine_token(delivery: Delivery, secret: str) -> bool:
    clock = JWTClaimsRegistry(now=int(delivery.received_at.timestamp()), leeway=_CLOCKS_DIFFER)
    try:
        key = OctKey.import_key(secret.encode())
        claims = decode(delivery.headers.get(_JWT, ""), key, algorithms=["HS512"]).claims
        clock.validate(claims)
        return _binds(claims, delivery)
    except (JoseError, Unreadable, ValueError, TypeError, RecursionError):
        return False


def _binds(claims: dict[str, Any], delivery: Delivery) -> bool:
    """Whether the claims hold the body of the delivery, and its address if they name one."""
    event = {name: value for name, value in claims.items() if name not in _REGISTERED}
    address = event.pop("url", None)
    if "payload" in event:
        event = event["payload"]
    elif address is None:
        return _is_body(event, delivery)
    return isinstance(address, str) and _is_address(address, delivery) and _is_body(event, delivery)


def _is_address(claimed: str, delivery: Delivery) -> bool:
    return equal_in_constant_time(_address(claimed), _address(delivery.url))


def _address(url: str) -> str:
    """An address in its one form: without the port of its scheme, and the host in lower case. Raises ValueError."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    return json.dumps([parts.scheme, parts.hostname, port, parts.path, parts.query])


def _is_body(claimed: object, delivery: Delivery) -> bool:
    """Whether a claim is the body: the same JSON, or the same text."""
    event = parse_json(claimed.encode()) if isinstance(claimed, str) else claimed
    return equal_in_constant_time(_canonical(event), _canonical(parse_json(delivery.body)))


def _canonical(value: object) -> str:
    """JSON in its one form. A number with an empty fraction is a whole number: libraries write it in both ways."""
    return json.dumps(json.loads(json.dumps(value), parse_float=_number), sort_keys=True)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number

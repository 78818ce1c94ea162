"""Deliveries with the proof that the vendor would give with them, made by another route than it is checked."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

from twilio.request_validator import RequestValidator

from service.dialers import Delivery
from tests.dialers.deliveries import SECRET


def _with(delivery: Delivery, **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(delivery, headers={**delivery.headers, **named})


class _Form(dict[str, list[str]]):
    """A form as the validator's own frameworks have it."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def _twilio(delivery: Delivery, secret: str) -> Delivery:
    form = _Form(parse_qs(delivery.body.decode(), keep_blank_values=True))
    return _with(delivery, x_twilio_signature=RequestValidator(secret).compute_signature(delivery.url, form))


def _aircall(delivery: Delivery, secret: str) -> Delivery:
    return replace(delivery, body=json.dumps({**json.loads(delivery.body), "token": secret}).encode())


def _ringcentral(delivery: Delivery, secret: str) -> Delivery:
    return _with(delivery, verification_token=secret)


def _callrail(delivery: Delivery, secret: str) -> Delivery:
    signature = hmac.digest(secret.encode(), delivery.body, hashlib.sha1)
    return _with(delivery, signature=b64encode(signature).decode())


SIGNERS: dict[str, Callable[[Delivery, str], Delivery]] = {
    "aircall": _aircall,
    "callrail": _callrail,
    "ringcentral": _ringcentral,
    "twilio": _twilio,
}


def signed(vendor: str, delivery: Delivery, secret: str = SECRET) -> Delivery:
    """The delivery as the vendor sends it to whoever shares this secret; as it is where vendors prove nothing."""
    return SIGNERS[vendor](delivery, secret) if vendor in SIGNERS else delivery

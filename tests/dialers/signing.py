"""Deliveries with the vendor's proof, computed by another route than the verification under test."""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, quote_plus

from twilio.request_validator import RequestValidator

from service.dialers import Delivery
from tests.dialers.deliveries import SECRET


def _with(delivery: Delivery, **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(delivery, headers={**delivery.headers, **named})


class _Form(dict[str, list[str]]):
    """A form in the shape that the validator's own frameworks use."""

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


def _justcall(delivery: Delivery, secret: str) -> Delivery:
    sent_at = delivery.received_at.strftime("%Y-%m-%d %H:%M:%S")
    signed_text = f"{secret}|{quote_plus(delivery.url)}|{json.loads(delivery.body).get('type', '')}|{sent_at}"
    headers = {"x_justcall_signature_version": "v1", "x_justcall_request_timestamp": sent_at}
    signature = hmac.digest(secret.encode(), signed_text.encode(), hashlib.sha256).hex()
    return _with(delivery, x_justcall_signature=signature, **headers)


def _ringover(delivery: Delivery, secret: str) -> Delivery:
    claims = {"url": delivery.url, "payload": json.loads(delivery.body)}
    parts = [json.dumps(part).encode() for part in ({"alg": "HS512", "typ": "JWT"}, claims)]
    signed_text = b".".join(map(_unpadded, parts))
    proof = _unpadded(hmac.digest(secret.encode(), signed_text, hashlib.sha512))
    return _with(delivery, x_ringover_webhook_signature=(signed_text + b"." + proof).decode())


def ringover_v3(delivery: Delivery, secret: str = SECRET) -> Delivery:
    """A delivery of Ringover with its newer signature only, sent when it was received."""
    sent_at = str(int(delivery.received_at.timestamp()))
    text = delivery.method.encode() + delivery.url.encode() + delivery.body + sent_at.encode()
    proof = b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()
    headers = {"x_ringover_request_signature_v3_timestamp": sent_at}
    return _with(delivery, x_ringover_webhook_signature_v3=proof, **headers)


def _unpadded(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _cloudtalk(delivery: Delivery, secret: str) -> Delivery:
    return _with(delivery, authorization=f"Bearer {secret}")


SIGNERS: dict[str, Callable[[Delivery, str], Delivery]] = {
    "aircall": _aircall,
    "callrail": _callrail,
    "cloudtalk": _cloudtalk,
    "justcall": _justcall,
    "ringcentral": _ringcentral,
    "ringover": _ringover,
    "twilio": _twilio,
}


def signed(vendor: str, delivery: Delivery, secret: str = SECRET) -> Delivery:
    """The delivery with the vendor's proof for this secret; unchanged for vendors without a proof."""
    return SIGNERS[vendor](delivery, secret) if vendor in SIGNERS else delivery

"""Requests with the proof that a ready mapping describes, made as its vendor documents it."""

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import OctKey
from joserfc.jwt import encode

SECRET = "aa11bb22cc33dd44ee55ff6600112233"


def signed(name: str, body: Any, field: str | None = None) -> tuple[bytes, dict[str, str]]:
    """The content and the headers of a delivery. field: the form's field that holds the body."""
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if field:
        content = urlencode({field: content}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
    now = str(int(datetime.now(UTC).timestamp()))
    match name:
        case "zoom-phone":
            signature = hmac.new(SECRET.encode(), f"v0:{now}:".encode() + content, "sha256").hexdigest()
            return content, {**headers, "x-zm-request-timestamp": now, "x-zm-signature": f"v0={signature}"}
        case "close":
            signature = hmac.new(bytes.fromhex(SECRET), now.encode() + content, "sha256").hexdigest()
            return content, {**headers, "close-sig-timestamp": now, "close-sig-hash": signature}
        case "dialpad":
            token = encode({"alg": "HS256"}, body, OctKey.import_key(SECRET))
            return token.encode(), {"Content-Type": "application/jwt"}
        case "freeswitch-json-cdr":
            login = base64.b64encode(f"calltally:{SECRET}".encode()).decode()
            return content, {**headers, "Authorization": f"Basic {login}"}
        case _:
            return content, {**headers, "Authorization": f"Bearer {SECRET}"}

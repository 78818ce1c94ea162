"""Bodies that are a JWT: a payload with the signature behind it, in place of plain JSON."""

import binascii
import re
from base64 import urlsafe_b64decode

from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry, decode

from service.dialers import Delivery, Refused
from service.mapped.options import Algorithm

_TOKEN = re.compile(rb'"?([A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+)"?').fullmatch
_ALGORITHMS: dict[Algorithm, str] = {"sha256": "HS256", "sha384": "HS384", "sha512": "HS512"}
_CLOCKS_DIFFER = 300


def check_jwt(delivery: Delivery, secret: str, algorithm: Algorithm) -> None:
    """Verify a body that is a JWT; its times, if it has any, must hold now. Raises Refused."""
    token = _TOKEN(delivery.body.strip())
    if token is None:
        raise Refused("no proof", 401)
    clock = JWTClaimsRegistry(now=int(delivery.received_at.timestamp()), leeway=_CLOCKS_DIFFER)
    try:
        claims = decode(token[1], OctKey.import_key(secret.encode()), algorithms=[_ALGORITHMS[algorithm]]).claims
        clock.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise Refused("wrong proof") from None


def payload_of(body: bytes) -> bytes | None:
    """The payload of a body that is a JWT, without its signature; None for any other body."""
    token = _TOKEN(body.strip())
    if token is None:
        return None
    try:
        return urlsafe_b64decode(token[2] + b"=" * (-len(token[2]) % 4))
    except (binascii.Error, ValueError):
        return None

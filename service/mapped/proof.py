"""Proof of the sender, as a mapping describes it: a secret in a header or an address, a login, or a signature."""

import binascii
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from hmac import digest
from urllib.parse import urlsplit

from service.dialers import Delivery, HookSettings, Refused, Unreadable
from service.dialers.parsing import check_proof, equal_in_constant_time, parse_pairs, shared_secret
from service.mapped.jwt_body import check_jwt
from service.mapped.options import PLACEHOLDER, Algorithm, Encoding, ProofOptions

_TIMESTAMP = r"(\d{1,16})"
_PATTERNS = {"signature": r"([A-Za-z0-9+/=_-]+)", "timestamp": _TIMESTAMP}


def verify(delivery: Delivery, hook: HookSettings, options: ProofOptions) -> None:
    """Verify that a delivery comes from the vendor. Raises Refused."""
    if options.by == "none":
        return
    secret = shared_secret(hook)
    match options.by:
        case "hmac":
            _check_signature(delivery, secret, options)
        case "jwt":
            check_jwt(delivery, secret, options.algorithm)
        case _:
            check_proof(_stated_secret(delivery, options), _expected_secret(secret, options))


def _stated_secret(delivery: Delivery, options: ProofOptions) -> str | None:
    if options.by == "query":
        return _query_value(delivery, options.query or "")
    if options.by == "header":
        return delivery.headers.get(options.header or "")
    scheme, _, login = delivery.headers.get("authorization", "").partition(" ")
    return f"{scheme.title()} {login.strip()}" if login else None


def _expected_secret(secret: str, options: ProofOptions) -> str:
    match options.by:
        case "bearer":
            return f"Bearer {secret}"
        case "basic":
            login = secret if options.user is None else f"{options.user}:{secret}"
            return f"Basic {b64encode(login.encode()).decode()}"
        case _:
            return f"{options.prefix}{secret}"


def _query_value(delivery: Delivery, name: str) -> str | None:
    try:
        return dict(reversed(parse_pairs(urlsplit(delivery.url).query))).get(name)
    except (Unreadable, ValueError):
        return None


def _check_signature(delivery: Delivery, secret: str, options: ProofOptions) -> None:
    stated = _query_value(delivery, options.query) if options.query else delivery.headers.get(options.header or "")
    if not stated:
        raise Refused("no proof", 401)
    proofs = _stated_signatures(stated, options)
    # An empty body leaves the content to the address, which the signature then must cover.
    if not proofs or not (delivery.body.strip() or _covers_address(options.signed)):
        raise Refused("wrong proof")
    key = _key(secret, options)
    genuine = [
        equal_in_constant_time(_normal(signature, options.encoding), _signature(delivery, key, timestamp, options))
        for signature, timestamp in proofs
        if _is_fresh(delivery, timestamp, options)
    ]
    if not genuine:
        raise Refused("too old")
    if not any(genuine):
        raise Refused("wrong proof")


def _covers_address(template: str) -> bool:
    return not {"url", "query"}.isdisjoint(PLACEHOLDER.findall(template))


def _stated_signatures(stated: str, options: ProofOptions) -> list[tuple[str, str | None]]:
    """The signatures that a header states, each with the time beside it. During a change of keys there are several."""
    parts = PLACEHOLDER.split(options.form)
    names, marks = parts[1::2], [text.lstrip(",; ") for text in parts[0:-1:2]]
    if all(marks):
        values = {name: _marked(stated, mark, name) for name, mark in zip(names, marks, strict=True)}
    else:
        pattern = "".join(_PATTERNS[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
        match = re.fullmatch(pattern, stated.strip(), re.ASCII)
        values = {name: [value] for name, value in zip(names, match.groups() if match else (), strict=bool(match))}
    timestamp = next(iter(values.get("timestamp", [])), None)
    return [(signature, timestamp) for signature in values.get("signature", [])]


def _marked(stated: str, mark: str, name: str) -> list[str]:
    """The values behind a mark, such as `v1=`."""
    return re.findall(rf"(?:^|[,; ]){re.escape(mark)}{_PATTERNS[name]}", stated, re.ASCII)


def _normal(signature: str, encoding: Encoding) -> str:
    """A signature in its one spelling: the case of hex digits and the filling of Base64 mean nothing."""
    return signature.lower() if encoding == "hex" else signature.rstrip("=")


def _signature(delivery: Delivery, key: bytes, timestamp: str | None, options: ProofOptions) -> str:
    """The genuine signature."""
    stated_at = timestamp or delivery.headers.get(options.timestamp or "", "")
    text = _signed(delivery, stated_at, options.signed)
    return _normal(sign(key, text, options.algorithm, options.encoding), options.encoding)


def sign(key: bytes, text: bytes, algorithm: Algorithm, encoding: Encoding) -> str:
    """The signature of a text."""
    code = digest(key, text, algorithm)
    if encoding == "hex":
        return code.hex()
    return (b64encode if encoding == "base64" else urlsafe_b64encode)(code).decode()


def _signed(delivery: Delivery, timestamp: str, template: str) -> bytes:
    """The text that the vendor signs."""
    parts = PLACEHOLDER.split(template)
    return b"".join(
        _part(delivery, timestamp, part) if place % 2 else part.encode() for place, part in enumerate(parts)
    )


def _part(delivery: Delivery, timestamp: str, name: str) -> bytes:
    url = urlsplit(delivery.url)
    match name:
        case "body":
            return delivery.body
        case "form":
            return _form(delivery.body)
        case "url":
            text = delivery.url
        case "path":
            text = url.path
        case "query":
            text = url.query
        case "method":
            text = delivery.method
        case "timestamp":
            text = timestamp
        case _:
            text = delivery.headers.get(name.partition(":")[2].lower(), "")
    return text.encode(errors="surrogatepass")


def _form(body: bytes) -> bytes:
    try:
        pairs = sorted(parse_pairs(body))
    except Unreadable:
        raise Refused("wrong proof") from None
    return "".join(map("".join, pairs)).encode(errors="surrogatepass")


def _is_fresh(delivery: Delivery, timestamp: str | None, options: ProofOptions) -> bool:
    """Whether a signature was made just now; a recorded delivery cannot be sent again later."""
    if not options.has_timestamp or options.max_age_seconds == 0:
        return True
    stated = timestamp or delivery.headers.get(options.timestamp or "", "")
    if not re.fullmatch(_TIMESTAMP, stated, re.ASCII):
        raise Refused("wrong proof")
    seconds = int(stated) / (1000 if options.unit == "milliseconds" else 1)
    return abs(delivery.received_at.timestamp() - seconds) <= options.max_age_seconds


def _key(secret: str, options: ProofOptions) -> bytes:
    """The key that a secret writes. Raises Refused if it does not write one."""
    try:
        match options.key:
            case "hex":
                return bytes.fromhex(secret)
            case "base64":
                return b64decode(secret.removeprefix("whsec_"), validate=True)
            case "text":
                return secret.encode()
    except (binascii.Error, ValueError):
        raise Refused("the secret is not a key") from None

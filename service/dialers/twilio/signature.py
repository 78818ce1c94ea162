"""Twilio's signature: over the address of a callback, and every field of its form."""

from base64 import b64encode
from hashlib import sha1, sha256
from hmac import new as hmac
from urllib.parse import urlsplit, urlunsplit

from service.dialers import Delivery, HookSettings, Unreadable
from service.dialers.parsing import check_proof, equal_in_constant_time, parse_pairs, shared_secret

_SIGNATURE = "x-twilio-signature"
_SETTINGS = "x-twilio-webhooks-signature-settings"
_PORTS = {"https": 443, "http": 80}


def verify(delivery: Delivery, hook: HookSettings) -> None:
    """Raise Refused unless the callback is signed with the secret of the hook."""
    secret = shared_secret(hook).encode()
    field_text = "".join(_signed_fields(delivery))
    # An account signs with its Auth Token and SHA-1, or with its own shared key and SHA-256; a header says which.
    digest = sha256 if "hmac_sha256" in delivery.headers.get(_SETTINGS, "").lower() else sha1
    texts = [(url + field_text).encode(errors="surrogatepass") for url in _with_and_without_port(delivery.url)]
    signatures = [b64encode(hmac(secret, text, digest).digest()).decode() for text in texts]
    check_proof(delivery.headers.get(_SIGNATURE), *signatures)


def _signed_fields(delivery: Delivery) -> list[str]:
    """Names and values in order, each different value once; none for JSON, because the address holds its hash."""
    if delivery.method == "GET":
        return []
    try:
        hashes = [value for name, value in parse_pairs(urlsplit(delivery.url).query) if name == "bodySHA256"]
        if hashes and equal_in_constant_time(sha256(delivery.body).hexdigest(), hashes[0]):
            return []
        return [name + value for name, value in sorted(set(parse_pairs(delivery.body)))]
    except (Unreadable, ValueError):
        return []


def _with_and_without_port(url: str) -> list[str]:
    """The address with its default port and without a port: the edge location decides which one is signed."""
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
        port = parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError:
        return [url]
    return [url, urlunsplit(parts._replace(netloc=host)), urlunsplit(parts._replace(netloc=f"{host}:{port}"))]

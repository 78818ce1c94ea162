"""Twilio's signature: over the address a callback was sent to, and every field of its form."""

from base64 import b64encode
from hashlib import sha1, sha256
from hmac import new as hmac
from urllib.parse import urlsplit, urlunsplit

from service.dialers import Delivery, Hook, Unreadable
from service.dialers.parsing import check, pairs_of, same, shared_secret

_SIGNATURE = "x-twilio-signature"
_SETTINGS = "x-twilio-webhooks-signature-settings"
_PORTS = {"https": 443, "http": 80}


def verify(delivery: Delivery, hook: Hook) -> None:
    """Raise Refused unless the callback is signed with the secret of the hook."""
    secret = shared_secret(hook).encode()
    said = "".join(_signed_fields(delivery))
    # An account signs with its Auth Token and SHA-1, or with a shared key of its own and SHA-256, and says so.
    digest = sha256 if "hmac_sha256" in delivery.headers.get(_SETTINGS, "").lower() else sha1
    texts = [(url + said).encode(errors="surrogatepass") for url in _with_and_without_port(delivery.url)]
    signatures = [b64encode(hmac(secret, text, digest).digest()).decode() for text in texts]
    check(delivery.headers.get(_SIGNATURE), *signatures)


def _signed_fields(delivery: Delivery) -> list[str]:
    """Names and values in order, each different value once; of JSON none, as its hash is in the address."""
    if delivery.method == "GET":
        return []
    try:
        hashes = [value for name, value in pairs_of(urlsplit(delivery.url).query) if name == "bodySHA256"]
        if hashes and same(sha256(delivery.body).hexdigest(), hashes[0]):
            return []
        return [name + value for name, value in sorted(set(pairs_of(delivery.body)))]
    except (Unreadable, ValueError):
        return []


def _with_and_without_port(url: str) -> list[str]:
    """The address with the port of its kind and without one: which of them is signed depends on the edge."""
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
        port = parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError:
        return [url]
    return [url, urlunsplit(parts._replace(netloc=host)), urlunsplit(parts._replace(netloc=f"{host}:{port}"))]

"""The dialer that a mapping describes: the same to the rest of the service as one written in code."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import unquote_plus

from service.dialers import Delivery, Dialer, HookSettings, Reply
from service.dialers.parsing import hash_key
from service.mapped.calls import parse_calls
from service.mapped.handshake import answer_handshake
from service.mapped.jwt_body import payload_of
from service.mapped.mapping import HookMapping
from service.mapped.options import ProofOptions
from service.mapped.proof import verify

NAME = "mapped"

_SECRETS = {
    "bearer": "The token that the dialer sends as `Authorization: Bearer TOKEN`.",
    "basic": "The password of the Basic login{user}.",
    "header": "The text that the dialer sends in the header `{header}`.",
    "query": "The text that the dialer sends as `{query}` in the address.",
    "hmac": "The key with which the dialer signs its deliveries.",
    "jwt": "The key with which the dialer signs its bodies (JWT).",
}
# The account types the secret into the dialer, and may choose it.
_CHOSEN = ("bearer", "basic", "header", "query")
_FORMATS = {"auto": "JSON or a form", "json": "JSON", "form": "a form", "query": "the query of the address"}


def mapped_dialer(mapping: HookMapping, settings: HookSettings | None = None) -> Dialer:
    """The dialer of a mapping. settings: of the hook, with the secret that answers a test of the address."""
    return Dialer(
        name=NAME,
        title=mapping.vendor.title,
        secret=_secret(mapping.proof),
        setup="\n".join(_setup(mapping)),
        answer_detection=mapping.vendor.tells,
        methods=_methods(mapping),
        verify=lambda delivery, hook: verify(delivery, hook, mapping.proof),
        delivery_key=partial(_delivery_key, mapping),
        parse=lambda delivery, hook: parse_calls(delivery, hook, mapping),
        handshake=partial(_handshake, mapping, settings),
        without_secrets=partial(_without_secrets, mapping.proof),
        stored_headers=_stored_headers(mapping),
        dispositions=mapping.dispositions,
        slow=True,
        chooses_secret=mapping.proof.by in _CHOSEN,
    )


def _methods(mapping: HookMapping) -> frozenset[str]:
    """GET only where a delivery or a test of the address may have everything in its address."""
    has_get = mapping.body.format in {"auto", "query"} or bool(mapping.handshake.challenge)
    return frozenset({"GET", "POST"}) if has_get else frozenset({"POST"})


def _secret(proof: ProofOptions) -> str | None:
    if proof.by == "none":
        return None
    user = f" of the user `{proof.user}`" if proof.user else ", written as `user:password`"
    return _SECRETS[proof.by].format(user=user, header=proof.header, query=proof.query)


def _setup(mapping: HookMapping) -> Iterator[str]:
    """What the dialer must send, and how."""
    if mapping.vendor.setup:
        yield mapping.vendor.setup.strip()
        return
    yield f"Let the dialer send its calls to `{{url}}`, as {_FORMATS[mapping.body.format]}."
    if secret := _secret(mapping.proof):
        yield f"\nProof of the sender: {secret}"
    yield f"\nThe mapping reads: {', '.join(f'`{column}`' for column in mapping.columns)}."


def _handshake(mapping: HookMapping, settings: HookSettings | None, delivery: Delivery) -> Reply | None:
    return answer_handshake(delivery, settings and settings.secret, mapping.body, mapping.handshake)


def _delivery_key(mapping: HookMapping, delivery: Delivery) -> str:
    """All that is stored of a delivery: the same content is the same delivery."""
    stored = _without_secrets(mapping.proof, delivery)
    headers = sorted((name, stored.headers.get(name)) for name in _columns_from(mapping, "header"))
    return hash_key("mapped", stored.method, stored.url.partition("?")[2], headers, stored.body.hex())


def _without_secrets(proof: ProofOptions, delivery: Delivery) -> Delivery:
    """The delivery without the secret or the signature in its address, and without the signature of a JWT."""
    if proof.by == "jwt" and (payload := payload_of(delivery.body)) is not None:
        delivery = replace(delivery, body=payload)
    if not proof.query:
        return delivery
    address, _, query = delivery.url.partition("?")
    pairs = [pair for pair in query.split("&") if unquote_plus(pair.partition("=")[0]) != proof.query]
    return replace(delivery, url=f"{address}?{'&'.join(pairs)}" if pairs else address)


def _stored_headers(mapping: HookMapping) -> frozenset[str]:
    proof_headers = {"authorization", "cookie", mapping.proof.header}
    return frozenset({"content-type", *_columns_from(mapping, "header")} - proof_headers)


def _columns_from(mapping: HookMapping, place: str) -> list[str]:
    """The names of headers or query parameters that the mapping reads."""
    return [column.partition(":")[2].lower() for column in mapping.columns if column.startswith(f"{place}:")]

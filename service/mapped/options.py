"""The tables that a mapping of a hook adds to those of an import: [vendor], [body], [proof], [handshake]."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from service.importing.language.options import Options

Encoding: TypeAlias = Literal["hex", "base64", "base64url"]
Algorithm: TypeAlias = Literal["sha1", "sha256", "sha384", "sha512"]
_PLACES = ("body", "form", "url", "path", "query", "method", "timestamp")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _header(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        raise ValueError("is not the name of a header")
    return name.lower()


def _signed(template: str) -> str:
    for name in PLACEHOLDER.findall(template):
        if name not in _PLACES and not name.startswith("header:"):
            raise ValueError(f"{{{name}}} is no part of a delivery{_advice(name, (*_PLACES, 'header:NAME'))}")
    if not {"body", "form"}.intersection(PLACEHOLDER.findall(template)):
        raise ValueError("must include {body} or {form}: a signature that leaves out the body proves nothing about it")
    return template


def _signature_form(template: str) -> str:
    names = PLACEHOLDER.findall(template)
    if names.count("signature") != 1 or not set(names) <= {"signature", "timestamp"}:
        raise ValueError('must hold {signature} once, and may hold {timestamp}, such as "t={timestamp},v1={signature}"')
    return template


def _advice(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {{{close[0]}}}?" if close else f"; use {', '.join(f'{{{place}}}' for place in known)}"


Header = Annotated[str, AfterValidator(_header)]
Paths = Annotated[list[str], Field(min_length=1)]


class VendorOptions(Options):
    """[vendor]: the dialer in words, for people.

    setup: what to do in the dialer, in Markdown; {url} stands for the hook's address. tells: how it tells who answered.
    """

    title: str = "Any other dialer"
    setup: str = ""
    tells: str = "As its mapping reads `answered_by`; a call without it was answered by someone or something unknown."


class BodyOptions(Options):
    """[body]: how a delivery is written, and where its calls are.

    calls: the path to the call or to the list of calls, or several paths, of which the first that is there counts.
    json_field: the field with the JSON, if the body is a form. event: the column with the name of the event.
    call_events: the events that tell of calls; others are counted as unknown.
    """

    format: Literal["auto", "json", "form", "query"] = "auto"
    calls: str | Paths = "$"
    json_field: str | None = None
    percent_encoded: bool = False
    event: str | None = None
    call_events: Paths | None = None

    @property
    def call_paths(self) -> list[str]:
        """Where the calls may be."""
        return [self.calls] if isinstance(self.calls, str) else self.calls

    @model_validator(mode="after")
    def names_its_event(self) -> Self:
        """Events can be told apart only by their column."""
        if self.call_events and self.event is None:
            raise ValueError("call_events needs event: the column with the name of the event")
        return self


ProofKind: TypeAlias = Literal["none", "bearer", "basic", "header", "query", "hmac", "jwt"]

# The keys that each kind of proof uses.
_KEYS: dict[ProofKind, frozenset[str]] = {
    "none": frozenset(),
    "bearer": frozenset(),
    "basic": frozenset({"user"}),
    "header": frozenset({"header", "prefix"}),
    "query": frozenset({"query"}),
    "hmac": frozenset(
        {"header", "query", "form", "algorithm", "encoding", "signed", "timestamp", "unit", "max_age_seconds", "key"}
    ),
    "jwt": frozenset({"algorithm"}),
}


class ProofOptions(Options):
    """[proof]: how the vendor proves that a delivery is its own; the secret itself is never part of the mapping.

    header, query: the place of the secret or the signature. user: the user name of a Basic login.
    form: how the header writes the signature. signed: the signed text.
    timestamp: the header with the time of signing; unit: how it is counted. max_age_seconds: 0 accepts any age.
    key: how the secret writes the key.
    """

    by: ProofKind = "none"
    header: Header | None = None
    query: str | None = None
    user: str | None = None
    prefix: str = ""
    form: Annotated[str, AfterValidator(_signature_form)] = "{signature}"
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"
    signed: Annotated[str, AfterValidator(_signed)] = "{body}"
    timestamp: Header | None = None
    unit: Literal["seconds", "milliseconds"] = "seconds"
    max_age_seconds: int = Field(300, ge=0, le=86_400)
    key: Literal["text", "hex", "base64"] = "text"

    @model_validator(mode="after")
    def names_its_place(self) -> Self:
        """Each kind of proof has its own keys, and its own place in the delivery."""
        if unused := sorted(self.model_fields_set - {"by"} - _KEYS[self.by]):
            raise ValueError(f'{unused[0]} does not apply to by = "{self.by}"')
        if self.by == "header" and not self.header:
            raise ValueError("header is missing: the name of the header with the secret")
        if self.by == "query" and not self.query:
            raise ValueError("query is missing: the name of the query parameter with the secret")
        if self.by == "hmac" and (self.header is None) == (self.query is None):
            raise ValueError("set one of header or query: the place of the signature")
        if "timestamp" in PLACEHOLDER.findall(self.signed) and not self.has_timestamp:
            raise ValueError("timestamp is missing: the header with the time of signing")
        if self.has_timestamp and "timestamp" not in PLACEHOLDER.findall(self.signed):
            raise ValueError("signed must include {timestamp}: a time outside the signature proves nothing")
        if self.by == "jwt" and self.algorithm == "sha1":
            raise ValueError("algorithm must be sha256, sha384 or sha512 for a JWT")
        return self

    @property
    def has_timestamp(self) -> bool:
        """Whether the vendor tells when it signed."""
        return self.timestamp is not None or "{timestamp}" in self.form


class HandshakeOptions(Options):
    """[handshake]: the answer to a vendor that tests the address before it delivers.

    where: the columns and words by which a test is known. challenge: the column with the text to send back.
    answer: the fields of the JSON answer, each "challenge" or "hmac"; if missing, the challenge itself is the answer.
    """

    challenge: str = ""
    where: dict[str, Paths] = Field(default_factory=dict[str, list[str]])
    answer: dict[str, Literal["challenge", "hmac"]] | None = None
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"

    @model_validator(mode="after")
    def names_its_challenge(self) -> Self:
        """A test is answered with its own text."""
        if self.model_fields_set and not self.challenge:
            raise ValueError("challenge is missing: the column with the text to send back")
        return self

    @property
    def signs(self) -> bool:
        """Whether the answer is made with the secret."""
        return "hmac" in (self.answer or {}).values()

"""The dialers that calltally understands: one file each, and nothing else in the project knows any of them.

A file says how it is known that a delivery is the dialer's own, what tells one delivery from another, and what it says
in the words of the API: attempts, dispositions, inbound calls. All of it is pure: no clock, no ledger, no network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

Item: TypeAlias = dict[str, Any]


class Refused(Exception):
    """A delivery is not the dialer's own, or nobody can tell; the reason is for a counter: a short word, no value.

    status: 401 where proof is missing, 403 where it is wrong.
    """

    def __init__(self, reason: str, status: Literal[401, 403] = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Unreadable(Exception):
    """A delivery makes no sense; the message says what is wrong with it and names the field, never a value."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request, as a dialer sent it.

    url: the public address it was sent to, with its query, exactly as it was given to the dialer. headers: by their
    names in lower case. received_at: the service's own clock.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """What is known of whoever delivers: by what name the ledger keeps their calls, and what they leave unsaid.

    dialer: the code of the dialer on attempts. campaign: of calls that name none. zone: of times without one.
    secret: what account and vendor share; None where the vendor has nothing of the kind.
    """

    dialer: str
    campaign: str
    zone: ZoneInfo
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a delivery says.

    event: its kind, in the vendor's words. attempts, dispositions, inbound_calls: items as the API takes them, without
    `dialer`; of attempts and inbound calls every field but external_id may be missing. known: whether calltally knows
    this kind of event; what it does not know is kept and counted.
    """

    event: str
    attempts: tuple[Item, ...] = ()
    dispositions: tuple[Item, ...] = ()
    inbound_calls: tuple[Item, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dialer is told: a status it accepts, a short text, and headers of its own."""

    status: int = 200
    text: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _nothing_hidden(delivery: Delivery) -> Delivery:
    return delivery


def _no_handshake(delivery: Delivery) -> Answer | None:
    del delivery
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Dialer:
    """One vendor's dialer.

    name: as in `calltally hook create --dialer NAME`. title: what people call it. secret: what the vendor calls the
    thing to share and where it is found, in one sentence; None where there is none, and the URL is all the proof.
    setup: for the dialer engineer, what to paste where, in Markdown; {url} stands for the hook's address.
    keeps: the headers to keep beside a body, in lower case: those that are read, and none with a secret.

    verify: raises Refused; in constant time, before anything is read. handshake: the answer to a vendor that tries the
    address out before it delivers, or None; it leaves no delivery. without_secrets: the delivery as it may be kept.
    key: tells deliveries of one hook apart: the same for a repetition, and for nothing else. Never raises.
    read: what a delivery says. Raises Unreadable, and nothing else whatever was sent.

    tells: which of human, machine and unknown an answered call can be told to be, in one sentence for the account.
    dispositions: the vendor's own codes with the axes they stand for, for an account to begin with: code to the fields
    of PUT /v1/disposition-codes.
    """

    name: str
    title: str
    secret: str | None
    setup: str
    tells: str
    verify: Callable[[Delivery, Hook], None]
    key: Callable[[Delivery], str]
    read: Callable[[Delivery, Hook], Reading]
    handshake: Callable[[Delivery], Answer | None] = _no_handshake
    without_secrets: Callable[[Delivery], Delivery] = _nothing_hidden
    answer: Answer = Answer()
    keeps: frozenset[str] = frozenset({"content-type"})
    dispositions: Mapping[str, Item] = field(default_factory=dict[str, Item])


@cache
def dialers() -> dict[str, Dialer]:
    """Every dialer by name: the files of this folder that bind DIALER."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found: list[Dialer] = [module.DIALER for module in modules if hasattr(module, "DIALER")]
    return {dialer.name: dialer for dialer in sorted(found, key=lambda dialer: dialer.name)}

"""Dialers: the phone systems that calltally understands, one file each; no other code knows any of them.

A file verifies that a delivery comes from its dialer, identifies the delivery, and parses it into the items of the
API: attempts, dispositions, inbound calls. All of it is pure: no clock, no ledger, no network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from service.errors import Fault

Item: TypeAlias = dict[str, Any]
# What a dialer may tell of a call: when the customer's phone rang; whether the call was answered, and by whom; hold;
# the agents of a transferred call, each with their talk; that no agent was free for a person who answered; the outcome
# that an agent chose; the lead in the customer's CRM.
CallFact: TypeAlias = Literal["ringing", "answer", "person", "hold", "transfer", "drop", "disposition", "lead"]
# What a dialer may tell of a call that comes in: its queue; the time waited; the choices in the voice menu; the agents
# it rang at; that the caller chose a callback; that it was passed on, or to a higher tier; the after-call work.
InboundFact: TypeAlias = Literal["queue", "wait", "menu", "offers", "callback", "transfer", "escalation", "wrap"]


class Refused(Exception):
    """A delivery is not from the dialer, or cannot be proven; the reason is a short word for a counter, without values.

    status: 401 if the proof is missing, 403 if it is wrong.
    """

    def __init__(self, reason: str, status: Literal[401, 403] = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Unreadable(Exception):
    """A delivery makes no sense; the message names the field and its fault, never a value."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request, as a dialer sent it.

    url: the public address with its query, exactly as the dialer has it.
    headers: by name, in lower case.
    received_at: the service's own clock.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """What a hook adds to its deliveries.

    dialer: the code of the dialer on attempts.
    campaign: for calls that do not name one.
    zone: for times without a time zone.
    secret: shared by account and vendor; None if the vendor uses no secret.
    person_after_seconds: the talk after which an answered call of unknown answerer means a person; None: never.
    match_leads: whether calls that name no lead get the lead with their number.
    """

    dialer: str
    campaign: str
    zone: ZoneInfo
    secret: str | None = field(default=None, repr=False)
    person_after_seconds: float | None = 20.0
    match_leads: bool = True


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """The content of a delivery.

    event: its kind, in the vendor's words.
    attempts, dispositions, inbound_calls: items of the API, without `dialer`; attempts and inbound calls need only
    external_id.
    numbers: phone numbers that may stand in no item; a delivery with the number of an erased person is emptied.
    known: whether calltally knows this kind of event; unknown events are stored and counted.
    faults: of calls beside these that cannot be read; pointers name the call and the field.
    """

    event: str
    attempts: tuple[Item, ...] = ()
    dispositions: tuple[Item, ...] = ()
    inbound_calls: tuple[Item, ...] = ()
    numbers: tuple[str, ...] = ()
    known: bool = True
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The response to a dialer: a status it accepts, a short text, and headers."""

    status: int = 200
    text: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def _unchanged(delivery: Delivery) -> Delivery:
    return delivery


def _no_handshake(delivery: Delivery) -> Reply | None:
    del delivery
    return None


@dataclass(frozen=True, eq=False, kw_only=True)
class Dialer:
    """One vendor's dialer.

    name: as in `calltally hook create --dialer NAME`. title: the vendor's name for it.
    secret: the vendor's name for the shared secret and where to find it, in one sentence; None if the address is the
    only proof. chooses_secret: whether the account may choose the secret itself.
    setup: what the dialer engineer pastes where, in Markdown; {url} stands for the hook's address.
    answer_detection: how the dialer tells human, machine and unknown answers apart, in one sentence for the account.
    tells: what the dialer can tell of a call; what it cannot makes metrics read "cannot tell" (docs/dialers.md).
    tells_inbound: what it can tell of a call that comes in, beside its outcome.
    methods: how the dialer delivers; other requests are refused.
    verify: raises Refused; runs in constant time, before anything is parsed.
    delivery_key: identifies a delivery of one hook; only a repetition has the same key. Never raises.
    parse: the content of a delivery. For any bytes it raises only Unreadable.
    handshake: the reply to a vendor that tests the address, or None; it leaves no delivery.
    without_secrets: the delivery as it may be stored.
    reply: the response to an accepted delivery.
    stored_headers: headers to store with a body, in lower case; only those that are parsed, and none with a secret.
    dispositions: the vendor's own codes with the fields of PUT /v1/disposition-codes, as a start for an account.
    slow: whether parsing takes milliseconds, so that it must not hold up other requests.
    """

    name: str
    title: str
    secret: str | None
    setup: str
    answer_detection: str
    verify: Callable[[Delivery, HookSettings], None]
    delivery_key: Callable[[Delivery], str]
    parse: Callable[[Delivery, HookSettings], ParsedEvent]
    tells: frozenset[CallFact] = frozenset()
    tells_inbound: frozenset[InboundFact] = frozenset()
    methods: frozenset[str] = frozenset({"POST"})
    handshake: Callable[[Delivery], Reply | None] = _no_handshake
    without_secrets: Callable[[Delivery], Delivery] = _unchanged
    reply: Reply = Reply()
    stored_headers: frozenset[str] = frozenset({"content-type"})
    dispositions: Mapping[str, Item] = field(default_factory=dict[str, Item])
    slow: bool = False
    chooses_secret: bool = False


@cache
def dialers() -> dict[str, Dialer]:
    """Every dialer by name: the files of this folder that define DIALER."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    bound_dialers: list[Dialer] = [module.DIALER for module in modules if hasattr(module, "DIALER")]
    return {dialer.name: dialer for dialer in sorted(bound_dialers, key=lambda dialer: dialer.name)}

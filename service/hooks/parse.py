"""What a delivery says, as entries of the ledger; or why it says nothing."""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import orjson
import structlog

from service.accounts.accounts import Account
from service.dialers import Delivery, Item, Reading, Unreadable
from service.errors import Fault, InvalidItem, MalformedBody
from service.hooks.hooks import Hook
from service.ingest.parsing import Entry, read_item
from service.ingest.resources import Resource, Sender, attempts, dispositions, inbound_calls
from service.problems import problem

Status: TypeAlias = Literal["taken", "unknown", "unreadable", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)

_LONGEST_EVENT = 200
_RESOURCES: dict[str, Resource] = {
    "attempts": attempts.SAID,
    "inbound_calls": inbound_calls.SAID,
    "dispositions": dispositions.RESOURCE,
}
_log = structlog.get_logger()


@dataclass(frozen=True)
class ParseResult:
    """What came of reading a delivery.

    entries: what it says. said: the items they were made of. problem: what is wrong with the rest.
    """

    event: str
    status: Status
    entries: tuple[Entry, ...] = ()
    said: dict[str, list[Item]] | None = None
    problem: dict[str, Any] | None = None

    @property
    def calls(self) -> list[str]:
        """The calls that it is about, by the dialer's own ids."""
        return sorted({entry.external_id for entry in self.entries if entry.external_id is not None})


def keep(hook: Hook, delivery: Delivery) -> Delivery:
    """A delivery as it may be kept: without secrets, the token of its address among them, and with few headers."""
    kept = hook.dialer.without_secrets(delivery)
    query = kept.url.partition("?")[2]
    headers = {name: value for name, value in kept.headers.items() if name in hook.dialer.keeps}
    return replace(kept, url=f"?{_text(query)}", headers={name: _text(value) for name, value in headers.items()})


def _text(text: str) -> str:
    """Text that the ledger can hold."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


def read(hook: Hook, kept: Delivery, account: Account) -> ParseResult:
    """What a kept delivery says: the same whenever it is read by the same code. Never raises."""
    try:
        return _checked(hook.dialer.read(kept, hook.sharing), hook, kept, account)
    except Unreadable as error:
        return ParseResult("", "unreadable", problem=problem(MalformedBody(_text(str(error)))))
    except Exception as error:  # noqa: BLE001  a mistake of ours must not make a dialer give up delivering
        _log.error("a delivery could not be read", dialer=hook.dialer.name, error=type(error).__name__)
        return ParseResult("", "unreadable", problem=problem(MalformedBody("Reading it failed; the mistake is ours.")))


def _checked(reading: Reading, hook: Hook, kept: Delivery, account: Account) -> ParseResult:
    entries: list[Entry] = []
    said: dict[str, list[Item]] = {}
    faults: list[Fault] = []
    for name, resource, index, item in _items(reading):
        entry = read_item(resource, len(entries), _dated(item, resource, kept), sender_of(hook, kept, account))
        if entry.problem is None:
            entries.append(entry)
            said.setdefault(name, []).append(item)
        else:
            found = entry.problem["errors"]
            faults += [Fault(f"/{name}/{index}{fault['pointer']}", fault["message"]) for fault in found]
    status = "rejected" if faults else "taken" if reading.known else "unknown"
    refusal = problem(InvalidItem(faults=tuple(faults))) if faults else None
    # As the ledger gives it back, so that two readings can be compared.
    taken = orjson.loads(orjson.dumps(said)) if said else None
    return ParseResult(_text(reading.event)[:_LONGEST_EVENT], status, tuple(entries), taken, refusal)


def _items(reading: Reading) -> list[tuple[str, Resource, int, Item]]:
    return [
        (name, resource, index, item)
        for name, resource in _RESOURCES.items()
        for index, item in enumerate(getattr(reading, name))
    ]


def entries_of(hook: Hook, kept: Delivery, account: Account, said: dict[str, list[Item]]) -> tuple[Entry, ...]:
    """Entries of items that were taken from a delivery before."""
    sender = sender_of(hook, kept, account)
    read = (
        read_item(_RESOURCES[name], 0, _dated(item, _RESOURCES[name], kept), sender)
        for name in said
        for item in said[name]
    )
    return tuple(entry for entry in read if entry.problem is None)


def _dated(item: Item, resource: Resource, kept: Delivery) -> Item:
    """What does not say when it was known was known when it arrived at the latest."""
    if resource is dispositions.RESOURCE:
        return item
    return {"observed_at": kept.received_at.isoformat()} | item


def sender_of(hook: Hook, kept: Delivery, account: Account) -> Sender:
    """What an item of a delivery may leave out."""
    return Sender(hook.code, account.region, account.regions, kept.received_at)

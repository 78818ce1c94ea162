"""Parsing deliveries: the items of a delivery as ledger entries, or the reason why there are none."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
import structlog

from service.accounts.accounts import Account
from service.dialers import Delivery, Item, ParsedEvent, Unreadable
from service.errors import Fault, InvalidItem, MalformedBody
from service.hooks.hooks import Hook
from service.hooks.vocabulary import Status
from service.ingest.parsing import Entry, read_item
from service.ingest.resources import Resource, Sender, attempts, dispositions, inbound_calls
from service.problems import problem

_LONGEST_EVENT = 200
_OF_BOTH_DIRECTIONS = frozenset(
    {
        *("external_id", "contact", "agent", "answered_at", "ended_at", "talk_seconds", "hold_seconds"),
        *("participants", "recording", "note", "value", "spam", "test", "outcomes", "outcomes_at", "disposition"),
        "observed_at",
    }
)
# What _with_settings adds.
_FROM_SETTINGS = frozenset({"match_lead", "person_after_seconds"})
_RESOURCES: dict[str, Resource] = {
    "attempts": attempts.PARTIAL,
    "inbound_calls": inbound_calls.PARTIAL,
    "dispositions": dispositions.RESOURCE,
}
_log = structlog.get_logger()


@dataclass(frozen=True)
class ParseResult:
    """The result of parsing a delivery.

    entries: its valid items as ledger entries. items: the same items as the dialer file made them.
    problem: the faults of the other items. numbers: phone numbers beside those of the items.
    """

    event: str
    status: Status
    entries: tuple[Entry, ...] = ()
    items: dict[str, list[Item]] | None = None
    problem: dict[str, Any] | None = None
    numbers: tuple[str, ...] = ()

    @property
    def call_ids(self) -> list[str]:
        """The calls of the delivery, by the dialer's own ids."""
        return sorted({entry.external_id for entry in self.entries if entry.external_id is not None})


def storable(hook: Hook, delivery: Delivery) -> Delivery:
    """A delivery as it may be stored: without secrets, without its address's token, and with few headers."""
    stored = hook.dialer.without_secrets(delivery)
    query = stored.url.partition("?")[2]
    headers = {name: value for name, value in stored.headers.items() if name in hook.dialer.stored_headers}
    return replace(stored, url=f"?{_text(query)}", headers={name: _text(value) for name, value in headers.items()})


def _text(text: str) -> str:
    """Text that the ledger can store."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")


def parse_delivery(hook: Hook, delivery: Delivery, account: Account) -> ParseResult:
    """The content of a stored delivery: the same code always gives the same result. Never raises."""
    try:
        return _validate(hook.dialer.parse(delivery, hook.settings), hook, delivery, account)
    except Unreadable as error:
        return ParseResult("", "unreadable", problem=problem(MalformedBody(_text(str(error)))))
    except Exception as error:  # noqa: BLE001  an error of ours must not make a dialer stop delivering
        _log.error("a delivery could not be read", dialer=hook.dialer.name, error=type(error).__name__)
        return ParseResult(
            "", "unreadable", problem=problem(MalformedBody("Parsing it failed; the error is on our side."))
        )


def _validate(event: ParsedEvent, hook: Hook, delivery: Delivery, account: Account) -> ParseResult:
    entries: list[Entry] = []
    items: dict[str, list[Item]] = {}
    faults = list(event.faults)
    for name, resource, index, item in _items(event, hook):
        entry = read_item(
            resource, len(entries), _with_observed_at(item, resource, delivery), sender_of(hook, delivery, account)
        )
        if entry.problem is None:
            entries.append(entry)
            items.setdefault(name, []).append(item)
        else:
            errors = entry.problem["errors"]
            faults += [Fault(f"/{name}/{index}{fault['pointer']}", fault["message"]) for fault in errors]
    status = "rejected" if faults else "taken" if event.known else "unknown"
    refusal = problem(InvalidItem(faults=tuple(faults))) if faults else None
    # In the form the ledger returns, so that two results can be compared.
    stored_items = orjson.loads(orjson.dumps(items)) if items else None
    event_name = _text(event.event)[:_LONGEST_EVENT]
    return ParseResult(event_name, status, tuple(entries), stored_items, refusal, event.numbers)


def _items(event: ParsedEvent, hook: Hook) -> list[tuple[str, Resource, int, Item]]:
    items = [
        (name, resource, index, _with_settings(item, resource, hook))
        for name, resource in _RESOURCES.items()
        for index, item in enumerate(getattr(event, name))
    ]
    dialed = {item.get("external_id") for item in event.attempts}
    turned = [_as_attempt(item) for item in event.inbound_calls if item.get("external_id") not in dialed]
    return items + [
        ("attempts", attempts.PARTIAL, len(event.attempts) + index, _with_settings(item, attempts.PARTIAL, hook))
        for index, item in enumerate(turned)
    ]


def _as_attempt(item: Item) -> Item:
    """What an inbound event tells of a call that other events may call an attempt.

    Some dialers turn the direction of a transferred call. Without a time of dialing the item counts nowhere.
    """
    answered = {"network_result": "answered"} if item.get("outcome") == "answered" else {}
    return answered | {name: value for name, value in item.items() if name in _OF_BOTH_DIRECTIONS}


def entries_of(hook: Hook, delivery: Delivery, account: Account, items: dict[str, list[Item]]) -> tuple[Entry, ...]:
    """Entries of items that were stored from a delivery earlier."""
    sender = sender_of(hook, delivery, account)
    read = (
        read_item(_RESOURCES[name], 0, _with_observed_at(item, _RESOURCES[name], delivery), sender)
        for name in items
        for item in items[name]
    )
    return tuple(entry for entry in read if entry.problem is None)


def _with_settings(item: Item, resource: Resource, hook: Hook) -> Item:
    """An item with what its hook adds: the meaning of an answer, and whether a lead is looked for."""
    if resource is dispositions.RESOURCE:
        return item
    settings = hook.settings
    added: Item = {"match_lead": settings.match_leads}
    if resource is attempts.PARTIAL and settings.person_after_seconds is not None:
        added["person_after_seconds"] = settings.person_after_seconds
    return added | item


def parse_items_again(hook: Hook, delivery: Delivery, account: Account, stored: ParseResult) -> ParseResult:
    """The content of a delivery that is not stored itself: its stored items, with what its hook adds now."""
    items = {
        name: [_with_settings(_without_settings(item), _RESOURCES[name], hook) for item in values]
        for name, values in (stored.items or {}).items()
    }
    return replace(stored, entries=entries_of(hook, delivery, account, items), items=items)


def _without_settings(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in _FROM_SETTINGS}


def _with_observed_at(item: Item, resource: Resource, delivery: Delivery) -> Item:
    """An item without its own time counts as known when its delivery arrived."""
    if resource is dispositions.RESOURCE:
        return item
    return {"observed_at": delivery.received_at.isoformat()} | item


def sender_of(hook: Hook, delivery: Delivery, account: Account) -> Sender:
    """Values that the items of a delivery may leave out."""
    received_at = delivery.received_at
    return Sender(hook.code, account.region, account.regions, received_at, received_at)

"""Storing deliveries: each delivery and its calls are stored in one transaction, before the dialer gets its reply."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

from service.accounts.accounts import Account, Accounts
from service.dialers import Delivery
from service.errors import InvalidItem
from service.hooks.counts import STORED_BYTES, WITHOUT_CONTENT, count
from service.hooks.hooks import Hook
from service.hooks.limits import fitting, size
from service.hooks.parse import ParseResult, parse_delivery, storable
from service.hooks.people import numbers_in, words_in
from service.ingest.capture import Codes, lock_account, store, store_bisecting
from service.ingest.phone import is_number
from service.platform.db import Connection, Pool, account_transaction
from service.problems import problem
from sql import load

_SQL = load("inbox")

# The id of a hook, and the key of one of its deliveries.
_Identity: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True)
class ParsedDelivery:
    """A verified and parsed delivery on its way into the inbox. has_content: whether its content is stored too."""

    hook: Hook
    key: bytes
    delivery: Delivery
    result: ParseResult
    has_content: bool = True


def parsed_delivery(hook: Hook, delivery: Delivery, account: Account) -> ParsedDelivery:
    """A delivery, parsed."""
    stored = storable(hook, delivery)
    key = sha256(hook.dialer.delivery_key(delivery).encode(errors="surrogatepass")).digest()
    return ParsedDelivery(hook, key, stored, parse_delivery(hook, stored, account))


class Inbox:
    """Stores deliveries, for one account at a time.

    bytes_per_day: what a hook may store of the content of its deliveries; 0: everything.
    """

    def __init__(self, pool: Pool, accounts: Accounts, bytes_per_day: int = 0) -> None:
        self._pool = pool
        self._accounts = accounts
        self._store = partial(store_deliveries, bytes_per_day=bytes_per_day)

    async def store(self, account_id: int, deliveries: Sequence[ParsedDelivery]) -> list[bool]:
        """Store deliveries and their items; returns which of them were new, once everything is durable.

        A delivery that the ledger refuses is stored as rejected, and the others are stored as usual.
        """
        account = await self._accounts.get(account_id)
        return await store_bisecting(self._pool, account, deliveries, self._store, _as_rejected)

    async def count_refused(self, account_id: int, refused: Sequence[tuple[int, str]]) -> list[None]:
        """Count refused deliveries by hook and reason; nothing else of them is stored."""
        today = datetime.now(UTC).date()
        async with account_transaction(self._pool, account_id) as connection:
            counts = Counter((hook, today, "refused", reason[:200]) for hook, reason in refused)
            await count(connection, account_id, counts)
        return [None] * len(refused)


async def store_deliveries(
    connection: Connection, account: Account, deliveries: Sequence[ParsedDelivery], bytes_per_day: int = 0
) -> tuple[list[bool], Codes]:
    """Store deliveries in the caller's transaction; returns which were new, and the codes now known.

    A repeated delivery adds nothing: its missing times would otherwise be those of the repetition. Of a delivery over
    the limit of the day the items are stored, and the content is not.
    """
    locked = await lock_account(connection, account.account_id)
    first_places: dict[_Identity, int] = {}
    for place, parsed in enumerate(deliveries):
        first_places.setdefault(_identity(parsed), place)
    arrived = [deliveries[place] for place in first_places.values()]
    pairs = [(parsed.hook.id, parsed.delivery) for parsed in arrived]
    fit = await fitting(connection, account.account_id, pairs, bytes_per_day)
    distinct = [replace(parsed, has_content=fits) for parsed, fits in zip(arrived, fit, strict=True)]
    ids = await _insert(connection, account.account_id, distinct, deliveries)
    new_ids = {place: ids[identity] for identity, place in first_places.items() if identity in ids}
    codes: Codes = {}
    if entries := [entry for place in new_ids for entry in deliveries[place].result.entries]:
        _, codes = await store(connection, account, entries)
    if locked.has_erasures and new_ids:
        stored = {delivery_id: deliveries[place] for place, delivery_id in new_ids.items()}
        await empty_erased(connection, account, stored)
    counts = Counter(_count_key(parsed, new=place in new_ids) for place, parsed in enumerate(deliveries))
    counts += _stored(parsed for parsed in distinct if _identity(parsed) in ids)
    await count(connection, account.account_id, counts)
    return [place in new_ids for place in range(len(deliveries))], codes


async def _insert(
    connection: Connection, account_id: int, distinct: Sequence[ParsedDelivery], deliveries: Sequence[ParsedDelivery]
) -> dict[_Identity, int]:
    """Insert deliveries into the inbox; returns the ids of new ones."""
    arrivals = Counter(map(_identity, deliveries))
    columns = zip(*((*_row(parsed), arrivals[_identity(parsed)]) for parsed in distinct), strict=True)
    rows = await connection.fetch(_SQL["keep"], account_id, *(list(column) for column in columns))
    return {(row["hook"], row["key_sha256"]): row["id"] for row in rows if row["is_new"]}


def _row(parsed: ParsedDelivery) -> tuple[Any, ...]:
    delivery, result = parsed.delivery, parsed.result
    return (
        parsed.hook.id,
        parsed.key,
        delivery.received_at,
        delivery.method,
        delivery.url.removeprefix("?") if parsed.has_content else None,
        as_json(dict(delivery.headers)) if parsed.has_content else None,
        delivery.body if parsed.has_content else None,
        result.event,
        result.status,
        as_json(result.problem),
        as_json(result.items),
        as_json(result.call_ids),
    )


def as_json(value: Any) -> str | None:
    """A value for an array of jsonb."""
    return None if value is None else orjson.dumps(value).decode()


async def empty_erased(connection: Connection, account: Account, stored: dict[int, ParsedDelivery]) -> None:
    """Remove the content of deliveries, named by id, that tell of an erased person.

    Deliveries about a call with the person are emptied with the call.
    """
    numbers = [(id_, number) for id_, parsed in stored.items() for number in _numbers(parsed, account)]
    words = [
        (id_, parsed.hook.code, word)
        for id_, parsed in stored.items()
        if parsed.result.status != "taken"
        for word in words_in(parsed.delivery)
    ]
    columns = (*_columns(numbers, 2), *_columns(words, 3))
    await connection.execute(_SQL["empty_erased"], account.account_id, *columns)


def _columns(rows: list[Any], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _numbers(parsed: ParsedDelivery, account: Account) -> set[str]:
    """The phone numbers of a delivery: those of its items, and any in its content."""
    rows = (row for entry in parsed.result.entries for _, row in entry.observations)
    numbers = (row.get(name) for row in rows for name in ("to_number", "from_number"))
    everywhere = (*numbers, *parsed.result.numbers, *numbers_in(parsed.delivery, account))
    return {number for number in everywhere if number is not None and is_number(number)}


def _identity(parsed: ParsedDelivery) -> _Identity:
    return parsed.hook.id, parsed.key


def _stored(stored: Iterable[ParsedDelivery]) -> Counter[tuple[int, date, str, str]]:
    """The bytes of content that were stored, and the deliveries without content."""
    counts: Counter[tuple[int, date, str, str]] = Counter()
    for parsed in stored:
        kind, more = (STORED_BYTES, size(parsed.delivery)) if parsed.has_content else (WITHOUT_CONTENT, 1)
        counts[parsed.hook.id, parsed.delivery.received_at.date(), kind, ""] += more
    return counts


def _count_key(parsed: ParsedDelivery, *, new: bool) -> tuple[int, date, str, str]:
    if not new:
        return parsed.hook.id, parsed.delivery.received_at.date(), "repeated", ""
    return count_key(parsed.hook.id, parsed.delivery.received_at, parsed.result.status, parsed.result.event)


def count_key(hook_id: int, received_at: datetime, status: str, event: str) -> tuple[int, date, str, str]:
    """The key under which a delivery is counted."""
    return hook_id, received_at.date(), status, event if status == "unknown" else ""


def _as_rejected(parsed: ParsedDelivery) -> ParsedDelivery:
    result = ParseResult(
        parsed.result.event,
        "rejected",
        problem=problem(InvalidItem("The ledger cannot store a value of this delivery.")),
    )
    return replace(parsed, result=result)

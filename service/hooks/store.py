"""Taking deliveries in: each is kept, with all it says of calls, in one transaction, before its dialer is answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, TypeAlias

import orjson

from service.accounts.accounts import Account, Accounts
from service.dialers import Delivery
from service.errors import InvalidItem
from service.hooks.hooks import Hook, count
from service.hooks.parse import ParseResult, keep, read
from service.ingest.capture import Codes, lock_account, store, store_bisecting
from service.ingest.phone import is_number
from service.platform.db import Connection, Pool, account_transaction
from service.problems import problem
from sql import load

_SQL = load("inbox")

# The id of a hook, and what tells its deliveries apart.
_Name: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True)
class ParsedDelivery:
    """A delivery that was verified and read, on its way into the inbox."""

    hook: Hook
    key: bytes
    kept: Delivery
    told: ParseResult


def letter(hook: Hook, delivery: Delivery, account: Account) -> ParsedDelivery:
    """A delivery with what it says."""
    kept = keep(hook, delivery)
    key = sha256(hook.dialer.key(delivery).encode(errors="surrogatepass")).digest()
    return ParsedDelivery(hook, key, kept, read(hook, kept, account))


class Inbox:
    """Takes in what was delivered to one account at a time."""

    def __init__(self, pool: Pool, accounts: Accounts) -> None:
        self._pool = pool
        self._accounts = accounts

    async def take(self, account_id: int, letters: Sequence[ParsedDelivery]) -> list[bool]:
        """Keep deliveries and what they say; answers which of them were new, once all of it is durable.

        What the ledger refuses to hold is kept as rejected, and the others are stored.
        """
        account = await self._accounts.get(account_id)
        return await store_bisecting(self._pool, account, letters, take_in, _refused)

    async def count_refused(self, account_id: int, refused: Sequence[tuple[int, str]]) -> list[None]:
        """Count deliveries that were refused, of which nothing else is kept: by hook and reason."""
        today = datetime.now(UTC).date()
        async with account_transaction(self._pool, account_id) as connection:
            counted = Counter((hook, today, "refused", reason[:200]) for hook, reason in refused)
            await count(connection, account_id, counted)
        return [None] * len(refused)


async def take_in(
    connection: Connection, account: Account, letters: Sequence[ParsedDelivery]
) -> tuple[list[bool], Codes]:
    """Keep deliveries inside the caller's transaction; answers which were new, and codes that are now known.

    One that came before says nothing anew: what it leaves unsaid would be read with the time of its repetition.
    """
    entered = await lock_account(connection, account.account_id)
    first: dict[_Name, int] = {}
    for place, one in enumerate(letters):
        first.setdefault(_name(one), place)
    kept = await _keep(connection, account.account_id, [letters[place] for place in first.values()], letters)
    fresh = {place: kept[name] for name, place in first.items() if name in kept}
    codes: Codes = {}
    if entries := [entry for place in fresh for entry in letters[place].told.entries]:
        _, codes = await store(connection, account, entries)
    if entered.erased and fresh:
        told = {delivery: letters[place] for place, delivery in fresh.items()}
        await empty_erased(connection, account.account_id, told)
    counted = Counter(_counted(one, new=place in fresh) for place, one in enumerate(letters))
    await count(connection, account.account_id, counted)
    return [place in fresh for place in range(len(letters))], codes


async def _keep(
    connection: Connection, account_id: int, distinct: Sequence[ParsedDelivery], letters: Sequence[ParsedDelivery]
) -> dict[_Name, int]:
    """Keep deliveries; answers the ids of those that were new."""
    came = Counter(map(_name, letters))
    columns = zip(*((*_row(one), came[_name(one)]) for one in distinct), strict=True)
    rows = await connection.fetch(_SQL["keep"], account_id, *(list(column) for column in columns))
    return {(row["hook"], row["key_sha256"]): row["id"] for row in rows if row["is_new"]}


def _row(one: ParsedDelivery) -> tuple[Any, ...]:
    kept, told = one.kept, one.told
    return (
        one.hook.id,
        one.key,
        kept.received_at,
        kept.method,
        kept.url.removeprefix("?"),
        as_json(dict(kept.headers)),
        kept.body,
        told.event,
        told.status,
        as_json(told.problem),
        as_json(told.said),
        as_json(told.calls),
    )


def as_json(value: Any) -> str | None:
    """A value as an array of jsonb takes it."""
    return None if value is None else orjson.dumps(value).decode()


async def empty_erased(connection: Connection, account_id: int, told: dict[int, ParsedDelivery]) -> None:
    """Empty those of these deliveries, by their ids, that tell of somebody who was erased."""
    calls = [(delivery, one.hook.code, call) for delivery, one in told.items() for call in one.told.calls]
    numbers = [(delivery, number) for delivery, one in told.items() for number in _numbers(one.told)]
    columns = (*_columns(calls, 3), *_columns(numbers, 2))
    await connection.execute(_SQL["empty_erased"], account_id, *columns)


def _columns(rows: list[Any], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _numbers(told: ParseResult) -> set[str]:
    said = (row.get(name) for entry in told.entries for _, row in entry.observations for name in _NUMBERS)
    return {number for number in said if number is not None and is_number(number)}


_NUMBERS = ("to_number", "from_number")


def _name(one: ParsedDelivery) -> _Name:
    return one.hook.id, one.key


def _counted(one: ParsedDelivery, *, new: bool) -> tuple[int, date, str, str]:
    if not new:
        return one.hook.id, one.kept.received_at.date(), "repeated", ""
    return counted_as(one.hook.id, one.kept.received_at, one.told.status, one.told.event)


def counted_as(hook_id: int, received_at: datetime, status: str, event: str) -> tuple[int, date, str, str]:
    """Under what a delivery is counted."""
    return hook_id, received_at.date(), status, event if status == "unknown" else ""


def _refused(one: ParsedDelivery) -> ParsedDelivery:
    told = ParseResult(
        one.told.event, "rejected", problem=problem(InvalidItem("The ledger cannot hold a value of this."))
    )
    return replace(one, told=told)

"""The configured items of one account: campaigns, sources, agents, disposition codes and tracking numbers.

The API and the pages write them through the same function. It refuses a merge that reports could not follow, and a
change of a version that the author never saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, cast

import asyncpg

from service.accounts.accounts import Account, Accounts
from service.errors import Fault, InvalidItem, NotFound
from service.ingest.capture import Codes, lock_account, store, store_bisecting
from service.ingest.configuration import Configured, Mergeable
from service.ingest.configured.authors import Change, sign
from service.ingest.fields import Item
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt, Status
from service.ingest.resources import Sender
from service.platform.db import Connection, Pool, account_transaction
from sql import load

_QUERIES = load("configuration")

_Stored = dict[str, asyncpg.Record]


@dataclass(frozen=True)
class ConfiguredItems:
    """Reads and writes the configured items of one account."""

    pool: Pool
    accounts: Accounts
    account_id: int

    async def list_items(
        self,
        configured: Configured,
        *,
        key: str | None = None,
        confirmed: bool | None = None,
        after: str = "",
        limit: int,
    ) -> list[dict[str, Any]]:
        """Items in the order of their keys, each as its document."""
        query = _QUERIES[f"list_{configured.fact.table}"]
        async with account_transaction(self.pool, self.account_id, readonly=True) as connection:
            rows = await connection.fetch(query, self.account_id, key, confirmed, after, limit)
        return [dict(row) for row in rows]

    async def read(self, configured: Configured, key: str) -> dict[str, Any]:
        """One item as its document. Raises NotFound."""
        items = await self.list_items(configured, key=key, limit=1)
        if not items:
            raise no_such_item(configured)
        return items[0]

    async def put(
        self, configured: Configured, key: str, form: Item, change: Change, added: Mapping[str, Any] | None = None
    ) -> Status:
        """Write a new version of an item, with its author. Raises InvalidItem and ChangedMeanwhile.

        added: the columns that the form does not have, unless they are as usual.
        """
        account = await self.accounts.get(self.account_id)
        resource = configured.resource(key, **(configured.added if added is None else added))
        entry = Entry(0, resource, key, tuple(resource.observe(form, Sender.of(account))))
        write = partial(_write, configured, form, change)
        [receipt] = await store_bisecting(self.pool, account, [entry], write, _refuse)
        self.accounts.forget(self.account_id)
        return receipt.status


def no_such_item(configured: Configured) -> NotFound:
    """The error for a key that the account does not have."""
    return NotFound(f"There is none of that name among the {configured.path.replace('-', ' ')}.")


async def _write(
    configured: Configured,
    form: Item,
    change: Change,
    connection: Connection,
    account: Account,
    entries: Sequence[Entry],
) -> tuple[list[Receipt], Codes]:
    """Check and store one item in the connection's transaction, and sign the new version."""
    account_id, key = account.account_id, cast("str", entries[0].external_id)
    await lock_account(connection, account_id, [configured.fact])
    target = form.merged_into if isinstance(form, Mergeable) else None
    stored = await _lock_stored(connection, account_id, configured, [key, *([target] if target else [])])
    change.check_seen(stored[key]["recorded_at"] if key in stored else None)
    if target is not None:
        await _check_merge(connection, account_id, configured, key, target, stored)
    receipts, codes = await store(connection, account, entries)
    if receipts[0].status != "unchanged":
        written = await _lock_stored(connection, account_id, configured, [key])
        await sign(connection, account_id, change, configured.path, key, written[key]["recorded_at"])
    return receipts, codes


async def _lock_stored(connection: Connection, account_id: int, configured: Configured, keys: Sequence[str]) -> _Stored:
    """The current versions of some items, which no other transaction changes until this one ends."""
    merged_into = "merged_into" if issubclass(configured.form, Mergeable) else "NULL::text AS merged_into"
    statement = f"""
        SELECT {configured.key} AS key, {merged_into}, recorded_at
        FROM {configured.fact.table}
        WHERE account_id = $1 AND {configured.key} = ANY($2::text[])
        ORDER BY {configured.key}
        FOR UPDATE"""  # noqa: S608  our own names
    return {row["key"]: row for row in await connection.fetch(statement, account_id, keys)}


async def _check_merge(
    connection: Connection, account_id: int, configured: Configured, code: str, target: str, stored: _Stored
) -> None:
    """Refuse a merge into an unknown code, or a chain of merges: reports follow one step. Raises InvalidItem."""
    message = (
        "is the code itself"
        if target == code
        else "is not known"
        if target not in stored
        else "is itself merged into another code"
        if stored[target]["merged_into"] is not None
        else "cannot be: other codes are merged into this one"
        if await connection.fetchval(_QUERIES["is_merged_into"], account_id, configured.fact.table, code)
        else None
    )
    if message:
        raise InvalidItem(faults=(Fault("/merged_into", message),))


def _refuse(_entry: Entry) -> NoReturn:
    raise InvalidItem("The ledger cannot store a value of this item.")

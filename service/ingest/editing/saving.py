"""Saving one configured item as a person edits it: a change that the person has not seen is never overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from service.accounts.accounts import Account
from service.errors import ChangedMeanwhile
from service.ingest.capture import lock_account, store
from service.ingest.fields import Item
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt, Status
from service.ingest.resources import Observation, Resource, Sender
from service.platform.db import Connection, Pool, account_transaction, acquire
from sql import load
from sql.facts import RUNNING_COSTS, SPEND, Fact

_TRAIL = load("audit_log")

# The versions of an item that people are shown, and may go back to.
MOST_VERSIONS = 50
_REPLACED = "NULLIF(superseded_at, 'infinity') AS superseded_at"
# Who made a version, as the audit log names them; null for rows that dialers and files sent.
_AUTHOR = """(
        SELECT CASE l.actor
            WHEN 'user' THEN l.name
            WHEN 'key' THEN 'key ' || COALESCE(NULLIF(k.name, ''), l.name)
            WHEN 'command' THEN 'a command'
        END
        FROM audit_log l
        LEFT JOIN api_keys k ON k.account_id = l.account_id AND k.prefix = l.name
        WHERE l.account_id = $1 AND l.recorded_at = v.recorded_at AND l.resource = '{resource}'
        ORDER BY l.id
        LIMIT 1
    ) AS author"""
# Tables whose changes no trigger writes into the audit log: most of their rows come from programs.
_UNWATCHED = (SPEND, RUNNING_COSTS)
_MOMENT = timedelta(milliseconds=1)


async def save(
    pool: Pool, account: Account, resource: Resource, form: Item, *, seen: datetime | None, correcting: bool = False
) -> Status:
    """Save an item in place of the version that a person saw; without one, the item must be new.

    correcting: the item is an observation, and its new values replace those known of it. Raises ChangedMeanwhile.
    """
    [receipt] = await save_all(pool, account, resource, [(form, seen)], correcting=correcting)
    return receipt.status


async def save_all(
    pool: Pool,
    account: Account,
    resource: Resource,
    items: Sequence[tuple[Item, datetime | None]],
    *,
    correcting: bool = False,
) -> list[Receipt]:
    """Save items, all or none, each in place of the version that a person saw. Raises ChangedMeanwhile."""
    sender = Sender.of(account)
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, exclusive=True)
        entries: list[Entry] = []
        for place, (form, seen) in enumerate(items):
            observations = tuple(resource.observe(form, sender))
            known = await _known(connection, account.account_id, *observations[0])
            if (known["recorded_at"] if known else None) != seen:
                raise ChangedMeanwhile
            if correcting and known:
                observations = _now_known(observations, known)
            entries.append(Entry(place, resource, getattr(form, "external_id", None), observations))
        receipts, codes = await store(connection, account, entries)
        await _record(connection, account.account_id, resource, receipts)
    account.remember(codes)
    return receipts


async def _record(connection: Connection, account_id: int, resource: Resource, receipts: Sequence[Receipt]) -> None:
    """Write the changes into the audit log, unless a trigger does; rows that were saved together are one entry."""
    changed = [receipt for receipt in receipts if receipt.status != "unchanged"]
    if resource.fact in _UNWATCHED and changed:
        action = "create" if changed[0].status == "created" else "change"
        subject = (changed[0].external_id or "") if len(changed) == 1 else str(len(changed))
        await connection.execute(_TRAIL["record"], account_id, action, resource.path, subject)


async def known_items(
    pool: Pool, account: Account, resource: Resource, items: Sequence[Item]
) -> list[dict[str, Any] | None]:
    """The stored row of each item; None for a new one."""
    sender = Sender.of(account)
    async with account_transaction(pool, account.account_id, readonly=True) as connection:
        return [
            await _known(connection, account.account_id, *next(iter(resource.observe(form, sender)))) for form in items
        ]


async def versions_of(pool: Pool, account_id: int, fact: Fact, key: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The versions of one item, the newest first: its columns, recorded_at, author, and superseded_at if replaced.

    key: the columns that name it; some of them name several items.
    """
    columns = ", ".join((*fact.key, *fact.observed, "recorded_at", _REPLACED, _author(fact)))
    same = _same(key)
    statement = (
        f"SELECT {columns} FROM {fact.table}_versions v"  # noqa: S608  names of our own
        f" WHERE account_id = $1 AND {same} ORDER BY recorded_at DESC LIMIT {MOST_VERSIONS}"
    )
    async with account_transaction(pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(statement, account_id, *key.values())
    return [dict(row) for row in rows]


async def _known(connection: Connection, account_id: int, fact: Fact, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The stored row that an observation is about, if there is one."""
    known = await connection.fetchrow(
        f"SELECT * FROM {fact.table} WHERE account_id = $1 AND {_same(fact.key)}",  # noqa: S608  names of our own
        account_id,
        *(row[column] for column in fact.key),
    )
    return dict(known) if known else None


def _author(fact: Fact) -> str:
    return _AUTHOR.format(resource=fact.table.replace("_", "-"))


def _same(columns: Iterable[str]) -> str:
    return " AND ".join(f"{column} = ${place}" for place, column in enumerate(columns, start=2))


def _now_known(observations: Iterable[Observation], known: Mapping[str, Any]) -> tuple[Observation, ...]:
    """The observations as of now, or as of a moment after the known one: costs may be known ahead of their days."""
    known_at: datetime = max(datetime.now(UTC), known["observed_at"] + _MOMENT)
    return tuple((fact, row | {"observed_at": known_at}) for fact, row in observations)

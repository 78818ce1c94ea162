"""Whose a tracking number is: assigning it, correcting that, and attributing its calls again."""

from datetime import datetime

import asyncpg

from service.accounts.accounts import Account
from service.errors import AlreadyAssigned, Fault, NotFound
from service.ingest.capture import attribute_again, lock_account, store
from service.ingest.configuration import ASSIGNMENT, Assignment
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt
from service.ingest.resources import Row
from service.platform.db import Connection, Pool, acquire
from sql import load
from sql.facts import ASSIGNMENTS

_QUERIES = load("configuration")


async def assign(pool: Pool, account: Account, number: str, assignment: Assignment) -> Receipt:
    """Give a number an owner from a moment on; one that starts at the same moment is corrected.

    An owner who had the number until further notice has it until then. Raises AlreadyAssigned where the number has
    another owner in that time. Calls of the number are attributed again, all in one transaction.
    """
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        await connection.execute(_QUERIES["mention_tracking_number"], account.account_id, number)
        for row in await _overlapping(connection, account, number, assignment):
            if row["to_at"] is not None or row["from_at"] > assignment.from_at:
                raise AlreadyAssigned(_explain(row))
            await _keep(connection, account, dict(row) | {"number": number, "to_at": assignment.from_at})
        return await _keep(connection, account, assignment.model_dump() | {"number": number})


async def unassign(pool: Pool, account: Account, number: str, from_at: datetime) -> None:
    """Take back an assignment made in error; its calls are attributed as if it had never been. Raises NotFound."""
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        if await connection.fetchval(_QUERIES["drop_assignment"], account.account_id, number, from_at) is None:
            raise NotFound("No assignment of this number starts at that moment.", (Fault("from_at", "is not known"),))
        await attribute_again(connection, account.account_id, number)


async def _overlapping(
    connection: Connection, account: Account, number: str, assignment: Assignment
) -> list[asyncpg.Record]:
    query = _QUERIES["overlapping_assignments"]
    return await connection.fetch(query, account.account_id, number, assignment.from_at, assignment.to_at)


async def _keep(connection: Connection, account: Account, row: Row) -> Receipt:
    entry = Entry(0, ASSIGNMENT.resource(row["number"]), row["number"], ((ASSIGNMENTS, row),))
    receipts, _ = await store(connection, account, [entry])
    return receipts[0]


def _explain(row: asyncpg.Record) -> str:
    until = row["to_at"].isoformat() if row["to_at"] else "further notice"
    owner = row["campaign"] or row["source"] or row["agent"] or "someone"
    return f"The number is {owner}'s from {row['from_at'].isoformat()} until {until}; a number has one owner at a time."

"""Tracking number assignments: assign a number, correct an assignment, and attribute the number's calls again."""

from datetime import datetime

import asyncpg

from service.accounts.accounts import Account
from service.errors import AlreadyAssigned, Fault, NotFound
from service.ingest.capture import lock_account, reattribute_calls, store
from service.ingest.configuration import ASSIGNMENT, Assignment
from service.ingest.parsing import Entry
from service.ingest.receipts import Receipt
from service.ingest.resources import Row
from service.platform.db import Connection, Pool, acquire
from sql import load
from sql.facts import ASSIGNMENTS

_QUERIES = load("configuration")


async def assign(pool: Pool, account: Account, number: str, assignment: Assignment) -> Receipt:
    """Assign a tracking number from a time on; an assignment with the same start is corrected.

    An open-ended earlier assignment ends at that time. Raises AlreadyAssigned if another holder has the number in the
    same period. The number's calls are attributed again in the same transaction.
    """
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        await connection.execute(_QUERIES["mention_tracking_number"], account.account_id, number)
        for row in await _overlapping(connection, account, number, assignment):
            if row["to_at"] is not None or row["from_at"] > assignment.from_at:
                raise AlreadyAssigned(_describe_holder(row))
            await _store_assignment(connection, account, dict(row) | {"number": number, "to_at": assignment.from_at})
        return await _store_assignment(connection, account, assignment.model_dump() | {"number": number})


async def unassign(pool: Pool, account: Account, number: str, from_at: datetime) -> None:
    """Remove an assignment made in error; calls are attributed as if it had never existed. Raises NotFound."""
    async with acquire(pool) as connection, connection.transaction():
        await lock_account(connection, account.account_id, (ASSIGNMENTS,))
        if await connection.fetchval(_QUERIES["drop_assignment"], account.account_id, number, from_at) is None:
            raise NotFound("No assignment of this number starts at that time.", (Fault("from_at", "is not known"),))
        await reattribute_calls(connection, account.account_id, [number])


async def _overlapping(
    connection: Connection, account: Account, number: str, assignment: Assignment
) -> list[asyncpg.Record]:
    query = _QUERIES["overlapping_assignments"]
    return await connection.fetch(query, account.account_id, number, assignment.from_at, assignment.to_at)


async def _store_assignment(connection: Connection, account: Account, row: Row) -> Receipt:
    entry = Entry(0, ASSIGNMENT.resource(row["number"]), row["number"], ((ASSIGNMENTS, row),))
    receipts, _ = await store(connection, account, [entry])
    return receipts[0]


def _describe_holder(row: asyncpg.Record) -> str:
    until = row["to_at"].isoformat() if row["to_at"] else "further notice"
    holder = row["campaign"] or row["source"] or row["agent"] or "another holder"
    return (
        f"The number is assigned to {holder} from {row['from_at'].isoformat()} until {until}."
        " A number has one holder at a time."
    )

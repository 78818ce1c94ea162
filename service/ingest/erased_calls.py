"""Calls that turn out to be an erased person's: what came before their number or lead was known is emptied."""

from collections.abc import Collection, Sequence

import asyncpg

from service.ingest.erased_comments import empty_comments, empty_merged_comments
from service.platform.db import Connection
from sql import load
from sql.erased import ERASED_CALLS, ERASED_LEADS
from sql.facts import LEADS, Fact

_SQL = load("erased_calls")


async def empty_merged(connection: Connection, account_id: int, fact: Fact) -> None:
    """Empty the calls, leads and customers of a stage that are an erased person's, once its rows are merged."""
    if fact in ERASED_LEADS:
        leads = [row["lead"] for row in await connection.fetch(ERASED_LEADS[fact], account_id)]
        if not leads:
            return
        if fact is LEADS:
            await connection.execute(_SQL["empty_leads"], account_id, leads)
            await empty_comments(connection, account_id, ([], []), leads)
        await connection.execute(_SQL["empty_customers"], account_id, leads)
    if fact in ERASED_CALLS:
        await _empty(connection, account_id, await connection.fetch(ERASED_CALLS[fact], account_id))
    await empty_merged_comments(connection, account_id, fact)


async def empty_erased(
    connection: Connection, account_id: int, calls: Collection[tuple[str, str]], leads: Sequence[str]
) -> None:
    """Empty those of some calls, named by dialer and id, that are an erased person's. leads: those being erased now."""
    columns = list(map(list, zip(*sorted(calls), strict=True))) or [[], []]
    await _empty(connection, account_id, await connection.fetch(_SQL["among"], account_id, *columns, leads))


async def _empty(connection: Connection, account_id: int, calls: Sequence[asyncpg.Record]) -> None:
    if not calls:
        return
    columns = [list(column) for column in zip(*calls, strict=True)]
    for name in ("empty_attempts", "empty_inbound", "empty_notes", "empty_deliveries"):
        await connection.execute(_SQL[name], account_id, *columns)
    await empty_comments(connection, account_id, columns)

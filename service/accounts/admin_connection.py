"""The administrator's connection: commands on accounts and keys use it to bypass row-level security."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from service.config import Settings, SetupError, read_settings
from service.platform.actor import current_actor
from service.platform.db import Connection
from service.platform.embedded_server import ledger_url
from sql import load

T = TypeVar("T")

_SQL = load("accounts")


def in_admin_transaction(work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run work in one transaction as the administrator. Starts, creates and migrates the ledger when needed."""

    async def in_transaction(connection: Connection) -> T:
        async with connection.transaction():
            return await work(connection)

    return with_ledger(lambda connection, _: in_transaction(connection))


def with_ledger(work: Callable[[Connection, Settings], Awaitable[T]]) -> T:
    """Run work on the administrator's connection. Starts, creates and migrates the ledger when needed."""
    settings = read_settings()
    with ledger_url(settings) as url:
        return asyncio.run(_connected(url, lambda connection: work(connection, settings)))


async def _connected(url: str, work: Callable[[Connection], Awaitable[T]]) -> T:
    settings = {"application_name": "calltally", "timezone": "UTC", "calltally.actor": current_actor().setting}
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        return await work(connection)
    finally:
        await connection.close()


async def find_account(connection: Connection, code: str) -> int:
    """The id of the account with this code. Raises SetupError with the codes of all accounts."""
    account_id = await connection.fetchval(_SQL["find"], code)
    if account_id is None:
        codes = ", ".join(row["code"] for row in await connection.fetch(_SQL["list"]))
        raise SetupError(f"There is no account {code}; the accounts are: {codes}. Make one: calltally account create")
    return account_id

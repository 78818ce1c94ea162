"""Connections to the ledger: they use the role that row-level security restricts, and one account per transaction."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import asyncpg
import orjson
from asyncpg.pool import PoolAcquireContext, PoolConnectionProxy

from service.errors import LedgerUnavailable
from service.platform.actor import current_actor
from service.platform.reachability import Reachability, is_away

SERVICE_ROLE = "calltally_service"
# The service refuses a request that waits longer for a connection or a lock; the sender can send it again. Senders do
# not wait for ever, and abandoned requests must not pile up.
PATIENCE_SECONDS = 10.0

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
_SCOPE = "SELECT set_config('calltally.account_id', $1, true), set_config('calltally.actor', $2, true)"
Isolation: TypeAlias = Literal["read_committed", "repeatable_read"]


async def prepare_connection(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Convert jsonb to and from Python values."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        format="binary",
    )


def always_usable() -> bool:
    """The ledger of a command: it was migrated before the command's work began."""
    return True


async def open_pool(url: str, *, most: int = 10, is_usable: Callable[[], bool] = always_usable) -> Pool:
    """A pool of sessions that have the service role from the start, with any login in the URL.

    The role is a start-up setting of the session, so RESET ROLE returns to it and not to the login. The pool opens
    without a ledger, and connects when a connection is needed. Acquiring one then raises LedgerUnavailable while the
    ledger is away, or is not usable yet.
    """
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=most,
        connect=_Connect(is_usable, Reachability()),
        init=prepare_connection,
        # Settings last for one transaction only, so a session needs no reset between uses.
        reset=_nothing_to_reset,
        # By default the driver would not keep the long merge of an attempt prepared; each new plan costs 9 ms.
        max_cacheable_statement_size=64 * 1024,
        server_settings={
            "role": SERVICE_ROLE,
            "application_name": "calltally",
            "timezone": "UTC",
            "lock_timeout": f"{round(PATIENCE_SECONDS * 1000)}ms",
        },
    )


@dataclass(frozen=True)
class _Connect:
    """Makes the connections of a pool, and notes whether the ledger is there."""

    is_usable: Callable[[], bool]
    reachability: Reachability

    async def __call__(self, *arguments: Any, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection. Raises LedgerUnavailable while the server is away."""
        if not self.is_usable():
            raise LedgerUnavailable
        try:
            connection = await asyncpg.connect(*arguments, **options)
        except Exception as error:
            if not is_away(error):
                raise
            self.reachability.lost(error)
            raise LedgerUnavailable from error
        self.reachability.reached()
        return connection


async def _nothing_to_reset(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Replace the driver's reset, which sends a query to the server after every use of a connection."""


def acquire(pool: Pool) -> "PoolAcquireContext[asyncpg.Record]":
    """A connection from the pool, as soon as one is free. Raises TimeoutError if the wait is too long."""
    return pool.acquire(timeout=PATIENCE_SECONDS)


@asynccontextmanager
async def account_transaction(
    pool: Pool,
    account_id: int,
    *,
    readonly: bool = False,
    isolation: Isolation = "read_committed",
) -> AsyncGenerator[Connection]:
    """A transaction on a pooled connection that sees and writes only this account's rows."""
    async with (
        acquire(pool) as connection,
        scoped_transaction(connection, account_id, readonly=readonly, isolation=isolation),
    ):
        yield connection


async def name_actor(connection: Connection) -> None:
    """Name the actor anew in the middle of a transaction: the person who has just proven who they are."""
    await connection.execute("SELECT set_config('calltally.actor', $1, true)", current_actor().setting)


@asynccontextmanager
async def scoped_transaction(
    connection: Connection, account_id: int, *, readonly: bool, isolation: Isolation
) -> AsyncGenerator[None]:
    """A transaction that sees and writes only this account's rows; the audit log names its actor."""
    async with connection.transaction(isolation=isolation, readonly=readonly):
        await connection.execute(_SCOPE, str(account_id), "" if readonly else current_actor().setting)
        yield

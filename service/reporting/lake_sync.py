"""Bringing the copies of an account up to date, on a schedule or on command: its lake, and the store of this machine.

Of the processes of a machine, one at a time does so. Of several machines with one lake, one at a time writes the lake,
and each writes its own store.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

import structlog
from deltalake.exceptions import CommitFailedError, DeltaError
from polars.exceptions import PolarsError

from reports.query.stored.call_sync import clear_copies, sync_store
from reports.store.doubts import EngineError
from reports.store.file_lock import alone
from reports.store.lake import Lake, UnreadableCopyError
from reports.store.sync import Progress, SyncedTable, clear, no_progress, sync
from service.platform.background import repeated
from service.platform.db import Connection, Pool, acquire
from service.reporting.last_fault import Copy, note_fault, reason_of
from service.reporting.snapshots import OpenSnapshot, open_snapshot
from sql import load

_SQL = load("lake")
_log = structlog.stdlib.get_logger(__name__)
# What a copy raises that cannot be written.
_FAULTS = (OSError, DeltaError, PolarsError, EngineError, UnreadableCopyError)
# The store is brought up to date so often, if the pause is at least so many times as long as the work.
_STORE_SECONDS, _REST = 5.0, 4.0
_Sync: TypeAlias = Callable[[Connection, Lake, int], Awaitable[list[SyncedTable] | None]]
# These are no faults of a copy: the ledger is away, or another program wrote to the lake.
_OTHERS = (ConnectionError, TimeoutError, CommitFailedError)


async def sync_account(
    connection: Connection,
    lake: Lake,
    account_id: int,
    progress: Progress = no_progress,
    *,
    rebuild: bool = False,
    thorough: bool = False,
    wait: bool = False,
) -> list[SyncedTable] | None:
    """Bring an account's lake and store up to date, and delete their obsolete files.

    The connection is in no transaction. While another machine writes the lake, only the store is brought up to date.
    None if another process does all of it; wait: wait for it, then begin. thorough: check the content of every file.
    Raises CommitFailedError if a program without the lock of the lake has written to it meanwhile.
    """
    turn = _Turn(connection, lake, account_id, progress, rebuild, thorough)
    async with _alone_on_this_machine(lake, account_id, wait=wait) as is_alone:
        if not is_alone:
            return None
        async with _locked(connection, account_id, wait=wait) as is_locked:
            done = await turn.sync_lake() if is_locked else []
        return [*done, *await turn.sync_store()] if is_locked or lake.cache else None


def _alone_on_this_machine(lake: Lake, account_id: int, *, wait: bool) -> AbstractAsyncContextManager[bool]:
    """Keep the other processes of this machine out. Without a store, there is nothing to protect from them."""
    if lake.cache is None:
        return nullcontext(enter_result=True)
    return alone(lake.cache / str(account_id) / "lock", wait=wait)


@asynccontextmanager
async def _locked(connection: Connection, account_id: int, *, wait: bool) -> AsyncGenerator[bool]:
    """The lock of the lake, for all machines. False if another one has it; wait: wait for it."""
    is_locked = await connection.fetchval(_SQL["lock" if wait else "try_lock"], account_id) is not False
    try:
        yield is_locked
    finally:
        if is_locked:
            await connection.execute(_SQL["unlock"], account_id)


@dataclass(frozen=True)
class _Turn:
    """The sync of one account."""

    connection: Connection
    lake: Lake
    account_id: int
    progress: Progress
    rebuild: bool
    thorough: bool

    async def sync_lake(self) -> list[SyncedTable]:
        """Bring the lake up to date. If it cannot be, the store still is, before the fault is raised."""
        try:
            with self._noted("lake"):
                return await self._sync_lake()
        except _FAULTS:
            await self.sync_store()
            raise

    async def _sync_lake(self) -> list[SyncedTable]:
        async with self._snapshot() as snapshot:
            erased = await self._erased_recently()
            done = await sync(snapshot.ledger, self.lake, self.progress, rebuild=self.rebuild, thorough=self.thorough)
        if erased or any(table.rows for table in done):
            await asyncio.to_thread(clear, self.lake, self.account_id, at_once=erased)
        return done

    async def sync_store(self) -> list[SyncedTable]:
        """Bring the store of this machine up to date."""
        with self._noted("store"):
            async with self._snapshot() as snapshot:
                erased = await self._erased_recently()
                done = await sync_store(
                    snapshot.ledger, self.lake, self.progress, rebuild=self.rebuild, thorough=self.thorough
                )
            await asyncio.to_thread(clear_copies, self.lake, self.account_id, at_once=erased)
        return done

    def _snapshot(self) -> AbstractAsyncContextManager[OpenSnapshot]:
        return open_snapshot(nullcontext(self.connection), self.account_id)

    async def _erased_recently(self) -> bool:
        return await self.connection.fetchval(_SQL["erased_recently"], self.account_id)

    @contextmanager
    def _noted(self, copy: Copy) -> Generator[None]:
        """Note the fault of a copy for the operator."""
        try:
            yield
        except _FAULTS as error:
            if not isinstance(error, _OTHERS):
                note_fault(self.lake, self.account_id, copy, error)
            raise


def lake_sync(pool: Pool, lake: Lake, seconds: float) -> AbstractAsyncContextManager[None]:
    """Bring the lake and the store of every account up to date at this interval until the block ends; never with 0.

    Reports do without them while they cannot be brought up to date. A log line says so once for each reason.
    """
    failures: dict[int, str] = {}
    return repeated(
        lambda: _sync_all(pool, lake, failures, sync_account),
        seconds=seconds,
        failure="the lake and the store could not be brought up to date",
    )


def store_sync(pool: Pool, lake: Lake, seconds: float) -> AbstractAsyncContextManager[None]:
    """Bring the store of this machine up to date every few seconds until the block ends, between updates of the lake.

    seconds: the interval of the lake; never with 0. It rests four times as long as it works.
    """
    failures: dict[int, str] = {}
    return repeated(
        lambda: _sync_all(pool, lake, failures, sync_store_alone),
        seconds=min(seconds, _STORE_SECONDS) if lake.cache else 0,
        rest=_REST,
        failure="the store could not be brought up to date",
    )


async def sync_store_alone(connection: Connection, lake: Lake, account_id: int) -> list[SyncedTable] | None:
    """Bring the store of this machine up to date, and not the lake. None if another process does so."""
    turn = _Turn(connection, lake, account_id, no_progress, rebuild=False, thorough=False)
    async with _alone_on_this_machine(lake, account_id, wait=False) as is_alone:
        return await turn.sync_store() if is_alone else None


async def _sync_all(pool: Pool, lake: Lake, failures: dict[int, str], sync_one: _Sync) -> None:
    """Sync every account. failures: the reason of the last failure by account, until the account succeeds."""
    async with acquire(pool) as connection:
        for row in await connection.fetch(_SQL["accounts"]):
            account_id: int = row["account_id"]
            try:
                await _sync_logged(connection, lake, account_id, sync_one)
                failures.pop(account_id, None)
            except CommitFailedError:
                _log.warning("another program wrote to the lake", account=account_id)
            except _FAULTS as error:
                if isinstance(error, ConnectionError | TimeoutError):
                    raise
                _log_once(failures, account_id, error)


def _log_once(failures: dict[int, str], account_id: int, error: BaseException) -> None:
    reason = reason_of(error)
    if failures.get(account_id) != reason:
        failures[account_id] = reason
        file = getattr(error, "filename", None)
        _log.warning(
            "the lake or the store could not be brought up to date", account=account_id, reason=reason, file=file
        )


async def _sync_logged(connection: Connection, lake: Lake, account_id: int, sync_one: _Sync) -> None:
    begun = perf_counter()
    done = await sync_one(connection, lake, account_id)
    rows = sum(table.rows for table in done or ())
    if rows:
        ms = round((perf_counter() - begun) * 1000)
        _log.info("copies are up to date", account=account_id, rows=rows, ms=ms)

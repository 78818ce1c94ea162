"""One snapshot of an account: all rows from the ledger and from the lake are of the same moment."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass

from reports.query.parameters import InvalidRequest
from reports.query.stored.call_sync import open_copies
from reports.store.copies import Copies
from reports.store.doubts import panics_as_errors
from reports.store.lake import Lake
from reports.store.ledger import Ledger
from service.errors import Fault, InvalidParameter
from service.platform.db import Connection, scoped_transaction


@dataclass(frozen=True)
class OpenSnapshot:
    """A read-only transaction of one account, with its ledger and the copies of it."""

    connection: Connection
    ledger: Ledger
    copies: Copies


@asynccontextmanager
async def open_snapshot(
    connection: AbstractAsyncContextManager[Connection], account_id: int, lake: Lake | None = None
) -> AsyncGenerator[OpenSnapshot]:
    """Open a snapshot of an account as it is now, until the block ends.

    connection: `acquire(pool)`, or `nullcontext(connection)` for an open connection outside any transaction.
    lake: None reads the ledger alone. Raises InvalidParameter for parameters that the block cannot use, and EngineError
    for a panic of the engine.
    """
    # Copies open first, so they never hold more than the snapshot.
    copies = await asyncio.to_thread(open_copies, lake, account_id) if lake else Copies()
    async with (
        connection as connected,
        scoped_transaction(connected, account_id, readonly=True, isolation="repeatable_read"),
    ):
        with as_invalid_parameters(), Ledger(connected, account_id) as ledger, panics_as_errors():
            yield OpenSnapshot(connected, ledger, copies)


@contextmanager
def as_invalid_parameters() -> Generator[None]:
    """Let faults in the parameters of a report be answered as such. Raises InvalidParameter."""
    try:
        yield
    except InvalidRequest as error:
        faults = tuple(Fault(fault.parameter, fault.message) for fault in error.faults)
        raise InvalidParameter(faults=faults) from None

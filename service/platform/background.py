"""Background work: repeats at an interval for as long as the service runs."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter

import asyncpg
import structlog

from service.errors import LedgerUnavailable

_log = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def repeated(
    work: Callable[[], Awaitable[object]],
    *,
    seconds: float,
    failure: str,
    rest: float = 0,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncGenerator[None]:
    """Run work at once, and again a number of seconds after each run ends, until the block ends. 0 seconds: never.

    rest: the pause is at least so many times as long as the run. An error is logged as `failure`, and the next run
    follows as usual. A ledger that is away is no news: the pool of connections logs it. The end of the block cancels a
    current run and waits for it. pause: waits for a number of seconds.
    """
    if not seconds:
        yield
        return

    async def paused(took: float) -> None:
        await pause(max(seconds, rest * took))

    task = asyncio.create_task(_repeat(work, failure, paused))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(
    work: Callable[[], Awaitable[object]], failure: str, paused: Callable[[float], Awaitable[object]]
) -> None:
    while True:
        begun = perf_counter()
        try:
            await work()
        except (LedgerUnavailable, ConnectionError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError):
            _log.debug(failure, reason="the ledger is away")
        except TimeoutError:
            _log.warning(failure, reason="the ledger is busy")
        except Exception:  # noqa: BLE001  after any error, the next run may succeed
            _log.exception(failure)
        await paused(perf_counter() - begun)

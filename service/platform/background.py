"""Work in the background: every so many seconds, for as long as the service runs."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

_log = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def repeated(
    work: Callable[[], Awaitable[object]],
    *,
    seconds: float,
    failure: str,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncGenerator[None]:
    """Do some work at once and again so many seconds after it ended, until the block ends; never with 0 seconds.

    An error is logged as `failure`, and the next turn comes as usual. A turn under way is cancelled at the end of the
    block, which waits for it. pause: waits for so many seconds.
    """
    if not seconds:
        yield
        return
    task = asyncio.create_task(_repeat(work, seconds, failure, pause))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(
    work: Callable[[], Awaitable[object]], seconds: float, failure: str, pause: Callable[[float], Awaitable[object]]
) -> None:
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001  whatever it is, the next turn may be better
            _log.exception(failure)
        await pause(seconds)

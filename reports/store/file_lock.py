"""A lock between the processes of one machine, held with a file. It ends with its process, however that ends."""

import asyncio
import fcntl
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from reports.store.durable import make_folder

_TRY_AGAIN_AFTER = 0.2  # seconds


@asynccontextmanager
async def alone(path: Path, *, wait: bool) -> AsyncGenerator[bool]:
    """Keep other processes out until the block ends. False if another one is inside; wait: wait until it has left.

    path: the file of the lock; its folder is made. Where no such file can be made, nothing else can be written either,
    and the block is alone.
    """
    with ExitStack() as stack:
        try:
            make_folder(path.parent)
            number = stack.enter_context(path.open("w")).fileno()
        except OSError:
            yield True
            return
        while not (is_alone := _locks(number)) and wait:  # noqa: ASYNC110  the other one is another process
            await asyncio.sleep(_TRY_AGAIN_AFTER)
        yield is_alone


def _locks(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

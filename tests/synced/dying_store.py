"""A process that makes a store and is killed before it flushes something: url, account, lake, cache, kind, what, turn.

kind: of the rows, by the folder. what: a part of the file's name, or `folder` for the folder itself. turn: which time.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg

from reports.store.lake import Lake
from reports.store.ledger import Ledger
from tests.lake import sync_copies


def die_at(kind: str, what: str, turn: int) -> None:
    """Be killed before the n-th flush of such a file."""
    flush, turns = os.fsync, 0

    def dying(number: int) -> None:
        nonlocal turns
        path = Path(f"/proc/self/fd/{number}").readlink()
        version = path if what == "folder" else path.parent
        turns += version.parent.name == kind and (path.is_dir() if what == "folder" else what in path.name)
        if turns == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        flush(number)

    os.fsync = dying


async def main(url: str, account: str, root: str, cache: str) -> None:
    """Never comes back."""
    owner = await asyncpg.connect(url)
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, int(account)) as ledger:
            await sync_copies(ledger, Lake(root, Path(cache)))


die_at(sys.argv[5], sys.argv[6], int(sys.argv[7]))
asyncio.run(main(*sys.argv[1:5]))

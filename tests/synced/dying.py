"""A process that brings a lake up to date and is killed at one step: url, account, root of the lake, table, step."""

import asyncio
import os
import signal
import sys

import asyncpg

from reports.store.lake import Lake
from reports.store.ledger import Ledger
from reports.store.sync import Step, sync


async def main(url: str, account: str, root: str, table: str, fatal: str) -> None:
    """Never comes back."""

    def die(name: str, step: Step, _done: int, _total: int) -> None:
        if (name, step) == (table, fatal):
            os.kill(os.getpid(), signal.SIGKILL)

    owner = await asyncpg.connect(url)
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        with Ledger(owner, int(account)) as ledger:
            await sync(ledger, Lake(root), die)


asyncio.run(main(*sys.argv[1:]))

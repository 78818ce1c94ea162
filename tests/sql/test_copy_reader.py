"""Rows come out of PostgreSQL a block at a time, in order, and whatever goes wrong leaves the connection usable."""

import asyncio

import pytest

from reports.store.copy_reader import CopyReader
from tests.conftest import Owner

ROWS = 20_000
# More than a socket hands over at once, however long no one has read from it.
MANY_ROWS = 300_000
STATEMENT = "SELECT generate_series(1, $1::integer)"
BLOCK = 10_000


class Taker:
    """Keeps the blocks that it takes."""

    def __init__(self) -> None:
        self.blocks: list[list[int]] = []

    async def take(self, block: list[int]) -> None:
        self.blocks.append(block)

    @property
    def rows(self) -> list[int]:
        return [row for block in self.blocks for row in block]


def parse(block: bytes) -> list[int]:
    return [int(line) for line in block.splitlines()]


async def read(owner: Owner, reader: "CopyReader[list[int]]", rows: int = ROWS) -> None:
    async with owner.transaction(readonly=True):
        await reader.read(owner, STATEMENT, [rows])


async def usable(owner: Owner) -> bool:
    return await owner.fetchval("SELECT 1") == 1


@pytest.mark.parametrize(("rows", "least_blocks"), [(0, 0), (1, 1), (MANY_ROWS, 2)])
async def test_every_row_is_taken_once_and_in_order(owner: Owner, rows: int, least_blocks: int) -> None:
    taker = Taker()
    await read(owner, CopyReader(parse, taker.take, BLOCK), rows)
    assert taker.rows == list(range(1, rows + 1))
    assert len(taker.blocks) >= least_blocks


async def test_an_error_in_the_thread_is_raised_after_the_last_row(owner: Owner) -> None:
    taker = Taker()

    def fail(block: bytes) -> list[int]:
        rows = parse(block)
        if taker.blocks:
            raise ZeroDivisionError
        return rows

    for _ in range(10):
        taker.blocks.clear()
        with pytest.raises(ZeroDivisionError):
            await read(owner, CopyReader(fail, taker.take, BLOCK))
        assert taker.rows == list(range(1, len(taker.rows) + 1))
    assert await usable(owner)


async def test_nothing_more_is_read_when_a_taker_refuses(owner: Owner) -> None:
    refused = 0

    async def refuse(_block: list[int]) -> None:
        nonlocal refused
        refused += 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await read(owner, CopyReader(parse, refuse, BLOCK), 50 * ROWS)
    assert refused == 1
    assert await usable(owner)


async def test_a_reader_that_is_cancelled_leaves_the_connection_usable(owner: Owner) -> None:
    for _ in range(10):
        started = asyncio.Event()

        async def take(_block: list[int], started: asyncio.Event = started) -> None:
            started.set()

        # So many rows that it is cancelled while it reads, and not in the commit after.
        reading = asyncio.create_task(read(owner, CopyReader(parse, take, BLOCK), MANY_ROWS))
        await started.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    assert await usable(owner)

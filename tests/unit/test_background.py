"""Work in the background comes again and again, survives its errors, and ends with the block."""

import asyncio

import pytest
from structlog.testing import capture_logs

from service.platform.background import repeated


class Clock:
    """Waits until the test lets the time pass, and notes how long each wait was to be."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.waiting = asyncio.Event()
        self._over = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.waiting.set()
        await self._over.wait()
        self._over.clear()

    async def turn(self) -> None:
        """Wait until the work is done and the pause begins."""
        await self.waiting.wait()
        self.waiting.clear()

    async def next_turn(self) -> None:
        """Let the pause end, and wait for the next."""
        self._over.set()
        await self.turn()


async def test_the_work_is_done_at_once_and_after_every_pause() -> None:
    clock, done = Clock(), list[int]()

    async def work() -> None:
        done.append(len(done))

    async with repeated(work, seconds=30, failure="it failed", pause=clock.pause):
        await clock.turn()
        assert done == [0]
        await clock.next_turn()
        await clock.next_turn()
    assert (done, clock.waits) == ([0, 1, 2], [30, 30, 30])


async def test_an_error_is_logged_and_the_next_turn_comes_as_usual() -> None:
    clock, turns = Clock(), 0

    async def work() -> None:
        nonlocal turns
        turns += 1
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with repeated(work, seconds=1, failure="it failed", pause=clock.pause):
            await clock.turn()
            await clock.next_turn()
    assert turns == 2
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("it failed", "error")] * 2


async def test_a_turn_under_way_ends_with_the_block() -> None:
    begun, ended = asyncio.Event(), False

    async def work() -> None:
        nonlocal ended
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended = True

    async with repeated(work, seconds=1, failure="it failed"):
        await begun.wait()
        assert not ended
    assert ended


async def test_an_error_of_the_block_is_raised_after_the_work_has_ended() -> None:
    clock = Clock()

    async def work() -> None:
        """Nothing to do."""

    async def fail() -> None:
        async with repeated(work, seconds=1, failure="it failed", pause=clock.pause):
            await clock.turn()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert clock.waits == [1]


async def test_long_work_is_followed_by_a_long_rest() -> None:
    clock = Clock()

    async def work() -> None:
        await asyncio.sleep(0.05)

    async with repeated(work, seconds=0.01, failure="it failed", rest=4, pause=clock.pause):
        await clock.turn()
    assert clock.waits[0] >= 4 * 0.05


async def test_nothing_is_done_with_0_seconds() -> None:
    async def work() -> None:
        raise AssertionError

    async with repeated(work, seconds=0, failure="it failed"):
        await asyncio.sleep(0)

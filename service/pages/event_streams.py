"""Streams of events: so many in a process and no more, and over at once when the process is told to end."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress

from litestar import Litestar

from service.errors import Busy

MOST_STREAMS = 50


class Streams:
    """The streams that one process has open."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most = most
        self._open = 0
        self._over = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the process ends, and with it every stream."""
        return self._over.is_set()

    @contextmanager
    def one(self) -> Generator[None]:
        """Be one of the open streams. Raises Busy when there is no room for another."""
        if self.over or self._open >= self._most:
            raise Busy("As many boards are open as there is room for; come again in a while.")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than the process lasts."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)

    def end(self) -> None:
        """Let every stream end."""
        self._over.set()


def streams_of(app: Litestar) -> Streams:
    """The streams of a running application."""
    return app.state.streams


async def begun(events: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """A stream that has made its first event, so that what is wrong with it from the start has a status of its own."""
    first = await anext(events)

    async def all_of_them() -> AsyncGenerator[str]:
        yield first
        async for event in events:
            yield event

    return all_of_them()


def event(kind: str, text: str) -> str:
    r"""One event as it is sent.

    >>> event("made", "<p>one\ntwo</p>")
    'event: made\ndata: <p>one\ndata: two</p>\n\n'
    """
    return f"event: {kind}\n" + "".join(f"data: {line}\n" for line in text.splitlines() or [""]) + "\n"

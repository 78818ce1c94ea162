"""Server-sent events: a limited number of open streams in a process, all ended when the process stops."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager, suppress

from litestar import Litestar

from service.errors import Busy

MAX_STREAMS = 50


class Streams:
    """The open streams of one process."""

    def __init__(self, limit: int = MAX_STREAMS) -> None:
        self._limit = limit
        self._open = 0
        self._stopping = asyncio.Event()

    @property
    def stopping(self) -> bool:
        """Whether the process stops, and with it every stream."""
        return self._stopping.is_set()

    @contextmanager
    def slot(self) -> Generator[None]:
        """Hold the place of one open stream. Raises Busy when all are taken."""
        if self.stopping or self._open >= self._limit:
            raise Busy("As many boards are open as there is room for; come again in a while.")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def pause(self, seconds: float) -> None:
        """Wait some seconds, but no longer than the process runs."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def end(self) -> None:
        """End every stream."""
        self._stopping.set()


def streams_of(app: Litestar) -> Streams:
    """The streams of a running application."""
    return app.state.streams


async def started(events: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """The same events, with the first already made: an error before it still gets a status of its own."""
    first = await anext(events)

    async def all_events() -> AsyncGenerator[str]:
        yield first
        async for event in events:
            yield event

    return all_events()


def event(kind: str, text: str) -> str:
    r"""One event as it is sent.

    >>> event("made", "<p>one\ntwo</p>")
    'event: made\ndata: <p>one\ndata: two</p>\n\n'
    """
    return f"event: {kind}\n" + "".join(f"data: {line}\n" for line in text.splitlines() or [""]) + "\n"

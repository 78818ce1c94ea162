"""Sharing commits: single posts that arrive together are stored together, each answered after that commit.

A commit costs the same for one item as for a hundred. While one batch is being written the next gathers; nobody waits
for a timer, and a lone post is written at once.
"""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from service.capture import Capture
from service.intake import Entry
from service.receipts import Receipt

# More in one transaction would make the first of them wait for the last without sparing commits worth having.
_MOST = 200
# One batch in the air at a time: whoever comes meanwhile shares the next. Two at a time halve the batches, and a
# batch costs the same whatever it holds.
_FLIGHTS = 1

_Waiting = tuple[Entry, asyncio.Future[Receipt]]


@dataclass
class _Line:
    """The posts of one account that wait to be written."""

    waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    flights: int = 0


class Batcher:
    """Collects the single posts of this process, account by account."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._lines: defaultdict[int, _Line] = defaultdict(_Line)
        self._tasks: set[asyncio.Task[None]] = set()  # the event loop keeps no task alive

    async def offer(self, account_id: int, entry: Entry) -> Receipt:
        """Store one entry; answers when the transaction that holds it is durable, and raises what it raised."""
        line = self._lines[account_id]
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        line.waiting.append((entry, answer))
        if line.flights < _FLIGHTS:
            line.flights += 1
            flight = asyncio.create_task(self._fly(account_id, line))
            self._tasks.add(flight)
            flight.add_done_callback(self._tasks.discard)
        return await answer

    async def _fly(self, account_id: int, line: _Line) -> None:
        while line.waiting:
            batch = [line.waiting.popleft() for _ in range(min(_MOST, len(line.waiting)))]
            try:
                receipts = await self._capture.take(account_id, [entry for entry, _ in batch])
            except Exception as error:  # noqa: BLE001  whatever it is belongs to those who wait for it
                for _, answer in batch:
                    _settle(answer, error)
            else:
                for (_, answer), receipt in zip(batch, receipts, strict=True):
                    _settle(answer, receipt)
        # In the same step that found nobody waiting: who comes next must find room for a flight of its own.
        line.flights -= 1


def _settle(answer: asyncio.Future[Receipt], outcome: Receipt | Exception) -> None:
    """Whoever stopped waiting misses the answer; what was stored stays stored."""
    if answer.done():
        return
    if isinstance(outcome, Receipt):
        answer.set_result(outcome)
    else:
        answer.set_exception(outcome)

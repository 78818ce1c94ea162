"""Sharing commits: what arrives one by one, but together, is stored together, each answered after that commit.

A commit costs the same for one item as for a hundred. While one batch is being written the next gathers; nobody waits
for a timer, and a lone post is written at once.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Outcome = TypeVar("Outcome")

# More in one transaction would make the first of them wait for the last without sparing commits worth having.
_MOST = 200
# One batch in the air at a time: whoever comes meanwhile shares the next. Two at a time halve the batches, and a
# batch costs the same whatever it holds.
_FLIGHTS = 1


@dataclass
class _Line(Generic[Thing, Outcome]):
    """The things of one account that wait to be written, each with whoever waits for what becomes of it."""

    waiting: deque[tuple[Thing, asyncio.Future[Outcome]]] = field(
        default_factory=deque[tuple[Thing, asyncio.Future[Outcome]]]
    )
    flights: int = 0


class Batcher(Generic[Thing, Outcome]):
    """Collects what comes one by one to this process, account by account.

    take: stores things of an account, and answers what became of each, in their order, once all of it is durable.
    """

    def __init__(self, take: Callable[[int, Sequence[Thing]], Awaitable[Sequence[Outcome]]]) -> None:
        self._take = take
        self._lines: defaultdict[int, _Line[Thing, Outcome]] = defaultdict(_Line[Thing, Outcome])
        self._tasks: set[asyncio.Task[None]] = set()  # the event loop keeps no task alive

    async def submit(self, account_id: int, thing: Thing) -> Outcome:
        """Store one thing; answers when the transaction that holds it is durable, and raises what it raised."""
        line = self._lines[account_id]
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        line.waiting.append((thing, answer))
        if line.flights < _FLIGHTS:
            line.flights += 1
            flight = asyncio.create_task(self._fly(account_id, line))
            self._tasks.add(flight)
            flight.add_done_callback(self._tasks.discard)
        return await answer

    async def _fly(self, account_id: int, line: _Line[Thing, Outcome]) -> None:
        while line.waiting:
            batch = [line.waiting.popleft() for _ in range(min(_MOST, len(line.waiting)))]
            try:
                outcomes = await self._take(account_id, [thing for thing, _ in batch])
            except Exception as error:  # noqa: BLE001  whatever it is belongs to those who wait for it
                for _, answer in batch:
                    if not answer.done():  # whoever stopped waiting misses the answer
                        answer.set_exception(error)
            else:
                for (_, answer), outcome in zip(batch, outcomes, strict=True):
                    if not answer.done():  # what was stored stays stored
                        answer.set_result(outcome)
        # In the same step that found nobody waiting: who comes next must find room for a flight of its own.
        line.flights -= 1

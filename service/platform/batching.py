"""Sharing commits: what arrives one by one, but together, is stored together, each answered after that commit.

A commit costs the same for one item as for a hundred. While one batch is being written the next gathers; nobody waits
for a timer, and a lone post is written at once.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
OutcomeT = TypeVar("OutcomeT")

# More in one transaction would make the first of them wait for the last without sparing commits worth having.
_MOST = 200
# One batch in the air at a time: whoever comes meanwhile shares the next. Two at a time halve the batches, and a
# batch costs the same whatever it holds.
_BATCHES_AT_ONCE = 1


@dataclass
class _Queue(Generic[ItemT, OutcomeT]):
    """The things of one account that wait to be written, each with whoever waits for what becomes of it."""

    waiting: deque[tuple[ItemT, asyncio.Future[OutcomeT]]] = field(
        default_factory=deque[tuple[ItemT, asyncio.Future[OutcomeT]]]
    )
    batches: int = 0


class Batcher(Generic[ItemT, OutcomeT]):
    """Collects what comes one by one to this process, account by account.

    take: stores things of an account, and answers what became of each, in their order, once all of it is durable.
    """

    def __init__(self, take: Callable[[int, Sequence[ItemT]], Awaitable[Sequence[OutcomeT]]]) -> None:
        self._take = take
        self._queues: defaultdict[int, _Queue[ItemT, OutcomeT]] = defaultdict(_Queue[ItemT, OutcomeT])
        self._tasks: set[asyncio.Task[None]] = set()  # the event loop keeps no task alive

    async def submit(self, account_id: int, item: ItemT) -> OutcomeT:
        """Store one thing; answers when the transaction that holds it is durable, and raises what it raised."""
        queue = self._queues[account_id]
        answer: asyncio.Future[OutcomeT] = asyncio.get_running_loop().create_future()
        queue.waiting.append((item, answer))
        if queue.batches < _BATCHES_AT_ONCE:
            queue.batches += 1
            flush = asyncio.create_task(self._flush(account_id, queue))
            self._tasks.add(flush)
            flush.add_done_callback(self._tasks.discard)
        return await answer

    async def _flush(self, account_id: int, queue: _Queue[ItemT, OutcomeT]) -> None:
        while queue.waiting:
            batch = [queue.waiting.popleft() for _ in range(min(_MOST, len(queue.waiting)))]
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
        queue.batches -= 1

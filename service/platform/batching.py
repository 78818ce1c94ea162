"""Sharing commits: items that arrive at the same time are stored in one batch and answered after its commit.

A commit costs the same for one item as for a hundred. While one batch is written, the next batch gathers. There is no
timer: a single item is written at once.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
OutcomeT = TypeVar("OutcomeT")

# In a larger batch the first item would wait for the last, and few commits would be saved.
_MOST = 200
# One batch at a time: items that arrive in the meantime share the next batch. Two at a time would halve the size of
# batches, and a batch costs the same for any number of items.
_BATCHES_AT_ONCE = 1


@dataclass
class _Queue(Generic[ItemT, OutcomeT]):
    """The items of one account that wait to be written, each with the future of its outcome."""

    waiting: deque[tuple[ItemT, asyncio.Future[OutcomeT]]] = field(
        default_factory=deque[tuple[ItemT, asyncio.Future[OutcomeT]]]
    )
    batches: int = 0


class Batcher(Generic[ItemT, OutcomeT]):
    """Collects the items that arrive at this process into batches, account by account.

    take: stores items of an account. Once all items are durable, it returns their outcomes in the same order.
    """

    def __init__(self, take: Callable[[int, Sequence[ItemT]], Awaitable[Sequence[OutcomeT]]]) -> None:
        self._take = take
        self._queues: defaultdict[int, _Queue[ItemT, OutcomeT]] = defaultdict(_Queue[ItemT, OutcomeT])
        self._tasks: set[asyncio.Task[None]] = set()  # the event loop alone does not keep a task alive

    async def submit(self, account_id: int, item: ItemT) -> OutcomeT:
        """Store one item; returns its outcome once the transaction is durable. Raises the error of that transaction."""
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
                outcomes = await self._take(account_id, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  every item of the batch gets the error
                for _, answer in batch:
                    if not answer.done():  # the sender stopped waiting
                        answer.set_exception(error)
            else:
                for (_, answer), outcome in zip(batch, outcomes, strict=True):
                    if not answer.done():  # the sender stopped waiting, and the item stays stored
                        answer.set_result(outcome)
        # No await after the empty queue: the next item must be able to start its own batch.
        queue.batches -= 1

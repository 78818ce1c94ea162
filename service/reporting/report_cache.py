"""Answers kept for whoever asks the same again, as long as nothing they were made of has changed.

One process keeps them, in memory. Before one is given again the ledger is asked whether a transaction has written since
that the answer's snapshot did not see; that takes a millisecond or two, and is why no answer is ever stale.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from reports.model.windows import start_of
from reports.query.request import ReportRequest
from reports.store.ledger import Ledger, LedgerState
from service.platform.db import Connection
from sql import load

MOST_BYTES = 64 * 1024 * 1024
# How long a report of now stays one: what is still open in it gets older while nobody writes anything.
NOW_LASTS = timedelta(seconds=60)

_STATE = load("state")


@dataclass(frozen=True)
class State:
    """What the ledger was like when something was read from it: the snapshot, and whose ledger it was."""

    snapshot: str
    owner: LedgerState


@dataclass(frozen=True)
class CachedReport:
    """An answer as it is sent. good_until: by the ledger's clock, and only while the ledger is still of that state."""

    content: bytes
    headers: dict[str, str]
    state: State
    good_until: datetime

    @cached_property
    def tag(self) -> str:
        """What tells this content from any other, as HTTP spells it."""
        return f'"{sha256(self.content).hexdigest()[:32]}"'


class Read(Protocol):
    """What was read of a snapshot, such as a report: what was asked, and up to when everything is in it."""

    @property
    def request(self) -> ReportRequest:
        """What was asked."""
        ...

    @property
    def watermark(self) -> datetime:
        """The moment of the snapshot."""
        ...


def good_until(report: Read, took: timedelta) -> datetime:
    """When a report is too old to be given again: one of now soon after it was made, any other when its day is over.

    took: how long it took to make. Windows that were not told begin and end with days.
    """
    zone = report.request.window.zone
    tomorrow = start_of(report.watermark.astimezone(zone).date() + timedelta(days=1), zone)
    return tomorrow if report.request.as_of else min(tomorrow, report.watermark + took + NOW_LASTS)


async def state_of(connection: Connection, account_id: int) -> State:
    """What the ledger is like in the snapshot that the connection's transaction sees."""
    return State(await connection.fetchval(_STATE["snapshot"]), await Ledger(connection, account_id).state())


async def is_good(connection: Connection, account_id: int, answer: CachedReport) -> bool:
    """Whether an answer may be given again: nothing has changed, and it is not too old."""
    owner = await Ledger(connection, account_id).state()
    if owner.account.taken_at >= answer.good_until or not _is_same(owner, answer.state.owner):
        return False
    await connection.execute(_STATE["expect_few"])
    return not await connection.fetchval(_STATE["has_changed"], account_id, answer.state.snapshot)


def _is_same(now: LedgerState, then: LedgerState) -> bool:
    mine, theirs = now.account, then.account
    return (now.ledger_id, mine.zone, mine.currency) == (then.ledger_id, theirs.zone, theirs.currency)


class ReportCache:
    """The answers that one process keeps: the latest used, as many as there is room for."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._kept: OrderedDict[Hashable, CachedReport] = OrderedDict()
        self._made: dict[Hashable, asyncio.Task[CachedReport]] = {}

    async def get_or_compute(
        self,
        question: Hashable,
        is_good: Callable[[CachedReport], Awaitable[bool]],
        make: Callable[[], Awaitable[CachedReport]],
    ) -> CachedReport:
        """The answer to a question: a kept one that is good, else one that is made once for all who ask now."""
        if kept := await self._good(question, is_good):
            return kept
        if making := self._made.get(question):
            # Made for somebody who asked before, so it may have missed what was written in between.
            with suppress(Exception):
                answer = await asyncio.shield(making)
                if await is_good(answer):
                    return answer
            if kept := await self._good(question, is_good):
                return kept
        return await asyncio.shield(self._made.get(question) or self._make(question, make))

    async def _good(
        self, question: Hashable, is_good: Callable[[CachedReport], Awaitable[bool]]
    ) -> CachedReport | None:
        """The kept answer if it is good; of those that others bring while it is looked at, the newest."""
        seen: CachedReport | None = None
        while (kept := self._kept.get(question)) and kept is not seen:
            if await is_good(kept):
                if question in self._kept:
                    self._kept.move_to_end(question)
                return kept
            seen = kept
        return None

    def _make(self, question: Hashable, make: Callable[[], Awaitable[CachedReport]]) -> asyncio.Task[CachedReport]:
        """Begin to make an answer. It is made to the end, also when whoever asked first has gone."""

        async def make_and_keep() -> CachedReport:
            try:
                answer = await make()
                self._keep(question, answer)
                return answer
            finally:
                del self._made[question]

        making = self._made[question] = asyncio.create_task(make_and_keep())
        making.add_done_callback(lambda done: done.cancelled() or done.exception())
        return making

    def _keep(self, question: Hashable, answer: CachedReport) -> None:
        if before := self._kept.pop(question, None):
            self._held -= len(before.content)
        if len(answer.content) > self._most:
            return
        self._kept[question] = answer
        self._held += len(answer.content)
        while self._held > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._held -= len(oldest.content)

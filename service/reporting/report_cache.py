"""The cache of reports: a repeated request gets the same answer as long as its data has not changed.

Each process keeps its own cache in memory. Before the service sends a cached report again, it checks the ledger for
writes that the report did not see. The check takes a millisecond or two, so no answer is ever stale.
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
# A report of the present ages even without new writes: its open leads and calls get older.
NOW_LASTS = timedelta(seconds=60)

_STATE = load("state")


@dataclass(frozen=True)
class State:
    """The state of the ledger at the time of a report: its snapshot, and the account."""

    snapshot: str
    owner: LedgerState


@dataclass(frozen=True)
class CachedReport:
    """An answer ready to send. good_until: by the ledger's clock, and only while the ledger is still in that state."""

    content: bytes
    headers: dict[str, str]
    state: State
    good_until: datetime

    @cached_property
    def tag(self) -> str:
        """The ETag of the content."""
        return f'"{sha256(self.content).hexdigest()[:32]}"'


class Read(Protocol):
    """Any content read from one snapshot, such as a report."""

    @property
    def request(self) -> ReportRequest:
        """The request that this content answers."""
        ...

    @property
    def watermark(self) -> datetime:
        """The moment of the snapshot. The snapshot holds everything recorded up to then."""
        ...


def good_until(report: Read, computing_time: timedelta) -> datetime:
    """The expiry of a cached report: a report of the present after a minute, any other report at the end of its day.

    A window without explicit edges begins and ends with days, so a new day changes the report.
    """
    zone = report.request.window.zone
    tomorrow = start_of(report.watermark.astimezone(zone).date() + timedelta(days=1), zone)
    return tomorrow if report.request.as_of else min(tomorrow, report.watermark + computing_time + NOW_LASTS)


async def state_of(connection: Connection, account_id: int) -> State:
    """The state of the ledger in the snapshot of the connection's transaction."""
    return State(await connection.fetchval(_STATE["snapshot"]), await Ledger(connection, account_id).state())


async def is_good(connection: Connection, account_id: int, report: CachedReport) -> bool:
    """Whether the service may send a cached report again: nothing has changed, and it is not too old."""
    owner = await Ledger(connection, account_id).state()
    if owner.account.taken_at >= report.good_until or not _is_same(owner, report.state.owner):
        return False
    await connection.execute(_STATE["expect_few"])
    return not await connection.fetchval(_STATE["has_changed"], account_id, report.state.snapshot)


def _is_same(now: LedgerState, then: LedgerState) -> bool:
    mine, theirs = now.account, then.account
    return (now.ledger_id, mine.zone, mine.currency) == (then.ledger_id, theirs.zone, theirs.currency)


class ReportCache:
    """The cached reports of one process: the most recently used reports, up to a number of bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._reports: OrderedDict[Hashable, CachedReport] = OrderedDict()
        self._computations: dict[Hashable, asyncio.Task[CachedReport]] = {}

    async def get_or_compute(
        self,
        key: Hashable,
        is_good: Callable[[CachedReport], Awaitable[bool]],
        compute: Callable[[], Awaitable[CachedReport]],
    ) -> CachedReport:
        """The cached report if it is still good, else a new report, computed once for all waiting requests."""
        if report := await self._good(key, is_good):
            return report
        if computation := self._computations.get(key):
            # This report began before the request, so it may lack the newest rows.
            with suppress(Exception):
                report = await asyncio.shield(computation)
                if await is_good(report):
                    return report
            if report := await self._good(key, is_good):
                return report
        return await asyncio.shield(self._computations.get(key) or self._start(key, compute))

    async def _good(self, key: Hashable, is_good: Callable[[CachedReport], Awaitable[bool]]) -> CachedReport | None:
        """The cached report if it is good. If another request replaces it meanwhile, the newer report is checked."""
        checked: CachedReport | None = None
        while (report := self._reports.get(key)) and report is not checked:
            if await is_good(report):
                if key in self._reports:
                    self._reports.move_to_end(key)
                return report
            checked = report
        return None

    def _start(self, key: Hashable, compute: Callable[[], Awaitable[CachedReport]]) -> asyncio.Task[CachedReport]:
        """Start to compute a report. It runs to the end, even if the first request is cancelled."""

        async def compute_and_store() -> CachedReport:
            try:
                report = await compute()
                self._store(key, report)
                return report
            finally:
                del self._computations[key]

        computation = self._computations[key] = asyncio.create_task(compute_and_store())
        computation.add_done_callback(lambda done: done.cancelled() or done.exception())
        return computation

    def _store(self, key: Hashable, report: CachedReport) -> None:
        if before := self._reports.pop(key, None):
            self._bytes -= len(before.content)
        if len(report.content) > self._most_bytes:
            return
        self._reports[key] = report
        self._bytes += len(report.content)
        while self._bytes > self._most_bytes:
            _, oldest = self._reports.popitem(last=False)
            self._bytes -= len(oldest.content)

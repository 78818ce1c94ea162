"""The reports of one account: each is read from one snapshot, a few are made at once, and a repeated one is cached."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import TypeAlias, TypeVar

import polars as pl

from reports.query.drill_through import USUAL_LIMIT, Rows, run_drill_through
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.query.run import run_report
from reports.render.export import Format, write
from reports.store.doubts import panics_as_errors
from reports.store.lake import Lake
from service.accounts.limits import NO_LIMITS, Limits
from service.platform.concurrency_limit import ConcurrencyLimit
from service.platform.db import Pool, account_transaction, acquire
from service.reporting.report_cache import CachedReport, Read, ReportCache, good_until, is_good, state_of
from service.reporting.snapshots import OpenSnapshot, open_snapshot

R = TypeVar("R", bound=Read)
# Reads from a snapshot with the parameters that its reader may use.
Reader: TypeAlias = Callable[[OpenSnapshot, Parameters], Awaitable[R]]
# The bytes of an answer, and the HTTP headers that go with them.
Written: TypeAlias = tuple[bytes, dict[str, str]]


def report_limit() -> ConcurrencyLimit:
    """The limit of one process: the reports two cores can make at once, and a few that may wait for them."""
    return ConcurrencyLimit(at_once=2, most_waiting=8)


@dataclass(frozen=True)
class AccountReports:
    """Runs the requests of one account, from pages and the API as from commands and schedules.

    cache, limit: those of the process, shared by all its accounts. limits: what the reader may see; they narrow every
    request, and readers with different limits share no cached report.
    """

    pool: Pool
    lake: Lake
    account_id: int
    cache: ReportCache = field(default_factory=ReportCache)
    limit: ConcurrencyLimit = field(default_factory=report_limit)
    limits: Limits = NO_LIMITS

    async def export(self, preset: str | None, parameters: Parameters, format_: Format) -> CachedReport:
        """A report as a file, with its name in the headers. Raises InvalidParameter and Busy."""
        return await self.cached_report(preset, parameters, ("export", format_), partial(_export, format_))

    async def cached_report(
        self, preset: str | None, parameters: Parameters, name: Hashable, render: Callable[[Report], Written]
    ) -> CachedReport:
        """A report in one of its renderings, from the cache if nothing has changed since.

        name: tells this rendering from every other of the same report. Raises InvalidParameter, NotAllowed and Busy.
        """

        async def read(snapshot: OpenSnapshot, narrowed: Parameters) -> Report:
            report = await run_report(snapshot.ledger, snapshot.copies, preset, narrowed)
            # The first and last facts of the account are not of this reader's part of it.
            return replace(report, spans={}) if self.limits.any else report

        return await self.get_or_compute((preset, name), parameters, read, render)

    async def get_or_compute(
        self,
        name: Hashable,
        parameters: Parameters,
        read: Reader[R],
        render: Callable[[R], Written],
    ) -> CachedReport:
        """Anything read from one snapshot, cached like a report. Raises InvalidParameter, NotAllowed and Busy."""
        values = tuple(sorted((parameter, tuple(texts)) for parameter, texts in parameters.items()))
        return await self.cache.get_or_compute(
            (self.account_id, self.limits, name, values),
            self._is_good,
            partial(self._compute, parameters, read, render),
        )

    async def drill_through(
        self, parameters: Parameters, usual_limit: int = USUAL_LIMIT, order: Sequence[pl.Expr] = ()
    ) -> Rows:
        """The rows of a number. usual_limit: unless the parameters set one. order: as in `run_drill_through`.

        Raises InvalidParameter, NotAllowed and Busy.
        """
        async with self.limit.slot(), self._open_snapshot() as snapshot:
            narrowed = await self._narrow(snapshot, parameters)
            return await run_drill_through(snapshot.ledger, snapshot.copies, narrowed, usual_limit, order)

    async def _narrow(self, snapshot: OpenSnapshot, parameters: Parameters) -> Parameters:
        """The parameters within the limits of the reader. Raises NotAllowed."""
        return self.limits.narrow(parameters, await snapshot.ledger.codes(None)) if self.limits.any else parameters

    def _open_snapshot(self) -> AbstractAsyncContextManager[OpenSnapshot]:
        return open_snapshot(acquire(self.pool), self.account_id, self.lake)

    async def _is_good(self, cached: CachedReport) -> bool:
        async with account_transaction(self.pool, self.account_id, readonly=True) as connection:
            return await is_good(connection, self.account_id, cached)

    async def _compute(self, parameters: Parameters, read: Reader[R], render: Callable[[R], Written]) -> CachedReport:
        async with self.limit.slot():
            begun = perf_counter()
            async with self._open_snapshot() as snapshot:
                state = await state_of(snapshot.connection, self.account_id)
                report = await read(snapshot, await self._narrow(snapshot, parameters))
            with panics_as_errors():
                content, headers = await asyncio.to_thread(render, report)
        took = timedelta(seconds=perf_counter() - begun)
        return CachedReport(content, headers, state, good_until(report, took))


def _export(format_: Format, report: Report) -> Written:
    return write(report, format_), _file_name(report, format_)


def _file_name(report: Report, format_: Format) -> dict[str, str]:
    """What a browser or a mail calls the file; JSON is shown and not saved."""
    if format_ == "json":
        return {}
    day = report.request.window.local(report.request.window.start).date()
    name = f"calltally-{report.request.preset or 'report'}-{day}.{format_}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}

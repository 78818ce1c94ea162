"""From parameters to a report: the whole way, over one snapshot of the ledger."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial

from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.model.windows import Window
from reports.query import comparison, mix_adjustment, ranking
from reports.query.benchmarks import PERIODS, BenchmarkResult, compare_all, history, industry, targets
from reports.query.caveats import caveats
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.parameters import Parameters
from reports.query.plan import plan_scans
from reports.query.prepare import prepare_request
from reports.query.report import Numbers, Report
from reports.query.request import ReportRequest
from reports.query.snapshot import Snapshot
from reports.store.lake import LakeTables
from reports.store.ledger import Ledger


async def run_report(ledger: Ledger, copies: LakeTables, preset: str | None, parameters: Parameters) -> Report:
    """Answer what the parameters ask, from the lake's copies of an account's facts and what is newer in its ledger.

    Raises InvalidRequest with everything that is wrong with the question.
    """
    prepared = await prepare_request(ledger, preset, parameters)
    request, codes, beliefs = prepared.request, prepared.codes, prepared.snapshot(copies)
    plain = replace(request, curves=False)  # whatever is counted beside it is compared with, not drawn
    numbers = await compute(beliefs, request, codes)
    told = list(caveats(request, numbers, codes))
    if mix_adjustment.adjusted_metrics(request):
        numbers, warnings = mix_adjustment.add_mix_adjustment(
            numbers, await compute(beliefs, mix_adjustment.stratified(plain), codes), request
        )
        told += warnings
    if ranking.ranked_metrics(request):
        numbers = await asyncio.to_thread(ranking.add_ranking, numbers, request)
    if request.compare:
        numbers = comparison.add_comparison(numbers, await compute(beliefs, comparison.previous(plain), codes), request)
    report = Report(
        request=request,
        as_of=request.until,
        watermark=prepared.watermark,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: cell_columns_of(request, metric) for metric in request.metrics},
        caveats=tuple(told),
        benchmarks=await _benchmarks(beliefs, plain, codes, numbers) if request.benchmarks else (),
        curves=numbers.curves,
    )
    return report if any(report.counted.values()) else replace(report, span=await ledger.span())


def cell_columns_of(request: ReportRequest, metric: Metric) -> tuple[str, ...]:
    """The parts of a metric's cell in the answer to a question."""
    parts = list(metric.columns)
    if metric in mix_adjustment.adjusted_metrics(request):
        parts += mix_adjustment.COLUMNS
    if metric in ranking.ranked_metrics(request):
        parts += ranking.COLUMNS
    if request.compare:
        parts += comparison.COLUMNS
    return tuple(parts)


async def compute(beliefs: Snapshot, request: ReportRequest, codes: Codes) -> Numbers:
    """The numbers of a question, counted scan by scan."""
    return await compute_combined(beliefs, [request], codes)


async def compute_combined(beliefs: Snapshot, asks: Sequence[ReportRequest], codes: Codes) -> Numbers:
    """The numbers of questions that differ in their window only, as if their windows were one."""
    alike = list(zip(*(plan_scans(request, codes) for request in asks), strict=True))
    await beliefs.prepare(scan for same in alike for scan in same)
    parts = {
        same[0]: [part for scan in same for part in await beliefs.read(scan, partial(reduce_chunk, scan))]
        for same in sorted(alike, key=lambda same: same[0].frame.name)
    }
    return await asyncio.to_thread(compile_numbers, asks[0], [(same[0], parts[same[0]]) for same in alike])


async def _benchmarks(
    beliefs: Snapshot, request: ReportRequest, codes: Codes, numbers: Numbers
) -> tuple[BenchmarkResult, ...]:
    """The numbers of the whole report held against everything known, and those of groups against their own targets."""
    total = numbers.total.row(0, named=True)
    earlier = await compute_combined(beliefs, _earlier(request), codes)
    past = earlier.total.row(0, named=True) if any(earlier.counted.values()) else None
    usual = [benchmark for metric in request.metrics if past and (benchmark := history(metric, past))]
    aims = list(targets(request, codes))
    asked = {name: values[0] for name, values in request.filters.items() if len(values) == 1}
    found = list(compare_all(request.metrics, total, [*industry(), *usual], {}))
    found += compare_all(request.metrics, total, aims, asked)
    if len(request.by) == 1:
        [dimension] = request.by
        for row in numbers.groups.iter_rows(named=True):
            found += compare_all(request.metrics, row, aims, {**asked, dimension.name: row[dimension.name]})
    return tuple(found)


def _earlier(request: ReportRequest) -> list[ReportRequest]:
    """The same question, without breakdown, of the periods before this one."""
    back = comparison.days_back(request.window)
    edges = [request.window.local(edge) for edge in (request.window.start, request.window.end)]
    shifts = [timedelta(days=back * (number + 1)) for number in range(PERIODS)]
    windows = [[(edge - shift).astimezone(UTC) for edge in edges] for shift in shifts]
    return [replace(request, by=(), window=Window(start, end, request.window.zone)) for start, end in windows]

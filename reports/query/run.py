"""Run a report: from its parameters to all its numbers, in one snapshot of the ledger."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from reports.measures.metric import Metric
from reports.model.codes import Codes
from reports.model.compared_period import weeks_before
from reports.model.shown_names import shown_names
from reports.query import comparison, mix_adjustment, ranking, small_cells
from reports.query.benchmarks import PERIODS, BenchmarkResult, compare_all, history, industry, targets
from reports.query.caveats import caveats
from reports.query.engine import compile_numbers, reduce_chunk
from reports.query.parameters import Parameters
from reports.query.plan import PartialResults, plan_scans
from reports.query.prepare import prepare_request
from reports.query.report import Numbers, Report
from reports.query.request import ReportRequest
from reports.query.snapshot import Snapshot
from reports.store.copies import Copies
from reports.store.ledger import Ledger


async def run_report(ledger: Ledger, copies: Copies, preset: str | None, parameters: Parameters) -> Report:
    """The report for the parameters, from the lake and newer rows of the ledger.

    Raises InvalidRequest with every fault in the parameters.
    """
    prepared = await prepare_request(ledger, preset, parameters)
    request, codes, snapshot = prepared.request, prepared.codes, prepared.snapshot(copies)
    plain = replace(request, curves=False)  # comparison numbers need no curves
    numbers = await compute(snapshot, request, codes)
    warnings = list(caveats(request, numbers, codes))
    if mix_adjustment.adjusted_metrics(request):
        numbers, more_warnings = mix_adjustment.add_mix_adjustment(
            numbers,
            await compute(snapshot, mix_adjustment.stratified(plain), codes),
            request,
            shown_names(codes.names),
        )
        warnings += more_warnings
    if ranking.ranked_metrics(request):
        numbers = await asyncio.to_thread(ranking.add_ranking, numbers, request)
    if period := request.compare:
        before = await compute(snapshot, comparison.at_equal_age(plain, period), codes)
        numbers = comparison.add_comparison(numbers, before, request)
        if request.matured:
            later = await compute(snapshot, comparison.matured(plain, period), codes)
            numbers = comparison.add_matured(numbers, later, request)
    report = Report(
        request=request,
        as_of=request.until,
        watermark=prepared.watermark,
        counted=numbers.counted,
        excluded=numbers.excluded,
        groups=numbers.groups,
        total=numbers.total,
        cell_columns={metric.name: cell_columns_of(request, metric) for metric in request.metrics},
        caveats=tuple(warnings),
        benchmarks=await _benchmarks(snapshot, plain, codes, numbers) if request.benchmarks else (),
        curves=numbers.curves,
        other_currencies=numbers.other_currencies,
        withheld=numbers.withheld,
        names=codes.names,
        targets=tuple(_account_targets(request, codes, numbers)),
    )
    return report if report.withheld or any(report.counted.values()) else replace(report, spans=await ledger.spans())


def cell_columns_of(request: ReportRequest, metric: Metric) -> tuple[str, ...]:
    """The columns of a metric's cell in the report of this request."""
    columns = [*metric.columns, *([small_cells.WITHHELD] if request.attributes else [])]
    if metric in mix_adjustment.adjusted_metrics(request):
        columns += mix_adjustment.COLUMNS
    if metric in ranking.ranked_metrics(request):
        columns += ranking.COLUMNS
    if request.compare:
        columns += comparison.COLUMNS
        columns += comparison.MATURED_COLUMNS if request.matured else ()
    return tuple(columns)


async def compute(snapshot: Snapshot, request: ReportRequest, codes: Codes) -> Numbers:
    """The numbers of a request, computed scan by scan."""
    return await compute_combined(snapshot, [request], codes)


async def compute_combined(snapshot: Snapshot, requests: Sequence[ReportRequest], codes: Codes) -> Numbers:
    """The numbers of requests that differ only in their windows, over all windows together."""
    scans_by_request = [plan_scans(request, codes) for request in requests]
    results: list[list[PartialResults]] = [[] for _ in scans_by_request[0]]
    for scans in scans_by_request:
        await snapshot.prepare(scans)
        # The scans of one kind of fact follow each other: they read the same rows.
        for place, scan in sorted(enumerate(scans), key=lambda numbered: numbered[1].frame.name):
            results[place] += await snapshot.read(scan, partial(reduce_chunk, scan))
    numbers = await asyncio.to_thread(
        compile_numbers, requests[0], list(zip(scans_by_request[0], results, strict=True))
    )
    return await small_cells.withhold(snapshot, requests, codes, numbers) if requests[0].attributes else numbers


async def _benchmarks(
    snapshot: Snapshot, request: ReportRequest, codes: Codes, numbers: Numbers
) -> tuple[BenchmarkResult, ...]:
    """Compare the total with every benchmark, and each group with its own targets."""
    total = numbers.total.row(0, named=True)
    past = await _past(snapshot, request, codes)
    own_history = [benchmark for metric in request.metrics if past and (benchmark := history(metric, past))]
    results = list(compare_all(request.metrics, total, [*industry(), *own_history], {}))
    results += _account_targets(request, codes, numbers)
    if len(request.by) == 1:
        [dimension], narrowed_to = request.by, _narrowed_to(request)
        account_targets = list(targets(request, codes))
        for row in numbers.groups.iter_rows(named=True):
            results += compare_all(
                request.metrics, row, account_targets, {**narrowed_to, dimension.name: row[dimension.name]}
            )
    return tuple(results)


def _account_targets(request: ReportRequest, codes: Codes, numbers: Numbers) -> Iterator[BenchmarkResult]:
    """Compare the total with the account's targets, or with those of the group that the report is narrowed to."""
    total = numbers.total.row(0, named=True)
    return compare_all(request.metrics, total, targets(request, codes), _narrowed_to(request))


def _narrowed_to(request: ReportRequest) -> dict[str, str]:
    return {name: values[0] for name, values in request.filters.items() if len(values) == 1}


async def _past(snapshot: Snapshot, request: ReportRequest, codes: Codes) -> Mapping[str, Any] | None:
    """The total of the PERIODS earlier periods together, each at the age of this one; None if they are empty."""
    periods = [weeks_before(request.window, request.until, number + 1) for number in range(PERIODS)]
    requests = [comparison.at_equal_age(replace(request, by=()), period) for period in periods if period]
    if len(requests) < PERIODS:
        return None
    earlier = await compute_combined(snapshot, requests, codes)
    return earlier.total.row(0, named=True) if any(earlier.counted.values()) else None

"""Benchmarks: industry figures, the account's targets and its own history.

A number is compared only where the definitions match. Elsewhere the benchmark is listed as not comparable. The verdict
is "above" or "below" only when the whole interval of the number lies there. benchmarks.toml holds the industry figures,
each with its source and whether it was verified.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reports.measures.counts import Sum
from reports.measures.metric import Derived, Metric
from reports.model.answer_time import USUAL
from reports.model.codes import Codes
from reports.query.request import ReportRequest

Kind = Literal["industry", "target", "history"]
Verdict = Literal["above", "below", "within", "cannot_tell", "not_comparable"]
# The number of earlier periods in the account's own history.
PERIODS = 4

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A reference for a metric: a value, or a band from low to high.

    version: the comparable version of the metric's definition; 0 for a target, which fits every version.
    differs: how the benchmark's own definition differs, if it does.
    group: the group that a target applies to; empty for the whole account.
    """

    kind: Kind
    metric: str
    version: int
    low: float | None
    high: float | None
    source: str
    segment: str | None = None
    year: int | None = None
    verified: bool = False
    differs: str | None = None
    group: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class BenchmarkResult:
    """A number against a benchmark. gap: its distance from the reference, or from the nearer end of a band."""

    metric: str
    benchmark: Benchmark
    value: float | None
    gap: float | None
    gap_low: float | None
    gap_high: float | None
    verdict: Verdict


@cache
def industry() -> tuple[Benchmark, ...]:
    """The industry figures."""
    rows = tomllib.loads((Path(__file__).parent / "benchmarks.toml").read_text())["benchmarks"]
    return tuple(_read(row) for row in rows)


def targets(request: ReportRequest, codes: Codes) -> Iterator[Benchmark]:
    """The targets valid on the last day of the window. For one metric and group, the latest start wins."""
    last = (request.window.local(request.window.end) - timedelta(microseconds=1)).date()
    valid: dict[tuple[str, str | None, str | None], dict[str, Any]] = {}
    for row in sorted(codes.targets.iter_rows(named=True), key=lambda row: row["from_on"] or date.min):
        begun = row["from_on"] is None or row["from_on"] <= last
        if begun:
            valid[row["metric"], row["dimension"], row["code"]] = row
    for (metric, dimension, code), row in valid.items():
        if row["to_on"] is None or row["to_on"] >= last:
            reads = codes.reading(dimension, code) if dimension and code else None
            yield Benchmark(
                kind="target",
                metric=metric,
                version=0,
                low=row["value"],
                high=row["value"] if row["upper"] is None else row["upper"],
                source="Target of this account",
                verified=True,
                group={dimension: reads or code} if dimension and code else {},
            )


def has_history(metric: Metric) -> bool:
    """Whether earlier periods together show the usual number of one period."""
    simple_quotient = (
        isinstance(metric.measure, Derived) and len(metric.measure.numerators) == len(metric.measure.denominators) == 1
    )
    return not metric.trailing_days and (not metric.components or simple_quotient or metric.is_count)


def history(metric: Metric, row: Row) -> Benchmark | None:
    """The metric over all earlier periods together; for counts and sums, the mean per period."""
    value = row[metric.name]
    if value is None or not has_history(metric):
        return None
    if metric.is_count or isinstance(metric.measure, Sum):
        value /= PERIODS
    return Benchmark(
        kind="history",
        metric=metric.name,
        version=metric.version,
        low=value,
        high=value,
        source=f"This account, the {PERIODS} periods of the same length and weekdays before",
        verified=True,
    )


def compare_metric(metric: Metric, row: Row, benchmark: Benchmark) -> BenchmarkResult:
    """Compare a metric's number with a benchmark."""
    value, low, high = (row[metric.column(part)] for part in ("value", "ci_low", "ci_high"))
    if benchmark.kind == "industry" and metric.answer_time and metric.answer_time != USUAL:
        benchmark = replace(
            benchmark, differs=f"within {USUAL.text}; this report counts within {metric.answer_time.text}"
        )
    if metric.exact:
        low = high = value
    if benchmark.differs is not None or benchmark.version not in {0, metric.version}:
        return BenchmarkResult(
            metric=metric.name,
            benchmark=benchmark,
            value=value,
            gap=None,
            gap_low=None,
            gap_high=None,
            verdict="not_comparable",
        )
    return BenchmarkResult(
        metric=metric.name,
        benchmark=benchmark,
        value=value,
        gap=_gap(value, benchmark),
        gap_low=_gap(low, benchmark),
        gap_high=_gap(high, benchmark),
        verdict=_verdict(low, high, benchmark),
    )


def compare_all(
    metrics: Iterable[Metric], row: Row, benchmarks: Iterable[Benchmark], group: Row
) -> Iterator[BenchmarkResult]:
    """Compare every metric of a row with every benchmark for its group."""
    for benchmark in benchmarks:
        for metric in metrics:
            base = metric.name.removesuffix(f"_{metric.model}") if metric.model else metric.name
            if base == benchmark.metric and dict(benchmark.group) == dict(group):
                yield compare_metric(metric, row, benchmark)


def _gap(number: float | None, benchmark: Benchmark) -> float | None:
    """The distance above the reference, negative below it, and 0 inside a band."""
    if number is None:
        return None
    if benchmark.high is not None and number > benchmark.high:
        return number - benchmark.high
    if benchmark.low is not None and number < benchmark.low:
        return number - benchmark.low
    return 0.0


def _verdict(low: float | None, high: float | None, benchmark: Benchmark) -> Verdict:
    if low is None or high is None:
        return "cannot_tell"
    if benchmark.high is not None and low > benchmark.high:
        return "above"
    if benchmark.low is not None and high < benchmark.low:
        return "below"
    inside_low = benchmark.low is None or low >= benchmark.low
    inside_high = benchmark.high is None or high <= benchmark.high
    return "within" if inside_low and inside_high else "cannot_tell"


def _read(row: dict[str, Any]) -> Benchmark:
    return Benchmark(
        kind="industry",
        metric=row["metric"],
        version=row["version"],
        low=row.get("value", row.get("low")),
        high=row.get("value", row.get("high")),
        source=row["source"],
        segment=row.get("segment"),
        year=row.get("year"),
        verified=row["verified"],
        differs=row.get("differs"),
    )

"""The account's target for a number, and whether the number reaches it."""

from dataclasses import dataclass

from reports.measures.metric import Metric
from reports.model.language import marked, translate
from reports.query.benchmarks import Benchmark, BenchmarkResult
from reports.query.report import Report
from reports.render import formatting

_WRONG_SIDE = {"below": marked("Below target"), "above": marked("Above target")}


@dataclass(frozen=True)
class Target:
    """A target in words: its value, whether it is reached, and the kind of its badge."""

    value: str
    verdict: str
    kind: str


def targets_of(report: Report) -> dict[str, Target]:
    """The account's targets for the numbers of a report, by metric."""
    metrics = {metric.name: metric for metric in report.request.metrics}
    return {
        result.metric: _target(metrics[result.metric], result, report.request.currency)
        for result in report.targets
        if result.metric in metrics
    }


def _target(metric: Metric, result: BenchmarkResult, currency: str) -> Target:
    value = _value(metric, result.benchmark, currency)
    if result.verdict in {"cannot_tell", "not_comparable"}:
        return Target(value, translate("No clear difference"), "neutral")
    wrong_side = {"higher": "below", "lower": "above"}.get(metric.better)
    reached = result.verdict == "within" or (wrong_side is not None and result.verdict != wrong_side)
    words = translate("On target") if reached else translate(_WRONG_SIDE[result.verdict])
    return Target(value, words, "good" if reached else "bad")


def _value(metric: Metric, benchmark: Benchmark, currency: str) -> str:
    low, high = (
        None if end is None else formatting.value(end, metric, currency) for end in (benchmark.low, benchmark.high)
    )
    if low and high and low != high:
        return translate("{low} to {high}", low=low, high=high)
    return low or high or formatting.NOTHING

"""A number against a reference value as text: the number, the reference, the verdict and the source."""

from dataclasses import dataclass

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from reports.model.language import marked, translate
from reports.query.benchmarks import Benchmark, BenchmarkResult, compare_all, industry
from reports.query.report import Report
from reports.render import formatting

_VERDICTS = {
    "above": marked("above"),
    "below": marked("below"),
    "within": marked("within"),
    "cannot_tell": marked("no clear difference"),
    "not_comparable": marked("not comparable"),
}


@dataclass(frozen=True)
class BenchmarkText:
    """One comparison as people read it.

    metric: the title of the number, with its group. verdict: above, below, within or no clear difference, with the gap.
    """

    metric: str
    value: str
    reference: str
    verdict: str
    source: str

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The cells of its line in a table."""
        return self.metric, self.value, self.reference, self.verdict, self.source


def published_references(report: Report) -> list[BenchmarkText]:
    """The totals of a report against published figures with the same definition."""
    total = report.total.row(0, named=True)
    results = compare_all(report.request.metrics, total, industry(), {})
    comparable = [result for result in results if result.verdict != "not_comparable"]
    return [benchmark_text(result, report.request.currency) for result in comparable]


def benchmark_text(result: BenchmarkResult, currency: str) -> BenchmarkText:
    """The comparison as text."""
    benchmark = result.benchmark
    metric = catalogue()[benchmark.metric].metric
    group = ", ".join(f"{name} {code}" for name, code in benchmark.group.items())
    gap = f" ({formatting.difference(result.gap, metric)})" if result.gap else ""
    differs = f": {benchmark.differs}" if benchmark.differs else ""
    segment = f", {benchmark.segment}" if benchmark.segment else ""
    unverified = "" if benchmark.verified else translate(" (unverified)")
    return BenchmarkText(
        metric=f"{metric.label} ({group})" if group else metric.label,
        value=formatting.NOTHING if result.value is None else formatting.value(result.value, metric, currency),
        reference=_reference(benchmark, metric, currency),
        verdict=translate(_VERDICTS[result.verdict]) + gap + differs,
        source=f"{benchmark.source}{segment}{unverified}",
    )


def _reference(benchmark: Benchmark, metric: Metric, currency: str) -> str:
    low, high = (
        None if end is None else formatting.value(end, metric, currency) for end in (benchmark.low, benchmark.high)
    )
    if low is None or high is None:
        return translate("at most {end}", end=high) if low is None else translate("at least {end}", end=low)
    return low if low == high else translate("{low} to {high}", low=low, high=high)

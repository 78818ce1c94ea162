"""Mix adjustment: a fair comparison of sources, as if every source had the same mix.

A source with most of its calls in a hard campaign looks worse than it is. The standardised rate weights every source's
rate per stratum by the same shares. The strata are campaigns, unless the request names others. If standardisation
reverses the order of two sources, the report names them and the strata (reports/stats/standardise.py).
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from reports.catalogue.dimensions import DIMENSIONS
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.stats.standardise import Reversal, reversals, standardise

COLUMNS = ("standardised", "standardised_low", "standardised_high")
MOST_WARNINGS = 5
# With fewer tries, rates often change their order by chance.
FEWEST_TRIES = 30
_BECAUSE = "only because of its mix"


def adjusted_metrics(request: ReportRequest) -> list[Metric]:
    """The metrics that mix adjustment covers: rates of rows, broken down by one dimension and stratified by another."""
    if request.stratify is None or len(request.by) != 1 or request.stratify in request.by:
        return []
    name = request.stratify.name
    return [
        metric
        for metric in request.metrics
        if isinstance(metric.measure, Ratio) and metric.measure.of is None and name in metric.dimensions
    ]


def stratified(request: ReportRequest) -> ReportRequest:
    """The same request for the adjusted metrics, also broken down by the strata."""
    strata = DIMENSIONS[request.stratify.name] if request.stratify else None
    return replace(request, metrics=tuple(adjusted_metrics(request)), by=(*request.by, *([strata] if strata else [])))


def add_mix_adjustment(numbers: Numbers, fine: Numbers, request: ReportRequest) -> tuple[Numbers, list[str]]:
    """The numbers with COLUMNS of every adjusted metric, and at most MOST_WARNINGS reversal warnings per metric."""
    [dimension] = request.by
    strata = request.stratify.name if request.stratify else ""
    groups, total, warnings = numbers.groups, numbers.total, list[str]()
    for metric in adjusted_metrics(request):
        columns = [metric.column(part) for part in ("numerator", "denominator")]
        table = _with_rate(metric, numbers, fine, dimension.name).select(
            group=pl.col(dimension.name).cast(pl.String),
            stratum=pl.col(strata).cast(pl.String),
            numerator=pl.col(columns[0]),
            denominator=pl.col(columns[1]),
        )
        groups = groups.join(_rates(metric, table, dimension.name), on=dimension.name, how="left", nulls_equal=True)
        total = total.with_columns(pl.lit(None, dtype=pl.Float64).alias(metric.column(part)) for part in COLUMNS)
        tried = dict(table.group_by("group").agg(pl.col("denominator").sum()).iter_rows())
        turned = [
            reversal
            for reversal in reversals(table)
            if _shows(reversal) and min(tried[reversal.first], tried[reversal.second]) >= FEWEST_TRIES
        ][:MOST_WARNINGS]
        warnings += [_warning(metric, reversal, dimension.missing, strata) for reversal in turned]
    return replace(numbers, groups=groups.sort(dimension.name, nulls_last=True), total=total), warnings


def warnings_among(notes: Iterable[str]) -> list[str]:
    """The notes of a report that warn of a reversed order."""
    return [note for note in notes if _BECAUSE in note]


def _with_rate(metric: Metric, numbers: Numbers, fine: Numbers, dimension: str) -> pl.DataFrame:
    """The strata of the groups with a rate that can be told."""
    rated = numbers.groups.filter(pl.col(metric.name).is_not_null()).select(dimension)
    return fine.groups.join(rated, on=dimension, how="semi", nulls_equal=True)


def _shows(reversal: Reversal) -> bool:
    """Whether the rounded numbers on display show both the order and its reversal."""
    return (
        round(reversal.raw_first - reversal.raw_second, 3)
        > 0
        < round(reversal.standard_second - reversal.standard_first, 3)
    )


def _rates(metric: Metric, table: pl.DataFrame, dimension: str) -> pl.DataFrame:
    parts = dict(zip(COLUMNS, ("value", "ci_low", "ci_high"), strict=True))
    columns = {metric.column(part): pl.col(name) for part, name in parts.items()}
    return standardise(table).rates.select(pl.col("group").alias(dimension), **columns)


def _warning(metric: Metric, reversal: Reversal, missing: str, strata: str) -> str:
    first, second = reversal.first or missing, reversal.second or missing
    named = ", ".join(stratum or f"no {strata.replace('_', ' ')}" for stratum in reversal.strata)
    return (
        f"{metric.title}: {first} ({reversal.raw_first:.1%}) is ahead of {second} ({reversal.raw_second:.1%})"
        f" {_BECAUSE}. At the same mix {second} is ahead ({reversal.standard_second:.1%} against"
        f" {reversal.standard_first:.1%}); see {strata.replace('_', ' ')} {named}."
    )

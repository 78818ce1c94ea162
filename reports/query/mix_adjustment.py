"""Mix adjustment: a fair comparison of sources, as if every source had the same mix.

A source with most of its calls in a hard campaign looks worse than it is. The standardised rate weights every source's
rate per stratum by the same shares. The strata are campaigns, unless the request names others. If standardisation
reverses the order of two sources, the report names them and the strata (reports/stats/standardise.py).
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from reports.catalogue.dimensions import Dimension
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.model.language import digits, marked, percent, translate
from reports.model.shown_names import Names
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.stats.standardise import Reversal, reversals, standardise

COLUMNS = ("standardised", "standardised_low", "standardised_high")
MOST_WARNINGS = 5
# With fewer tries, rates often change their order by chance.
FEWEST_TRIES = 30
# The column of the groups as text.
_KEY = "group as text"
_BECAUSE = marked("only because of its mix")


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
    strata = () if request.stratify is None else (request.stratify,)
    return replace(request, metrics=tuple(adjusted_metrics(request)), by=(*request.by, *strata))


def add_mix_adjustment(
    numbers: Numbers, fine: Numbers, request: ReportRequest, names: Names
) -> tuple[Numbers, list[str]]:
    """The numbers with COLUMNS of every adjusted metric, and at most MOST_WARNINGS reversal warnings per metric.

    names: what people call the groups and the strata, by dimension and code.
    """
    [dimension] = request.by
    strata = request.stratify or dimension
    groups, total, warnings = numbers.groups, numbers.total, list[str]()
    for metric in adjusted_metrics(request):
        columns = [metric.column(part) for part in ("numerator", "denominator")]
        table = _with_rate(metric, numbers, fine, dimension.name).select(
            group=dimension.as_text(pl.col(dimension.name)),
            stratum=strata.as_text(pl.col(strata.name)),
            numerator=pl.col(columns[0]),
            denominator=pl.col(columns[1]),
        )
        groups = _with_rates(groups, metric, dimension, standardise(table).rates)
        total = total.with_columns(pl.lit(None, dtype=pl.Float64).alias(metric.column(part)) for part in COLUMNS)
        tried = dict(table.group_by("group").agg(pl.col("denominator").sum()).iter_rows())
        turned = [
            reversal
            for reversal in reversals(table)
            if _shows(reversal) and min(tried[reversal.first], tried[reversal.second]) >= FEWEST_TRIES
        ][:MOST_WARNINGS]
        warnings += [_warning(metric, reversal, dimension, strata, names) for reversal in turned]
    return replace(numbers, groups=groups.sort(dimension.name, nulls_last=True), total=total), warnings


def warnings_among(notes: Iterable[str]) -> list[str]:
    """The notes of a report that warn of a reversed order."""
    return [note for note in notes if translate(_BECAUSE) in note]


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


def _with_rates(groups: pl.DataFrame, metric: Metric, dimension: Dimension, rates: pl.DataFrame) -> pl.DataFrame:
    """The groups with COLUMNS of a metric. Groups of any type meet their rates as text."""
    parts = dict(zip(COLUMNS, ("value", "ci_low", "ci_high"), strict=True))
    columns = {metric.column(part): pl.col(name) for part, name in parts.items()}
    keyed = groups.with_columns(dimension.as_text(pl.col(dimension.name)).alias(_KEY))
    named = rates.select(pl.col("group").alias(_KEY), **columns)
    return keyed.join(named, on=_KEY, how="left", nulls_equal=True).drop(_KEY)


def _warning(metric: Metric, reversal: Reversal, dimension: Dimension, strata: Dimension, names: Names) -> str:
    first, second = (_called(code, dimension, names) for code in (reversal.first, reversal.second))
    title = strata.label.lower()
    named = ", ".join(
        _called(stratum, strata, names) or translate("no {dimension}", dimension=title) for stratum in reversal.strata
    )
    return translate(
        "{metric}: {first} ({rate}) is ahead of {second} ({other_rate}) {because}. Mix-adjusted, {second} is ahead"
        " ({adjusted_other} against {adjusted}); see {dimension} {names}.",
        metric=metric.label,
        first=first,
        second=second,
        because=translate(_BECAUSE),
        dimension=title,
        names=named,
        rate=_percent(reversal.raw_first),
        other_rate=_percent(reversal.raw_second),
        adjusted=_percent(reversal.standard_first),
        adjusted_other=_percent(reversal.standard_second),
    )


def _called(code: str | None, dimension: Dimension, names: Names) -> str:
    return names.get(dimension.name, {}).get(code, code) if code else dimension.missing_label


def _percent(rate: float) -> str:
    return percent(digits(100 * rate, 1))

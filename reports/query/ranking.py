"""A fair ranking of agents: every agent's rate moves towards the mean, further with fewer calls.

Three sales in twelve calls may be luck or skill. Next to the raw rate, the report shows the empirical Bayes estimate
over all its agents. The rank comes with its interval of possible ranks (reports/stats/shrinkage.py).
"""

from dataclasses import asdict, replace

import polars as pl

from reports.measures.metric import Metric
from reports.measures.ratios import Ratio
from reports.query.report import Numbers
from reports.query.request import ReportRequest
from reports.stats.shrinkage import MOST_RANKED, Shrunk, shrink_groups

# The cell columns, with their names in shrinkage.
COLUMNS = {
    "shrunk": "value",
    "shrunk_low": "low",
    "shrunk_high": "high",
    "rank": "rank",
    "rank_low": "rank_low",
    "rank_high": "rank_high",
}


def ranked_metrics(request: ReportRequest) -> list[Metric]:
    """The metrics for ranking agents: rates where higher is better, or lower is better.

    The breakdown must be by agent alone. A ranking for every source and day would take long and reflect only luck.
    """
    if [dimension.name for dimension in request.by] != ["agent"]:
        return []
    return [
        metric
        for metric in request.metrics
        if isinstance(metric.measure, Ratio) and metric.better in {"higher", "lower"}
    ]


def add_ranking(numbers: Numbers, request: ReportRequest) -> Numbers:
    """The numbers with COLUMNS of every ranked metric.

    Calls without an agent get no rank, and neither does an agent with a rate that cannot be told. With more than
    MOST_RANKED agents, the report ranks none: the ranking would take too long, and a thousand ranks are too many to
    read.
    """
    groups, total = numbers.groups, numbers.total
    for metric in ranked_metrics(request):
        nothing = [pl.lit(None, dtype=kind).alias(name) for name, kind in _schema(metric).items()]
        total = total.with_columns(nothing)
        few = groups.height <= MOST_RANKED
        groups = groups.hstack(_shrunk(metric, groups)) if few else groups.with_columns(nothing)
    return replace(numbers, groups=groups, total=total)


def _schema(metric: Metric) -> dict[str, type[pl.DataType]]:
    return {metric.column(part): pl.Int64 if part.startswith("rank") else pl.Float64 for part in COLUMNS}


def _shrunk(metric: Metric, group: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of one metric, for groups of one agent each."""
    has_value = pl.col(metric.name).is_not_null()
    mine = [
        pl.when(pl.col("agent").is_not_null() & has_value).then(pl.col(metric.column(part))).fill_null(0).alias(part)
        for part in ("numerator", "denominator")
    ]
    counts = group.select(mine).cast(pl.Int64)
    successes, trials = counts["numerator"].to_list(), counts["denominator"].to_list()
    shrunk = shrink_groups(successes, trials, "lower" if metric.better == "lower" else "higher")
    rows = [_named(metric, shrunk) for shrunk in shrunk]
    return pl.DataFrame(rows, schema=_schema(metric))


def _named(metric: Metric, shrunk: Shrunk | None) -> dict[str, float | int | None]:
    values = asdict(shrunk) if shrunk else {}
    return {metric.column(part): values.get(name) for part, name in COLUMNS.items()}

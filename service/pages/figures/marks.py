"""The best and the worst number of a column, marked only where they differ significantly from the total.

A group is picked because it is the highest of many, so its interval is widened for the number of groups (Bonferroni).
Rates of agents that are adjusted for sample size need no widening: their intervals already allow for all agents.
"""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any, Literal, TypeAlias

from reports.measures.metric import Metric
from reports.measures.ratios import Share
from reports.query.report import Report
from reports.render.cell_text import has_interval, too_few

Mark: TypeAlias = Literal["best", "worst"]
# The codes of a group, in the order of the breakdown.
Key: TypeAlias = tuple[Any, ...]

_USUAL_Z = NormalDist().inv_cdf(0.975)


def marks_of(report: Report) -> dict[str, dict[Key, Mark]]:
    """The marks of a report by metric and group. Only codes of the account are marked: no hour is at fault."""
    by = report.request.by
    if not by or not all(dimension.code for dimension in by):
        return {}
    return {metric.name: dict(_marks(report, metric)) for metric in report.request.displayed if _is_judged(metric)}


def _is_judged(metric: Metric) -> bool:
    return has_interval(metric) and metric.better in {"higher", "lower"} and not isinstance(metric.measure, Share)


def _marks(report: Report, metric: Metric) -> Iterator[tuple[Key, Mark]]:
    overall = report.total[metric.name][0]
    judged = "shrunk" if "shrunk" in report.cell_columns[metric.name] else "value"
    shown = [row for row in report.groups.iter_rows(named=True) if not too_few(metric, row)]
    rows = [row for row in shown if row[metric.column(judged)] is not None]
    if overall is None or len(rows) < 2:
        return
    sign = 1 if metric.better == "higher" else -1
    rows.sort(key=lambda row: sign * row[metric.column(judged)])
    ends: tuple[tuple[Mapping[str, Any], Mark], ...] = ((rows[-1], "best"), (rows[0], "worst"))
    for row, mark in ends:
        if _stands_out(metric, row, overall, sign if mark == "best" else -sign, judged, len(rows)):
            yield tuple(row[dimension.name] for dimension in report.request.by), mark


def _stands_out(metric: Metric, row: Mapping[str, Any], overall: float, side: int, judged: str, groups: int) -> bool:
    """Whether the near end of the interval lies beyond the total. side: 1 above it, -1 below it."""
    ends = ("shrunk_low", "shrunk_high") if judged == "shrunk" else ("ci_low", "ci_high")
    end = row[metric.column(ends[0] if side > 0 else ends[1])]
    if end is None:
        return False
    value = row[metric.column(judged)]
    widened = value - (value - end) * (1 if judged == "shrunk" else _widening(groups))
    return side * (widened - overall) > 0


def _widening(groups: int) -> float:
    """How much wider an interval must be that holds for all groups at once."""
    return NormalDist().inv_cdf(1 - 0.025 / groups) / _USUAL_Z

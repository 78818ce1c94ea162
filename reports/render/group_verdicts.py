"""The groups of a report with a number clearly above or below that of all groups together.

A group stands out only if its whole interval lies on one side of the number of all groups. The interval is as wide as
many groups need: with thirteen agents, it leaves chance one false alarm in twenty reports, and not in twenty agents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

from reports.measures.metric import Metric
from reports.model.language import digits, translate, translate_plural
from reports.model.lists import join_first
from reports.query.report import Report
from reports.render import formatting
from reports.render.cell_text import too_few

GroupSide = Literal["above", "below", "no clear difference"]
ABOVE: GroupSide = "above"
BELOW: GroupSide = "below"
OPEN: GroupSide = "no clear difference"

_CONFIDENCE = 0.95
_MAX_NAMED = 3


@dataclass(frozen=True)
class GroupVerdict:
    """A group, its number with the ends of its 95% interval and its cases, and its side of the number of all."""

    name: str
    value: float
    low: float
    high: float
    n: int
    side: GroupSide


def metric_of(report: Report, name: str) -> Metric:
    """A metric of the report, with the band or the threshold that the account has set."""
    return next(metric for metric in report.request.metrics if metric.name == name)


def group_verdicts(report: Report, name: str) -> list[GroupVerdict]:
    """Every group of a report by one dimension that has enough cases for a metric, the lowest first."""
    metric, [dimension] = metric_of(report, name), report.request.by
    rows = [row for row in report.groups.iter_rows(named=True) if _is_known(metric, row, dimension.name)]
    overall, wider = report.total[metric.name][0], _widening(len(rows))
    verdicts = [_verdict(metric, row, report.name_of(dimension, row[dimension.name]), overall, wider) for row in rows]
    return sorted(verdicts, key=lambda verdict: (verdict.value, verdict.name))


def _is_known(metric: Metric, row: dict[str, Any], dimension: str) -> bool:
    known = all(row[metric.column(part)] is not None for part in ("value", "ci_low", "ci_high"))
    return known and row[dimension] is not None and not too_few(metric, row)


def _widening(groups: int) -> float:
    """How many times wider the interval of one of several groups must be (Bonferroni)."""
    tail = (1 - _CONFIDENCE) / 2
    normal = NormalDist()
    return normal.inv_cdf(1 - tail / max(groups, 1)) / normal.inv_cdf(1 - tail)


def _verdict(metric: Metric, row: dict[str, Any], name: str, overall: float | None, wider: float) -> GroupVerdict:
    value, low, high = (row[metric.column(part)] for part in ("value", "ci_low", "ci_high"))
    side = OPEN
    if overall is not None and value - wider * (value - low) > overall:
        side = ABOVE
    if overall is not None and value + wider * (high - value) < overall:
        side = BELOW
    return GroupVerdict(name, value, low, high, row[metric.column("n")], side)


def verdict_sentences(report: Report, name: str) -> Iterator[str]:
    """Which groups are clearly below and above by a metric, or that none is."""
    metric, verdicts = metric_of(report, name), group_verdicts(report, name)
    if not verdicts:
        yield translate("{metric}: not enough data to compare.", metric=metric.label)
        return
    apart = [verdict for verdict in verdicts if verdict.side != OPEN]
    yield from (sentence for side in (BELOW, ABOVE) if (sentence := _side_sentence(apart, side, metric)))
    if len(verdicts) == 1:
        yield translate("{metric}: only {name} has enough data.", metric=metric.label, name=verdicts[0].name)
    elif not apart:
        yield translate(
            "{metric}: none is clearly better or worse; the differences are within normal variation.",
            metric=metric.label,
        )
    elif others := len(verdicts) - len(apart):
        yield translate_plural(
            "No clear difference for {count} other.", "No clear difference for the other {count}.", others
        )


def _side_sentence(apart: Sequence[GroupVerdict], side: GroupSide, metric: Metric) -> str:
    of_side = [verdict for verdict in apart if verdict.side == side]
    ordered = of_side if side == BELOW else of_side[::-1]
    if not ordered:
        return ""
    named = join_first([_phrase(verdict, metric) for verdict in ordered], _MAX_NAMED, separator="; ", before_rest="; ")
    if side == BELOW:
        return translate("{metric} clearly below average: {names}.", metric=metric.label, names=named)
    return translate("{metric} clearly above average: {names}.", metric=metric.label, names=named)


def _phrase(verdict: GroupVerdict, metric: Metric) -> str:
    value = formatting.value(verdict.value, metric, "", formatting.half_width(verdict.low, verdict.high))
    ends = formatting.interval(verdict.low, verdict.high, metric)
    return translate(
        "{name} {value} ({ends}, n {count})", name=verdict.name, value=value, ends=ends, count=digits(verdict.n)
    )

"""The agents to worry about: those worse than all agents together by more than chance, with the numbers that show it.

The verdict uses the rate an agent would likely have with more calls (reports/stats/shrinkage.py), so that three calls
without a sale decide nothing. An agent is worse only if the whole interval of that rate lies on the worse side of the
rate of all agents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting

# The goal of a conversion, if it is not a sale.
_GOAL_PHRASES = {
    "appointment": " to an appointment",
    "qualified": " to a qualified lead",
    "any": " to anything agreed (a sale, an appointment, a qualified lead)",
}


@dataclass(frozen=True)
class AgentVerdict:
    """An agent's rate against the rate of all agents together.

    is_worse: by more than chance. likely_gap: the shortfall of the likely rate, as a share of the rate of all agents;
    counted_gap: the same for the rate as counted.
    """

    agent: str
    is_worse: bool
    likely_gap: float
    counted_gap: float
    sentence: str


def agent_verdicts(report: Report) -> list[AgentVerdict]:
    """The ranked agents of a report: those who are worse first, then by each of its rates, the lowest first."""
    ranked = [metric for metric in report.request.displayed if "rank" in report.cell_columns[metric.name]]
    verdicts = [verdict for metric in ranked for verdict in sorted(_verdicts(report, metric), key=_lowest_first)]
    return sorted(verdicts, key=lambda verdict: not verdict.is_worse)


def _lowest_first(verdict: AgentVerdict) -> tuple[float, float, str]:
    return -verdict.likely_gap, -verdict.counted_gap, verdict.agent


def _verdicts(report: Report, metric: Metric) -> Iterator[AgentVerdict]:
    rows = [_cell(metric, row) for row in report.groups.iter_rows(named=True)]
    rows = [row for row in rows if row["rank"] is not None]
    calls = sum(row["denominator"] for row in rows)
    overall = sum(row["numerator"] for row in rows) / calls if calls else 0.0
    for row in rows if len(rows) > 1 and overall else ():
        sign = -1 if metric.better == "lower" else 1
        likely_gap, counted_gap = (round(sign * (overall - row[name]) / overall, 9) for name in ("shrunk", "value"))
        is_worse = row["shrunk_high"] < overall if metric.better == "higher" else row["shrunk_low"] > overall
        sentence = _sentence(report, metric, row, overall, len(rows))
        yield AgentVerdict(row["agent"], is_worse, likely_gap, counted_gap, sentence)


def _cell(metric: Metric, row: Mapping[str, Any]) -> dict[str, Any]:
    columns = (
        "numerator",
        "denominator",
        "value",
        "shrunk",
        "shrunk_low",
        "shrunk_high",
        "rank",
        "rank_low",
        "rank_high",
    )
    return {"agent": row["agent"], **{name: row[metric.column(name)] for name in columns}}


def _sentence(report: Report, metric: Metric, row: Mapping[str, Any], overall: float, agents: int) -> str:
    currency = report.request.currency
    counted, likely, of_all = (
        formatting.value(rate, metric, currency) for rate in (row["value"], row["shrunk"], overall)
    )
    span = formatting.interval(row["shrunk_low"], row["shrunk_high"], metric)
    counts = f"{row['numerator']:,} of {row['denominator']:,}"
    place = f"place {row['rank_low']} to {row['rank_high']} of {agents}"
    return (
        f"{_metric_name(metric, report.request.goal)} {counted} ({counts}) where all agents together have {of_all};"
        f" likely {likely} (between {span}), {place}"
    )


def _metric_name(metric: Metric, goal: str) -> str:
    """The name of a metric within a sentence; a conversion names its goal."""
    return metric.title.lower() + (_GOAL_PHRASES.get(goal, "") if metric.name.startswith("conv_") else "")

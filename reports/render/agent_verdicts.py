"""Which agent to worry about: who stays behind all agents together by more than chance, with the numbers that say so.

Judged by the rate an agent would probably have with more calls (reports/stats/shrinkage.py), so that three calls
without a sale condemn nobody: only whose whole interval of that rate lies on the worse side of everybody's is behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting

# What conversion is to, where that is not a sale.
_TO = {
    "appointment": " to an appointment",
    "qualified": " to a qualified lead",
    "any": " to anything agreed (a sale, an appointment, a qualified lead)",
}


@dataclass(frozen=True)
class Standing:
    """An agent's rate beside that of all agents together.

    behind: whether it is worse by more than chance. by: how much worse the likely rate is, as a share of everybody's;
    raw: how much worse the rate itself.
    """

    agent: str
    behind: bool
    by: float
    raw: float
    told: str


def standings(report: Report) -> list[Standing]:
    """The agents of a report that ranks them: those behind first, then by each of its rates, the lowest first."""
    ranked = [metric for metric in report.request.displayed if "rank" in report.cell_columns[metric.name]]
    found = [sorted(_standings(report, metric), key=lambda one: (-one.by, -one.raw, one.agent)) for metric in ranked]
    return sorted((one for each in found for one in each), key=lambda one: not one.behind)


def _standings(report: Report, metric: Metric) -> Iterator[Standing]:
    rows = [_parts(metric, row) for row in report.groups.iter_rows(named=True)]
    rows = [row for row in rows if row["rank"] is not None]
    calls = sum(row["denominator"] for row in rows)
    everybody = sum(row["numerator"] for row in rows) / calls if calls else 0.0
    for row in rows if len(rows) > 1 and everybody else ():
        sign = -1 if metric.better == "lower" else 1
        by, raw = (round(sign * (everybody - row[part]) / everybody, 9) for part in ("shrunk", "value"))
        behind = row["shrunk_high"] < everybody if metric.better == "higher" else row["shrunk_low"] > everybody
        yield Standing(row["agent"], behind, by, raw, _told(report, metric, row, everybody, len(rows)))


def _parts(metric: Metric, row: Mapping[str, Any]) -> dict[str, Any]:
    wanted = (
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
    return {"agent": row["agent"], **{part: row[metric.column(part)] for part in wanted}}


def _told(report: Report, metric: Metric, row: Mapping[str, Any], everybody: float, agents: int) -> str:
    currency = report.request.currency
    mine, likely, all_ = (formatting.value(rate, metric, currency) for rate in (row["value"], row["shrunk"], everybody))
    span = formatting.interval(row["shrunk_low"], row["shrunk_high"], metric)
    counts = f"{row['numerator']:,} of {row['denominator']:,}"
    place = f"place {row['rank_low']} to {row['rank_high']} of {agents}"
    return (
        f"{_named(metric, report.request.goal)} {mine} ({counts}) where all agents together have {all_};"
        f" likely {likely} (between {span}), {place}"
    )


def _named(metric: Metric, goal: str) -> str:
    """The metric in a sentence; of a conversion, to what."""
    return metric.title.lower() + (_TO.get(goal, "") if metric.name.startswith("conv_") else "")

"""The verdict on agents, the same on every page: their rate against that of all agents, and who stands out.

One metric judges agents, the share of contacts that reach the goal, and one goal by default: anything agreed. A week
has too few sales to tell one agent from another. An agent stands out only if the whole interval of the likely rate
(reports/stats/shrinkage.py) lies above or below the rate of all agents together: luck alone makes none of forty agents
stand out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Metric
from reports.model.language import current_language, digits, marked, translate
from reports.query.parameters import Parameters
from reports.query.report import Report
from reports.render import formatting

METRIC = "conv_per_contact"
DEFAULT_GOAL: Parameters = {"goal": ["any"]}

Side = Literal["above average", "below average", "no clear difference"]
ABOVE: Side = "above average"
BELOW: Side = "below average"
OPEN: Side = "no clear difference"
SIDES = (marked("above average"), marked("below average"), marked("no clear difference"))
# The rate that judges agents, by the goal of the report.
RATES = {
    "sale": marked("sales per contact"),
    "appointment": marked("appointments per contact"),
    "qualified": marked("qualified leads per contact"),
    "any": marked("success rate (sale, appointment or qualified lead per contact)"),
}


@dataclass(frozen=True)
class AgentRate:
    """An agent's rate, `reached` of n contacts; the likely rate with its interval, its place and its side.

    All are None without a ranking. agent: its code; name: what people call it.
    spread: half the width of the interval of the rate as counted.
    """

    agent: str
    name: str
    rate: float
    reached: int
    n: int
    spread: float | None
    likely: float | None
    low: float | None
    high: float | None
    places: tuple[int, int] | None
    side: Side


def judging_metric() -> Metric:
    """The metric that judges agents."""
    return catalogue()[METRIC].metric


def agent_rates(report: Report) -> list[AgentRate]:
    """Every agent with a contact, the best first."""
    overall = report.total[METRIC][0]
    known = report.groups.filter(pl.col("agent").is_not_null() & pl.col(METRIC).is_not_null())
    rows = known.sort(METRIC, "agent", descending=[True, False]).iter_rows(named=True)
    return [_agent_rate(report, row, overall) for row in rows]


def _agent_rate(report: Report, row: dict[str, Any], overall: float | None) -> AgentRate:
    low, high, first, last = (
        row[f"{METRIC}_{part}"] for part in ("shrunk_low", "shrunk_high", "rank_low", "rank_high")
    )
    return AgentRate(
        agent=row["agent"],
        name=report.name_of(report.request.by[0], row["agent"]),
        rate=row[METRIC],
        reached=row[f"{METRIC}_numerator"],
        n=row[f"{METRIC}_denominator"],
        spread=formatting.half_width(row[f"{METRIC}_ci_low"], row[f"{METRIC}_ci_high"]),
        likely=row[f"{METRIC}_shrunk"],
        low=low,
        high=high,
        places=None if first is None else (first, last),
        side=_side(low, high, overall),
    )


def _side(low: float | None, high: float | None, overall: float | None) -> Side:
    if low is None or high is None or overall is None:
        return OPEN
    return ABOVE if low > overall else BELOW if high < overall else OPEN


def nobody_to_compare(report: Report) -> str:
    """Why a report has no agents to compare."""
    if report.groups.filter(pl.col("agent").is_not_null() & pl.col(f"{METRIC}_reason").is_not_null()).height:
        return translate("Not enough data to compare agents: too many calls have an unknown outcome.")
    return translate("Not enough data to compare agents: fewer than two of them had a contact.")


def below_first(rates: Iterable[AgentRate]) -> list[AgentRate]:
    """The ranked agents: those below average first, then by the adjusted rate and the rate, the lowest first."""
    ranked = [
        (rate.side != BELOW, rate.likely, rate.rate, rate.agent, rate) for rate in rates if rate.likely is not None
    ]
    return [rate for *_, rate in sorted(ranked, key=lambda key: key[:4])]


def overall_as_read(report: Report, rates: Iterable[AgentRate]) -> float | None:
    """The rate of all agents as sentences show it: beyond the interval of every agent who stands out."""
    overall = report.total[METRIC][0]
    edges = [end for rate in rates if rate.side != OPEN for end in (rate.low, rate.high) if end is not None]
    return None if overall is None else formatting.as_read(overall, judging_metric(), edges, _overall_doubt(report))


def overall_phrase(report: Report, overall: float) -> str:
    """The rate of all agents, rounded by its own interval. overall: as sentences show it."""
    return percent(overall, _overall_doubt(report), [overall])


def _overall_doubt(report: Report) -> float | None:
    return formatting.half_width(*(report.total[f"{METRIC}_ci_{end}"][0] for end in ("low", "high")))


def sentence(report: Report, rate: AgentRate, rates: Sequence[AgentRate]) -> str:
    """The rate of one agent, the same adjusted for sample size, the rank, and the rate of all agents."""
    overall = overall_as_read(report, rates)
    ranked = sum(other.places is not None for other in rates)
    counted = {"rate": percent(rate.rate, rate.spread), "count": digits(rate.reached), "contacts": digits(rate.n)}
    name = translate(RATES[report.request.goal])
    own = (
        translate("{name} {rate} ({count} of {contacts} contacts)", name=name, **counted)
        if overall is None
        else translate(
            "{name} {rate} ({count} of {contacts} contacts), all agents {overall}",
            name=name,
            overall=overall_phrase(report, overall),
            **counted,
        )
    )
    return f"{own}; {adjusted(rate, overall)}" + (f", {_ranked(*rate.places, ranked)}" if rate.places else "")


def _ranked(first: int, last: int, total: int) -> str:
    """The places an agent may have: ranked 11th-13th of 13."""
    if first == last == total:
        return translate("last of {total}", total=total)
    if first == last:
        return translate("ranked {place} of {total}", place=_ordinal(first), total=total)
    return translate("ranked {first}-{last} of {total}", first=_ordinal(first), last=_ordinal(last), total=total)


def _ordinal(place: int) -> str:
    """The place as English writes it; other languages write the number."""
    if current_language().code != "en":
        return f"{place}"
    suffix = "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{suffix}"


def adjusted(rate: AgentRate, overall: float | None) -> str:
    """The rate adjusted for sample size, with its range, rounded on their side of the rate of all agents."""
    metric, edges = judging_metric(), [] if overall is None else [overall]
    doubt = formatting.half_width(rate.low, rate.high)
    value = percent(rate.likely or 0.0, doubt, edges)
    ends = formatting.interval(rate.low or 0.0, rate.high or 0.0, metric, edges)
    return translate("adjusted for sample size: {value} ({ends})", value=value, ends=ends)


def percent(rate: float, doubt: float | None = None, edges: Sequence[float] = ()) -> str:
    """A rate as a percentage."""
    return formatting.value(rate, judging_metric(), "", doubt, edges)

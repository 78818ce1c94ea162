"""Which part of their contacts each agent turns into a sale, with the doubt about it, and who surely stands out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import polars as pl

from reports import shown
from reports.catalogue import catalogue
from reports.charts import Chart
from reports.report import Report
from reports.shrinkage import MOST_RANKED

METRIC = "conv_per_contact"
# More lines than these are no picture; then those that stand out are drawn, and those with the most contacts.
MOST_DRAWN = 40
_STEP = 20
_MOST_NAMED = 3
Side = Literal["surely above", "surely below", "cannot be told"]
_ABOVE: Side = "surely above"
_BELOW: Side = "surely below"
_OPEN: Side = "cannot be told"
_GOALS = {
    "sale": "a sale",
    "appointment": "an appointment",
    "qualified": "a qualified lead",
    "any": "a sale, an appointment or a qualified lead",
}


@dataclass(frozen=True)
class Standing:
    """An agent's rate of n contacts, between what it likely is judged by all agents, and on which side of all."""

    agent: str
    rate: float
    n: int
    low: float | None
    high: float | None
    side: Side


def standings(report: Report) -> list[Standing]:
    """Every agent who had a contact, the best first.

    Somebody stands out when the whole interval of their likely rate lies beside the rate of all together. The likely
    rates are moved towards each other by as much as few calls deserve, so that out of forty agents nobody stands out by
    having had the most luck.
    """
    whole = report.total[METRIC][0]
    columns = [
        METRIC,
        f"{METRIC}_denominator",
        *(f"{METRIC}_{part}" for part in ("shrunk_low", "shrunk_high")),
    ]
    known = report.groups.filter(pl.col("agent").is_not_null() & pl.col(METRIC).is_not_null())
    rows = known.sort(METRIC, "agent", descending=[True, False]).select("agent", *columns).iter_rows()
    return [Standing(agent, rate, n, low, high, _side(low, high, whole)) for agent, rate, n, low, high in rows]


def _side(low: float | None, high: float | None, whole: float) -> Side:
    if low is None or high is None:
        return _OPEN
    return _ABOVE if low > whole else _BELOW if high < whole else _OPEN


def draw(report: Report) -> alt.LayerChart:
    """A line an agent, the best first: a point with its interval; upright, the rate of all together."""
    table = _table(report)
    agents = table["agent"].to_list()
    domain = [side for side in (_ABOVE, _BELOW, _OPEN) if side in set(table["side"])]
    agent = alt.Y("agent:N", sort=agents, title=None)
    scale = alt.Scale(zero=True, nice=True)
    rate = alt.X("rate:Q", axis=alt.Axis(format=".0%"), scale=scale, title="contacts that reached the goal")
    legend = alt.Legend(orient="top") if len(domain) > 1 else None
    colour = alt.Color("side:N", sort=domain, title=None, legend=legend)
    shape = alt.Shape("side:N", sort=domain, title=None, legend=legend)
    told = [alt.Tooltip("agent:N"), alt.Tooltip("n:Q", title="contacts")]
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("rate", "low", "high")]
    base = alt.Chart(table)
    chance = base.mark_rule(strokeWidth=2).encode(alt.X("low:Q"), agent, colour, x2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        rate, agent, colour, shape, tooltip=[*told, *shares]
    )
    whole = (
        alt.Chart(pl.DataFrame({"whole": report.total[METRIC]})).mark_rule(strokeDash=[5, 4]).encode(alt.X("whole:Q"))
    )
    return alt.LayerChart(layer=[whole, chance, points]).properties(height=_STEP * table.height)


def told(report: Report) -> str:
    """Who surely stands out and why; else that it cannot be told."""
    found = standings(report)
    if len(found) < 2:
        return "Fewer than two agents had a contact: there is nobody to compare."
    if len(found) > MOST_RANKED:
        return f"{len(found):,} agents are too many to say who stands out: narrow it to a team or a campaign."
    whole = _percent(report.total[METRIC][0])
    aside = [each for each in found if each.side != _OPEN]
    if not aside:
        return (
            f"Nobody surely stands out. All together turn {whole} of their contacts into {_GOALS[report.ask.goal]}, and"
            f" the differences between these {len(found):,} agents may as well be chance.{_left_out(found)}"
        )
    return " ".join(
        [*_sides(report, found, whole), f"Of the other {len(found) - len(aside):,} agents it cannot be told."]
    )


def _sides(report: Report, found: Sequence[Standing], whole: str) -> list[str]:
    """A sentence about those below, whom to help first, and one about those above."""
    below = [each for each in reversed(found) if each.side == _BELOW]
    above = [each for each in found if each.side == _ABOVE]
    goal = _GOALS[report.ask.goal]
    said = (("below", below), ("above", above))
    return [
        f"Surely {side} the {whole} of contacts that all together turn into {goal}: {_named(each)}."
        for side, each in said
        if each
    ] + ([_left_out(found).strip()] if _left_out(found) else [])


def _named(aside: Sequence[Standing]) -> str:
    named = [_sentence(each) for each in aside[:_MOST_NAMED]]
    more = len(aside) - _MOST_NAMED
    return "; ".join([*named, *([f"and {more:,} more"] if more > 0 else [])])


def _sentence(each: Standing) -> str:
    rate = f"{each.agent} with {_percent(each.rate)} of {each.n:,}"
    return f"{rate} (likely between {_percent(each.low or 0)} and {_percent(each.high or 0)})"


def _left_out(found: Sequence[Standing]) -> str:
    return f" {MOST_DRAWN} of {len(found):,} agents are drawn." if len(found) > MOST_DRAWN else ""


def _percent(rate: float) -> str:
    return shown.value(rate, catalogue()[METRIC].metric, "")


def _table(report: Report) -> pl.DataFrame:
    """A row an agent that is drawn, the best first."""
    found = standings(report)
    drawn = {each.agent for each in sorted(found, key=lambda each: (each.side == _OPEN, -each.n))[:MOST_DRAWN]}
    sides = pl.DataFrame(
        [(each.agent, each.side) for each in found if each.agent in drawn],
        schema={"agent": pl.String, "side": pl.String},
        orient="row",
    )
    numbers = report.groups.select(
        pl.col("agent").cast(pl.String),
        pl.col(METRIC).alias("rate"),
        pl.col(f"{METRIC}_ci_low").alias("low"),
        pl.col(f"{METRIC}_ci_high").alias("high"),
        pl.col(f"{METRIC}_denominator").alias("n"),
    )
    return sides.join(numbers, on="agent", how="left", maintain_order="left")


CHART = Chart(
    name="agents",
    title="Contacts that reached the goal, agent by agent",
    question={"metrics": [METRIC], "by": ["agent"]},
    draw=draw,
    told=told,
)

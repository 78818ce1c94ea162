"""Which part of their contacts each agent turns into a sale, with the doubt about it, and who surely stands out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import altair as alt
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.charts import Chart
from reports.query.report import Report
from reports.render import formatting
from reports.stats.shrinkage import MOST_RANKED

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
    # Said out loud, so that Vega tells colours and shapes in one legend.
    sides = alt.Scale(domain=[_ABOVE, _BELOW, _OPEN])
    agent = alt.Y("agent:N", sort=agents, title=None)
    scale = alt.Scale(zero=True, nice=True)
    rate = alt.X(
        "rate:Q", axis=alt.Axis(format=".0%", tickCount=8), scale=scale, title="contacts that reached the goal"
    )
    legend = alt.Legend(orient="top", direction="vertical")
    colour = alt.Color("side:N", scale=sides, title=None, legend=legend)
    shape = alt.Shape("side:N", scale=sides, title=None, legend=legend)
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
    aside = [each for each in found if each.side != _OPEN]
    words = [
        f"All together turn {_percent(report.total[METRIC][0])} of their contacts into {_GOALS[report.request.goal]}."
    ]
    if not aside:
        words.append(
            f"Nobody surely stands out: the differences between these {len(found):,} agents may as well be chance."
        )
    words += _sides(report, aside)
    if aside and len(aside) < len(found):
        words.append(f"Of the other {len(found) - len(aside):,} it cannot be told.")
    words.append("Judged by the rate that more calls would probably show; the lines are the rates as counted.")
    if len(found) > MOST_DRAWN:
        words.append(f"{MOST_DRAWN} of {len(found):,} agents are drawn.")
    return " ".join(words)


def _sides(report: Report, aside: Sequence[Standing]) -> Iterator[str]:
    """A sentence about those below, whom to help first, and one about those above."""
    for side, found in ((_BELOW, aside[::-1]), (_ABOVE, aside)):
        here = [each for each in found if each.side == side]
        named = [_sentence(each, report.total[METRIC][0]) for each in here[:_MOST_NAMED]]
        more = [f"and {len(here) - _MOST_NAMED:,} more"] if len(here) > _MOST_NAMED else []
        if here:
            yield f"{side.capitalize()}: {'; '.join(named + more)}."


def _sentence(each: Standing, whole: float) -> str:
    """Their rate, and where it likely is, written so that it is seen to lie beside that of all."""
    metric = replace(catalogue()[METRIC].metric, limit=whole)
    likely = f"likely {formatting.bound(each.low or 0, metric)} to {formatting.value(each.high or 0, metric, '')}"
    return f"{each.agent} with {_percent(each.rate)} of {each.n:,} contacts ({likely})"


def _percent(rate: float) -> str:
    return formatting.value(rate, catalogue()[METRIC].metric, "")


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

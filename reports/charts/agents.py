"""The share of contacts that each agent turns into a sale, with its interval, and the agents who surely stand out."""

from collections.abc import Iterator, Sequence

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.query.report import Report
from reports.render.agent_verdicts import (
    ABOVE,
    BELOW,
    DEFAULT_GOAL,
    GOALS,
    METRIC,
    OPEN,
    AgentRate,
    agent_rates,
    likely,
    overall_as_read,
    overall_phrase,
    percent,
)
from reports.render.lists import join_first
from reports.stats.shrinkage import MOST_RANKED

# More lines are unreadable; the chart then has the agents who stand out and those with the most contacts.
MAX_DRAWN = 40
_STEP = 20
_MAX_NAMED = 3


def draw(report: Report) -> alt.LayerChart:
    """A line for each agent, the best first: a point with its interval; the dashed line is the rate of all agents."""
    table = _table(report)
    agents = table["agent"].to_list()
    # With an explicit domain, Vega puts colours and shapes into one legend.
    sides = alt.Scale(domain=[ABOVE, BELOW, OPEN])
    agent = alt.Y("agent:N", sort=agents, title=None)
    scale = alt.Scale(zero=True, nice=True)
    rate = alt.X(
        "rate:Q", axis=alt.Axis(format=".0%", tickCount=8), scale=scale, title="contacts that reached the goal"
    )
    legend = alt.Legend(orient="top", direction="vertical")
    colour = alt.Color("side:N", scale=sides, title=None, legend=legend)
    shape = alt.Shape("side:N", scale=sides, title=None, legend=legend)
    tooltip = [alt.Tooltip("agent:N"), alt.Tooltip("n:Q", title="contacts")]
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("rate", "low", "high")]
    base = alt.Chart(table)
    chance = base.mark_rule(strokeWidth=2).encode(alt.X("low:Q"), agent, colour, x2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        rate, agent, colour, shape, tooltip=[*tooltip, *shares]
    )
    whole = (
        alt.Chart(pl.DataFrame({"whole": report.total[METRIC]})).mark_rule(strokeDash=[5, 4]).encode(alt.X("whole:Q"))
    )
    return alt.LayerChart(layer=[whole, chance, points]).properties(height=_STEP * table.height)


def summarise(report: Report) -> str:
    """The agents who surely stand out, with their rates, or that none does."""
    rates = agent_rates(report)
    if len(rates) < 2:
        return _nobody_to_compare(report)
    if len(rates) > MOST_RANKED:
        return f"{len(rates):,} agents are too many to say who stands out: narrow it to a team or a campaign."
    standing_out = [rate for rate in rates if rate.side != OPEN]
    sentences = [_overall_sentence(report, standing_out)]
    if not standing_out:
        sentences.append(
            f"Nobody surely stands out: the differences between these {len(rates):,} agents may as well be chance."
        )
    sentences += _side_sentences(report, standing_out)
    if standing_out and len(standing_out) < len(rates):
        sentences.append(f"Of the other {len(rates) - len(standing_out):,} it cannot be told.")
    sentences.append("Judged by the rate that more calls would probably show; the lines are the rates as counted.")
    if len(rates) > MAX_DRAWN:
        sentences.append(f"{MAX_DRAWN} of {len(rates):,} agents are drawn.")
    return " ".join(sentences)


def _nobody_to_compare(report: Report) -> str:
    doubtful = report.groups.filter(pl.col("agent").is_not_null() & pl.col(f"{METRIC}_reason").is_not_null()).height
    if doubtful:
        return f"Nobody can be compared: of {doubtful:,} agents it cannot be told whom they reached."
    return "Fewer than two agents had a contact: there is nobody to compare."


def _overall_sentence(report: Report, standing_out: Sequence[AgentRate]) -> str:
    goal, overall = GOALS[report.request.goal], overall_as_read(report, standing_out)
    if overall is None:
        return f"What share of their contacts all together turn into {goal}, cannot be told: too many are in doubt."
    return f"All together turn {overall_phrase(report, overall)} of their contacts into {goal}."


def _side_sentences(report: Report, standing_out: Sequence[AgentRate]) -> Iterator[str]:
    """A sentence on the agents below, who need help first, and one on those above."""
    overall = overall_as_read(report, standing_out)
    for side, rates in ((BELOW, standing_out[::-1]), (ABOVE, standing_out)):
        phrases = [
            f"{rate.agent} with {percent(rate.rate, rate.spread)} of {rate.n:,} contacts, {likely(rate, overall)}"
            for rate in rates
            if rate.side == side
        ]
        if phrases:
            yield f"{side.capitalize()}: {join_first(phrases, _MAX_NAMED, separator='; ', before_rest='; ')}."


def _table(report: Report) -> pl.DataFrame:
    """A row for each agent on the chart, the best first."""
    rates = agent_rates(report)
    drawn = {rate.agent for rate in sorted(rates, key=lambda rate: (rate.side == OPEN, -rate.n))[:MAX_DRAWN]}
    sides = pl.DataFrame(
        [(rate.agent, rate.side) for rate in rates if rate.agent in drawn],
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
    parameters={"metrics": [METRIC], "by": ["agent"]},
    defaults=DEFAULT_GOAL,
    draw=draw,
    summarise=summarise,
)

"""The share of contacts that each agent turns into a sale, with its interval, and the agents who clearly stand out."""

from collections.abc import Iterator, Sequence

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.model.lists import join_first
from reports.query.report import Report
from reports.render.agent_verdicts import (
    ABOVE,
    BELOW,
    DEFAULT_GOAL,
    METRIC,
    OPEN,
    RATES,
    AgentRate,
    adjusted,
    agent_rates,
    nobody_to_compare,
    overall_as_read,
    overall_phrase,
    percent,
)
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
    rate = alt.X("rate:Q", axis=alt.Axis(format=".0%", tickCount=8), scale=scale, title=translate("success rate"))
    legend = alt.Legend(orient="top", direction="vertical")
    colour = alt.Color("side:N", scale=sides, title=None, legend=legend)
    shape = alt.Shape("side:N", scale=sides, title=None, legend=legend)
    tooltip = [alt.Tooltip("agent:N"), alt.Tooltip("n:Q", title=translate("contacts"))]
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
    """The agents who clearly stand out, with their rates, or that none does."""
    rates = agent_rates(report)
    if len(rates) < 2:
        return nobody_to_compare(report)
    if len(rates) > MOST_RANKED:
        return translate("Too many agents to rank ({count}). Filter by team or campaign.", count=digits(len(rates)))
    standing_out = [rate for rate in rates if rate.side != OPEN]
    sentences = [_overall_sentence(report, standing_out), *_side_sentences(report, standing_out)]
    if not standing_out:
        sentences.append(translate("No agent is clearly better or worse; the differences are within normal variation."))
    elif others := len(rates) - len(standing_out):
        sentences.append(translate("No clear difference for the other {count}.", count=digits(others)))
    sentences.append(translate("Ranked by sample-adjusted rate; lines show actual rates with 95% ranges."))
    if len(rates) > MAX_DRAWN:
        sentences.append(
            translate("The chart shows {shown} of {count} agents.", shown=MAX_DRAWN, count=digits(len(rates)))
        )
    return " ".join(sentences)


def _overall_sentence(report: Report, standing_out: Sequence[AgentRate]) -> str:
    overall = overall_as_read(report, standing_out)
    name = translate(RATES[report.request.goal])
    if overall is None:
        return translate("All agents: not enough data for the {name}.", name=name)
    return translate("All agents: {name} {rate}.", name=name, rate=overall_phrase(report, overall))


def _side_sentences(report: Report, standing_out: Sequence[AgentRate]) -> Iterator[str]:
    """A sentence on the agents below average, who need help first, and one on those above."""
    overall = overall_as_read(report, standing_out)
    below = [_phrase(rate, overall) for rate in standing_out[::-1] if rate.side == BELOW]
    above = [_phrase(rate, overall) for rate in standing_out if rate.side == ABOVE]
    if below:
        yield translate("Below average: {names}.", names=_joined(below))
    if above:
        yield translate("Above average: {names}.", names=_joined(above))


def _joined(phrases: Sequence[str]) -> str:
    return join_first(phrases, _MAX_NAMED, separator="; ", before_rest="; ")


def _phrase(rate: AgentRate, overall: float | None) -> str:
    return translate(
        "{agent} {rate} of {contacts} contacts ({adjusted})",
        agent=rate.name,
        rate=percent(rate.rate, rate.spread),
        contacts=digits(rate.n),
        adjusted=adjusted(rate, overall),
    )


def _table(report: Report) -> pl.DataFrame:
    """A row for each agent on the chart, the best first."""
    rates = agent_rates(report)
    drawn = {rate.agent for rate in sorted(rates, key=lambda rate: (rate.side == OPEN, -rate.n))[:MAX_DRAWN]}
    sides = pl.DataFrame(
        [(rate.agent, rate.name, rate.side) for rate in rates if rate.agent in drawn],
        schema={"code": pl.String, "agent": pl.String, "side": pl.String},
        orient="row",
    )
    numbers = report.groups.select(
        pl.col("agent").cast(pl.String).alias("code"),
        pl.col(METRIC).alias("rate"),
        pl.col(f"{METRIC}_ci_low").alias("low"),
        pl.col(f"{METRIC}_ci_high").alias("high"),
        pl.col(f"{METRIC}_denominator").alias("n"),
    )
    return sides.join(numbers, on="code", how="left", maintain_order="left")


CHART = Chart(
    name="agents",
    title=marked("Success rate by agent"),
    parameters={"metrics": [METRIC], "by": ["agent"]},
    defaults=DEFAULT_GOAL,
    draw=draw,
    summarise=summarise,
    has_data=lambda report: len(agent_rates(report)) > 1,
)

"""The quality score of each agent with its interval, and the agents who clearly stand out."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.query.report import Report
from reports.render.group_verdicts import ABOVE, BELOW, OPEN, group_verdicts, verdict_sentences

METRIC = "qa_score"
# More lines are unreadable; agents who stand out come first.
_MAX_DRAWN = 40
_STEP = 20
_SCHEMA = {"agent": pl.String, "side": pl.String, **dict.fromkeys(("score", "low", "high"), pl.Float64), "n": pl.Int64}


def draw(report: Report) -> alt.LayerChart:
    """A line for each agent, the best first: a point with its interval; the dashed line is the score of all agents."""
    table = _table(report)
    sides = alt.Scale(domain=[ABOVE, BELOW, OPEN])
    legend = alt.Legend(orient="top", direction="vertical", labelExpr=_side_label())
    agent = alt.Y("agent:N", sort=table["agent"].to_list(), title=None)
    score = alt.X(
        "score:Q",
        axis=alt.Axis(format=".0%", tickCount=8),
        scale=alt.Scale(zero=False, nice=True),
        title=translate("share of possible points"),
    )
    colour = alt.Color("side:N", scale=sides, title=None, legend=legend)
    shape = alt.Shape("side:N", scale=sides, title=None, legend=legend)
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("score", "low", "high")]
    tooltip = [alt.Tooltip("agent:N"), alt.Tooltip("n:Q", title=translate("evaluations")), *shares]
    base = alt.Chart(table)
    chance = base.mark_rule(strokeWidth=2).encode(alt.X("low:Q"), agent, colour, x2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(score, agent, colour, shape, tooltip=tooltip)
    whole = alt.Chart(pl.DataFrame({"whole": report.total[METRIC]})).mark_rule(strokeDash=[5, 4]).encode(x="whole:Q")
    return alt.LayerChart(layer=[whole, chance, points]).properties(height=_STEP * table.height)


def _side_label() -> str:
    """How the legend writes the sides."""
    words = {ABOVE: translate("clearly above average"), BELOW: translate("clearly below average")}
    return "".join(f"datum.value == '{translate(side)}' ? '{text}' : " for side, text in words.items()) + "datum.value"


def summarise(report: Report) -> str:
    """The agents with a score clearly below or above that of all, or that none has."""
    return " ".join(verdict_sentences(report, METRIC))


def _table(report: Report) -> pl.DataFrame:
    """A row for each agent on the chart, the best first."""
    verdicts = group_verdicts(report, METRIC)
    drawn = sorted(verdicts, key=lambda verdict: (verdict.side == OPEN, -verdict.n))[:_MAX_DRAWN]
    rows = [(agent.name, agent.side, agent.value, agent.low, agent.high, agent.n) for agent in drawn]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("score", "agent", descending=[True, False])


CHART = Chart(
    name="qa-scores",
    title=marked("QA score by agent"),
    parameters={"metrics": [METRIC], "by": ["agent"]},
    draw=draw,
    summarise=summarise,
    has_data=lambda report: bool(group_verdicts(report, METRIC)),
)

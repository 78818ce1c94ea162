"""The occupancy of each agent against the band in which it should lie."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.query.report import Report
from reports.render.group_verdicts import metric_of
from reports.render.people_verdicts import OCCUPANCY, occupancy_sentences

# More lines are unreadable; the agents furthest outside the band come first.
_MAX_DRAWN = 40
_STEP = 20
_ABOVE, _BELOW, _WITHIN = marked("above target range"), marked("below target range"), marked("within target range")


def draw(report: Report) -> alt.LayerChart:
    """A point for each agent, the busiest first, over the band; the dashed line is the occupancy of all agents."""
    table = _table(report)
    sides = alt.Scale(domain=[_ABOVE, _BELOW, _WITHIN])
    legend = alt.Legend(orient="top", direction="vertical")
    agent = alt.Y("agent:N", sort=table["agent"].to_list(), title=None)
    share = alt.X(
        "share:Q",
        axis=alt.Axis(format=".0%", tickCount=8),
        scale=alt.Scale(zero=False, nice=True),
        title=translate("share of available time on calls"),
    )
    tooltip = [
        alt.Tooltip("agent:N"),
        alt.Tooltip("share:Q", title=translate("occupancy"), format=".1%"),
        alt.Tooltip("hours:Q", title=translate("hours available"), format=".1f"),
    ]
    colour, shape = (channel("side:N", scale=sides, title=None, legend=legend) for channel in (alt.Color, alt.Shape))
    points = (
        alt.Chart(table)
        .mark_point(filled=True, size=80, opacity=1)
        .encode(share, agent, colour, shape, tooltip=tooltip)
    )
    low, high = metric_of(report, OCCUPANCY).band or (0.0, 1.0)
    band = (
        alt.Chart(pl.DataFrame({"low": [low], "high": [high]})).mark_rect(opacity=0.15).encode(x="low:Q", x2="high:Q")
    )
    whole = alt.Chart(pl.DataFrame({"whole": report.total[OCCUPANCY]})).mark_rule(strokeDash=[5, 4]).encode(x="whole:Q")
    return alt.LayerChart(layer=[band, whole, points]).properties(height=_STEP * table.height)


def summarise(report: Report) -> str:
    """The occupancy of all agents, and the agents outside the band."""
    return " ".join(occupancy_sentences(report, "agent"))


def _table(report: Report) -> pl.DataFrame:
    """A row for each agent on the chart, the busiest first."""
    low, high = metric_of(report, OCCUPANCY).band or (0.0, 1.0)
    share = pl.col("share")
    known = report.groups.filter(pl.col("agent").is_not_null() & pl.col(OCCUPANCY).is_not_null())
    rows = known.select(report.named(report.request.by[0]), share=OCCUPANCY, hours=f"{OCCUPANCY}_denominator")
    side = pl.when(share > high).then(pl.lit(_ABOVE)).when(share < low).then(pl.lit(_BELOW)).otherwise(pl.lit(_WITHIN))
    outside = pl.max_horizontal(share - high, low - share)
    drawn = rows.with_columns(side=side).sort(outside, "agent", descending=[True, False]).head(_MAX_DRAWN)
    return drawn.sort("share", "agent", descending=[True, False])


CHART = Chart(
    name="occupancy",
    title=marked("Occupancy by agent"),
    parameters={"metrics": [OCCUPANCY], "by": ["agent"]},
    draw=draw,
    summarise=summarise,
    has_data=lambda report: not _table(report).is_empty(),
)

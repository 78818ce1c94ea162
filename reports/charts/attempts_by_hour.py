"""Attempts, and before them those that reached the right party, in every hour of a time."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.report import Report

_SERIES = ["Attempts", "Right party reached"]


def draw(report: Report) -> alt.Chart:
    """Two bars an hour, one before the other."""
    table = _hours(report)
    hour = alt.X("hour:T", scale=alt.Scale(type="utc"), title=None)
    colour = alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top"))
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            hour,
            alt.Y("count:Q", title="calls", stack=None),
            colour,
            alt.Tooltip(["hour:T", "what:N", "count:Q"]),
        )
    )


def told(report: Report) -> str:
    """How many there were, and in which hour the most."""
    table = report.groups
    if table.is_empty():
        return "There were no attempts."
    attempts, reached = table["attempts"].sum(), table["rpc_rate_numerator"].sum()
    busiest = table.sort("attempts", descending=True)["hour"][0]
    return (
        f"{attempts:,} attempts, of which {reached:,} reached the right party;"
        f" the most in the hour from {busiest:%Y-%m-%d %H:%M}."
    )


def _hours(report: Report) -> pl.DataFrame:
    """A row an hour and series; hours as the clock of the report's zone shows them, which Vega takes for UTC."""
    hours = pl.col("hour").dt.replace_time_zone(None)
    table = report.groups.select(
        hours.alias("hour"), pl.col("attempts").alias(_SERIES[0]), pl.col("rpc_rate_numerator").alias(_SERIES[1])
    )
    return table.unpivot(index="hour", variable_name="what", value_name="count").with_columns(
        pl.col("hour").dt.to_string("%Y-%m-%dT%H:%M:%SZ")
    )


CHART = Chart(
    name="attempts-by-hour",
    title="Attempts and right parties, hour by hour",
    question={"metrics": ["attempts,rpc_rate"], "by": ["hour"]},
    draw=draw,
    told=told,
)

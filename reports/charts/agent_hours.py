"""At which hours of the day calls are made, and how many of them reach the right party."""

import altair as alt
import polars as pl

from reports import shown
from reports.catalogue import catalogue
from reports.charts import Chart
from reports.report import Report
from reports.windows import HOURS_OF_DAY

_SERIES = ["Attempts", "Right party reached"]
# Fewer attempts than these say nothing about an hour.
_ENOUGH = 30


def draw(report: Report) -> alt.Chart:
    """Two bars an hour, one before the other, from the first hour to the last in which there was a call."""
    hours = report.groups["hour_of_day"].cast(pl.String).to_list()
    sort = list(HOURS_OF_DAY[HOURS_OF_DAY.index(hours[0]) : HOURS_OF_DAY.index(hours[-1]) + 1]) if hours else []
    return (
        alt.Chart(_hours(report))
        .mark_bar()
        .encode(
            alt.X(
                "hour:N", sort=sort, scale=alt.Scale(domain=sort), title="hour of the day", axis=alt.Axis(labelAngle=0)
            ),
            alt.Y("count:Q", title="calls", stack=None),
            alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top")),
            alt.Tooltip(["hour:N", "what:N", "count:Q"]),
        )
        .properties(height=220)
    )


def told(report: Report) -> str:
    """When most calls are made, and when the right party was reached most often, where that can be said."""
    table = report.groups
    if table.is_empty():
        return "There were no attempts."
    busiest = table.sort("attempts", descending=True, maintain_order=True).row(0, named=True)
    words = f"Most calls, {busiest['attempts']:,}, are made in the hour from {busiest['hour_of_day']}."
    enough = table.filter(pl.col("rpc_rate_denominator") >= _ENOUGH).sort("rpc_rate", descending=True)
    if enough.height < 2:
        return words
    best, worst = enough.row(0, named=True), enough.row(-1, named=True)
    if best["rpc_rate_ci_low"] <= worst["rpc_rate_ci_high"]:
        return f"{words} No hour surely reaches the right party more often than another."
    metric = catalogue()["rpc_rate"].metric
    high, low = shown.value(best["rpc_rate"], metric, ""), shown.value(worst["rpc_rate"], metric, "")
    return (
        f"{words} The right party is reached most often from {best['hour_of_day']} ({high} of attempts),"
        f" least often from {worst['hour_of_day']} ({low})."
    )


def _hours(report: Report) -> pl.DataFrame:
    """A row an hour and series, the shorter bar last, in front of the other."""
    table = report.groups.select(
        pl.col("hour_of_day").cast(pl.String).alias("hour"),
        pl.col("attempts").alias(_SERIES[0]),
        pl.col("rpc_rate_numerator").alias(_SERIES[1]),
    )
    return table.unpivot(index="hour", variable_name="what", value_name="count")


CHART = Chart(
    name="agent-hours",
    title="Attempts and right parties by hour of the day",
    question={"metrics": ["attempts,rpc_rate"], "by": ["hour_of_day"]},
    draw=draw,
    told=told,
)

"""Attempts, and before them those that reached the right party, on every day of a time too long for hours."""

from datetime import timedelta

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.charts.attempts_by_hour import bars, pieces
from reports.query.report import Report

# Of longer times only the months are told.
_MOST_DAYS_TOLD = timedelta(days=120)


def draw(report: Report) -> alt.Chart:
    """Two bars a day, one before the other."""
    days = pieces(report, pl.col("day").cast(pl.Datetime("ms")), timedelta(days=1))
    long = report.request.window.end - report.request.window.start > _MOST_DAYS_TOLD
    return bars(report, days, "%a %-d %b %Y", "1mo" if long else "1w")


def told(report: Report) -> str:
    """How many there were, and on which day the most."""
    table = report.groups
    if table.is_empty():
        return "There were no attempts."
    attempts, reached = table["attempts"].sum(), table["rpc_rate_numerator"].sum()
    busiest, most = table.sort("attempts", descending=True).select("day", "attempts").row(0)
    return (
        f"{attempts:,} attempts, of which {reached:,} reached the right party;"
        f" the most, {most:,}, on {busiest:%A %Y-%m-%d}."
    )


CHART = Chart(
    name="attempts-by-day",
    title="Attempts and right parties, day by day",
    question={"metrics": ["attempts,rpc_rate"], "by": ["day"]},
    draw=draw,
    told=told,
)

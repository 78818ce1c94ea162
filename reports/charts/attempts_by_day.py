"""Attempts and right parties reached, day by day, for windows too long for hours."""

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from reports.charts import Chart
from reports.charts.attempts_by_hour import draw_time_bars, earlier_calls, time_bars_table
from reports.model.language import digits, marked, translate
from reports.model.local_dates import chart_format, day_words
from reports.query.report import Report
from reports.render.possible_counts import known_and_possible

if TYPE_CHECKING:
    from reports.charts import Drawn

# Longer windows have a tick for each week, and then for each month.
_MAX_DAILY_TICKS, _MAX_WEEKLY_TICKS = timedelta(days=21), timedelta(days=120)


def draw(report: Report) -> "Drawn":
    """Two bars for each day, one in front of the other, and the compared period as a line."""
    start = pl.col("day").cast(pl.Datetime("ms"))
    days = time_bars_table(report, start, timedelta(days=1))
    length = report.request.window.end - report.request.window.start
    every = "1d" if length <= _MAX_DAILY_TICKS else "1w" if length <= _MAX_WEEKLY_TICKS else "1mo"
    return draw_time_bars(report, days, chart_format("yMMMEd"), every, earlier_calls(report, start))


def summarise(report: Report) -> str:
    """How many attempts there were, and the busiest day."""
    table = report.groups
    if table.is_empty():
        return translate("No calls in this period.")
    attempts, reached = table["attempts"].sum(), known_and_possible(report, "rpc_rate")
    busiest, most = table.sort("attempts", descending=True).select("day", "attempts").row(0)
    return translate(
        "{calls} calls, {reached} reached the right contact. Busiest day: {day} with {most} calls.",
        calls=digits(attempts),
        reached=reached,
        day=day_words(busiest, year=True),
        most=digits(most),
    )


CHART = Chart(
    name="attempts-by-day",
    title=marked("Calls and right contacts by day"),
    parameters={"metrics": ["attempts,rpc_rate"], "by": ["day"]},
    draw=draw,
    summarise=summarise,
)

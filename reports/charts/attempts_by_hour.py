"""Attempts, and before them those that reached the right party, in every hour of a time."""

from datetime import UTC, datetime, timedelta

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.query.report import Report

_SERIES = ["Attempts", "Right party reached"]
_HEIGHT = 260
# Of longer times only the days are told.
_MOST_HOURS_TOLD = timedelta(days=2)
# Midnight says the day, every other hour itself; the values are clock times of the report's zone told as if in UTC.
_LABEL = "utchours(datum.value) == 0 ? utcFormat(datum.value, '%a %-d %b') : utcFormat(datum.value, '%H:%M')"


def draw(report: Report) -> alt.Chart:
    """Two bars an hour, one before the other."""
    few = report.request.window.end - report.request.window.start <= _MOST_HOURS_TOLD
    return bars(report, _table(report), "%a %-d %b, %H:%M", "3h" if few else "1d")


def bars(report: Report, table: pl.DataFrame, moment: str, every: str) -> alt.Chart:
    """Two bars a piece of time, over the whole time of a report.

    moment: how a tooltip writes when a piece began. every: of which pieces the axis tells the beginning.
    """
    window = report.request.window
    start, end = (window.local(edge).replace(tzinfo=UTC) for edge in (window.start, window.end))
    scale = alt.Scale(type="utc", domainMin=_moment(start), domainMax=_moment(end))
    axis = alt.Axis(labelExpr=_LABEL, labelOverlap=True, grid=False, values=_ticks(start, end, every))
    colour = alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top"))
    began = alt.Tooltip("from:T", title="from", format=moment, formatType="utc")
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.X("from:T", scale=scale, title=None, axis=axis),
            alt.X2("to:T"),
            alt.Y("count:Q", title="calls", stack=None),
            alt.Y2Datum(0),
            colour,
            tooltip=[began, alt.Tooltip("what:N", title="what"), alt.Tooltip("count:Q", title="calls", format=",")],
        )
        .properties(height=_HEIGHT)
    )


def _moment(at: datetime) -> alt.DateTime:
    """A moment spelled out: of one in ms the interpreter of the pages makes no date."""
    return alt.DateTime(
        year=at.year, month=at.month, date=at.day, hours=at.hour, minutes=at.minute, seconds=at.second, utc=True
    )


def told(report: Report) -> str:
    """How many there were, and in which hour the most."""
    table = report.groups
    if table.is_empty():
        return "There were no attempts."
    attempts, reached = table["attempts"].sum(), table["rpc_rate_numerator"].sum()
    busiest, most = table.sort("attempts", descending=True).select("hour", "attempts").row(0)
    return (
        f"{attempts:,} attempts, of which {reached:,} reached the right party;"
        f" the most, {most:,}, in the hour from {busiest:%Y-%m-%d %H:%M}."
    )


def _ticks(start: datetime, end: datetime, every: str) -> list[int]:
    """The beginnings of weeks (Mondays), months, days or hours within a time, in ms since 1970."""
    moments = pl.datetime_range(start, end, every, time_unit="ms", eager=True).dt.truncate(every).unique()
    return moments.filter(moments >= start).sort().dt.epoch("ms").to_list()


def pieces(report: Report, began: pl.Expr, lasting: timedelta) -> pl.DataFrame:
    """A row a piece of time and series; began: on the clock of the report's zone, which Vega takes for UTC."""
    table = report.groups.select(
        began.alias("from"), pl.col("attempts").alias(_SERIES[0]), pl.col("rpc_rate_numerator").alias(_SERIES[1])
    )
    ends = {"from": pl.col("from"), "to": pl.col("from") + lasting * 0.92}
    told = {name: end.cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%dT%H:%M:%SZ") for name, end in ends.items()}
    return table.unpivot(index="from", variable_name="what", value_name="count").with_columns(**told)


def _table(report: Report) -> pl.DataFrame:
    return pieces(report, pl.col("hour").dt.replace_time_zone(None), timedelta(hours=1))


CHART = Chart(
    name="attempts-by-hour",
    title="Attempts and right parties, hour by hour",
    question={"metrics": ["attempts,rpc_rate"], "by": ["hour"]},
    draw=draw,
    told=told,
)

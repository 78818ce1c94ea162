"""Attempts and right parties reached, hour by hour."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.model.local_dates import chart_format, moment_words
from reports.query.report import Report
from reports.render.axes import moments_axis
from reports.render.possible_counts import known_and_possible

if TYPE_CHECKING:
    from reports.charts import Drawn

_SERIES = [marked("Calls"), marked("Right contact reached")]
_EARLIER = marked("Compared period")
_HEIGHT = 260
# The start of an hour on the clock of the report's zone.
_START = pl.col("hour").dt.replace_time_zone(None)
# Longer windows have a tick for each day.
_MAX_HOURLY_TICKS = timedelta(days=2)


def draw(report: Report) -> "Drawn":
    """Two bars for each hour, one in front of the other, and the compared period as a line."""
    few = report.request.window.end - report.request.window.start <= _MAX_HOURLY_TICKS
    earlier = earlier_calls(report, _START)
    return draw_time_bars(
        report, _table(report), f"{chart_format('MMMEd')} {chart_format('Hm')}", "3h" if few else "1d", earlier
    )


def draw_time_bars(
    report: Report, table: pl.DataFrame, moment: str, every: str, earlier: pl.DataFrame | None
) -> "Drawn":
    """Two bars for each hour or day, over the whole window of a report.

    moment: the time format of the tooltip. every: the distance between the ticks of the axis. earlier: the calls of the
    compared period at the same places, as a dashed line.
    """
    window = report.request.window
    start, end = (window.local(edge).replace(tzinfo=UTC) for edge in (window.start, window.end))
    scale = alt.Scale(type="utc", domainMin=_moment(start), domainMax=_moment(end))
    axis = moments_axis(_ticks(start, end, every))
    series = [*_SERIES, *([] if earlier is None else [_EARLIER])]
    colour = alt.Color("what:N", sort=series, title=None, legend=alt.Legend(orient="top"))
    began = alt.Tooltip("from:T", title=translate("from"), format=moment, formatType="utc")
    bars = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.X("from:T", scale=scale, title=None, axis=axis),
            alt.X2("to:T"),
            alt.Y("count:Q", title=translate("calls"), stack=None, axis=alt.Axis(tickMinStep=1)),
            alt.Y2Datum(0),
            colour,
            tooltip=[
                began,
                alt.Tooltip("what:N", title=translate("what")),
                alt.Tooltip("count:Q", title=translate("calls"), format=","),
            ],
        )
        .properties(height=_HEIGHT)
    )
    return bars if earlier is None else bars + _ghost(earlier, colour)


def _ghost(earlier: pl.DataFrame, colour: alt.Color) -> alt.Chart:
    """The calls of the compared period as a dashed line."""
    return (
        alt.Chart(earlier)
        .mark_line(interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.5)
        .encode(alt.X("from:T"), alt.Y("count:Q"), colour)
    )


def earlier_calls(report: Report, start: pl.Expr) -> pl.DataFrame | None:
    """The calls of the compared period by the hour or day that they are compared with; None without a comparison."""
    if "attempts_previous" not in report.groups.columns:
        return None
    table = report.groups.select(start.alias("from"), pl.col("attempts_previous").alias("count"))
    moment = pl.col("from").cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%dT%H:%M:%SZ")
    return table.drop_nulls().with_columns(moment, what=pl.lit(_EARLIER))


def _moment(at: datetime) -> alt.DateTime:
    """A moment in its parts: the interpreter on the pages makes no date from milliseconds."""
    return alt.DateTime(
        year=at.year, month=at.month, date=at.day, hours=at.hour, minutes=at.minute, seconds=at.second, utc=True
    )


def summarise(report: Report) -> str:
    """How many attempts there were, and the busiest hour."""
    table = report.groups
    if table.is_empty():
        return translate("No calls in this period.")
    attempts, reached = table["attempts"].sum(), known_and_possible(report, "rpc_rate")
    busiest, most = table.sort("attempts", descending=True).select("hour", "attempts").row(0)
    return translate(
        "{calls} calls, {reached} reached the right contact. Busiest hour: {hour} with {most} calls.",
        calls=digits(attempts),
        reached=reached,
        hour=moment_words(busiest, year=True),
        most=digits(most),
    )


def _ticks(start: datetime, end: datetime, every: str) -> list[int]:
    """The starts of the weeks (Mondays), months, days or hours in a window, in milliseconds since 1970."""
    moments = pl.datetime_range(start, end, every, time_unit="ms", eager=True).dt.truncate(every).unique()
    return moments.filter(moments >= start).sort().dt.epoch("ms").to_list()


def time_bars_table(report: Report, start: pl.Expr, length: timedelta) -> pl.DataFrame:
    """A row for each hour or day and series; start: on the clock of the report's zone, which Vega takes for UTC."""
    table = report.groups.select(
        start.alias("from"), pl.col("attempts").alias(_SERIES[0]), pl.col("rpc_rate_numerator").alias(_SERIES[1])
    )
    ends = {"from": pl.col("from"), "to": pl.col("from") + length * 0.92}
    texts = {name: end.cast(pl.Datetime("ms")).dt.to_string("%Y-%m-%dT%H:%M:%SZ") for name, end in ends.items()}
    return table.unpivot(index="from", variable_name="what", value_name="count").with_columns(**texts)


def _table(report: Report) -> pl.DataFrame:
    return time_bars_table(report, _START, timedelta(hours=1))


CHART = Chart(
    name="attempts-by-hour",
    title=marked("Calls and right contacts by hour"),
    parameters={"metrics": ["attempts,rpc_rate"], "by": ["hour"]},
    draw=draw,
    summarise=summarise,
)

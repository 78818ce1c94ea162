"""Calls that came in by hour of the day: answered, given up, and otherwise unanswered."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.query.report import Report

OFFERED, ANSWERED, ABANDONED = "offered_calls", "answered_calls", "abandoned_calls"
_SERIES = [marked("answered"), marked("caller hung up"), marked("other unanswered or open")]
_HEIGHT = 240


def draw(report: Report) -> alt.Chart:
    """One bar for each hour, stacked by what became of the calls."""
    table = _table(report)
    colour = alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top", direction="vertical"))
    return (
        alt.Chart(table)
        .mark_bar()
        .encode(
            alt.X(
                "hour:N", sort=None, title=translate("hour of arrival"), axis=alt.Axis(labelAngle=0, labelOverlap=True)
            ),
            alt.Y("calls:Q", title=translate("calls offered"), axis=alt.Axis(tickMinStep=1)),
            colour,
            alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("hour:N"),
                alt.Tooltip("what:N"),
                alt.Tooltip("calls:Q", format=","),
            ],
        )
        .properties(height=_HEIGHT)
    )


def summarise(report: Report) -> str:
    """How many calls came in, the busiest hour, and the hour with most callers who hung up."""
    offered = report.total[OFFERED][0] or 0
    hours = report.groups.filter(pl.col("hour_of_day").is_not_null() & (pl.col(OFFERED) > 0))
    if not offered or hours.is_empty():
        return translate("No calls came in during this period.")
    busiest = hours.sort(OFFERED, "hour_of_day", descending=[True, False]).row(0, named=True)
    text = translate(
        "{count} calls came in. Busiest hour: {hour} with {most} calls.",
        count=digits(offered),
        hour=busiest["hour_of_day"],
        most=digits(busiest[OFFERED]),
    )
    lost = hours.sort(ABANDONED, "hour_of_day", descending=[True, False]).row(0, named=True)
    if lost[ABANDONED]:
        hung_up = translate(
            "Most callers hung up at {hour}: {count}.", hour=lost["hour_of_day"], count=digits(lost[ABANDONED])
        )
        text = f"{text} {hung_up}"
    return text


def _table(report: Report) -> pl.DataFrame:
    """A row for each hour and kind of end."""
    counts = {
        _SERIES[0]: pl.col(ANSWERED),
        _SERIES[1]: pl.col(ABANDONED),
        _SERIES[2]: pl.col(OFFERED) - pl.col(ANSWERED) - pl.col(ABANDONED),
    }
    hours = report.groups.filter(pl.col("hour_of_day").is_not_null()).sort("hour_of_day")
    return pl.concat(
        hours.select(
            hour=pl.col("hour_of_day").cast(pl.String),
            what=pl.lit(name),
            place=pl.lit(place),
            calls=calls.cast(pl.Int64),
        )
        for place, (name, calls) in enumerate(counts.items())
    )


CHART = Chart(
    name="service-hours",
    title=marked("Calls offered by hour of the day"),
    parameters={"metrics": [f"{OFFERED},{ANSWERED},{ABANDONED}"], "by": ["hour_of_day"]},
    draw=draw,
    summarise=summarise,
)

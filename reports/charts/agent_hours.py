"""Attempts by hour of the day, and how many of them reach the right party."""

import altair as alt
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.model.vocabulary import HOURS_OF_DAY
from reports.query.report import Report
from reports.render import formatting
from reports.stats.shrinkage import shrink_groups

# Short labels, and only as many hours as have room.
_AXIS = alt.Axis(labelAngle=0, labelExpr="slice(datum.label, 0, 2)", labelOverlap=True)
_SERIES = [marked("Calls"), marked("Right contact reached")]


def draw(report: Report) -> alt.Chart:
    """Two bars for each hour, one in front of the other, from the first hour with a call to the last."""
    hours = report.groups["hour_of_day"].cast(pl.String).to_list()
    sort = list(HOURS_OF_DAY[HOURS_OF_DAY.index(hours[0]) : HOURS_OF_DAY.index(hours[-1]) + 1]) if hours else []
    return (
        alt.Chart(_hours(report))
        .mark_bar()
        .encode(
            alt.X("hour:N", sort=sort, scale=alt.Scale(domain=sort), title=translate("hour of the day"), axis=_AXIS),
            alt.Y("count:Q", title=translate("calls"), stack=None, axis=alt.Axis(tickMinStep=1)),
            alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top")),
            alt.Tooltip(["hour:N", "what:N", "count:Q"]),
        )
        .properties(height=220)
    )


def summarise(report: Report) -> str:
    """The busiest hour, and the hours that clearly reach the right contact most and least often."""
    table = report.groups
    if table.is_empty():
        return translate("No calls in this period.")
    busiest = table.sort("attempts", descending=True, maintain_order=True).row(0, named=True)
    sentence = translate(
        "Busiest hour: {hour} with {count} calls.", hour=busiest["hour_of_day"], count=digits(busiest["attempts"])
    )
    return f"{sentence} {_reached(report)}"


def _reached(report: Report) -> str:
    """The best and the worst hour, if the intervals of their adjusted rates do not overlap."""
    tried = report.groups.filter(pl.col("rpc_rate").is_not_null())
    hours, reached, tries = (
        tried[name].to_list() for name in ("hour_of_day", "rpc_rate_numerator", "rpc_rate_denominator")
    )
    estimates = zip(hours, shrink_groups(reached, tries, "higher"), strict=True)
    likely = [(rate, hour) for hour, rate in estimates if rate]
    if len(likely) < 2:
        return ""
    (best, best_hour), (worst, worst_hour) = (end(likely, key=lambda pair: pair[0].value) for end in (max, min))
    if best.low <= worst.high:
        return translate("No hour reaches the right contact clearly more often.")
    metric = catalogue()["rpc_rate"].metric
    high, low = (
        formatting.value(rate.value, metric, "", formatting.half_width(rate.low, rate.high), [other.value])
        for rate, other in ((best, worst), (worst, best))
    )
    return translate(
        "The right contact is reached most often at {best} ({high} of calls, sample-adjusted), least often at {worst}"
        " ({low}).",
        best=best_hour,
        high=high,
        worst=worst_hour,
        low=low,
    )


def _hours(report: Report) -> pl.DataFrame:
    """A row for each hour and series; the shorter bar comes last, in front of the other."""
    table = report.groups.select(
        pl.col("hour_of_day").cast(pl.String).alias("hour"),
        pl.col("attempts").alias(_SERIES[0]),
        pl.col("rpc_rate_numerator").alias(_SERIES[1]),
    )
    return table.unpivot(index="hour", variable_name="what", value_name="count")


CHART = Chart(
    name="agent-hours",
    title=marked("Calls and right contacts by hour of the day"),
    parameters={"metrics": ["attempts,rpc_rate"], "by": ["hour_of_day"]},
    draw=draw,
    summarise=summarise,
)

"""The service level of each hour of the day with its interval, and the hours that clearly stand out."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.query.report import Report
from reports.render.group_verdicts import verdict_sentences

# The published modes, by the name of their metric: how callers who hang up count.
MODES = {
    "service_level": marked("callers who hang up in time do not count"),
    "service_level_answered_only": marked("only answered calls count"),
    "service_level_negative": marked("every caller who hangs up counts as missed"),
    "service_level_positive": marked("callers who hang up in time count as served"),
}
USUAL_MODE = "service_level"
_HEIGHT = 220


def level_of(report: Report) -> str:
    """The name of the service level that the report is about."""
    return next(metric.name for metric in report.request.metrics if metric.name in MODES)


def draw(report: Report) -> alt.LayerChart:
    """A point for each hour with its interval; the dashed line is the service level of all hours."""
    name = level_of(report)
    table = _table(report, name)
    hour = alt.X(
        "hour:N", sort=None, title=translate("hour of arrival"), axis=alt.Axis(labelAngle=0, labelOverlap=True)
    )
    share = alt.Y(
        "share:Q",
        axis=alt.Axis(format="%", tickCount=5),
        scale=alt.Scale(domain=[0, 1]),
        title=translate("service level"),
    )
    shares = [alt.Tooltip(f"{column}:Q", format=".1%") for column in ("share", "low", "high")]
    base = alt.Chart(table)
    chance = base.mark_rule(strokeWidth=2).encode(hour, alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(
        hour, share, tooltip=[alt.Tooltip("hour:N"), alt.Tooltip("n:Q", title=translate("waits")), *shares]
    )
    whole = alt.Chart(pl.DataFrame({"whole": report.total[name]})).mark_rule(strokeDash=[5, 4]).encode(y="whole:Q")
    return alt.LayerChart(layer=[whole, chance, points]).properties(height=_HEIGHT)


def summarise(report: Report) -> str:
    """The hours with a service level clearly below or above that of all, or that none has."""
    return " ".join(verdict_sentences(report, level_of(report)))


def _table(report: Report, name: str) -> pl.DataFrame:
    known = pl.col("hour_of_day").is_not_null() & pl.col(name).is_not_null()
    return (
        report.groups.filter(known)
        .sort("hour_of_day")
        .select(
            hour=pl.col("hour_of_day").cast(pl.String),
            share=name,
            low=f"{name}_ci_low",
            high=f"{name}_ci_high",
            n=f"{name}_n",
        )
    )


CHART = Chart(
    name="service-levels",
    title=marked("Service level by hour of the day"),
    parameters={"by": ["hour_of_day"]},
    defaults={"metrics": [USUAL_MODE]},
    draw=draw,
    summarise=summarise,
)

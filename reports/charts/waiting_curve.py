"""How patient callers are: for each queue, the share that would still wait by every second if nobody answered."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.query.report import Report
from reports.render import formatting
from reports.render.axes import lines_legend
from reports.render.group_verdicts import metric_of

MEDIAN = "median_patience"
SHARES = ("still_waiting_20", "still_waiting_60")
# Readers cannot tell more curves apart; the queues with the most waits are drawn.
_MAX_DRAWN = 5
_LAST = 300
_HEIGHT = 300
_DASHES = [[1, 0], [9, 3], [2, 2], [9, 3, 2, 3], [5, 5]]


def draw(report: Report) -> alt.LayerChart:
    """A falling step line for each queue with its interval."""
    drawn = _drawn(report)
    names = drawn["queue"].to_list()
    table = _steps(report, drawn)
    time = alt.X(
        "seconds:Q",
        scale=alt.Scale(domain=[0, _LAST], clamp=True, nice=False),
        axis=alt.Axis(values=[0, 20, 60, 120, 180, 240, 300], title=translate("seconds waited")),
    )
    share = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5, title=translate("callers still waiting")),
    )
    legend = lines_legend()
    domain = alt.Scale(domain=names)
    colour = alt.Stroke("queue:N", scale=domain, title=None, legend=legend)
    dash = alt.StrokeDash("queue:N", scale=alt.Scale(domain=names, range=_DASHES), title=None, legend=legend)
    filled = alt.Fill("queue:N", scale=domain, title=None, legend=legend)
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("share", "low", "high")]
    tooltip = [alt.Tooltip("queue:N"), alt.Tooltip("seconds:Q"), *shares, alt.Tooltip("at_risk:Q", format=",")]
    base = alt.Chart(table)
    chance = base.mark_area(interpolate="step-after", opacity=0.12).encode(time, alt.Y("low:Q"), filled, y2="high:Q")
    stairs = base.mark_line(interpolate="step-after", strokeWidth=2).encode(time, share, colour, dash)
    points = base.mark_point(size=100, filled=True, opacity=0).encode(time, share, tooltip=tooltip)
    return alt.LayerChart(layer=[chance, stairs, points]).properties(height=_HEIGHT)


def summarise(report: Report) -> str:
    """The shares that would still wait after 20 and 60 seconds, and the median patience."""
    total = report.total.row(0, named=True)
    phrases = [
        translate(
            "{share} after {seconds} s",
            share=formatting.value(total[name], metric_of(report, name), "", _doubt(total, name)),
            seconds=name[-2:],
        )
        for name in SHARES
        if total[name] is not None
    ]
    if not phrases:
        return translate("No caller waited in this period.")
    median = total[MEDIAN]
    patience = (
        translate(
            "Median patience is {time}.",
            time=formatting.value(median, metric_of(report, MEDIAN), "", _doubt(total, MEDIAN)),
        )
        if median is not None
        else translate("Fewer than half would have hung up by the longest wait seen.")
    )
    sentences = [translate("Callers who would still wait unanswered: {shares}.", shares=", ".join(phrases)), patience]
    if report.groups.height > _drawn(report).height:
        sentences.append(translate("The chart shows the {count} queues with the most waits.", count=_MAX_DRAWN))
    return " ".join(sentences)


def _doubt(row: dict[str, float | None], name: str) -> float | None:
    return formatting.half_width(row[f"{name}_ci_low"], row[f"{name}_ci_high"])


def _drawn(report: Report) -> pl.DataFrame:
    """The queues with the most waits, with the names that people read."""
    [dimension] = report.request.by
    waits = pl.col(f"{MEDIAN}_denominator")
    most = report.groups.filter(waits > 0).sort(waits, descending=True, maintain_order=True).head(_MAX_DRAWN)
    return most.with_columns(pl.col("queue").alias("code"), pl.col("queue").fill_null(dimension.missing_label))


def _steps(report: Report, drawn: pl.DataFrame) -> pl.DataFrame:
    """The points of the drawn curves within the time on the chart, and their ends at its edge."""
    curves = drawn.select("code", "queue").join(
        report.curves[MEDIAN].rename({"queue": "code"}), on="code", nulls_equal=True
    )
    seen = curves.filter(pl.col("time_seconds") <= _LAST)
    ends = seen.sort("time_seconds").group_by("queue", maintain_order=True).last()
    later = curves.group_by("queue").agg(pl.col("time_seconds").max().alias("longest"))
    reaching = ends.join(later, on="queue").with_columns(
        time_seconds=pl.min_horizontal("longest", pl.lit(float(_LAST)))
    )
    steps = pl.concat([seen, reaching.select(seen.columns)]).sort("queue", "time_seconds")
    return steps.select(
        "queue",
        "at_risk",
        seconds=pl.col("time_seconds").round(1),
        share=(1 - pl.col("happened")).round(4),
        low=(1 - pl.col("ci_high")).round(4),
        high=(1 - pl.col("ci_low")).round(4),
    )


CHART = Chart(
    name="waiting-curve",
    title=marked("Callers who would still wait"),
    parameters={"metrics": [",".join((MEDIAN, *SHARES))], "by": ["queue"], "curves": ["all"]},
    draw=draw,
    summarise=summarise,
)

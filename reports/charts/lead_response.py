"""How soon leads get their first call: for each source, the share called by every moment, and the leads that wait."""

from typing import Any

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate, translate_plural
from reports.model.lists import join_first
from reports.query.report import Report
from reports.render import formatting
from reports.render.axes import lines_legend
from reports.render.response_verdicts import SHARE, share_phrases

# Readers cannot tell more curves apart; the sources with the most leads are drawn.
MAX_DRAWN = 6
# The band of a source with so many times fewer leads would cover all others.
_FEWER_TIMES = 20
MEDIAN = "lead_response_time"
SHARES = ("called_within_5_min", SHARE, "called_within_24_hours")

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_FIRST, _LAST = _MINUTE, 14 * _DAY
_TICKS = {
    5 * _MINUTE: marked("5 min"),
    _HOUR: marked("1 h"),
    _DAY: marked("24 h"),
    7 * _DAY: marked("7 days"),
}
_DASHES = [[1, 0], [9, 3], [2, 2], [9, 3, 2, 3], [5, 5], [14, 4, 5, 4]]
_SHARES = {"happened": "share", "ci_low": "low", "ci_high": "high"}
_HEIGHT = 340


def draw(report: Report) -> alt.LayerChart:
    """A step line for each source with its interval; a stroke across it marks leads that were still waiting."""
    drawn = _drawn(report)
    names = drawn["source"].to_list()
    table = _steps(report, drawn)
    scale = alt.Scale(type="log", domain=[_FIRST, _LAST], clamp=True, nice=False)
    title = translate("time since received, from a minute on")
    axis = alt.Axis(values=[*_TICKS], labelExpr=_tick_label(), labelOverlap=True, gridWidth=1.5, title=title)
    time = alt.X("seconds:Q", scale=scale, axis=axis)
    percent = alt.Axis(format="%", title=translate("leads called by then"), tickCount=5)
    share = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=percent)
    legend = lines_legend()
    # Scales with the same domain share one legend: lines, each with its colour and dashes.
    domain = alt.Scale(domain=names)
    colour = alt.Stroke("source:N", scale=domain, title=None, legend=legend)
    dash = alt.StrokeDash("source:N", scale=alt.Scale(domain=names, range=_DASHES), title=None, legend=legend)
    filled = alt.Fill("source:N", scale=domain, title=None, legend=legend)
    tooltip = [
        alt.Tooltip("source:N", title=translate("source")),
        alt.Tooltip("within:N"),
        alt.Tooltip("share:Q", title=translate("called"), format=".1%"),
        alt.Tooltip("low:Q", title=translate("at least (95%)"), format=".1%"),
        alt.Tooltip("high:Q", title=translate("at most (95%)"), format=".1%"),
        alt.Tooltip("at_risk:Q", title=translate("still waiting just before"), format=","),
    ]
    base = alt.Chart(table)
    chance = base.mark_area(interpolate="step-after", opacity=0.12).encode(time, alt.Y("low:Q"), filled, y2="high:Q")
    stairs = base.mark_line(interpolate="step-after", strokeWidth=2).encode(time, share, colour, dash)
    waiting = (
        base.transform_filter("datum.censored > 0")
        .mark_tick(orient="vertical", size=11, thickness=1.5)
        .encode(time, share, filled)
    )
    points = base.mark_point(size=120, filled=True, opacity=0).encode(time, share, tooltip=tooltip)
    return alt.LayerChart(layer=[chance, stairs, waiting, points]).properties(height=_HEIGHT)


def _tick_label() -> str:
    """How the axis writes its ticks."""
    return " : ".join(f"datum.value == {at} ? '{translate(label)}'" for at, label in _TICKS.items()) + " : ''"


def summarise(report: Report) -> str:
    """The slowest and the quickest source on the chart by one number, and how many sources are not drawn."""
    drawn = _drawn(report)
    if drawn.is_empty():
        return translate("No lead in this period can be measured yet.")
    sentences = [_ranking_sentence(report, drawn.sort(SHARE, "source").to_dicts())]
    sentences.append(translate("Tick marks: leads still waiting or closed."))
    if left := report.groups.height - drawn.height:
        sentences.append(
            translate_plural(
                "The chart shows the {shown} sources with the most leads; {count} more is in the table.",
                "The chart shows the {shown} sources with the most leads; {count} more are in the table.",
                left,
                shown=drawn.height,
            )
        )
    return " ".join(sentences)


def _ranking_sentence(report: Report, rows: list[dict[str, Any]]) -> str:
    """The ends of the ranking by the share called within an hour, and whether their difference is significant."""
    first, last = rows[0], rows[-1]
    slowest, quickest = share_phrases(report, first, last)
    if first[SHARE] == last[SHARE]:
        names = join_first([row["source"] for row in rows], MAX_DRAWN)
        return translate("Called within an hour: {names}, {share}.", names=names, share=slowest)
    shown = {"worst": first["source"], "low": slowest, "best": last["source"], "high": quickest}
    if first[f"{SHARE}_ci_high"] < last[f"{SHARE}_ci_low"]:
        return translate(
            "Called within an hour: slowest {worst}, {low}; fastest {best}, {high} (significant).", **shown
        )
    return translate(
        "Called within an hour: slowest {worst}, {low}; fastest {best}, {high} (no clear difference).", **shown
    )


def _drawn(report: Report) -> pl.DataFrame:
    """The sources with the most leads, the largest first, with the names that people read."""
    [dimension] = report.request.by
    waited = pl.col(f"{MEDIAN}_denominator")
    known = report.groups.filter((waited > 0) & (waited * _FEWER_TIMES >= waited.max()))
    most = known.sort(waited, descending=True, maintain_order=True).head(MAX_DRAWN)
    return most.with_columns(report.named(dimension), code="source")


def _steps(report: Report, drawn: pl.DataFrame) -> pl.DataFrame:
    """The points of the drawn curves; the steps within the first minute are one point at its end."""
    codes = drawn.select("code", "source")
    curves = codes.join(report.curves[MEDIAN].rename({"source": "code"}), on="code", nulls_equal=True)
    seen, early = curves.filter(pl.col("time_seconds") <= _LAST), pl.col("time_seconds") <= _FIRST
    begun = seen.filter(early).sort("time_seconds").group_by("source", maintain_order=True).last()
    steps = pl.concat([begun.select(seen.columns), seen.filter(~early)]).sort("source", "time_seconds")
    seconds = steps["time_seconds"].clip(lower_bound=_FIRST)
    return steps.select(
        "source",
        "at_risk",
        "censored",
        seconds.round(1).alias("seconds"),
        pl.Series("within", [formatting.duration(second) for second in seconds], dtype=pl.String),
        *(pl.col(name).round(4).alias(short) for name, short in _SHARES.items()),
    )


CHART = Chart(
    name="lead-response",
    title=marked("Time to first call by source"),
    parameters={
        "metrics": [",".join(("leads", "open_leads", MEDIAN, *SHARES))],
        "by": ["source"],
        "curves": ["all"],
    },
    draw=draw,
    summarise=summarise,
)

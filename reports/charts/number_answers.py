"""The answer rate of the calls through one number, day by day, for each source they counted for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import altair as alt
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.charts import Chart
from reports.model.language import digits, marked, translate
from reports.model.local_dates import date_words
from reports.query.report import Report
from reports.render import formatting
from reports.render.axes import days_axis
from reports.stats import intervals

# Readers cannot tell more series apart; then all sources are one series.
MAX_SERIES = 4
ALL = marked("all sources")
_RATE = "answer_rate"


@dataclass(frozen=True)
class SourcePeriod:
    """A source that a number's calls counted for, from its first day to its last, with its answer rate of n calls."""

    source: str
    first: date
    last: date
    rate: float
    low: float
    high: float
    n: int


def draw(report: Report) -> alt.LayerChart:
    """A point for each day and source with its interval; dashed lines mark where calls began to count for another."""
    table = _days(report)
    series = table["source"].unique(maintain_order=True).to_list()
    # An explicit domain puts colour and shape into one legend; a sort order does not.
    sources, legend = alt.Scale(domain=series), alt.Legend(orient="top")
    day = alt.X("day:T", scale=alt.Scale(type="utc"), title=None, axis=_axis(report, table))
    colour = alt.Color("source:N", scale=sources, title=None, legend=legend)
    shape = alt.Shape("source:N", scale=sources, title=None, legend=legend)
    share = alt.Y("rate:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title=translate("answered"))
    shares = [
        alt.Tooltip("rate:Q", format=".1%", title=translate("answered")),
        alt.Tooltip("n:Q", title=translate("calls")),
    ]
    tooltip = [alt.Tooltip("since:N", title=report.request.by[0].label), alt.Tooltip("source:N"), *shares]
    base = alt.Chart(table)
    chance = base.mark_rule().encode(day, alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=60, opacity=1).encode(day, share, colour, shape, tooltip=tooltip)
    change_table = _changes(report)
    changes = alt.Chart(change_table).mark_rule(strokeDash=[4, 4], strokeWidth=2).encode(alt.X("day:T", title=None))
    layers = [chance, points] if change_table.is_empty() else [changes, chance, points]
    return alt.LayerChart(layer=layers).properties(height=240)


def _axis(report: Report, table: pl.DataFrame) -> alt.Axis:
    middles = [datetime.fromisoformat(day) for day in table["day"].unique().sort()]
    return days_axis(middles, _HALF[report.request.by[0].name] // timedelta(milliseconds=1))


def summarise(report: Report) -> str:
    """The answer rate for each source, and from when to when."""
    periods = _source_periods(report)
    if not periods:
        return translate("No calls through this number in this period.")
    if len(periods) <= MAX_SERIES:
        return " ".join(_sentence(report, period) for period in periods)
    [whole] = _source_periods(report, ALL)
    count = translate("The calls counted for {count} sources.", count=len(periods))
    return f"{_sentence(report, whole)} {count}"


def _sentence(report: Report, period: SourcePeriod) -> str:
    metric = catalogue()[_RATE].metric
    rate = formatting.value(
        period.rate, metric, report.request.currency, formatting.half_width(period.low, period.high)
    )
    shown = {
        "source": translate(ALL) if period.source == ALL else period.source,
        "days": _span(report, period),
        "rate": rate,
        "ends": formatting.interval(period.low, period.high, metric),
        "calls": digits(period.n),
    }
    return translate("{source}, {days}: {rate} of {calls} calls answered (95% range {ends}).", **shown)


def _span(report: Report, period: SourcePeriod) -> str:
    if "week" in [dimension.name for dimension in report.request.by]:
        return translate("weeks from {low} to {high}", low=date_words(period.first), high=date_words(period.last))
    if period.first == period.last:
        return date_words(period.first)
    return translate("{low} to {high}", low=date_words(period.first), high=date_words(period.last))


def _source_periods(report: Report, together: str = "") -> list[SourcePeriod]:
    """The sources in the order of their first days; or all together under one name."""
    counts = _counts(report)
    counts = counts.with_columns(source=pl.lit(together)) if together else counts
    totals = _with_rate(counts.group_by("source").agg(*_SUMS, first=pl.col("day").min(), last=pl.col("day").max()))
    columns = ("source", "first", "last", "rate", "low", "high", "n")
    return [SourcePeriod(*row) for row in totals.sort("first", "last", "source").select(columns).iter_rows()]


def _changes(report: Report) -> pl.DataFrame:
    """The moments at which calls began to count for another source; none if two sources overlap.

    In a day (or week) of both sources it is the middle: a report has no hour of the change.
    """
    pairs = list(pairwise(_source_periods(report)))
    distinct = all(before.last <= after.first for before, after in pairs)
    half = _HALF[report.request.by[0].name]
    rows = [
        (_moment(after.first) + (half if after.first == before.last else timedelta()), after.source)
        for before, after in (pairs if distinct else [])
    ]
    texts = [(f"{at:%Y-%m-%dT%H:%M:%SZ}", source) for at, source in rows]
    return pl.DataFrame(texts, schema={"day": pl.String, "owner": pl.String}, orient="row")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _days(report: Report) -> pl.DataFrame:
    """A row for each day and series. Its point is at midday, as if the zone were UTC: Vega reads it so."""
    counts = _counts(report)
    if counts["source"].n_unique() > MAX_SERIES:
        counts = counts.with_columns(source=pl.lit(ALL))
    table = _with_rate(counts.group_by("day", "source").agg(*_SUMS)).sort("day", "source")
    middle = pl.col("day").cast(pl.Datetime) + _HALF[report.request.by[0].name]
    return table.with_columns(middle.dt.to_string("%Y-%m-%dT%H:%M:%SZ"), since=pl.col("day").dt.to_string())


_HALF = {"day": timedelta(hours=12), "week": timedelta(days=3.5)}
_SUMS = (pl.col("answered").sum(), pl.col("n").sum())


def _counts(report: Report) -> pl.DataFrame:
    """A row for each day (or week) and source with calls: `answered` of `n`."""
    time, source = report.request.by
    counted = report.groups.select(
        pl.col(time.name).alias("day"),
        report.named(source).alias("source"),
        pl.col(f"{_RATE}_numerator").alias("answered"),
        pl.col(f"{_RATE}_denominator").alias("n"),
    )
    return counted.filter(pl.col("n") > 0)


def _with_rate(table: pl.DataFrame) -> pl.DataFrame:
    low, high = intervals.wilson(pl.col("answered"), pl.col("n"))
    return table.with_columns(rate=pl.col("answered") / pl.col("n"), low=low, high=high)


CHART = Chart(
    name="number-answers",
    title=marked("Answer rate by day"),
    parameters={"metrics": ["attempts,answer_rate"], "by": ["day,source"]},
    draw=draw,
    summarise=summarise,
)

"""How often calls through a number were answered, day by day, and for which source they counted at that time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import altair as alt
import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.charts import Chart
from reports.query.report import Report
from reports.render import formatting
from reports.stats import intervals

# More series than these cannot be told apart; then all are one.
MOST_SERIES = 4
ALL = "all sources together"
_RATE = "answer_rate"


@dataclass(frozen=True)
class Stretch:
    """What a number's calls counted for, from its first day of the time to its last; n: the calls it is taken from."""

    source: str
    first: date
    last: date
    rate: float
    low: float
    high: float
    n: int


def draw(report: Report) -> alt.LayerChart:
    """A point a day and source with its interval; upright lines where the calls began to count for another source."""
    table = _days(report)
    series = table["source"].unique(maintain_order=True).to_list()
    # A domain, and not an order to sort by, makes one legend of colour and shape.
    each, legend = alt.Scale(domain=series), alt.Legend(orient="top")
    day = alt.X("day:T", scale=alt.Scale(type="utc"), title=None)
    colour = alt.Color("source:N", scale=each, title=None, legend=legend)
    shape = alt.Shape("source:N", scale=each, title=None, legend=legend)
    share = alt.Y("rate:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title="answered")
    shares = [alt.Tooltip("rate:Q", format=".1%", title="answered"), alt.Tooltip("n:Q", title="calls")]
    tooltip = [alt.Tooltip("since:N", title=report.request.by[0].title), alt.Tooltip("source:N"), *shares]
    base = alt.Chart(table)
    chance = base.mark_rule().encode(day, alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=60, opacity=1).encode(day, share, colour, shape, tooltip=tooltip)
    turns = _changes(report)
    changes = alt.Chart(turns).mark_rule(strokeDash=[4, 4], strokeWidth=2).encode(alt.X("day:T"))
    layers = [chance, points] if turns.is_empty() else [changes, chance, points]
    return alt.LayerChart(layer=layers).properties(height=240)


def told(report: Report) -> str:
    """How often it was answered, in which stretch of time for whom."""
    stretches = _stretches(report)
    if not stretches:
        return "No call went out through it."
    if len(stretches) <= MOST_SERIES:
        return " ".join(_sentence(report, one) for one in stretches)
    [whole] = _stretches(report, ALL)
    return f"{_sentence(report, whole)} They counted for {len(stretches)} sources."


def _sentence(report: Report, one: Stretch) -> str:
    metric = catalogue()[_RATE].metric
    span = f"on {one.first}" if one.first == one.last else f"from {one.first} to {one.last}"
    if "week" in [dimension.name for dimension in report.request.by]:
        span = f"in the weeks from {one.first} to {one.last}"
    rate = formatting.value(one.rate, metric, report.request.currency)
    return (
        f"For {one.source} {span}: {rate} of {one.n:,} calls were answered"
        f" ({formatting.interval(one.low, one.high, metric)} % with 95 % confidence)."
    )


def _stretches(report: Report, together: str = "") -> list[Stretch]:
    """What it counted for, in the order of their first days; or all of it together, under one name."""
    counts = _counts(report)
    counts = counts.with_columns(source=pl.lit(together)) if together else counts
    totals = _rated(counts.group_by("source").agg(*_SUMS, first=pl.col("day").min(), last=pl.col("day").max()))
    columns = ("source", "first", "last", "rate", "low", "high", "n")
    return [Stretch(*row) for row in totals.sort("first", "last", "source").select(columns).iter_rows()]


def _changes(report: Report) -> pl.DataFrame:
    """When its calls began to count for another source, where no two are counted for at the same time.

    Of a day (or week) that both had, it is the middle: a report does not tell the hour.
    """
    stretches = _stretches(report)
    pairs = list(pairwise(stretches))
    apart = all(before.last <= after.first for before, after in pairs)
    half = _HALF[report.request.by[0].name]
    rows = [
        (_moment(after.first) + (half if after.first == before.last else timedelta()), after.source)
        for before, after in (pairs if apart else [])
    ]
    told = [(f"{at:%Y-%m-%dT%H:%M:%SZ}", source) for at, source in rows]
    return pl.DataFrame(told, schema={"day": pl.String, "whose": pl.String}, orient="row")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _days(report: Report) -> pl.DataFrame:
    """A row a day and series; its point stands in the middle of the day, as Vega takes it: as if its zone were UTC."""
    counts = _counts(report)
    if counts["source"].n_unique() > MOST_SERIES:
        counts = counts.with_columns(source=pl.lit(ALL))
    table = _rated(counts.group_by("day", "source").agg(*_SUMS)).sort("day", "source")
    middle = pl.col("day").cast(pl.Datetime) + _HALF[report.request.by[0].name]
    return table.with_columns(middle.dt.to_string("%Y-%m-%dT%H:%M:%SZ"), since=pl.col("day").dt.to_string())


_HALF = {"day": timedelta(hours=12), "week": timedelta(days=3.5)}
_SUMS = (pl.col("answered").sum(), pl.col("n").sum())


def _counts(report: Report) -> pl.DataFrame:
    """A row a day (or week) and source in which calls could be answered: `answered` of `n`."""
    time, source = report.request.by
    counted = report.groups.select(
        pl.col(time.name).alias("day"),
        pl.col(source.name).cast(pl.String).fill_null(source.missing).alias("source"),
        pl.col(f"{_RATE}_numerator").alias("answered"),
        pl.col(f"{_RATE}_denominator").alias("n"),
    )
    return counted.filter(pl.col("n") > 0)


def _rated(table: pl.DataFrame) -> pl.DataFrame:
    low, high = intervals.wilson(pl.col("answered"), pl.col("n"))
    return table.with_columns(rate=pl.col("answered") / pl.col("n"), low=low, high=high)


CHART = Chart(
    name="number-answers",
    title="How often calls through the number were answered, day by day",
    question={"metrics": ["attempts,answer_rate"], "by": ["day,source"]},
    draw=draw,
    told=told,
)

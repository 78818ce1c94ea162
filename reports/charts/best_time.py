"""When people are reached: each hour of the week on the clock of whoever is called, with the cells too thin to tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting

# Of fewer calls a rate says nothing worth a colour.
THIN = 30
# What the map can show; the first is usual.
METRICS = ("rpc_rate", "answer_rate", "human_rate", "conv_per_attempt")
DIMENSION = "callee_hour_of_week"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_NAMED = 3
_STEP = 30
# How much of a set of hours lies below, or above, an interval of 95 % by chance alone.
_BY_CHANCE = 0.025


@dataclass(frozen=True)
class Hour:
    """One hour of the week: its rate of n calls with the interval, and on which side of the whole rate that lies.

    thin: too few calls to tell. side: 1 above by more than chance, -1 below, 0 neither.
    """

    name: str
    rate: float | None
    low: float | None
    high: float | None
    n: int
    side: int

    @property
    def thin(self) -> bool:
        """Whether its calls are too few to tell."""
        return self.n < THIN


def metric_of(report: Report) -> Metric:
    """The rate that a report of this chart is about."""
    return report.request.displayed[0]


def hours(report: Report) -> list[Hour]:
    """Every hour of the week in which somebody was called, in its order."""
    metric = metric_of(report)
    whole = report.total[metric.name][0]
    parts = ["value", "ci_low", "ci_high", "n"]
    known = report.groups.filter(pl.col(DIMENSION).is_not_null()).sort(DIMENSION)
    rows = known.select(pl.col(DIMENSION).cast(pl.String), *(metric.column(part) for part in parts)).iter_rows()
    return [Hour(name, rate, low, high, n or 0, _side(low, high, n or 0, whole)) for name, rate, low, high, n in rows]


def _side(low: float | None, high: float | None, n: int, whole: float | None) -> int:
    if low is None or high is None or whole is None or n < THIN:
        return 0
    return int(low > whole) - int(high < whole)


def outside(report: Report) -> int:
    """How many calls are in no hour, as nobody knows the clock of whoever was called."""
    return int(report.groups.filter(pl.col(DIMENSION).is_null())[metric_of(report).column("n")].sum() or 0)


def draw(report: Report) -> alt.LayerChart:
    """A cell an hour: the darker the higher the rate; hatched where the calls are too few to tell."""
    metric, found = metric_of(report), hours(report)
    base = alt.Chart(_table(found)).encode(
        alt.X("hour:O", scale=alt.Scale(domain=_clock(found)), title="hour where they are", axis=_axis()),
        alt.Y("day:O", scale=alt.Scale(domain=list(DAYS)), title=None, axis=_axis()),
        tooltip=[
            alt.Tooltip("name:N", title="from"),
            alt.Tooltip("rate:Q", title=metric.title.lower(), format=".1%"),
            alt.Tooltip("low:Q", title="at least", format=".1%"),
            alt.Tooltip("high:Q", title="at most", format=".1%"),
            alt.Tooltip("n:Q", title="calls", format=","),
        ],
    )
    legend = alt.Legend(orient="top", title=metric.title.lower(), format=".0%", gradientLength=240)
    colour = alt.Color("rate:Q", legend=legend)
    told = base.transform_filter(f"datum.n >= {THIN}").mark_rect().encode(colour)
    thin = base.transform_filter(f"datum.n < {THIN}").mark_text(text="///", opacity=0.6, fontSize=11)
    return alt.LayerChart(layer=[told, thin]).properties(height=len(DAYS) * _STEP)


def _clock(found: Sequence[Hour]) -> list[str]:
    """The hours of a day from the first to the last in which anybody was called."""
    called = [int(each.name[4:6]) for each in found] or [0]
    return [f"{hour:02}" for hour in range(min(called), max(called) + 1)]


def _axis() -> alt.Axis:
    return alt.Axis(labelAngle=0, domain=False, ticks=False)


def _table(found: Sequence[Hour]) -> pl.DataFrame:
    rows = [(each.name[:3], each.name[4:6], each.name, each.rate, each.low, each.high, each.n) for each in found]
    numbers = {"rate": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema={"day": pl.String, "hour": pl.String, "name": pl.String, **numbers}, orient="row")


def told(report: Report) -> str:
    """The best and the worst hours by more than chance, and what cannot be told."""
    found = hours(report)
    sound = [each for each in found if not each.thin]
    if not sound:
        return f"In no hour of the week were there {THIN} calls, so nothing can be told of any: look at a longer time."
    metric = metric_of(report)
    whole = formatting.value(report.total[metric.name][0], metric, report.request.currency)
    words = [f"{metric.title} of all calls: {whole}.", *_named(report, sound), _thin(len(found) - len(sound))]
    if lost := outside(report):
        words.append(f"{lost:,} calls are in no hour, as nobody knows the time zone of whoever was called.")
    return " ".join(word for word in words if word)


def _named(report: Report, sound: Sequence[Hour]) -> list[str]:
    """The hours whose whole interval lies on one side of the rate of all calls, first those surely the furthest."""
    best = sorted((each for each in sound if each.side > 0), key=lambda each: -(each.low or 0.0))
    worst = sorted((each for each in sound if each.side < 0), key=lambda each: each.high or 0.0)
    if not best and not worst:
        return [f"None of the {len(sound)} hours with {THIN} calls or more differs from that by more than chance."]
    chance = len(sound) * _BY_CHANCE
    return [
        f"{word} by more than chance: {_listed(report, each)}."
        if each
        else f"No hour is {word.lower()} by more than chance."
        for word, each in (("Better", best), ("Worse", worst))
    ] + [f"Of {len(sound)} hours about {max(round(chance), 1)} would stand out so on either side by chance alone."]


def _listed(report: Report, each: Sequence[Hour]) -> str:
    metric = metric_of(report)
    named = [
        f"{one.name} ({formatting.interval(one.low, one.high, metric)} %, n {one.n:,})" for one in each[:_MOST_NAMED]
    ]
    return ", ".join([*named, *([f"and {len(each) - _MOST_NAMED} more"] if len(each) > _MOST_NAMED else [])])


def _thin(count: int) -> str:
    hours_ = "hour has" if count == 1 else "hours have"
    return (
        f"{count} {hours_} fewer than {THIN} calls; they are hatched, and nothing can be told of them." if count else ""
    )


CHART = Chart(
    name="best-time",
    title="Hour by hour of the week, where they are",
    question={"by": [DIMENSION]},
    usual={"metrics": [METRICS[0]]},
    draw=draw,
    told=told,
)

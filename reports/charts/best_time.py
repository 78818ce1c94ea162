"""The best time to call: the rate in each hour of the week, on the clock of the called person."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from reports.catalogue.dimensions import DIMENSIONS
from reports.charts import Chart
from reports.measures.metric import Metric
from reports.model.language import digits, marked, translate, translate_plural
from reports.model.lists import join_first
from reports.model.local_dates import weekday_words
from reports.query.report import Report
from reports.render import formatting
from reports.render.cell_text import cell_text

# A rate of fewer calls gets no colour.
MIN_CALLS = 30
# The rates that the map can show; the first is the default.
METRICS = ("rpc_rate", "answer_rate", "human_rate", "conv_per_attempt")
DIMENSION = "callee_hour_of_week"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MAX_NAMED = 3
_STEP = 30
# The share of hours that lie below, or above, a 95% interval by chance alone.
_BY_CHANCE = 0.025


@dataclass(frozen=True)
class Hour:
    """One hour of the week: its rate of n calls, the interval, and its side of the overall rate.

    thin: too few calls to judge. side: 1 above by more than chance, -1 below, 0 neither.
    """

    name: str
    rate: float | None
    low: float | None
    high: float | None
    n: int
    side: int

    @property
    def label(self) -> str:
        """Its weekday and time in the reader's language."""
        return DIMENSIONS[DIMENSION].value_label(self.name)

    @property
    def thin(self) -> bool:
        """Whether it has too few calls to judge."""
        return self.n < MIN_CALLS


def metric_of(report: Report) -> Metric:
    """The rate that a report of this chart shows."""
    return report.request.displayed[0]


def hours(report: Report) -> list[Hour]:
    """Every hour of the week with calls, in order."""
    metric = metric_of(report)
    overall = report.total[metric.name][0]
    columns = ["value", "ci_low", "ci_high", "n"]
    known = report.groups.filter(pl.col(DIMENSION).is_not_null()).sort(DIMENSION)
    rows = known.select(pl.col(DIMENSION).cast(pl.String), *(metric.column(name) for name in columns)).iter_rows()
    return [Hour(name, rate, low, high, n or 0, _side(low, high, n or 0, overall)) for name, rate, low, high, n in rows]


def _side(low: float | None, high: float | None, n: int, overall: float | None) -> int:
    if low is None or high is None or overall is None or n < MIN_CALLS:
        return 0
    return int(low > overall) - int(high < overall)


def calls_in_no_hour(report: Report) -> int:
    """How many calls are in no hour, because the called person's time zone is unknown."""
    return int(report.groups.filter(pl.col(DIMENSION).is_null())[metric_of(report).column("n")].sum() or 0)


def draw(report: Report) -> alt.LayerChart:
    """A cell for each hour: the darker, the higher the rate; striped if it has too few calls."""
    metric, week = metric_of(report), hours(report)
    base = alt.Chart(_table(week)).encode(
        alt.X(
            "hour:O",
            scale=alt.Scale(domain=_called_hours(week)),
            title=translate("customer's local hour"),
            axis=_axis(),
        ),
        alt.Y(
            "day:O",
            scale=alt.Scale(domain=[weekday_words(weekday) for weekday in range(len(DAYS))]),
            title=None,
            axis=_axis(),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=translate("from")),
            alt.Tooltip("rate:Q", title=metric.label.lower(), format=".1%"),
            alt.Tooltip("low:Q", title=translate("at least"), format=".1%"),
            alt.Tooltip("high:Q", title=translate("at most"), format=".1%"),
            alt.Tooltip("n:Q", title=translate("calls"), format=","),
        ],
    )
    legend = alt.Legend(orient="top", title=metric.label.lower(), format=".0%", gradientLength=240)
    # Without any rate, the legend would have no ends.
    colour = alt.Color("rate:Q", legend=legend if any(hour.n >= MIN_CALLS for hour in week) else None)
    coloured = base.transform_filter(f"datum.n >= {MIN_CALLS}").mark_rect().encode(colour)
    thin = base.transform_filter(f"datum.n < {MIN_CALLS}").mark_text(text="///", opacity=0.6, fontSize=11)
    return alt.LayerChart(layer=[coloured, thin]).properties(height=len(DAYS) * _STEP)


def _called_hours(week: Sequence[Hour]) -> list[str]:
    """The hours of the day, from the first with calls to the last."""
    called = [int(hour.name[4:6]) for hour in week] or [0]
    return [f"{hour:02}" for hour in range(min(called), max(called) + 1)]


def _axis() -> alt.Axis:
    return alt.Axis(labelAngle=0, domain=False, ticks=False)


def _table(week: Sequence[Hour]) -> pl.DataFrame:
    rows = [(hour.label[:-6], hour.name[4:6], hour.label, hour.rate, hour.low, hour.high, hour.n) for hour in week]
    numbers = {"rate": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema={"day": pl.String, "hour": pl.String, "name": pl.String, **numbers}, orient="row")


def summarise(report: Report) -> str:
    """The best and the worst hours by more than chance, and the hours with too few calls."""
    week = hours(report)
    judged = [hour for hour in week if not hour.thin]
    if not judged:
        return translate("No hour of the week has {count} calls yet. Choose a longer period.", count=MIN_CALLS)
    metric = metric_of(report)
    overall = cell_text(metric, report.total.row(0, named=True), report).value
    sentences = [
        translate("{metric} of all calls: {value}.", metric=metric.label, value=overall),
        *_hour_sentences(report, judged),
        _thin_sentence(len(week) - len(judged)),
    ]
    if unknown := calls_in_no_hour(report):
        sentences.append(
            translate_plural(
                "{count} call has no hour: the customer's time zone is unknown.",
                "{count} calls have no hour: the customer's time zone is unknown.",
                unknown,
            )
        )
    return " ".join(sentence for sentence in sentences if sentence)


def _hour_sentences(report: Report, judged: Sequence[Hour]) -> list[str]:
    """The hours with the whole interval above or below the overall rate, the furthest first."""
    best = sorted((hour for hour in judged if hour.side > 0), key=lambda hour: -(hour.low or 0.0))
    worst = sorted((hour for hour in judged if hour.side < 0), key=lambda hour: hour.high or 0.0)
    if not best and not worst:
        return [
            translate(
                "No clear difference between the {hours} hours with {count} calls or more.",
                hours=len(judged),
                count=MIN_CALLS,
            )
        ]
    better, worse = (_join_hours(report, hours_) if hours_ else "" for hours_ in (best, worst))
    by_chance = max(round(len(judged) * _BY_CHANCE), 1)
    return [
        translate("Significantly better: {hours}.", hours=better)
        if better
        else translate("No hour is clearly better."),
        translate("Significantly worse: {hours}.", hours=worse) if worse else translate("No hour is clearly worse."),
        translate_plural(
            "Of {hours} hours, about {count} would differ this much on either side through normal variation.",
            "Of {hours} hours, about {count} would differ this much on either side through normal variation.",
            by_chance,
            hours=len(judged),
        ),
    ]


def _join_hours(report: Report, standouts: Sequence[Hour]) -> str:
    metric = metric_of(report)
    phrases = [
        translate(
            "{hour} ({ends}, n {count})",
            hour=hour.label,
            ends=formatting.interval(hour.low, hour.high, metric),
            count=digits(hour.n),
        )
        for hour in standouts
    ]
    return join_first(phrases, _MAX_NAMED, before_rest=", ")


def _thin_sentence(count: int) -> str:
    if not count:
        return ""
    return translate_plural(
        "{count} hour has fewer than {calls} calls (striped).",
        "{count} hours have fewer than {calls} calls (striped).",
        count,
        calls=MIN_CALLS,
    )


CHART = Chart(
    name="best-time",
    title=marked("By hour of week (customer's local time)"),
    parameters={"by": [DIMENSION]},
    defaults={"metrics": [METRICS[0]]},
    draw=draw,
    summarise=summarise,
    has_data=lambda report: any(not hour.thin for hour in hours(report)),
)

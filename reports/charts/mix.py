"""The conversion of each source as counted, and at the same mix: the chart shows where the order reverses."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.measures.metric import Metric
from reports.model.language import marked, translate, translate_plural
from reports.model.lists import join_first
from reports.query.mix_adjustment import adjusted_metrics
from reports.query.report import Report
from reports.render import formatting

AS_COUNTED, SAME_MIX = marked("actual"), marked("mix-adjusted")
# More lines are unreadable; the groups with the most attempts are drawn.
MAX_DRAWN = 40
_STEP = 24
# Rates that differ by less are the same but for the noise of binary fractions.
_RATE_DECIMALS = 9
_MAX_NAMES = 5


def draw(report: Report) -> alt.LayerChart:
    """A line for each group, the highest as counted first: its interval, its rate, and the rate at the same mix."""
    name = report.request.by[0].name
    metric = _metric(report)
    table = _rates(report)
    group = alt.Y(f"{name}:N", sort=table[name].to_list(), title=None)
    percent = alt.Axis(format="%", title=metric.label.lower(), orient="top")
    # An explicit domain puts colour and shape into one legend; a sort order does not.
    what, legend = alt.Scale(domain=[AS_COUNTED, SAME_MIX]), alt.Legend(orient="top")
    colour = alt.Color("what:N", scale=what, title=None, legend=legend)
    shape = alt.Shape("what:N", scale=what, title=None, legend=legend)
    tooltip = [alt.Tooltip(f"{name}:N"), alt.Tooltip("what:N"), alt.Tooltip("rate:Q", format=".2%"), alt.Tooltip("n:Q")]
    moved = alt.Chart(table).mark_rule(strokeWidth=3, opacity=0.4).encode(alt.X("as counted:Q"), group, x2="same mix:Q")
    chance = alt.Chart(table).mark_rule().encode(alt.X("low:Q", axis=percent), group, x2="high:Q")
    points = (
        alt.Chart(_points(table, name))
        .mark_point(filled=False, size=90, strokeWidth=2.5, opacity=1)
        .encode(alt.X("rate:Q"), group, colour, shape, tooltip=tooltip)
    )
    # A layer without data is left out: Vega would warn of a scale without ends.
    layers = [chance, *([moved] if table["same mix"].count() else []), points]
    return alt.LayerChart(layer=layers).properties(height=_STEP * max(1, table.height))


def summarise(report: Report) -> str:
    """The group that is ahead as counted and at the same mix, and how many groups cannot be compared."""
    metric, table = _metric(report), _rates(report)
    if table.is_empty():
        return translate("No data in this period.")
    compared = table.filter(pl.col("same mix").is_not_null())
    left = table.height - compared.height
    if compared.height > 1:
        # Both orders are of the same groups, as are the places in the table.
        sentences = [
            translate("Actual: {ranking}.", ranking=_ahead_phrase(compared, metric, "as counted", report)),
            translate("Mix-adjusted: {ranking}.", ranking=_ahead_phrase(compared, metric, "same mix", report)),
        ]
    else:
        sentences = [translate("Actual: {ranking}.", ranking=_ahead_phrase(table, metric, "as counted", report))]
    if left:
        sentences.append(
            translate_plural(
                "{count} of {total} is not compared: too little in common with the others.",
                "{count} of {total} are not compared: too little in common with the others.",
                left,
                total=table.height,
            )
        )
    return " ".join(sentences)


def _metric(report: Report) -> Metric:
    return (adjusted_metrics(report.request) or list(report.request.metrics))[0]


def _ahead_phrase(table: pl.DataFrame, metric: Metric, rate: str, report: Report) -> str:
    """The groups at both ends, all of those that have the same rate: highest a and b (50%), lowest c (25%)."""
    name = report.request.by[0].name
    known = table.with_columns(pl.col(rate).round(_RATE_DECIMALS).alias("place")).sort("place", name)
    first, last = known.row(-1, named=True), known.row(0, named=True)
    ends = first[rate], last[rate]
    doubts = formatting.half_width(first["low"], first["high"]), formatting.half_width(last["low"], last["high"])
    ahead, behind = formatting.apart(ends, metric, report.request.currency, doubts)
    if known.height > 1 and first["place"] == last["place"]:
        return translate("all have the same rate ({rate})", rate=ahead)
    leaders, lasts = (known.filter(pl.col("place") == row["place"])[name].to_list() for row in (first, last))
    best = translate("highest {names} ({rate})", names=join_first(leaders, _MAX_NAMES), rate=ahead)
    if known.height == 1:
        return best
    worst = translate("lowest {names} ({rate})", names=join_first(lasts, _MAX_NAMES), rate=behind)
    return f"{best}, {worst}"


def _rates(report: Report) -> pl.DataFrame:
    """A row for each group with the most attempts: its name, `as counted`, `low`, `high`, `same mix` and `n`."""
    [dimension], metric = report.request.by, _metric(report)
    same = metric.column("standardised")
    groups = report.groups if same in report.groups.columns else report.groups.with_columns(pl.lit(None).alias(same))
    table = groups.select(
        report.named(dimension),
        pl.col(metric.name).alias("as counted"),
        pl.col(metric.column("ci_low")).alias("low"),
        pl.col(metric.column("ci_high")).alias("high"),
        pl.col(same).cast(pl.Float64).alias("same mix"),
        pl.col(metric.column("n")).alias("n"),
    )
    tried = table.filter(pl.col("as counted").is_not_null())
    return tried.sort("n", descending=True).head(MAX_DRAWN).sort("as counted", descending=True, maintain_order=True)


def _points(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Two rows for each group, or one if it cannot be compared."""
    rates = table.select(name, "n", pl.col("as counted").alias(AS_COUNTED), pl.col("same mix").alias(SAME_MIX))
    return rates.unpivot(index=[name, "n"], variable_name="what", value_name="rate").drop_nulls("rate")


CHART = Chart(
    name="mix",
    title=marked("Conversion, actual and mix-adjusted"),
    parameters={"metrics": ["conv_per_attempt"], "by": ["source"]},
    draw=draw,
    summarise=summarise,
)

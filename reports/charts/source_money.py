"""The cost of each source and the gross profit it brought, side by side."""

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.measures.metric import Metric
from reports.model.language import marked, translate
from reports.query.report import Report
from reports.render import formatting
from reports.render.source_verdicts import source_returns
from reports.rules.attribution_models import MODELS

# More bars are unreadable; the most expensive sources are drawn.
MAX_DRAWN = 20
_SERIES = [marked("Spend"), marked("Gross profit")]
_STEP = 40


def draw(report: Report) -> alt.LayerChart:
    """Two bars for each source, the most expensive first: the spend, and the gross profit with its interval."""
    table = _table(report)
    names = table["source"].unique(maintain_order=True).to_list()
    colour = alt.Color("what:N", sort=_SERIES, title=None, legend=alt.Legend(orient="top"))
    amount = alt.X("amount:Q", title=report.request.currency, axis=alt.Axis(format="~s", tickCount=6))
    base = alt.Chart(table).encode(
        alt.Y("source:N", sort=names, title=None, scale=alt.Scale(paddingInner=0.3)),
        alt.YOffset("what:N", sort=_SERIES),
    )
    tooltip = [alt.Tooltip("source:N"), alt.Tooltip("what:N"), alt.Tooltip("amount:Q", format=",.0f")]
    bars = base.mark_bar().encode(amount, colour, tooltip=tooltip)
    chance = base.mark_rule(strokeWidth=2).encode(alt.X("low:Q"), alt.X2("high:Q"))
    return alt.LayerChart(layer=[bars, chance]).properties(height=_STEP * max(1, len(names)))


def summarise(report: Report) -> str:
    """The spend, the gross profit, and the sources that brought back less than their cost."""
    total, cost = report.total.row(0, named=True), "marketing_cost"
    if not total[cost]:
        return translate("No spend in {currency} has been entered for this period.", currency=report.request.currency)
    [spent, back] = (_amount(report, total[name] or 0.0, name) for name in (cost, _profit(report)))
    model = _model(report)
    sentence = translate(
        "{spent} spent, {back} gross profit came back (with {model} attribution).", spent=spent, back=back, model=model
    )
    lossy = [source.name for source in source_returns(report) if source.by_model[0].value < 0]
    if not lossy:
        return " ".join((sentence, translate("Every source brought back at least what it cost.")))
    return " ".join((sentence, translate("Brought back less than they cost: {names}.", names=", ".join(lossy))))


def _amount(report: Report, amount: float, name: str) -> str:
    metric = _metric(report, name)
    return formatting.with_unit(formatting.bound(amount, metric), metric.unit, report.request.currency)


def _table(report: Report) -> pl.DataFrame:
    """A row for each source and series; sources without cost and profit are not drawn."""
    gain = _profit(report)
    rows = report.groups.select(
        report.named(report.request.by[0]),
        pl.col("marketing_cost").cast(pl.Float64).alias("cost"),
        pl.col(gain).cast(pl.Float64).alias("gain"),
        pl.col(f"{gain}_ci_low").cast(pl.Float64).alias("low"),
        pl.col(f"{gain}_ci_high").cast(pl.Float64).alias("high"),
    )
    has_money = pl.any_horizontal(pl.col("cost", "gain").fill_null(0) != 0)
    drawn = rows.filter(has_money).sort("cost", "source", descending=[True, False], nulls_last=True).head(MAX_DRAWN)
    none = pl.lit(None, dtype=pl.Float64)
    spend = drawn.select("source", what=pl.lit(_SERIES[0]), amount="cost", low=none, high=none)
    return pl.concat([spend, drawn.select("source", what=pl.lit(_SERIES[1]), amount="gain", low="low", high="high")])


def _profit(report: Report) -> str:
    """The gross-profit metric under the report's first model."""
    return f"attributed_gross_profit_{report.request.models[0]}"


def _model(report: Report) -> str:
    return translate(MODELS[report.request.models[0]].title).lower()


def _metric(report: Report, name: str) -> Metric:
    return next(metric for metric in report.request.metrics if metric.name == name)


CHART = Chart(
    name="source-money",
    title=marked("Spend and gross profit by source"),
    parameters={"metrics": ["sales,conv_per_attempt,marketing_cost,marketing_roi"], "by": ["source"]},
    draw=draw,
    summarise=summarise,
)

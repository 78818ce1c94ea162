"""What came back of the money spent on each source, under two models of attribution, with the line of nothing lost."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.query.report import Report
from reports.render import formatting
from reports.render.source_verdicts import Return, returns, without_cost
from reports.rules.attribution_models import MODELS

# More lines than these are no picture; those that cost the most are drawn.
MOST_DRAWN = 40
_STEP = 18
# Returns are told in hundreds of per cent, losses in parts of one: evenly up to 100 %, beyond it by how often.
_EVENLY_TO = 1
_TICKS = (-1, 0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def draw(report: Report) -> alt.LayerChart:
    """A line a group and model, the lowest return first, on both sides of the line where nothing is lost or won."""
    drawn = _drawn(report)
    names = list(dict.fromkeys(one.name for one in drawn))
    models = [MODELS[model].title.lower() for model in report.request.models]
    table = _table(drawn)
    scale = alt.Scale(type="symlog", constant=_EVENLY_TO, domainMin=min([-1.0, *table["low"].drop_nulls()]), nice=False)
    axis = alt.Axis(format=",.0%", values=_ticks(table), title="return on what was spent")
    group = alt.Y("group:N", sort=names, title=None, scale=alt.Scale(paddingInner=0.3))
    offset = alt.YOffset("model:N", sort=models)
    # A domain, and not an order to sort by, makes one legend of colour and shape.
    each, legend = alt.Scale(domain=models), alt.Legend(orient="top")
    colour = alt.Color("model:N", scale=each, title=None, legend=legend)
    shape = alt.Shape("model:N", scale=each, title=None, legend=legend)
    base = alt.Chart(table)
    nothing = alt.Chart(pl.DataFrame({"nothing": [0.0]})).mark_rule(strokeWidth=2).encode(alt.X("nothing:Q"))
    chance = base.mark_rule(strokeWidth=2).encode(
        alt.X("low:Q", scale=scale, axis=axis), group, offset, colour, x2="high:Q"
    )
    shares = [alt.Tooltip(f"{name}:Q", format=",.0%") for name in _PARTS]
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        alt.X("return:Q"),
        group,
        offset,
        colour,
        shape,
        tooltip=[alt.Tooltip("group:N"), alt.Tooltip("model:N"), *shares],
    )
    return alt.LayerChart(layer=[nothing, chance, points]).properties(height=_STEP * max(1, table.height))


def told(report: Report) -> str:
    """The lowest and the highest return, and what nobody told the cost of."""
    drawn, words = _drawn(report), list[str]()
    if drawn:
        lowest, highest = drawn[0], drawn[-1]
        words.append(f"The lowest return is that of {lowest.name}: {_said(report, lowest)}.")
        if highest.name != lowest.name:
            words.append(f"The highest is that of {highest.name}: {_said(report, highest)}.")
    if free := without_cost(report):
        words.append(f"Not drawn, because nobody told what they cost: {', '.join(free)}.")
    return " ".join(words) or "Nobody told what anything cost, so no return can be drawn."


_PARTS = ("return", "low", "high")


def _drawn(report: Report) -> list[Return]:
    """The returns to draw, those of the lowest first under the first model."""
    costly = sorted(returns(report), key=lambda one: -one.cost)[:MOST_DRAWN]
    return sorted(costly, key=lambda one: (one.under[0].value, one.name))


def _table(drawn: Sequence[Return]) -> pl.DataFrame:
    rows = [
        {"group": one.name, "model": each.model, "return": each.value, "low": each.low, "high": each.high}
        for one in drawn
        for each in one.under
    ]
    return pl.DataFrame(rows, schema={"group": pl.String, "model": pl.String, **dict.fromkeys(_PARTS, pl.Float64)})


def _ticks(table: pl.DataFrame) -> list[float]:
    """The ticks that lie within what is drawn."""
    highest = max([1.0, *table["return"], *table["high"].drop_nulls()])
    return [tick for tick in _TICKS if tick <= highest]


def _said(report: Report, one: Return) -> str:
    metrics = [metric for metric in report.request.metrics if metric.name.startswith("marketing_roi")]
    pairs = zip(metrics, one.under, strict=True)
    return " and ".join(
        f"{formatting.value(each.value, metric, report.request.currency)} under {each.model}" for metric, each in pairs
    )


CHART = Chart(
    name="roi",
    title="Return on what was spent, under each model",
    question={"metrics": ["marketing_roi"], "by": ["source"]},
    draw=draw,
    told=told,
)

"""The return on the money spent on each source, under two attribution models, with a line at break-even."""

from collections.abc import Iterator, Sequence

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import marked, translate
from reports.model.lists import join_all, join_first
from reports.query.report import Report
from reports.render import formatting
from reports.render.source_verdicts import SourceReturn, groups_without_cost, source_returns
from reports.rules.attribution_models import MODELS

# More lines are unreadable; the most expensive sources are drawn.
MAX_DRAWN = 40
_STEP = 18
_MAX_NAMES = 5
# Returns that differ by less are the same but for the noise of binary fractions.
_RETURN_DECIMALS = 9
# Gains reach hundreds of per cent, losses stay within 100%: the scale is linear up to 100%, logarithmic beyond.
_LINEAR_TO = 1
_TICKS = (-1, 0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def draw(report: Report) -> alt.LayerChart:
    """A line for each group and model, the lowest return first, on both sides of the break-even line."""
    drawn = _drawn_returns(report)
    names = list(dict.fromkeys(source.name for source in drawn))
    models = [translate(MODELS[model].title).lower() for model in report.request.models]
    table = _table(drawn)
    scale = alt.Scale(type="symlog", constant=_LINEAR_TO, domainMin=min([-1.0, *table["low"].drop_nulls()]), nice=False)
    axis = alt.Axis(format=",.0%", values=_ticks(table), title=translate("return on spend"))
    group = alt.Y("group:N", sort=names, title=None, scale=alt.Scale(paddingInner=0.3))
    offset = alt.YOffset("model:N", sort=models)
    # An explicit domain puts colour and shape into one legend; a sort order does not.
    model_scale, legend = alt.Scale(domain=models), alt.Legend(orient="top")
    colour = alt.Color("model:N", scale=model_scale, title=None, legend=legend)
    shape = alt.Shape("model:N", scale=model_scale, title=None, legend=legend)
    base = alt.Chart(table)
    break_even = alt.Chart(pl.DataFrame({"nothing": [0.0]})).mark_rule(strokeWidth=2).encode(alt.X("nothing:Q"))
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
    return alt.LayerChart(layer=[break_even, chance, points]).properties(height=_STEP * max(1, table.height))


def summarise(report: Report) -> str:
    """The lowest and the highest return, and the groups without a recorded cost in the currency of the report."""
    drawn, sentences, currency = _drawn_returns(report), list[str](), report.request.currency
    if drawn:
        sentences += _end_sentences(report, drawn)
    if free := groups_without_cost(report):
        sentences.append(
            translate("Not shown (no spend entered in {currency}): {names}.", currency=currency, names=", ".join(free))
        )
    return " ".join(sentences) or translate(
        "No spend in {currency} has been entered for this period.", currency=currency
    )


_PARTS = ("return", "low", "high")


def _drawn_returns(report: Report) -> list[SourceReturn]:
    """The returns to draw, the lowest under the first model first."""
    costly = sorted(source_returns(report), key=lambda source: -source.cost)[:MAX_DRAWN]
    return sorted(costly, key=lambda source: (source.by_model[0].value, source.name))


def _table(drawn: Sequence[SourceReturn]) -> pl.DataFrame:
    rows = [
        {"group": source.name, "model": part.model, "return": part.value, "low": part.low, "high": part.high}
        for source in drawn
        for part in source.by_model
    ]
    return pl.DataFrame(rows, schema={"group": pl.String, "model": pl.String, **dict.fromkeys(_PARTS, pl.Float64)})


def _ticks(table: pl.DataFrame) -> list[float]:
    """The ticks within the range of the chart."""
    highest = max([1.0, *table["return"], *table["high"].drop_nulls()])
    return [tick for tick in _TICKS if tick <= highest]


def _end_sentences(report: Report, drawn: Sequence[SourceReturn]) -> Iterator[str]:
    """The lowest and the highest return, with all the groups that have it."""
    lowest, highest = drawn[0], drawn[-1]
    lows, highs = _return_phrases(report, lowest, highest)
    if _place(lowest) == _place(highest):
        yield (
            translate("All have the same return: {value}.", value=lows)
            if len(drawn) > 1
            else translate("The return of {name} is {value}.", name=lowest.name, value=lows)
        )
        return
    yield translate("Lowest return: {names}, {value}.", names=_names_at(drawn, lowest), value=lows)
    yield translate("Highest return: {names}, {value}.", names=_names_at(drawn, highest), value=highs)


def _names_at(drawn: Sequence[SourceReturn], end: SourceReturn) -> str:
    return join_first([source.name for source in drawn if _place(source) == _place(end)], _MAX_NAMES)


def _place(source: SourceReturn) -> list[float]:
    return [round(part.value, _RETURN_DECIMALS) for part in source.by_model]


def _return_phrases(report: Report, first: SourceReturn, second: SourceReturn) -> tuple[str, str]:
    """The returns of two groups under each model, different where they differ."""
    metrics = [metric for metric in report.request.metrics if metric.name.startswith("marketing_roi")]
    phrases = (list[str](), list[str]())
    for metric, *parts in zip(metrics, first.by_model, second.by_model, strict=True):
        doubts = formatting.half_width(parts[0].low, parts[0].high), formatting.half_width(parts[1].low, parts[1].high)
        shown = formatting.apart((parts[0].value, parts[1].value), metric, report.request.currency, doubts)
        for phrase, text in zip(phrases, shown, strict=True):
            phrase.append(translate("{value} with {model} attribution", value=text, model=parts[0].model))
    return join_all(phrases[0]), join_all(phrases[1])


CHART = Chart(
    name="roi",
    title=marked("Return on spend by attribution model"),
    parameters={"metrics": ["marketing_roi"], "by": ["source"]},
    draw=draw,
    summarise=summarise,
)

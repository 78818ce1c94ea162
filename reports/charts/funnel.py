"""The funnel from attempt to sale: how many calls reached each step, and their share of the step before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.model.language import digits, marked, percent, translate
from reports.query.report import Report
from reports.render.possible_counts import count_words, most_possible, share_words

_STEP, _BAR, _BELOW = 44, 16, 9
# Beside it stand its count and its share, in pixels.
_LONGEST_BAR = "max(40, width - 210)"


@dataclass(frozen=True)
class Step:
    """One step of the funnel.

    metric: its numerator counts the calls. share: the part of the calls that `of` names; it counts only calls among
    them, so it never exceeds 1. other_calls: calls of the step outside the share. most: as many calls as may have
    reached the step, if that is not known of all. doubt: the words for a share with too little data.
    """

    title: str
    metric: str
    count: int
    share: float | None
    of: str
    other_calls: int = 0
    most: int = 0
    doubt: str = ""


def steps(report: Report) -> list[Step]:
    """The steps of a report with this chart's parameters.

    Each of the first five steps is a part of the one before, because calls are resolved that way
    (reports/facts/attempts.py). Appointments and sales are not parts of each other, nor of the conversations: some come
    in shorter calls. Their shares are those of conversations that ended with one.
    """
    total = report.total.row(0, named=True)
    nested = list[Step]()
    for title, metric in _NESTED.items():
        count, most = int(total[f"{metric}_numerator"] or 0), most_possible(report, metric)
        nested.append(_part(Step(title, metric, count, None, "", most=most), nested[-1] if nested else None))
    return nested + [_outcome(total, title, *metrics) for title, metrics in _OUTCOMES.items()]


def _part(step: Step, before: Step | None) -> Step:
    """The step as a part of the one before; it has no share where more of it is only possible than is known."""
    if before is None:
        return step
    step = replace(step, of=_CALL_NAMES[before.title])
    if step.most > step.count and step.count * 2 < step.most:
        low = step.count / max(before.count, before.most)
        return replace(step, doubt=share_words(low, step.most / max(before.count, step.most)))
    return replace(step, share=step.count / before.count if before.count else None)


def _outcome(total: Mapping[str, Any], title: str, metric: str, rate: str) -> Step:
    count, within = (int(total[f"{name}_numerator"] or 0) for name in (metric, rate))
    doubtful = total.get(f"{rate}_reason") is not None
    doubt = share_words(total[f"{rate}_range_low"], total[f"{rate}_range_high"]) if doubtful else ""
    return Step(title, metric, count, total[rate], _CALL_NAMES["Conversations"], count - within, doubt=doubt)


# Each step is a part of the one before.
_NESTED = {
    "Calls": "attempts",
    "Answered": "answer_rate",
    "Reached a person": "human_rate",
    "Reached the right contact": "rpc_rate",
    "Conversations": "conversations",
}
# The name of a step's calls in "12% of answered calls".
_CALL_NAMES = {
    marked("Calls"): marked("calls"),
    marked("Answered"): marked("answered calls"),
    marked("Reached a person"): marked("people reached"),
    marked("Reached the right contact"): marked("right contacts"),
    marked("Conversations"): marked("conversations"),
}
# The metric of all outcomes, and the rate of conversations that ended with one.
_OUTCOMES = {
    marked("Appointments"): ("appointments", "appointment_set_rate"),
    marked("Sales"): ("sales", "conv_per_conversation"),
}


def draw(report: Report) -> alt.LayerChart:
    """A bar for each step, with its count and its share beside it."""
    funnel = steps(report)
    labels = [f"{digits(step.count)}{_share(step)}" for step in funnel]
    table = pl.DataFrame(
        {"step": [step.title for step in funnel], "calls": [step.count for step in funnel], "label": labels}
    )
    most = max([1, *table["calls"]])
    # Room for the label of the longest bar. The name stands above its bar: on a phone, there is no room beside it.
    scale = alt.Scale(domain=[0, most], nice=False, rangeMin=0, rangeMax=alt.ExprRef(expr=_LONGEST_BAR))
    base = alt.Chart(table).encode(alt.Y("step:N", sort=None, title=None, axis=None))
    calls = alt.X("calls:Q", scale=scale, axis=None)
    tooltip = [alt.Tooltip("step:N"), alt.Tooltip("label:N", title=translate("calls"))]
    bars = base.mark_bar(size=_BAR, yOffset=_BELOW).encode(calls, tooltip=tooltip)
    words = base.mark_text(align="left", dx=6, dy=_BELOW, fontSize=12).encode(calls, alt.Text("label:N"))
    names = base.mark_text(align="left", dy=-_BELOW, fontSize=12).encode(alt.XValue(0), alt.Text("step:N"))
    return alt.LayerChart(layer=[bars, words, names]).properties(height=_STEP * len(funnel))


def share_text(step: Step) -> str:
    """The share of the step before: 12.3%; empty for the first step."""
    if step.doubt:
        return step.doubt
    return "" if step.share is None else percent(digits(100 * step.share, 1))


def _share(step: Step) -> str:
    if step.doubt or step.share is None:
        return f" ({step.doubt})" if step.doubt else ""
    text = translate("{share} of {rows}", share=share_text(step), rows=translate(step.of))
    return f" ({text})"


def summarise(report: Report) -> str:
    """How many calls became sales, and the step that loses the most calls."""
    funnel = steps(report)
    first, last, reached = funnel[0], funnel[-1], count_words(funnel[3].count, funnel[3].most)
    shares = [step for step in funnel[: len(_NESTED)] if step.share is not None]
    sentences = [
        translate(
            "{calls} calls: {reached} reached the right contact, {sales} ended in a sale.",
            calls=digits(first.count),
            reached=reached,
            sales=digits(last.count),
        )
    ]
    if shares:
        worst = min(shares, key=lambda step: step.share or 0.0)
        sentences.append(
            translate(
                "Largest drop: {step}, {share} of {rows}.",
                step=translate(worst.title),
                share=share_text(worst),
                rows=translate(worst.of),
            )
        )
    return " ".join(sentences)


CHART = Chart(
    name="funnel",
    title=marked("From call to sale"),
    parameters={
        "metrics": [",".join([*_NESTED.values(), *(name for names in _OUTCOMES.values() for name in names)])],
        "by": [],
        "goal": ["sale"],
    },
    draw=draw,
    summarise=summarise,
)

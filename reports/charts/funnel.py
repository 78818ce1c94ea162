"""The way from an attempt to a sale: how many calls came as far as each step, and the share of which that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from reports.charts import Chart
from reports.query.report import Report

_STEP = 34


@dataclass(frozen=True)
class Step:
    """One step of the way.

    metric: whose numerator counts its calls. share: of the calls that `of` names, where there are any; none is counted
    that is not among them, so that it never exceeds 1. beside: calls of the step that are not in the share.
    """

    title: str
    metric: str
    count: int
    share: float | None
    of: str
    beside: int = 0


def steps(report: Report) -> list[Step]:
    """The steps of a report with this chart's question.

    Each of the first five is a part of the one before, as calls are settled so (reports/facts/attempts.py).
    Appointments and sales are not parts of each other, nor of the conversations: some come in shorter calls. Their
    shares are those of conversations that ended with one.
    """
    total = report.total.row(0, named=True)
    whole = {title: int(total[f"{metric}_numerator"] or 0) for title, metric in _NESTED.items()}
    found, of = list[Step](), ""
    for title, metric in _NESTED.items():
        before = whole.get(of, 0)
        found.append(Step(title, metric, whole[title], whole[title] / before if before else None, _OF.get(of, "")))
        of = title
    return found + [_outcome(total, title, *metrics) for title, metrics in _OUTCOMES.items()]


def _outcome(total: Mapping[str, Any], title: str, metric: str, rate: str) -> Step:
    count, within = (int(total[f"{name}_numerator"] or 0) for name in (metric, rate))
    return Step(title, metric, count, total[rate], _OF["Conversations"], count - within)


# Each a part of the one before.
_NESTED = {
    "Attempts": "attempts",
    "Answered": "answer_rate",
    "A person": "human_rate",
    "The right party": "rpc_rate",
    "Conversations": "conversations",
}
# What the calls of a step are called where a share is taken of them.
_OF = {
    "Attempts": "attempts",
    "Answered": "answered calls",
    "A person": "persons",
    "The right party": "right parties",
    "Conversations": "conversations",
}
# All of them, and the rate of conversations that ended with one.
_OUTCOMES = {
    "Appointments": ("appointments", "appointment_set_rate"),
    "Sales": ("sales", "conv_per_conversation"),
}


def draw(report: Report) -> alt.LayerChart:
    """A bar a step, with its count and its share written beside it."""
    found = steps(report)
    told = [f"{step.count:,}{_share(step)}" for step in found]
    table = pl.DataFrame(
        {"step": [step.title for step in found], "calls": [step.count for step in found], "told": told}
    )
    most = max([1, *table["calls"]])
    # Room for what is written beside the longest bar.
    scale = alt.Scale(domain=[0, most * 1.35], nice=False)
    base = alt.Chart(table).encode(
        alt.X("calls:Q", scale=scale, axis=None),
        alt.Y("step:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    bars = base.mark_bar().encode(tooltip=[alt.Tooltip("step:N"), alt.Tooltip("told:N", title="calls")])
    words = base.mark_text(align="left", dx=6, fontSize=12).encode(alt.Text("told:N"))
    return alt.LayerChart(layer=[bars, words]).properties(height=_STEP * len(found))


def _share(step: Step) -> str:
    return "" if step.share is None else f" ({100 * step.share:.1f} % of {step.of})"


def told(report: Report) -> str:
    """How many attempts became how many sales, and at which step most were lost."""
    found = steps(report)
    first, last, reached = found[0], found[-1], found[3].count
    lost = [step for step in found[: len(_NESTED)] if step.share is not None]
    words = [f"Of {first.count:,} attempts {reached:,} reached the right party and {last.count:,} ended in a sale."]
    if lost:
        worst = min(lost, key=lambda step: step.share or 0.0)
        words.append(
            f"The narrowest step is “{worst.title}”: {100 * (worst.share or 0.0):.1f} % of {worst.of} come so far."
        )
    return " ".join(words)


CHART = Chart(
    name="funnel",
    title="From an attempt to a sale",
    question={
        "metrics": [",".join([*_NESTED.values(), *(name for names in _OUTCOMES.values() for name in names)])],
        "by": [],
        "goal": ["sale"],
    },
    draw=draw,
    told=told,
)

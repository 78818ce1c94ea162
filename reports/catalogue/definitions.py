"""The definitions of all numbers as a page for people who sell, written from the metric files."""

import re
from collections.abc import Iterator
from itertools import groupby

from reports.catalogue.catalogue import Entry, catalogue
from reports.measures.metric import Metric

_INTRODUCTION = """\
# What the numbers mean

Every number has one definition, and this page is written from it. `GET /v1/metrics` gives the same definitions to
programs.

The first sentence of an entry is the number in plain words. *Counted* states the population. *At the edges* explains
unusual cases. A number comes with its numerator and denominator, and with the number of observations (n). Its interval
contains the true value with 95% confidence. A number without anything to divide by is empty, never 0. If too much is
unknown, a number reads "not enough data", with the range in which it lies. No number includes test calls or spam.

Metrics of leads, calls, deals and credit can also be broken down by declared attributes of leads, such as
`attribute:industry`. Numbers about few leads then read "withheld"."""

# Names of one word are words of the language as well.
_NAME = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")

_BETTER = {
    "higher": "More is better.",
    "lower": "Less is better.",
    "band": "Inside its band is better.",
    "neutral": "Neither more nor less is better.",
}
_UNITS = {
    "attempts": "a count",
    "points": "points",
    "count": "a count",
    "ratio": "a share, shown in %",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "days": "days",
    "months": "months",
    "years": "years",
    "money": "money, in the currency of the report",
    "money_per_day": "money a day, in the currency of the report",
    "per_hour": "a count an hour",
    "factor": "a factor",
}


def page() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join([_INTRODUCTION, *_contents(), *_chapters()]) + "\n"


def heading(metric: Metric) -> str:
    """The chapter of a metric: the rows it counts, or for a composite those of its first component."""
    return f"From {_base(metric).base_frame.label}"


def _base(metric: Metric) -> Metric:
    """The metric itself, or the first component of a composite that is counted from facts."""
    return _base(metric.components[0]) if metric.components else metric


def _chapters() -> Iterator[str]:
    for title, entries in by_heading():
        yield f"## {title}"
        yield f"One row per {_base(entries[0].metric).base_frame.grain}."
        for entry in entries:
            yield from _entry(entry)


def _contents() -> Iterator[str]:
    for title, entries in by_heading():
        links = (f"[{entry.metric.title}](#{entry.metric.name})" for entry in entries)
        yield f"**{title}:** {' · '.join(links)}"


def by_heading() -> list[tuple[str, list[Entry]]]:
    """Every metric under the heading of its chapter, calls first."""

    def chapter(entry: Entry) -> str:
        return heading(entry.metric)

    # Calls come first, as they do on the floor.
    ordered = sorted(catalogue().values(), key=lambda entry: (chapter(entry) != "From attempts", chapter(entry)))
    return [(title, list(entries)) for title, entries in groupby(ordered, chapter)]


def _entry(entry: Entry) -> Iterator[str]:
    metric = entry.metric
    yield f'### <a id="{metric.name}"></a>{metric.title}'
    yield f"`{metric.name}` version {metric.version}, {_UNITS[metric.unit]}. {_BETTER[metric.better]}"
    yield entry.meaning
    yield f"*How:* {_NAME.sub(_linked, _in_words(metric.formula))}."
    yield _definition(entry.definition)
    yield from _remarks(metric)


def _in_words(formula: str) -> str:
    """A formula without the symbols of section names that stand before its words."""
    _, colon, words = formula.partition(": ")
    return words if colon else formula


def _definition(text: str) -> str:
    titled = text.replace("Population:", "*Counted:*").replace("Edge cases:", "\n*At the edges:*")
    return _NAME.sub(_linked, titled)


def _linked(name: re.Match[str]) -> str:
    """The code name of a metric as a link with its title; other words unchanged."""
    entry = catalogue().get(name[0])
    return f"[{entry.metric.title}](#{name[0]})" if entry else name[0]


def _remarks(metric: Metric) -> Iterator[str]:
    yield f"*Interval:* {metric.interval or 'none; the number is exact'}."
    if metric.limit is not None:
        yield f"Must not exceed {metric.limit:.0%}; rounding never hides an excess."
    if metric.band is not None:
        yield f"Good between {metric.band[0]:.0%} and {metric.band[1]:.0%}."
    if metric.trailing_days:
        yield f"Looks back {metric.trailing_days} days from the end of the window."
    if metric.per_model:
        yield "Depends on the attribution model: its name in an answer ends with the name of the model."
    if metric.components:
        components = ", ".join(f"[{component.title}](#{component.name})" for component in metric.components)
        yield f"Composed of {components}, which a report includes."

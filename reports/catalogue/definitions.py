"""The definitions of all numbers as a page for people who sell, written from the metric files."""

import re
from collections.abc import Iterator
from itertools import groupby

from reports.catalogue.catalogue import Entry, catalogue
from reports.measures.metric import Metric
from reports.rules.frame import frames

_INTRODUCTION = """\
# What the numbers mean

Every number has one definition, and this page is written from it: nothing here can differ from what is computed.
`GET /v1/metrics` tells the same to programs.

How to read an entry: the first sentence is the number in plain words. *Counted* says who is in it, *At the edges* what
happens to the odd ones. A number comes with its numerator and denominator, with how many observations it was taken from
(n), and with the interval in which it lies with 95 % confidence; it is empty, never 0, where there is nothing to divide
by. Test calls are in no number."""

# Names of one word are words of the language as well.
_NAME = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")

_BETTER = {"higher": "More is better.", "lower": "Less is better.", "band": "Neither more nor less is better as such."}
_UNITS = {
    "attempts": "a count",
    "count": "a count",
    "ratio": "a share, shown in %",
    "s": "seconds",
    "h": "hours",
    "days": "days",
    "money": "money, in the currency of the report",
    "money_per_day": "money a day, in the currency of the report",
    "per_hour": "a count an hour",
    "factor": "a factor",
}


def page() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join([_INTRODUCTION, *_contents(), *_chapters()]) + "\n"


def heading(metric: Metric) -> str:
    """The chapter a metric belongs to: that of the things it counts, of a composite those of what is above the line."""
    while metric.components:
        metric = metric.components[0]
    things = frames()[metric.frame].label
    return f"From {things}"


def _chapters() -> Iterator[str]:
    for title, entries in _by_heading():
        yield f"## {title}"
        for entry in entries:
            yield from _entry(entry)


def _contents() -> Iterator[str]:
    for title, entries in _by_heading():
        links = (f"[{entry.metric.title}](#{entry.metric.name})" for entry in entries)
        yield f"**{title}:** {' · '.join(links)}"


def _by_heading() -> list[tuple[str, list[Entry]]]:
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
    yield _spoken(entry.definition)
    yield from _asides(metric)


def _in_words(formula: str) -> str:
    """A formula without the symbols of section names that stand before its words."""
    _, colon, words = formula.partition(": ")
    return words if colon else formula


def _spoken(definition: str) -> str:
    said = definition.replace("Population:", "*Counted:*").replace("Edge cases:", "\n*At the edges:*")
    return _NAME.sub(_linked, said)


def _linked(name: re.Match[str]) -> str:
    """A number that is named by its code name, by its title and with a link; other words as they are."""
    entry = catalogue().get(name[0])
    return f"[{entry.metric.title}](#{name[0]})" if entry else name[0]


def _asides(metric: Metric) -> Iterator[str]:
    if metric.limit is not None:
        yield f"Must not pass {metric.limit:.0%}; no rounding hides that it did."
    if metric.band is not None:
        yield f"Good between {metric.band[0]:.0%} and {metric.band[1]:.0%}."
    if metric.trailing_days:
        yield f"Looks back {metric.trailing_days} days from the end of the window."
    if metric.per_model:
        yield "Depends on how credit is given to what led to it: its name in an answer ends with the model's."
    if metric.components:
        components = ", ".join(f"[{component.title}](#{component.name})" for component in metric.components)
        yield f"Made of {components}, which come beside it."

"""One agent's number beside that of all agents: on which side of it, and what it was before."""

from dataclasses import dataclass

from reports.measures.counts import Count, Sum
from reports.measures.metric import Metric
from reports.render import formatting
from reports.render.cell_text import has_interval
from service.pages.numbers import Number

_SIDES = {
    ("higher", True): "better than all",
    ("higher", False): "worse than all",
    ("lower", True): "worse than all",
    ("lower", False): "better than all",
    ("band", True): "above all",
    ("band", False): "below all",
}


@dataclass(frozen=True)
class Line:
    """A number of one agent, and beside it that of all.

    chance: where it lies and of how many. side: on which side of all it surely lies, or what part of all it is.
    before: the period before; change: what is to be said of the change.
    """

    mine: Number
    whole: Number
    chance: str
    side: str
    before: str
    change: str


def line_of(mine: Number, whole: Number, currency: str) -> Line:
    """The line of one number."""
    known = has_interval(mine.metric) and mine.below
    return Line(mine, whole, mine.below[0] if known else "", _side(mine, whole), *_before(mine, currency))


def _side(mine: Number, whole: Number) -> str:
    """Judged by the likely rate where agents are ranked by it, so that luck with few calls is no side."""
    if isinstance(mine.metric.measure, Count | Sum):
        return _part(mine, whole)
    value = whole.said["value"]
    low, high = (mine.said.get(f"shrunk_{end}", mine.said[f"ci_{end}"]) for end in ("low", "high"))
    if value is None or low is None or high is None:
        return ""
    if low <= value <= high:
        return "cannot tell"
    return _SIDES[mine.metric.better, low > value]


def _part(mine: Number, whole: Number) -> str:
    """Which part of all it is."""
    if not whole.said["value"] or mine.said["value"] is None:
        return ""
    return f"{mine.said['value'] / whole.said['value']:.1%} of all".replace("%", " %")


def _before(mine: Number, currency: str) -> tuple[str, str]:
    """The number of the period before, and by how much it changed."""
    if mine.said.get("previous") is None:
        return "", ""
    return formatting.value(mine.said["previous"], mine.metric, currency), _change(mine.metric, mine)


def _change(metric: Metric, mine: Number) -> str:
    if mine.said["difference"] is None:
        return ""
    verdict = {"better": "better", "worse": "worse", "cannot_tell": "cannot tell"}[mine.said["verdict"]]
    points = " points" if metric.unit == "ratio" else ""
    return f"{formatting.difference(mine.said['difference'], metric)}{points}, {verdict}"

"""The change of a number against the compared period: by how much, from where, and whether it is significant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.render import formatting
from reports.render.change_text import change_text

_KINDS = {"better": "good", "worse": "bad", "higher": "info", "lower": "info"}


@dataclass(frozen=True)
class Change:
    """A change in words: Down 1.2 pts. previous: the number of the compared period. kind: the kind of its badge."""

    text: str
    previous: str
    kind: str

    @property
    def significant(self) -> bool:
        """Whether it is more than chance explains."""
        return self.kind != "neutral"

    @property
    def label(self) -> str:
        """The change with its significance."""
        if self.text == _NO_CHANGE:
            return self.text
        return f"{self.text}, {'significant' if self.significant else 'not significant'}"

    @property
    def sentence(self) -> str:
        """The change with the number that it started from."""
        if self.text == _NO_CHANGE:
            return self.text
        return f"{self.text} from {self.previous} ({'significant' if self.significant else 'not significant'})"


_NO_CHANGE = "No change"


def change_of(metric: Metric, cell: Mapping[str, Any], currency: str) -> Change | None:
    """The change of a compared number; None without a number in one of the two periods."""
    if cell.get("previous") is None or cell["difference"] is None:
        return None
    texts, kind = change_text(metric, cell, currency), _KINDS.get(cell["verdict"], "neutral")
    if not cell["difference"]:
        return Change(_NO_CHANGE, texts.previous, "neutral")
    moved = "Up" if cell["difference"] > 0 else "Down"
    return Change(
        f"{moved} {texts.difference[1:]}{_unit(metric, texts.difference[1:], currency)}", texts.previous, kind
    )


def _unit(metric: Metric, amount: str, currency: str) -> str:
    """The unit of a change; a duration has its units already."""
    if metric.unit == "ratio":
        return " pt" if amount == "1" else " pts"
    return "" if metric.unit == "s" else formatting.unit_suffix(metric.unit, currency)

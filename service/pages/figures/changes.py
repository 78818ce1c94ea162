"""The change of a number against the compared period: by how much, from where, and whether it is significant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.model.language import translate
from reports.render.change_text import change_text

_KINDS = {"better": "good", "worse": "bad", "higher": "info", "lower": "info"}


@dataclass(frozen=True)
class Change:
    """A change in words: Down 1.2 pts; empty without a change.

    previous: the number of the compared period. kind: the kind of its badge.
    """

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
        if not self.text:
            return translate("No change")
        if self.significant:
            return translate("{change}, significant", change=self.text)
        return translate("{change}, not significant", change=self.text)

    @property
    def sentence(self) -> str:
        """The change with the number that it started from."""
        if not self.text:
            return translate("No change")
        if self.significant:
            return translate("{change} from {previous} (significant)", change=self.text, previous=self.previous)
        return translate("{change} from {previous} (not significant)", change=self.text, previous=self.previous)


def change_of(metric: Metric, cell: Mapping[str, Any], currency: str) -> Change | None:
    """The change of a compared number; None without a number in one of the two periods."""
    if cell.get("previous") is None or cell["difference"] is None:
        return None
    texts, kind = change_text(metric, cell, currency), _KINDS.get(cell["verdict"], "neutral")
    if not cell["difference"]:
        return Change("", texts.previous, "neutral")
    amount = texts.amount
    text = (
        translate("Up {amount}", amount=amount) if cell["difference"] > 0 else translate("Down {amount}", amount=amount)
    )
    return Change(text, texts.previous, kind)

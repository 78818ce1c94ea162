"""The change of a number against the period before, in words: by how much, from where, and whether it may be chance."""

from reports.render import formatting
from reports.render.change_text import change_text
from service.pages.components.numbers import Number

_UNCHANGED = "stayed as it was"


def change_sentence(number: Number, currency: str) -> str:
    """The rest of a sentence that starts with the number's title; empty if the period before has no number."""
    cell, metric = number.cell, number.metric
    if cell.get("previous") is None or cell["difference"] is None:
        return ""
    if not cell["difference"]:
        return _UNCHANGED
    change = change_text(metric, cell, currency)
    moved = "rose" if cell["difference"] > 0 else "fell"
    amount = change.difference[1:]
    unit = (
        (" point" if amount == "1" else " points")
        if metric.unit == "ratio"
        else ""
        if metric.unit == "s"
        else formatting.unit_suffix(metric.unit, currency)
    )
    certainty = "may be chance" if cell["verdict"] == "cannot_tell" else "more than chance"
    return f"{moved} by {amount}{unit} from {change.previous}; {certainty}"


def certainty_details(number: Number) -> list[str]:
    """The details of a number without its change: interval, sample size, range."""
    return [line for line in number.details if not line.startswith("was ")]

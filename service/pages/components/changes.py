"""The change of a number against the period before: by how much, from where, and whether it is significant."""

from reports.model.language import translate
from reports.render.change_text import change_text
from service.pages.components.numbers import Number


def change_sentence(number: Number, currency: str) -> str:
    """The change as a phrase: Down 1.2 pts from 15.1% (significant); empty if the period before has no number."""
    cell, metric = number.cell, number.metric
    if cell.get("previous") is None or cell["difference"] is None:
        return ""
    change = change_text(metric, cell, currency)
    if not cell["difference"]:
        return translate("Unchanged")
    shown = {"amount": change.amount, "previous": change.previous}
    significant = cell["verdict"] != "cannot_tell"
    if cell["difference"] > 0:
        return (
            translate("Up {amount} from {previous} (significant)", **shown)
            if significant
            else translate("Up {amount} from {previous} (not significant)", **shown)
        )
    return (
        translate("Down {amount} from {previous} (significant)", **shown)
        if significant
        else translate("Down {amount} from {previous} (not significant)", **shown)
    )


def certainty_details(number: Number) -> list[str]:
    """The details of a number without its change: interval, sample size, range."""
    return [line for line in number.details if not line.startswith(translate("was {value}", value=""))]

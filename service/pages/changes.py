"""How a number changed against the period before, said in words: by how much, from where, and whether it is chance."""

from reports.render import formatting
from service.pages.numbers import Number

# What a verdict is called on a page; never told by a colour alone.
WORDS = {"better": "better", "worse": "worse", "cannot_tell": "cannot tell"}
_SURE = {"better": "more than chance", "worse": "more than chance", "cannot_tell": "may be chance"}
_ALIKE = "stayed as it was"


def change(number: Number, currency: str) -> str:
    """The change as the end of a sentence that begins with the number's title; nothing where there was none before."""
    said, metric = number.said, number.metric
    if said.get("previous") is None or said["difference"] is None:
        return ""
    if not said["difference"]:
        return _ALIKE
    moved = "rose" if said["difference"] > 0 else "fell"
    amount = formatting.difference(said["difference"], metric)[1:]
    unit = (
        " points" if metric.unit == "ratio" else "" if metric.unit == "s" else formatting.after(metric.unit, currency)
    )
    before = formatting.value(said["previous"], metric, currency)
    return f"{moved} by {amount}{unit} from {before}; {_SURE[said['verdict']]}"


def doubt(number: Number) -> list[str]:
    """What says how far to trust a number, without how it changed."""
    return [line for line in number.below if not line.startswith("was ")]

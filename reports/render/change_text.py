"""The earlier number and the change beside a number of today, in digits that agree with it.

They have the digits of today's number, and more only where the two numbers would read the same: 59%, was 59.2%, -0.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.model.language import translate
from reports.render import formatting

_FINER = (1, 10, 100, 1_000)


@dataclass(frozen=True)
class ChangeText:
    """The earlier number with its unit, the same as it stands now, and the change with its sign but without its unit.

    signed, amount: the change with its unit, with and without its sign. Texts are empty where there is no number.
    """

    previous: str
    matured: str
    difference: str
    signed: str = ""
    amount: str = ""


def change_text(metric: Metric, cell: Mapping[str, Any], currency: str) -> ChangeText:
    """The earlier number of a compared cell, and the change since; empty without an earlier number."""
    previous, matured, difference = (cell.get(part) for part in ("previous", "previous_matured", "difference"))
    if previous is None:
        return ChangeText("", "", "")
    doubt = _doubt(metric, cell, currency)
    before = formatting.value(previous, metric, currency, doubt)
    later = "" if matured is None else formatting.value(matured, metric, currency, doubt)
    if difference is None:
        return ChangeText(before, later, "")
    change = formatting.difference(difference, metric, doubt)
    amount = _amount(change[1:], metric, currency)
    return ChangeText(before, later, change, f"{change[0]}{amount}", amount)


def _amount(change: str, metric: Metric, currency: str) -> str:
    """A change with its unit; shares change by percentage points."""
    if metric.unit == "ratio":
        return translate("1 pt") if change == "1" else translate("{number} pts", number=change)
    return change if metric.unit == "s" else formatting.with_unit(change, metric.unit, currency)


def _own_doubt(metric: Metric, cell: Mapping[str, Any]) -> float | None:
    """Half the width of a number's own interval; None for an exact number."""
    exact = metric.is_count or metric.exact
    return None if exact else formatting.half_width(cell.get("ci_low"), cell.get("ci_high"))


def _doubt(metric: Metric, cell: Mapping[str, Any], currency: str) -> float | None:
    """The doubt of today's number, or so much less that a different earlier number reads differently."""
    doubt = _own_doubt(metric, cell)
    if not doubt or not cell.get("difference"):
        return doubt
    today = formatting.value(cell["value"], metric, currency, doubt)
    finer = (doubt / times for times in _FINER)
    return next((part for part in finer if formatting.value(cell["previous"], metric, currency, part) != today), None)

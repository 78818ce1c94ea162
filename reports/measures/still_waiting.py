"""The share that still waits after a time: one minus the share with the event, from the same survival curve."""

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from reports.measures.cell_schema import Cell
from reports.measures.durations import Within


@dataclass(frozen=True, eq=False, kw_only=True)
class StillWaiting(Within):
    """The probability that an event takes longer than a time, when some rows are too short to know.

    The numerator counts the rows with the event in that time, as in `Within`.
    """

    @override
    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The curve at the horizon, with the curve's interval there."""
        cell = super().cell(name, by)
        opposite = {"value": 1 - cell["value"], "ci_low": 1 - cell["ci_high"], "ci_high": 1 - cell["ci_low"]}
        return {**cell, **opposite}

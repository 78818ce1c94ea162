"""Duration measures: how long an event takes when it has not happened yet in some rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from reports.measures.accumulators import Accumulator, Curve
from reports.measures.cell_schema import ONE_PER_ROW, Cell, CellSide, DrillThrough
from reports.measures.ranges import CANNOT_TELL, RANGE


@dataclass(frozen=True, eq=False, kw_only=True)
class Survival:
    """How long an event takes when it has not happened yet in some rows (Kaplan-Meier), in units of `per` ms.

    duration: ms until the event, or until the last observation. event: whether it happened. Rows without a duration do
    not count. The number is the time by which the event has happened in half of the rows; null when fewer have it.
    possible: duration and event once more, if every row has the event in which it may have happened. The number then
    has a range, from that time to the number itself.
    """

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    per: int = 1000
    possible: tuple[pl.Expr, pl.Expr] | None = None

    @property
    def extra(self) -> tuple[str, ...]:
        """The range, where the event may have happened in more rows."""
        return () if self.possible is None else RANGE

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Brookmeyer and Crowley 95%, on the Kaplan-Meier curve"

    def accumulator(self, name: str) -> Accumulator:
        """How many waits ended, and how many were still open, after each length of time."""
        return Curve(self.duration, self.event, self.where, {name: None})

    def possible_accumulator(self, name: str) -> Accumulator | None:
        """The same with every possible event."""
        if self.possible is None:
            return None
        with_duration = self.where & self.duration.is_not_null()
        return Curve(*self.possible, with_duration, {_possible(name): None})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """The median with the interval between the bands of the curve; null while fewer than half have the event."""
        del by
        counts = {column: pl.col(f"{name}.{column}") for column in ("numerator", "denominator")}
        cell = self._scaled(name) | counts | _counted(name)
        return cell if self.possible is None else cell | self._range(name, cell)

    def _scaled(self, name: str) -> Cell:
        return {column: pl.col(f"{name}.{column}") / self.per for column in ("value", "ci_low", "ci_high")}

    def _range(self, name: str, cell: Cell) -> Cell:
        """The range; the number is not told if no event is known while some are possible, or most are only possible."""
        soonest = self._scaled(_possible(name))
        doubtful = pl.col(f"{_possible(name)}.numerator") - cell["numerator"]
        sooner = (soonest["value"] < cell["value"]).fill_null(soonest["value"].is_not_null())
        cannot_tell = sooner & ((cell["numerator"] == 0) | (doubtful * 2 > cell["denominator"]))
        return {
            "value": pl.when(~cannot_tell.fill_null(value=False)).then(cell["value"]),
            "ci_low": pl.min_horizontal(cell["ci_low"], soonest["ci_low"]),
            "range_low": soonest["value"],
            "range_high": cell["value"],
            "reason": pl.when(cannot_tell).then(pl.lit(CANNOT_TELL)),
        }

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The denominator has all rows with a duration, the numerator those with the event."""
        with_duration = self.where & self.duration.is_not_null()
        return DrillThrough(with_duration & self.event if side == "numerator" else with_duration, ONE_PER_ROW)


@dataclass(frozen=True, eq=False, kw_only=True)
class Within:
    """The probability that an event happens within a time, when some rows are too recent to know."""

    duration: pl.Expr
    event: pl.Expr
    where: pl.Expr
    horizon_ms: int
    extra: tuple[str, ...] = ()

    @property
    def interval(self) -> str:
        """The method of its interval."""
        return "Greenwood 95%, log(-log), on the Kaplan-Meier curve"

    def accumulator(self, name: str) -> Accumulator:
        """The same curve as that of Survival, read at one time."""
        return Curve(self.duration, self.event, self.where, {name: self.horizon_ms})

    def cell(self, name: str, by: Sequence[str]) -> Cell:
        """One minus the curve at the horizon, with the curve's interval there."""
        del by
        columns = ("value", "ci_low", "ci_high", "numerator", "denominator")
        return {column: pl.col(f"{name}.{column}") for column in columns} | _counted(name)

    def drill_through(self, side: CellSide) -> DrillThrough:
        """The denominator has all rows with a duration, the numerator those with the event in time."""
        with_duration = self.where & self.duration.is_not_null()
        in_time = with_duration & self.event & (self.duration <= self.horizon_ms)
        return DrillThrough(in_time if side == "numerator" else with_duration, ONE_PER_ROW)


def _possible(name: str) -> str:
    return f"{name}.possible"


def _counted(name: str) -> Cell:
    return {"n": pl.col(f"{name}.denominator")}

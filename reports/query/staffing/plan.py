"""A staffing plan: for each interval the calls, the agents they need, and what one agent less or more would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from reports.query.parameters import Parameters
from reports.query.staffing.request import Basis, read_own_calls
from reports.stats.agents_needed import agents_needed, agents_to_schedule, with_neighbours
from reports.stats.call_volumes import Volume
from reports.stats.erlang import QueueState

Measured: TypeAlias = Literal["handle_time", "patience"]


@dataclass(frozen=True, kw_only=True)
class IntervalPlan:
    """The plan of one interval.

    starts_at: None for calls of one's own. days: how many past days the forecast rests on. low, high: the range of 95%
    of such intervals; agents_low and agents_high are those it would need. load: in erlangs.
    staffed: the agents whose queue is shown, by default those needed. states: the queue with one agent less, with
    `staffed`, and with one more.
    """

    starts_at: datetime | None = None
    days: int = 0
    expected: float
    low: int | None = None
    high: int | None = None
    load: float
    agents: int
    agents_low: int | None = None
    agents_high: int | None = None
    scheduled: int
    staffed: int
    states: tuple[QueueState, ...]

    @property
    def state(self) -> QueueState:
        """The queue with the agents whose queue is shown."""
        return next(state for state in self.states if state.agents == self.staffed)


@dataclass(frozen=True, eq=False, kw_only=True)
class History:
    """What a forecast rests on.

    first, last: the days that count, `last` included. day_to_day: how much busier or quieter days are than chance
    explains, as a coefficient of variation. unknown: the number of intervals without a plan, because no past day has
    their weekday and time. as_of: the moment of its rows; None for the current rows. watermark: the moment up to which
    it includes everything recorded.
    """

    zone: ZoneInfo
    filters: Mapping[str, Sequence[str]]
    as_of: datetime | None
    watermark: datetime
    first: date
    last: date
    calls: int
    day_to_day: float
    unknown: int


@dataclass(frozen=True, eq=False, kw_only=True)
class StaffingPlan:
    """The agents needed in every interval, and what they follow from.

    measured: which of handle_time and patience come from the history. history: None for calls of one's own.
    """

    basis: Basis
    intervals: tuple[IntervalPlan, ...]
    measured: tuple[Measured, ...] = ()
    history: History | None = None


def plan_own_calls(parameters: Parameters) -> StaffingPlan:
    """The plan for calls that the parameters name, without any history. Raises InvalidRequest with every fault."""
    calls, basis = read_own_calls(parameters)
    return StaffingPlan(basis=basis, intervals=(IntervalPlanner(basis).plan(calls),))


class IntervalPlanner:
    """Plans the intervals of one basis; equal numbers of calls are computed once."""

    def __init__(self, basis: Basis) -> None:
        @cache
        def needed(calls: float) -> int:
            return agents_needed(basis.traffic(calls), basis.target)

        @cache
        def states(calls: float, agents: int) -> tuple[QueueState, ...]:
            return tuple(with_neighbours(basis.traffic(calls), agents, basis.target.seconds))

        self._basis, self._needed, self._states = basis, needed, states

    def plan(self, calls: float) -> IntervalPlan:
        """The plan for so many calls."""
        agents = self._needed(calls)
        staffed = agents if self._basis.agents is None else self._basis.agents
        return IntervalPlan(
            expected=calls,
            load=self._basis.traffic(calls).load,
            agents=agents,
            scheduled=agents_to_schedule(agents, self._basis.shrinkage),
            staffed=staffed,
            states=self._states(calls, staffed),
        )

    def forecast(self, starts_at: datetime, volume: Volume, days: int) -> IntervalPlan:
        """The plan of an interval with this volume, forecast from so many past days."""
        return replace(
            self.plan(volume.expected),
            starts_at=starts_at,
            days=days,
            low=volume.low,
            high=volume.high,
            agents_low=self._needed(volume.low),
            agents_high=self._needed(volume.high),
        )

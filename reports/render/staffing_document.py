"""A staffing plan as JSON: the agents of every interval, and everything the plan follows from."""

from math import isinf
from typing import Literal

import orjson
from typing_extensions import TypedDict

from reports.query.staffing.plan import History, IntervalPlan, Measured, StaffingPlan
from reports.query.staffing.request import Basis
from reports.stats.erlang import QueueState


class QueueDocument(TypedDict):
    """A queue with this many agents, in the long term. All shares are between 0 and 1.

    service_level: answered within the seconds of the target / (answered + hung up later). asa_seconds: the average wait
    of answered callers; null if none is answered. grows_without_end: calls come in faster than agents answer them.
    """

    agents: int
    service_level: float
    asa_seconds: float | None
    occupancy: float | None
    wait_probability: float
    abandonment_rate: float
    grows_without_end: bool


class CallsDocument(TypedDict):
    """The calls of an interval. low, high: 95% of such intervals lie between; null for calls of one's own."""

    expected: float
    low: int | None
    high: int | None
    days_of_history: int


class IntervalDocument(TypedDict):
    """The plan of one interval.

    starts_at: null for calls of one's own. agents: the fewest that meet the target. agents_low, agents_high: those for
    the ends of the range of calls. scheduled_agents: with shrinkage. queues: with one agent less, with the agents of
    the request or else those needed, and with one more.
    """

    starts_at: str | None
    calls: CallsDocument
    erlangs: float
    agents: int
    agents_low: int | None
    agents_high: int | None
    scheduled_agents: int
    queues: list[QueueDocument]


class TargetDocument(TypedDict):
    """What the plan shall reach. abandon_mode: how the service level counts callers who hang up."""

    service_level: float
    seconds: float
    abandon_mode: Literal["neutral_short"]
    max_occupancy: float


class HistoryDocument(TypedDict):
    """The calls that a forecast rests on, of whole days from `first_on` to `last_on`.

    day_to_day: how much busier or quieter days are than chance explains, as a coefficient of variation.
    intervals_without_history: intervals that the plan leaves out, because their weekday has no day in the history.
    """

    zone: str
    first_on: str
    last_on: str
    calls: int
    day_to_day: float
    intervals_without_history: int
    filters: dict[str, list[str]]
    as_of: str | None
    watermark: str


class StaffingDocument(TypedDict):
    """The agents that a queue needs in each interval.

    formula: erlang_c if every caller waits for an agent, erlang_a if callers hang up after an average patience.
    measured: which of these numbers come from the history.
    """

    formula: Literal["erlang_c", "erlang_a"]
    target: TargetDocument
    shrinkage: float
    interval_seconds: float
    handle_seconds: float
    patience_seconds: float | None
    measured: list[Measured]
    history: HistoryDocument | None
    intervals: list[IntervalDocument]


def staffing_document(plan: StaffingPlan) -> StaffingDocument:
    """The plan as it is sent as JSON."""
    basis = plan.basis
    return StaffingDocument(
        formula=basis.formula,
        target=_target(basis),
        shrinkage=basis.shrinkage,
        interval_seconds=basis.interval,
        handle_seconds=basis.handle_seconds,
        patience_seconds=None if isinf(basis.patience_seconds) else basis.patience_seconds,
        measured=list(plan.measured),
        history=_history(plan.history) if plan.history else None,
        intervals=[_interval(interval) for interval in plan.intervals],
    )


def staffing_json(plan: StaffingPlan) -> bytes:
    """The plan as the bytes of a JSON document."""
    return orjson.dumps(staffing_document(plan))


def _target(basis: Basis) -> TargetDocument:
    target = basis.target
    return TargetDocument(
        service_level=target.share,
        seconds=target.seconds,
        abandon_mode="neutral_short",
        max_occupancy=target.max_occupancy,
    )


def _interval(interval: IntervalPlan) -> IntervalDocument:
    return IntervalDocument(
        starts_at=interval.starts_at.isoformat() if interval.starts_at else None,
        calls=CallsDocument(
            expected=interval.expected, low=interval.low, high=interval.high, days_of_history=interval.days
        ),
        erlangs=interval.load,
        agents=interval.agents,
        agents_low=interval.agents_low,
        agents_high=interval.agents_high,
        scheduled_agents=interval.scheduled,
        queues=[_queue(state) for state in interval.states],
    )


def _queue(state: QueueState) -> QueueDocument:
    return QueueDocument(
        agents=state.agents,
        service_level=state.service_level,
        asa_seconds=state.asa_seconds,
        occupancy=state.occupancy,
        wait_probability=state.wait_probability,
        abandonment_rate=state.abandoned,
        grows_without_end=state.endless,
    )


def _history(history: History) -> HistoryDocument:
    return HistoryDocument(
        zone=history.zone.key,
        first_on=history.first.isoformat(),
        last_on=history.last.isoformat(),
        calls=history.calls,
        day_to_day=history.day_to_day,
        intervals_without_history=history.unknown,
        filters={name: list(values) for name, values in history.filters.items()},
        as_of=history.as_of.isoformat() if history.as_of else None,
        watermark=history.watermark.isoformat(),
    )

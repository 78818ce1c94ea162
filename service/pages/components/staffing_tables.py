"""The tables of the staffing page: the days of a forecast, their intervals, and one queue with its neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from reports import charting, staffing_chart
from reports.query.staffing.forecast import INTERVALS, OFFERED
from reports.query.staffing.plan import History, IntervalPlan, StaffingPlan
from reports.query.staffing.request import Basis
from reports.render import formatting
from reports.render import staffing_text as text
from reports.render.staffing_lines import days_of
from service.pages.filtering.filters import PageRequest


@dataclass(frozen=True)
class QueueLine:
    """A queue with so many agents, as people read it. needed: whether these are the agents needed.

    shown: whether it is the queue that the others are compared with.
    """

    agents: str
    cells: Sequence[str]
    needed: bool
    shown: bool


@dataclass(frozen=True)
class IntervalLine:
    """One interval as people read it. rows_link: the past calls that it is forecast from."""

    time: str
    rows_link: str
    calls: str
    call_range: str
    agents: str
    agent_range: str
    scheduled: str
    cells: Sequence[str]
    one_less: str
    one_more: str


@dataclass(frozen=True)
class DayTable:
    """One day: its totals, and a line for each interval with calls."""

    day: date
    calls: str
    busiest: str
    most_agents: str
    agent_hours: str
    paid_hours: str
    lines: Sequence[IntervalLine]


def own_calls_context(plan: StaffingPlan) -> dict[str, Any]:
    """The variables of a plan for calls of one's own."""
    [interval] = plan.intervals
    return {**_context(plan), **_queue_context(interval, plan.basis), "headline": text.headline(interval, plan.basis)}


def forecast_context(plan: StaffingPlan) -> dict[str, Any]:
    """The variables of a forecast."""
    history = plan.history
    assert history is not None  # noqa: S101 - a forecast has one
    days = [_day_table(plan, history, day, intervals) for day, intervals in days_of(plan).items()]
    busiest = max(plan.intervals, key=lambda interval: interval.expected, default=None)
    return {
        **_context(plan),
        **(_queue_context(busiest, plan.basis) if busiest else {"queues": [], "sentences": []}),
        "headline": text.interval_sentence(busiest) if busiest else "",
        "days": days,
        "history": [*text.history_sentences(history)],
        "history_link": _rows_link(history),
        "zone": history.zone.key,
        "chart": _chart(plan) if any(interval.agents for interval in plan.intervals) else None,
    }


def _chart(plan: StaffingPlan) -> dict[str, Any]:
    return {
        "title": staffing_chart.TITLE,
        "specification": charting.page_specification(staffing_chart.draw(plan)),
        "summary": staffing_chart.summarise(plan),
    }


def _context(plan: StaffingPlan) -> dict[str, Any]:
    basis = plan.basis
    return {
        "sentences_of_basis": [*text.basis_sentences(plan)],
        "headings": text.queue_headings(basis),
        "has_shrinkage": basis.shrinkage > 0,
    }


def _queue_context(interval: IntervalPlan, basis: Basis) -> dict[str, Any]:
    sentences = (text.one_more_sentence(interval, basis.target), text.deciding_sentence(interval, basis.target))
    return {
        "queues": [
            QueueLine(
                f"{state.agents:,}",
                text.queue_cells(state, basis),
                needed=state.agents == interval.agents,
                shown=state.agents == interval.staffed,
            )
            for state in (interval.states if interval.load or interval.staffed else ())
        ],
        "sentences": [sentence for sentence in sentences if sentence],
    }


def _day_table(plan: StaffingPlan, history: History, day: date, intervals: Sequence[IntervalPlan]) -> DayTable:
    hours = plan.basis.interval / 3600
    busiest = max(intervals, key=lambda interval: interval.expected)
    return DayTable(
        day=day,
        calls=f"{sum(interval.expected for interval in intervals):,.0f}",
        busiest=f"{busiest.starts_at:%H:%M}" if busiest.expected else formatting.NOTHING,
        most_agents=f"{max(interval.agents for interval in intervals):,}",
        agent_hours=f"{hours * sum(interval.agents for interval in intervals):,.1f}",
        paid_hours=f"{hours * sum(interval.scheduled for interval in intervals):,.1f}",
        lines=[
            _interval_line(plan.basis, history, interval, interval.starts_at)
            for interval in intervals
            if interval.starts_at and interval.expected
        ],
    )


def _interval_line(basis: Basis, history: History, interval: IntervalPlan, starts_at: datetime) -> IntervalLine:
    levels = {state.agents: text.share(state.service_level, basis.target.share) for state in interval.states}
    return IntervalLine(
        time=f"{starts_at:%H:%M}",
        rows_link=_rows_link(history, **_place(starts_at, basis.interval)),
        calls=text.calls(interval.expected),
        call_range=f"{interval.low}-{interval.high}",
        agents=f"{interval.agents:,}",
        agent_range=f"{interval.agents_low}-{interval.agents_high}",
        scheduled=f"{interval.scheduled:,}",
        cells=text.queue_cells(interval.state, basis),
        one_less=levels.get(interval.staffed - 1, ""),
        one_more=levels[interval.staffed + 1],
    )


def _place(starts_at: datetime, seconds: float) -> Mapping[str, str]:
    """The filters of the past calls of the same weekday and interval."""
    hour = {"hour_of_week": f"{starts_at:%a %H}:00"}
    breakdown = INTERVALS[int(seconds)][1:]
    return {**hour, **dict.fromkeys(breakdown, f"{starts_at:%H:%M}")}


def _rows_link(history: History, **place: str) -> str:
    """The page of the past calls that a forecast rests on."""
    parameters = {
        "metric": [OFFERED],
        "from": [f"{history.first}"],
        "to": [f"{history.last + timedelta(days=1)}"],
        "tz": [history.zone.key],
        **({"as_of": [history.as_of.isoformat()]} if history.as_of else {}),
        **history.filters,
        **{name: [value] for name, value in place.items()},
    }
    return PageRequest("/look/rows", parameters).link()

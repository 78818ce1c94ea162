"""A staffing plan for the terminal: the agents of each interval and their queue, within 80 columns."""

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.model.language import digits
from reports.query.staffing.plan import History, IntervalPlan, StaffingPlan
from reports.query.staffing.request import Basis
from reports.render import staffing_text as text

_HEADING = 11
_LEGEND = "Below: the agents needed in each interval, then the range that covers 95% of such intervals."


def staffing_lines(plan: StaffingPlan, width: int) -> RenderableType:
    """The plan as a terminal of this width shows it."""
    return _own_calls(plan) if plan.history is None else _forecast(plan, plan.history, width)


def _own_calls(plan: StaffingPlan) -> RenderableType:
    [interval] = plan.intervals
    return Group(
        Text(text.headline(interval, plan.basis), style="bold"),
        *map(Text, text.basis_sentences(plan)),
        *(["", queue_table(interval, plan.basis)] if interval.load or interval.staffed else []),
        "",
        *(Text(sentence) for sentence in _sentences(interval, plan.basis) if sentence),
    )


def queue_table(interval: IntervalPlan, basis: Basis) -> Table:
    """The queue with one agent less, with the agents needed, and with one more."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for heading in ("Agents", *text.queue_headings(basis)):
        table.add_column("\n".join(wrap(heading, _HEADING)), justify="right", no_wrap=True)
    for state in interval.states:
        style = "bold" if state.agents == interval.staffed else ""
        table.add_row(digits(state.agents), *text.queue_cells(state, basis), style=style)
    return table


def _sentences(interval: IntervalPlan, basis: Basis) -> list[str]:
    return [text.one_more_sentence(interval, basis.target), text.deciding_sentence(interval, basis.target)]


def _forecast(plan: StaffingPlan, history: History, width: int) -> RenderableType:
    days = days_of(plan)
    first, last = min(days, default=None), max(days, default=None)
    busiest = max(plan.intervals, key=lambda interval: interval.expected, default=None)
    return Group(
        Text(f"Agents needed from {first} to {last} ({history.zone.key})", style="bold"),
        *map(Text, text.history_sentences(history)),
        *map(Text, text.basis_sentences(plan)),
        Text(_LEGEND, style="dim"),
        *(part for week in _weeks(days) for part in ("", _grid(plan, week, width))),
        *(_busiest(busiest, plan.basis) if busiest else ()),
    )


def days_of(plan: StaffingPlan) -> dict[date, list[IntervalPlan]]:
    """The intervals of a forecast by their local day."""
    days: dict[date, list[IntervalPlan]] = {}
    for interval in plan.intervals:
        if interval.starts_at:
            days.setdefault(interval.starts_at.date(), []).append(interval)
    return days


def _weeks(days: dict[date, list[IntervalPlan]]) -> Iterator[dict[date, list[IntervalPlan]]]:
    """The days seven by seven."""
    for start in range(0, len(days), 7):
        yield dict(list(days.items())[start : start + 7])


def _grid(plan: StaffingPlan, days: dict[date, list[IntervalPlan]], width: int) -> Table:
    """A column for each day and a line for each interval with calls: the agents, and their range if there is room."""
    cells = {day: _cells(intervals) for day, intervals in days.items()}
    busy = sorted({clock for of_day in cells.values() for clock, (agents, _) in of_day.items() if agents})
    with_ranges = 6 + sum(_width(of_day) for of_day in cells.values()) <= width
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for day in days:
        table.add_column(f"{day:%a} {day.day}", justify="right", no_wrap=True)
    for clock in busy:
        table.add_row(clock, *(_cell(of_day.get(clock), with_ranges=with_ranges) for of_day in cells.values()))
    table.add_section()
    for name, numbers in day_totals(plan, list(days.values())):
        table.add_row(name, *numbers)
    return table


def _cells(intervals: Sequence[IntervalPlan]) -> dict[str, tuple[int, str]]:
    """The agents and their range by the time on the clock; of two intervals with the same time, the larger."""
    ordered = sorted(intervals, key=lambda interval: interval.agents)
    return {
        f"{interval.starts_at:%H:%M}": (interval.agents, f"{interval.agents_low}-{interval.agents_high}")
        for interval in ordered
    }


def _width(cells: dict[str, tuple[int, str]]) -> int:
    return 1 + max((len(f"{agents} {ends}") for agents, ends in cells.values()), default=0)


def _cell(agents: tuple[int, str] | None, *, with_ranges: bool) -> Text:
    if agents is None or not agents[0]:
        return Text("-" if agents else "")
    number, ends = agents
    return Text.assemble(str(number), (f" {ends}", "dim")) if with_ranges else Text(str(number))


def day_totals(plan: StaffingPlan, days: Sequence[Sequence[IntervalPlan]]) -> Iterator[tuple[str, list[str]]]:
    """The calls of each day, and the hours of the agents they need."""
    hours = plan.basis.interval / 3600
    yield "calls", [f"{sum(interval.expected for interval in day):,.0f}" for day in days]
    yield "hours", [f"{hours * sum(interval.agents for interval in day):,.1f}" for day in days]
    if plan.basis.shrinkage:
        yield "paid h", [f"{hours * sum(interval.scheduled for interval in day):,.1f}" for day in days]


def _busiest(interval: IntervalPlan, basis: Basis) -> Iterator[RenderableType]:
    yield ""
    yield Text(f"Busiest interval: {text.interval_sentence(interval)}", style="bold")
    if interval.load:
        yield queue_table(interval, basis)
    yield ""
    yield from (Text(sentence) for sentence in _sentences(interval, basis) if sentence)

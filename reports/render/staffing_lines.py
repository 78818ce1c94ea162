"""A staffing plan for the terminal: the agents of an interval and their queue, within 80 columns."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from reports.query.staffing.plan import IntervalPlan, StaffingPlan
from reports.query.staffing.request import Basis
from reports.render import staffing_text as text

_QUEUE = ("Agents", "Service\nlevel", "Speed of\nanswer", "Occupancy", "Callers\nwho wait", "Callers who\nhang up")


def staffing_lines(plan: StaffingPlan) -> RenderableType:
    """The plan as a terminal shows it."""
    interval = plan.intervals[0]
    return Group(
        Text(_headline(interval, plan.basis), style="bold"),
        *map(Text, text.basis_sentences(plan)),
        *(["", queue_table(interval, plan.basis)] if interval.load else []),
        "",
        *(Text(sentence) for sentence in _sentences(interval, plan.basis) if sentence),
    )


def _headline(interval: IntervalPlan, basis: Basis) -> str:
    needed = text.agents(interval.agents)
    scheduled = f", {interval.scheduled:,} to schedule" if basis.shrinkage else ""
    per = f"{text.calls(interval.expected)} calls in {text.length(basis.interval)}"
    return f"{needed}{scheduled}, for {per} ({interval.load:,.1f} erlangs)"


def queue_table(interval: IntervalPlan, basis: Basis) -> Table:
    """The queue with one agent less, with the agents needed, and with one more."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    hidden = 0 if text.has_patience(basis) else 1
    for heading in _QUEUE[: len(_QUEUE) - hidden]:
        table.add_column(heading, justify="right", no_wrap=True)
    for state in interval.states:
        cells = text.queue_cells(state, basis.target)
        style = "bold" if state.agents == interval.agents else ""
        table.add_row(f"{state.agents:,}", *cells[: len(cells) - hidden], style=style)
    return table


def _sentences(interval: IntervalPlan, basis: Basis) -> list[str]:
    return [text.one_more_sentence(interval, basis.target), text.deciding_sentence(interval, basis.target)]

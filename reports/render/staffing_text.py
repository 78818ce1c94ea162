"""A staffing plan in words: its target, its formula and the numbers of a queue, at a terminal as on a page."""

from collections.abc import Iterator
from math import log

from reports.metrics.occupancy import METRIC as OCCUPANCY
from reports.query.staffing.plan import History, IntervalPlan, StaffingPlan
from reports.query.staffing.request import Basis
from reports.render import formatting
from reports.stats.agents_needed import Target
from reports.stats.erlang import QueueState

_LEAST = 0.0005


def share(number: float | None, *edges: float) -> str:
    """A share as a percentage, on its own side of every edge. A model does not know the ends to many decimals."""
    if number is None:
        return formatting.NOTHING
    if 0 < number < _LEAST and all(edge > _LEAST for edge in edges):
        return "< 0.1 %"
    if 1 - _LEAST < number < 1 and all(edge < 1 - _LEAST for edge in edges):
        return "> 99.9 %"
    return formatting.value(number, OCCUPANCY, "", edges=edges)


def seconds(number: float | None) -> str:
    """A time that callers wait or agents work."""
    return formatting.NOTHING if number is None else formatting.duration(number, spaced=True)


def calls(number: float) -> str:
    """A number of calls; a forecast may be a fraction."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.1f}"


def so_many_calls(number: float) -> str:
    """So many calls: 1 call, 12.5 calls."""
    return f"{calls(number)} call{'' if number == 1 else 's'}"


def agents(number: int) -> str:
    """So many agents."""
    return f"{number:,} agent{'' if number == 1 else 's'}"


_QUEUE = ("Service level", "Speed of answer", "Occupancy", "Callers who wait", "Callers who hang up")


def queue_headings(basis: Basis) -> list[str]:
    """The headings of `queue_cells`."""
    return [*_QUEUE[: -1 if basis.formula == "erlang_c" else None]]


def queue_cells(state: QueueState, basis: Basis) -> list[str]:
    """A queue as people read it. Under Erlang C no caller hangs up, so the last cell is left out."""
    target = basis.target
    cells = [
        share(state.service_level, target.share),
        seconds(state.asa_seconds),
        share(state.occupancy, target.max_occupancy),
        share(state.wait_probability),
        share(state.abandoned),
    ]
    return cells[: len(queue_headings(basis))]


def headline(interval: IntervalPlan, basis: Basis) -> str:
    """The agents needed for calls of one's own."""
    needed = agents(interval.agents)
    if interval.staffed != interval.agents:
        needed = f"{needed} needed"
    scheduled = f", {interval.scheduled:,} to schedule" if basis.shrinkage else ""
    per = f"{so_many_calls(interval.expected)} in {length(basis.interval)}"
    return f"{needed}{scheduled}, for {per} ({interval.load:,.1f} erlangs)"


def target_sentence(basis: Basis) -> str:
    """The target of a plan."""
    target = basis.target
    within = f"{share(target.share).replace('.0 ', ' ')} of callers within {plain_seconds(target.seconds)}"
    return f"Target: answer {within}, with occupancy up to {share(target.max_occupancy).replace('.0 ', ' ')}."


def formula_sentence(basis: Basis, source: str) -> str:
    """The formula of a plan, and what it assumes of callers. source: where their patience comes from."""
    if basis.formula == "erlang_c":
        return "Erlang C: every caller waits for an agent."
    mean, half = (seconds(basis.patience_seconds * part) for part in (1, log(2)))
    return f"Erlang A: callers hang up after {mean} on average, half of them within {half}{source}."


def shrinkage_sentence(basis: Basis) -> str:
    """What shrinkage adds to the agents needed."""
    if basis.shrinkage == 0:
        return "Shrinkage is not included: breaks, training and absence need more agents."
    away = share(basis.shrinkage).replace(".0 ", " ")
    return f"Agents are those at calls. Scheduled agents and paid hours add {away} for breaks, training and absence."


def one_more_sentence(interval: IntervalPlan, target: Target) -> str:
    """What one more agent buys, and what one less costs."""
    if interval.load == 0:
        return "Without calls, no agent is needed."
    *fewer, now, more = interval.states
    if now.endless:
        return _endless_sentence(interval, more, target)
    levels = [share(state.service_level, target.share) for state in (more, now)]
    answers = [seconds(state.asa_seconds) for state in (more, now)]
    buys = f"One more agent: service level {levels[0]} instead of {levels[1]}, answer in {answers[0]} instead of"
    return " ".join([f"{buys} {answers[1]}.", *(_one_less(state, target) for state in fewer)])


def deciding_sentence(interval: IntervalPlan, target: Target) -> str:
    """Why fewer agents are not enough, if it is their occupancy; else an empty text."""
    fewer = interval.states[0]
    if fewer.agents != interval.agents - 1 or fewer.endless or fewer.service_level < target.share:
        return ""
    return "Occupancy decides: fewer agents reach the service level, but are busier than the target allows."


def _endless_sentence(interval: IntervalPlan, more: QueueState, target: Target) -> str:
    """Too few agents for the calls, and whether one more is enough."""
    busy = f"{interval.load:,.1f} agents' time".replace("1.0 agents'", "1 agent's")
    grows = f"With {agents(interval.staffed)} the queue grows without end: the calls take {busy}."
    if more.endless:
        return f"{grows} One more agent is not enough either."
    return f"{grows} With one more agent: {share(more.service_level, target.share)}, {seconds(more.asa_seconds)}."


def _one_less(state: QueueState, target: Target) -> str:
    if state.endless:
        return "One agent less: the queue grows without end."
    return f"One agent less: {share(state.service_level, target.share)}, {seconds(state.asa_seconds)}."


def basis_sentences(plan: StaffingPlan) -> Iterator[str]:
    """The target, the handle time and the formula of a plan."""
    basis = plan.basis
    yield target_sentence(basis)
    handle, patience = (" (measured)" if name in plan.measured else "" for name in ("handle_time", "patience"))
    yield f"Handle time: {seconds(basis.handle_seconds)}{handle}. {formula_sentence(basis, patience)}"
    yield shrinkage_sentence(basis)


def history_sentences(history: History) -> Iterator[str]:
    """What a forecast rests on, and how much days differ."""
    yield (
        f"Forecast from {history.calls:,} calls between {history.first} and {history.last}: the average of the same"
        " weekday and interval, and the range of 95 % of such intervals."
    )
    if history.day_to_day:
        yield f"Days differ by about {100 * history.day_to_day:.0f} % more than chance explains."
    if history.unknown:
        yield f"Left out: {history.unknown:,} intervals, because the history has no such weekday yet."


def interval_sentence(interval: IntervalPlan) -> str:
    """An interval with its calls: how many to expect, and how many past days say so."""
    days = f"{interval.days} past day{'' if interval.days == 1 else 's'}"
    expected = f"{so_many_calls(interval.expected)} ({interval.low}-{interval.high}, from {days})"
    return f"{interval.starts_at:%a %Y-%m-%d %H:%M}: {expected}"


def plain_seconds(number: float) -> str:
    """A threshold: 20 s, 2 m 00 s, 0 s."""
    return formatting.duration(number, spaced=True, step=1 if number == round(number) else 0)


def length(number: float) -> str:
    """The length of an interval: 30 min, 1 h."""
    whole_hours, rest = divmod(number, 3600)
    if rest == 0:
        return f"{whole_hours:g} h"
    return f"{number / 60:g} min" if number % 60 == 0 else f"{number:g} s"

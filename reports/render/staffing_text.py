"""A staffing plan in words: its target, its formula and the numbers of a queue, at a terminal as on a page."""

from collections.abc import Iterator
from math import log

from reports.metrics.occupancy import METRIC as OCCUPANCY
from reports.model.language import current_language, digits, marked, percent, translate, translate_plural
from reports.model.local_dates import moment_words
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
        return f"< {percent(digits(0.1, 1))}"
    if 1 - _LEAST < number < 1 and all(edge < 1 - _LEAST for edge in edges):
        return f"> {percent(digits(99.9, 1))}"
    return formatting.value(number, OCCUPANCY, "", edges=edges)


def seconds(number: float | None) -> str:
    """A time that callers wait or agents work."""
    return formatting.NOTHING if number is None else formatting.duration(number)


def calls(number: float) -> str:
    """A number of calls; a forecast may be a fraction."""
    return digits(number, 0 if number == round(number) else 1)


def so_many_calls(number: float) -> str:
    """So many calls: 1 call, 12.5 calls."""
    if number == round(number):
        return translate_plural("{count} call", "{count} calls", round(number))
    return translate("{number} calls", number=calls(number))


def agents(number: int) -> str:
    """So many agents."""
    return translate_plural("{count} agent", "{count} agents", number)


_QUEUE = (
    marked("Service level"),
    marked("Average speed of answer"),
    marked("Occupancy"),
    marked("Callers who wait"),
    marked("Callers who hang up"),
)


def queue_headings(basis: Basis) -> list[str]:
    """The headings of `queue_cells`."""
    return [*map(translate, _QUEUE[: -1 if basis.formula == "erlang_c" else None])]


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
    """The agents needed for a number of calls entered by hand."""
    needed = agents(interval.agents)
    if interval.staffed != interval.agents:
        needed = translate("{agents} needed", agents=needed)
    if basis.shrinkage:
        needed = translate("{agents}, {count} to schedule", agents=needed, count=digits(interval.scheduled))
    return translate(
        "{agents}, for {calls} in {interval} ({load} erlangs)",
        agents=needed,
        calls=so_many_calls(interval.expected),
        interval=length(basis.interval),
        load=digits(interval.load, 1),
    )


def target_sentence(basis: Basis) -> str:
    """The target of a plan."""
    target = basis.target
    return translate(
        "Target: answer {share} of callers within {seconds}, with occupancy up to {occupancy}.",
        share=_whole(share(target.share)),
        seconds=plain_seconds(target.seconds),
        occupancy=_whole(share(target.max_occupancy)),
    )


def _whole(text: str) -> str:
    """A share without empty decimals: 80%."""
    return text.replace(f"{current_language().decimal}0", "")


def formula_sentence(basis: Basis, *, measured: bool) -> str:
    """The formula of a plan, and what it assumes of callers. measured: their patience comes from past calls."""
    if basis.formula == "erlang_c":
        return translate("Erlang C: every caller waits for an agent.")
    mean, half = (seconds(basis.patience_seconds * part) for part in (1, log(2)))
    if measured:
        return translate(
            "Erlang A: callers hang up after {mean} on average, half of them within {half} (measured).",
            mean=mean,
            half=half,
        )
    return translate(
        "Erlang A: callers hang up after {mean} on average, half of them within {half}.", mean=mean, half=half
    )


def shrinkage_sentence(basis: Basis) -> str:
    """What shrinkage adds to the agents needed."""
    if basis.shrinkage == 0:
        return translate("Shrinkage is not included: breaks, training and absence need more agents.")
    return translate(
        "Agents are those on calls. Scheduled agents and paid hours add {share} for breaks, training and absence.",
        share=_whole(share(basis.shrinkage)),
    )


def one_more_sentence(interval: IntervalPlan, target: Target) -> str:
    """The effect of one more agent, and of one less."""
    if interval.load == 0:
        return translate("Without calls, no agent is needed.")
    *fewer, now, more = interval.states
    if now.endless:
        return _endless_sentence(interval, more, target)
    gain = translate(
        "One more agent: service level {level} instead of {level_now}, answer in {answer} instead of {answer_now}.",
        level=share(more.service_level, target.share),
        level_now=share(now.service_level, target.share),
        answer=seconds(more.asa_seconds),
        answer_now=seconds(now.asa_seconds),
    )
    return " ".join([gain, *(_one_less(state, target) for state in fewer)])


def deciding_sentence(interval: IntervalPlan, target: Target) -> str:
    """Why fewer agents are not enough, if it is their occupancy; else an empty text."""
    fewer = interval.states[0]
    if fewer.agents != interval.agents - 1 or fewer.endless or fewer.service_level < target.share:
        return ""
    return translate("Occupancy decides: fewer agents reach the service level, but are busier than the target allows.")


def _endless_sentence(interval: IntervalPlan, more: QueueState, target: Target) -> str:
    """Too few agents for the calls, and whether one more is enough."""
    grows = translate(
        "With {agents} the queue keeps growing: the calls need {load} agents' time.",
        agents=agents(interval.staffed),
        load=digits(interval.load, 1),
    )
    if more.endless:
        return " ".join((grows, translate("One more agent is not enough either.")))
    enough = translate(
        "With one more agent: {level}, {answer}.",
        level=share(more.service_level, target.share),
        answer=seconds(more.asa_seconds),
    )
    return f"{grows} {enough}"


def _one_less(state: QueueState, target: Target) -> str:
    if state.endless:
        return translate("One agent less: the queue keeps growing.")
    level, answer = share(state.service_level, target.share), seconds(state.asa_seconds)
    return translate("One agent less: {level}, {answer}.", level=level, answer=answer)


def basis_sentences(plan: StaffingPlan) -> Iterator[str]:
    """The target, the handle time and the formula of a plan."""
    basis = plan.basis
    yield target_sentence(basis)
    handle = seconds(basis.handle_seconds)
    times = (
        translate("Handle time: {time} (measured).", time=handle)
        if "handle_time" in plan.measured
        else translate("Handle time: {time}.", time=handle)
    )
    yield f"{times} {formula_sentence(basis, measured='patience' in plan.measured)}"
    yield shrinkage_sentence(basis)


def history_sentences(history: History) -> Iterator[str]:
    """What a forecast rests on, and how much days differ."""
    yield translate(
        "Forecast from {count} calls between {first} and {last}: the average of the same weekday and interval, with the"
        " range that covers 95% of such intervals.",
        count=digits(history.calls),
        first=history.first,
        last=history.last,
    )
    if history.day_to_day:
        share_text = percent(digits(100 * history.day_to_day))
        yield translate("Days vary by about {share} beyond normal variation.", share=share_text)
    if history.unknown:
        yield translate_plural(
            "Left out: {count} interval, because the history has no such weekday yet.",
            "Left out: {count} intervals, because the history has no such weekday yet.",
            history.unknown,
        )


def interval_sentence(interval: IntervalPlan) -> str:
    """An interval with its calls: how many to expect, and from how many past days."""
    return translate_plural(
        "{start}: {calls} ({low}-{high}, from {count} past day)",
        "{start}: {calls} ({low}-{high}, from {count} past days)",
        interval.days,
        start=moment_words(interval.starts_at, year=True) if interval.starts_at else "",
        calls=so_many_calls(interval.expected),
        low=interval.low,
        high=interval.high,
    )


def plain_seconds(number: float) -> str:
    """A threshold: 20 s, 2 m 00 s, 0 s."""
    return formatting.duration(number, step=1 if number == round(number) else 0)


def length(number: float) -> str:
    """The length of an interval: 30 min, 1 h."""
    whole_hours, rest = divmod(number, 3600)
    if rest == 0:
        return translate("{number} h", number=f"{whole_hours:g}")
    if number % 60 == 0:
        return translate("{number} min", number=f"{number / 60:g}")
    return translate("{seconds} s", seconds=f"{number:g}")

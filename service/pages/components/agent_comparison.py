"""The comparison of one agent with all agents together, and with the agent's own period before."""

from dataclasses import dataclass

from reports.measures.counts import Sum
from reports.model.language import digits, marked, percent, translate
from reports.render.cell_text import VERDICT_WORDS, has_interval
from reports.render.change_text import change_text
from service.pages.components.numbers import Number

_VERDICTS = {
    ("higher", True): marked("better than average"),
    ("higher", False): marked("worse than average"),
    ("lower", True): marked("worse than average"),
    ("lower", False): marked("better than average"),
    ("band", True): marked("above average"),
    ("band", False): marked("below average"),
    ("neutral", True): marked("above average"),
    ("neutral", False): marked("below average"),
}


@dataclass(frozen=True)
class Comparison:
    """One metric of an agent, and the same metric of all agents together.

    interval: the agent's interval and sample size. against_all: whether the agent is clearly better or worse than all,
    or the agent's share of all. previous: the period before; change: how the number changed since.
    """

    agent: Number
    overall: Number
    interval: str
    against_all: str
    previous: str
    change: str


def compare_with_all(agent: Number, overall: Number, currency: str) -> Comparison:
    """The comparison of one number."""
    known = has_interval(agent.metric) and agent.details
    interval = agent.details[0] if known else ""
    return Comparison(agent, overall, interval, _against_all(agent, overall), *_previous(agent, currency))


def _against_all(agent: Number, overall: Number) -> str:
    """Judged by the adjusted rate, if agents are ranked by it: luck with a few calls then decides nothing."""
    if agent.metric.is_count or isinstance(agent.metric.measure, Sum):
        return _share(agent, overall)
    value = overall.cell["value"]
    low, high = (agent.cell.get(f"shrunk_{end}", agent.cell[f"ci_{end}"]) for end in ("low", "high"))
    if value is None or low is None or high is None:
        return ""
    if low <= value <= high:
        return translate("no clear difference")
    return translate(_VERDICTS[agent.metric.better, low > value])


def _share(agent: Number, overall: Number) -> str:
    """The agent's share of all."""
    if not overall.cell["value"] or agent.cell["value"] is None:
        return ""
    share = percent(digits(100 * agent.cell["value"] / overall.cell["value"], 1))
    return translate("{share} of all", share=share)


def _previous(agent: Number, currency: str) -> tuple[str, str]:
    """The number in the period before, and the change since."""
    if agent.cell.get("previous") is None:
        return "", ""
    change = change_text(agent.metric, agent.cell, currency)
    if not change.difference:
        return change.previous, ""
    return change.previous, f"{change.signed}, {translate(VERDICT_WORDS[agent.cell['verdict']])}"

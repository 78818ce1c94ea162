"""The comparison of one agent with all agents together, and with the agent's own period before."""

from dataclasses import dataclass

from reports.measures.counts import Sum
from reports.model.language import digits, marked, percent, translate
from reports.render.agent_verdicts import OPEN
from reports.render.cell_text import has_interval
from service.pages.components.numbers import Number

_BETTER, _WORSE = marked("better than average"), marked("worse than average")
_VERDICTS = {
    ("higher", True): _BETTER,
    ("higher", False): _WORSE,
    ("lower", True): _WORSE,
    ("lower", False): _BETTER,
    ("band", True): marked("above average"),
    ("band", False): marked("below average"),
    ("neutral", True): marked("above average"),
    ("neutral", False): marked("below average"),
}
_KINDS = {_BETTER: "good", _WORSE: "bad"}


@dataclass(frozen=True)
class Comparison:
    """One metric of an agent, and the same metric of all agents together.

    verdict: whether the agent is significantly better or worse than the average, or the agent's share of all.
    """

    agent: Number
    overall: Number
    verdict: str

    @property
    def against_all(self) -> str:
        """The verdict in the reader's language."""
        return translate(self.verdict)

    @property
    def kind(self) -> str:
        """The kind of badge of the verdict; empty for a share."""
        return _KINDS.get(self.verdict, "neutral") if has_interval(self.agent.metric) else ""


def compare_with_all(agent: Number, overall: Number) -> Comparison:
    """The comparison of one number."""
    return Comparison(agent, overall, _against_all(agent, overall))


def _against_all(agent: Number, overall: Number) -> str:
    """Judged by the adjusted rate, if agents are ranked by it: luck with a few calls then decides nothing."""
    if agent.metric.is_count or isinstance(agent.metric.measure, Sum):
        return _share(agent, overall)
    value = overall.cell["value"]
    low, high = (agent.cell.get(f"shrunk_{end}", agent.cell[f"ci_{end}"]) for end in ("low", "high"))
    if value is None or low is None or high is None:
        return ""
    if low <= value <= high:
        return OPEN
    return _VERDICTS[agent.metric.better, low > value]


def _share(agent: Number, overall: Number) -> str:
    """The agent's share of all."""
    if not overall.cell["value"] or agent.cell["value"] is None:
        return ""
    share = percent(digits(100 * agent.cell["value"] / overall.cell["value"], 1))
    return translate("{share} of all", share=share)

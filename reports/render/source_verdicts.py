"""What came back of the money spent on each source or campaign, and which of them to worry about.

To worry about is what loses money under every model of attribution, even at the best that its interval allows; where
nothing does, what brings back the least, if it lies apart from all the others by more than chance. Else it cannot be
told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting
from reports.rules.attribution_models import MODELS


@dataclass(frozen=True)
class Under:
    """A return under one model, as a share of the cost, with its interval; null where nothing came back to tell it."""

    model: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Return:
    """What came back of one group's cost under each model, and how much of the cost was lost (below 0: won)."""

    name: str
    cost: float
    under: tuple[Under, ...]

    @property
    def lost(self) -> float:
        """The money lost under the first model."""
        return -self.under[0].value * self.cost

    @property
    def is_a_loss(self) -> bool:
        """Whether it loses money under every model, at the best that chance allows."""
        return all(each.high is not None and each.high < 0 for each in self.under)

    @property
    def is_a_gain(self) -> bool:
        """Whether it brings back more than it cost under every model, at the worst that chance allows."""
        return all(each.low is not None and each.low > 0 for each in self.under)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all came back."""
        return all(each.high is None for each in self.under)

    def is_below(self, others: Sequence["Return"]) -> bool:
        """Whether it lies below each of the others under every model, by more than chance."""
        for place, each in enumerate(self.under):
            lows = [low for other in others if (low := other.under[place].low) is not None]
            if each.high is None or not lows or each.high >= min(lows):
                return False
        return True


def returns(report: Report) -> list[Return]:
    """The returns of a report's groups that cost anything, in its order."""
    return [one for row in report.groups.iter_rows(named=True) if (one := _return(report, row))]


def without_cost(report: Report) -> list[str]:
    """The groups that nobody told the cost of, or that cost nothing."""
    return [_name(report, row) for row in report.groups.iter_rows(named=True) if not _return(report, row)]


def worry(report: Report) -> str:
    """Which group to worry about and why, in a sentence or two, or that it cannot be told."""
    known = returns(report)
    what = report.request.by[0].title.lower()
    if not known:
        return f"Nobody has told what any {what} cost in this time, so it cannot be said which to worry about."
    losing = sorted((one for one in known if one.is_a_loss), key=lambda one: -one.lost)
    empty = [one for one in known if one.is_empty]
    return " ".join([*(_losing(report, losing) if losing else _none_loses(report, known)), *_empty(report, empty)])


def _losing(report: Report, losing: Sequence[Return]) -> Iterator[str]:
    worst, *rest = losing
    yield (
        f"Worry about {worst.name}: of every 100 {report.request.currency} spent on it, {_came_back(worst)} came back "
        f"as gross profit. Even at the best that chance allows it loses money (return {_interval(report, worst)})."
    )
    if rest:
        yield f"So {'do' if len(rest) > 1 else 'does'} {_listed([one.name for one in rest])}."


def _none_loses(report: Report, known: Sequence[Return]) -> Iterator[str]:
    told = [one for one in known if not one.is_empty]
    if not told:
        return
    lowest = min(told, key=lambda one: one.under[0].value)
    what, currency = report.request.by[0].title.lower(), report.request.currency
    back = f"of every 100 {currency} spent on it, {_came_back(lowest)} came back as gross profit"
    if all(one.is_a_gain for one in told):
        yield (
            f"There is no {what} to worry about: at the worst that chance allows, each brings back more than it cost."
            f" The lowest is {lowest.name}: {back}."
        )
    elif lowest.is_below([one for one in told if one is not lowest]):
        yield (
            f"No {what} is sure to lose money. {lowest.name} brings back the least, apart from all the others by more"
            f" than chance: {back} (return {_interval(report, lowest)})."
        )
    else:
        yield (
            f"It cannot be told which {what} to worry about: none is sure to lose money. The lowest is {lowest.name}:"
            f" {back}, but that may be chance (return {_interval(report, lowest)})."
        )


def _empty(report: Report, empty: Sequence[Return]) -> Iterator[str]:
    if empty:
        costs = [f"{one.name} ({one.cost:,.0f} {report.request.currency})" for one in empty]
        yield f"Nothing at all has come back yet of what was spent on {_listed(costs)}."


def _came_back(one: Return) -> str:
    """How much of every 100 came back, once where all models say the same."""
    back = {each.model: f"{100 * (1 + each.value):,.0f}" for each in one.under}
    if len(set(back.values())) == 1:
        return next(iter(back.values()))
    return " and ".join(f"{amount} under {model}" for model, amount in back.items())


def _interval(report: Report, one: Return) -> str:
    metrics = _metrics(report)
    ranges = [formatting.interval(each.low, each.high, metric) for metric, each in zip(metrics, one.under, strict=True)]
    pairs = zip(one.under, ranges, strict=True)
    return ", ".join(f"{span} % under {each.model}" for each, span in pairs)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _return(report: Report, row: dict[str, Any]) -> Return | None:
    metrics = _metrics(report)
    under = [
        Under(MODELS[metric.model or ""].title.lower(), row[metric.name], *(row[metric.column(end)] for end in _ENDS))
        for metric in metrics
        if row[metric.name] is not None
    ]
    if not under or len(under) < len(metrics):
        return None
    return Return(_name(report, row), row[metrics[0].column("denominator")], tuple(under))


_ENDS = ("ci_low", "ci_high")


def _metrics(report: Report) -> list[Metric]:
    """The return under each model."""
    return [metric for metric in report.request.metrics if metric.model and metric.name.startswith("marketing_roi")]


def _name(report: Report, row: dict[str, Any]) -> str:
    [dimension] = report.request.by
    return row[dimension.name] or dimension.missing

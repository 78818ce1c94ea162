"""The return on the money spent on each source or campaign, and which of them to worry about.

The verdict names a source that loses money under every attribution model, even at the upper end of its interval. If
there is none, it names the source with the lowest return, provided that it is lower than all others by more than
chance. Otherwise the verdict is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.query.report import Report
from reports.render import formatting
from reports.render.lists import join_all
from reports.rules.attribution_models import MODELS


@dataclass(frozen=True)
class ModelReturn:
    """The return under one model, as a share of the cost, with its interval; None if no money came back."""

    model: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SourceReturn:
    """The cost of one source or campaign, and its return under each model."""

    name: str
    cost: float
    by_model: tuple[ModelReturn, ...]

    @property
    def loss(self) -> float:
        """The money lost under the first model; below 0, a gain."""
        return -self.by_model[0].value * self.cost

    @property
    def is_loss(self) -> bool:
        """Whether it loses money under every model, even at the upper end of each interval."""
        return all(part.high is not None and part.high < 0 for part in self.by_model)

    @property
    def is_gain(self) -> bool:
        """Whether it brings back more than its cost under every model, even at the lower end of each interval."""
        return all(part.low is not None and part.low > 0 for part in self.by_model)

    @property
    def is_empty(self) -> bool:
        """Whether no money came back."""
        return all(part.high is None for part in self.by_model)

    def is_below(self, others: Sequence["SourceReturn"]) -> bool:
        """Whether its return is lower than each of the others under every model, by more than chance."""
        for index, part in enumerate(self.by_model):
            lows = [low for other in others if (low := other.by_model[index].low) is not None]
            if part.high is None or not lows or part.high >= min(lows):
                return False
        return True


def source_returns(report: Report) -> list[SourceReturn]:
    """The returns of a report's groups that have a cost, in its order."""
    rows = report.groups.iter_rows(named=True)
    return [group_return for row in rows if (group_return := _return(report, row))]


def groups_without_cost(report: Report) -> list[str]:
    """The groups with no recorded cost in the currency of the report, or a cost of zero."""
    return [_name(report, row) for row in report.groups.iter_rows(named=True) if not _return(report, row)]


def source_verdict(report: Report) -> str:
    """The group to worry about and the reason, in a sentence or two, or that the verdict is open."""
    returns = source_returns(report)
    what = report.request.by[0].title.lower()
    if not returns:
        return f"No {what} has a cost in {report.request.currency} in this time, so there is no verdict on its return."
    losing = sorted((source for source in returns if source.is_loss), key=lambda source: -source.loss)
    empty = [source for source in returns if source.is_empty]
    return " ".join(
        [
            *(_loss_sentences(report, losing) if losing else _lowest_sentences(report, returns)),
            *_empty_sentences(report, empty),
        ]
    )


def _loss_sentences(report: Report, losing: Sequence[SourceReturn]) -> Iterator[str]:
    worst, *rest = losing
    yield (
        f"Worry about {worst.name}: of every 100 {report.request.currency} spent on it, {_amount_back(worst)} came back"
        f" as gross profit. Even at the best that chance allows it loses money (return {_intervals(report, worst)})."
    )
    if rest:
        yield f"So {'do' if len(rest) > 1 else 'does'} {join_all([source.name for source in rest])}."


def _lowest_sentences(report: Report, returns: Sequence[SourceReturn]) -> Iterator[str]:
    paying = [source for source in returns if not source.is_empty]
    if not paying:
        return
    lowest = min(paying, key=lambda source: source.by_model[0].value)
    among = "The lowest is" if len(paying) == len(returns) else "The lowest of those that brought anything back is"
    what, currency = report.request.by[0].title.lower(), report.request.currency
    back = f"of every 100 {currency} spent on it, {_amount_back(lowest)} came back as gross profit"
    if all(source.is_gain for source in paying):
        yield (
            f"There is no {what} to worry about: at the worst that chance allows, each brings back more than it cost."
            f" {among} {lowest.name}: {back}."
        )
    elif lowest.is_below([source for source in paying if source is not lowest]):
        yield (
            f"No {what} is sure to lose money. {lowest.name} brings back the least, apart from all the others by more"
            f" than chance: {back} (return {_intervals(report, lowest)})."
        )
    else:
        yield (
            f"It cannot be told which {what} to worry about: none is sure to lose money. {among} {lowest.name}:"
            f" {back}, but that may be chance (return {_intervals(report, lowest)})."
        )


def _empty_sentences(report: Report, empty: Sequence[SourceReturn]) -> Iterator[str]:
    if empty:
        costs = [f"{source.name} ({source.cost:,.0f} {report.request.currency})" for source in empty]
        yield f"Nothing at all has come back yet of what was spent on {join_all(costs)}."


def _amount_back(source: SourceReturn) -> str:
    """How much of every 100 came back, as far as it is known, for each model; once if all models agree."""
    back = {part.model: _back(part) for part in source.by_model}
    if len(set(back.values())) == 1:
        return next(iter(back.values()))
    return " and ".join(f"{amount} under {model}" for model, amount in back.items())


def _back(part: ModelReturn) -> str:
    doubt = formatting.half_width(part.low, part.high)
    return formatting.plain(100 * (1 + part.value), doubt and 100 * doubt, 100)


def _intervals(report: Report, source: SourceReturn) -> str:
    metrics = _return_metrics(report)
    pairs = zip(metrics, source.by_model, strict=True)
    return ", ".join(
        f"{formatting.interval(part.low, part.high, metric, [0.0])} % under {part.model}" for metric, part in pairs
    )


def _return(report: Report, row: dict[str, Any]) -> SourceReturn | None:
    metrics = _return_metrics(report)
    by_model = [
        ModelReturn(
            MODELS[metric.model or ""].title.lower(), row[metric.name], *(row[metric.column(end)] for end in _ENDS)
        )
        for metric in metrics
        if row[metric.name] is not None
    ]
    if not by_model or len(by_model) < len(metrics):
        return None
    return SourceReturn(_name(report, row), row[metrics[0].column("denominator")], tuple(by_model))


_ENDS = ("ci_low", "ci_high")


def _return_metrics(report: Report) -> list[Metric]:
    """The metrics of the return, one for each model."""
    return [metric for metric in report.request.metrics if metric.model and metric.name.startswith("marketing_roi")]


def _name(report: Report, row: dict[str, Any]) -> str:
    [dimension] = report.request.by
    return row[dimension.name] or dimension.missing

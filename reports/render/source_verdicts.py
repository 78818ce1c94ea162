"""The return on the money spent on each source or campaign, and which of them to worry about.

The verdict names a source that loses money under every attribution model, even at the upper end of its interval. If
there is none, it names the source with the lowest return, and says whether it is significantly lower than all others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reports.measures.metric import Metric
from reports.model.language import current_language, marked, translate, translate_plural
from reports.model.lists import join_all
from reports.query.report import Report
from reports.render import formatting
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


# The sentences that name what is judged, by the dimension of the report.
_NO_SPEND = {
    "source": marked("No spend in {currency} has been entered for any source in this period."),
    "campaign": marked("No spend in {currency} has been entered for any campaign in this period."),
}
_ALL_PAY = {
    "source": marked("Every source brings back more than it cost, even in the worst case."),
    "campaign": marked("Every campaign brings back more than it cost, even in the worst case."),
}
_NONE_LOSES = {
    "source": marked("No source is clearly losing money."),
    "campaign": marked("No campaign is clearly losing money."),
}


def source_verdict(report: Report) -> str:
    """The group that loses money and why, in a sentence or two, or that none clearly does."""
    returns = source_returns(report)
    if not returns:
        return translate(_NO_SPEND[report.request.by[0].name], currency=report.request.currency)
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
    yield translate(
        "{name} loses money: {back}. Even in the best case it loses money (return {ends}).",
        name=worst.name,
        back=_back_phrase(report, worst),
        ends=_intervals(report, worst),
    )
    if rest:
        names = join_all([source.name for source in rest])
        yield translate_plural("{names} also loses money.", "{names} also lose money.", len(rest), names=names)


def _back_phrase(report: Report, source: SourceReturn) -> str:
    """What came back of every 100 spent."""
    spent = formatting.money(100, report.request.currency).removesuffix(f"{current_language().decimal}00")
    return translate(
        "of every {spent} spent, {amount} came back as gross profit", spent=spent, amount=_amount_back(source)
    )


def _lowest_sentences(report: Report, returns: Sequence[SourceReturn]) -> Iterator[str]:
    paying = [source for source in returns if not source.is_empty]
    if not paying:
        return
    lowest = min(paying, key=lambda source: source.by_model[0].value)
    dimension = report.request.by[0].name
    shown = {"name": lowest.name, "back": _back_phrase(report, lowest)}
    if all(source.is_gain for source in paying):
        yield translate(_ALL_PAY[dimension])
        yield translate("The lowest is {name}: {back}.", **shown)
        return
    yield translate(_NONE_LOSES[dimension])
    ends = _intervals(report, lowest)
    if lowest.is_below([source for source in paying if source is not lowest]):
        yield translate("{name} has the lowest return (significant): {back} (return {ends}).", ends=ends, **shown)
    else:
        yield translate("The lowest is {name}: {back} (return {ends}, not significant).", ends=ends, **shown)


def _empty_sentences(report: Report, empty: Sequence[SourceReturn]) -> Iterator[str]:
    if empty:
        currency = report.request.currency
        costs = [f"{source.name} ({formatting.rounded_money(source.cost, currency)})" for source in empty]
        yield translate("Nothing has come back yet from {names}.", names=join_all(costs))


def _amount_back(source: SourceReturn) -> str:
    """How much of every 100 came back, as far as it is known, for each model; once if all models agree."""
    back = {part.model: _back(part) for part in source.by_model}
    if len(set(back.values())) == 1:
        return next(iter(back.values()))
    return join_all(
        [translate("{value} with {model} attribution", value=amount, model=model) for model, amount in back.items()]
    )


def _back(part: ModelReturn) -> str:
    doubt = formatting.half_width(part.low, part.high)
    return formatting.plain(100 * (1 + part.value), doubt and 100 * doubt, 100)


def _intervals(report: Report, source: SourceReturn) -> str:
    metrics = _return_metrics(report)
    pairs = zip(metrics, source.by_model, strict=True)
    return ", ".join(
        translate(
            "{value} with {model} attribution",
            value=formatting.interval(part.low, part.high, metric, [0.0]),
            model=part.model,
        )
        for metric, part in pairs
    )


def _return(report: Report, row: dict[str, Any]) -> SourceReturn | None:
    metrics = _return_metrics(report)
    by_model = [
        ModelReturn(
            translate(MODELS[metric.model or ""].title).lower(),
            row[metric.name],
            *(row[metric.column(end)] for end in _ENDS),
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
    return row[dimension.name] or dimension.missing_label

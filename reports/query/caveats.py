"""Caveats: facts that readers must know before they act on a report."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.measures.metric import Derived, Metric
from reports.measures.scores import Agreement
from reports.model.codes import Codes
from reports.model.compared_period import ComparedPeriod, compared_words
from reports.model.language import digits, marked, translate, translate_plural
from reports.model.lead_attributes import is_attribute
from reports.model.lists import join_all
from reports.query import other_currencies
from reports.query.comparison import without_counterpart
from reports.query.report import Numbers
from reports.query.request import ReportRequest, has_dimension
from reports.rules.attribution_models import MODELS

# Most sales take this long, so younger calls may still lead to a sale.
MATURE_DAYS = 30
# With fewer wins, an agent's pipeline velocity says little.
FEWEST_WINS = 20
COHORTS = ("conv_per_attempt", "conv_per_contact", "conv_per_conversation", "conv_per_lead")


def caveats(request: ReportRequest, numbers: Numbers, codes: Codes) -> Iterator[str]:
    """All caveats of these numbers."""
    names = {metric.name for metric in request.metrics}
    yield from other_currencies.notes(numbers.other_currencies, request.currency)
    yield from _young(request, names)
    yield from _working_time(request, codes)
    yield from _apart(request)
    yield from _left_out(request)
    if numbers.withheld:
        yield translate(
            "Groups of fewer than {count} leads are withheld for privacy, and others where a total would reveal them.",
            count=request.fewest_leads,
        )
    if request.compare_by != "none":
        yield from _compared(request, request.compare)
    yield from _models(request, numbers)
    if "pipeline_velocity" in names:
        yield from _velocity(request, numbers)


def _young(request: ReportRequest, names: set[str]) -> Iterator[str]:
    youngest = max((request.until - request.window.end).total_seconds() / 86_400, 0)
    if youngest < MATURE_DAYS and names & set(COHORTS):
        yield translate("Recent calls may still convert (up to {days} days).", days=MATURE_DAYS)


def _working_time(request: ReportRequest, codes: Codes) -> Iterator[str]:
    usual = codes.calendars[None]
    if usual.assumed and any(metric.working_time for metric in request.metrics):
        yield translate(
            "No working hours have been entered: Monday to Friday, 09:00 to 17:00 ({zone}) are assumed.",
            zone=usual.zone,
        )


def _apart(request: ReportRequest) -> Iterator[str]:
    """Metrics that the request breaks down or filters by a dimension that only one side of them has."""
    seen_by = {dimension.name: dimension for dimension in (*request.by, *request.filtered_dimensions)}
    for metric in request.metrics:
        if isinstance(metric.measure, Derived) and (
            missing := [seen_by[name] for name in seen_by if name in metric.measure.incompatible_dimensions]
        ):
            named = join_all([dimension.label.lower() for dimension in missing])
            yield translate(
                "{metric} is not available by {dimensions}: agents' hours are not recorded by {dimensions}.",
                metric=metric.label,
                dimensions=named,
            )
        if isinstance(metric.measure, Agreement) and not set(seen_by).isdisjoint(
            metric.measure.incompatible_dimensions
        ):
            yield translate(
                "{metric} is not available by evaluator or period: it compares all ratings of a call.",
                metric=metric.label,
            )


def _left_out(request: ReportRequest) -> Iterator[str]:
    """The metrics of a preset that a dimension of the request does not fit."""
    for dimension in dict.fromkeys((*request.by, *request.filtered_dimensions)):
        titles = [metric.label for metric in request.left_out if not has_dimension(metric, dimension.name)]
        if titles:
            sentence = _WITHOUT_LEADS if is_attribute(dimension.name) else _WITHOUT_DIMENSION
            yield translate(sentence, dimension=dimension.label.lower(), metrics=", ".join(titles))


_WITHOUT_LEADS = marked("Not shown by {dimension}, because some of their calls have no lead: {metrics}.")
_WITHOUT_DIMENSION = marked("Not available by {dimension}: {metrics}.")


def _compared(request: ReportRequest, period: ComparedPeriod | None) -> Iterator[str]:
    if period is None:
        yield translate("This period has not begun, so there is nothing to compare yet.")
        return
    yield compared_words(period)
    for dimension in without_counterpart(request.by, period.shift):
        yield translate(
            "No comparison by {name}: the earlier period is not a whole number of periods before.",
            name=dimension.label.lower(),
        )


def _models(request: ReportRequest, numbers: Numbers) -> Iterator[str]:
    """Metrics by which two attribution models rank the same groups differently."""
    if len(request.models) < 2 or not request.by or numbers.groups.height < 2:
        return
    for metric in request.metrics:
        for other in request.metrics:
            if _pair(request, metric, other) and _order(numbers, metric) != _order(numbers, other):
                first, second = (translate(MODELS[name].title).lower() for name in request.models[:2])
                yield translate(
                    "{metric}: {first} and {second} rank differently; do not decide by one model alone.",
                    metric=metric.base_label,
                    first=first,
                    second=second,
                )


def _pair(request: ReportRequest, metric: Metric, other: Metric) -> bool:
    first, second = request.models[:2]
    base = metric.name.removesuffix(f"_{first}")
    return metric.model == first and metric.unit in {"ratio", "factor"} and other.name == f"{base}_{second}"


def _order(numbers: Numbers, metric: Metric) -> list[int]:
    values = enumerate(numbers.groups[metric.name].to_list())
    known = sorted(((-value, index) for index, value in values if value is not None))
    return [index for _, index in known]


def _velocity(request: ReportRequest, numbers: Numbers) -> Iterator[str]:
    if "agent" in [dimension.name for dimension in request.by]:
        few = numbers.groups.filter(pl.col("win_rate_365_numerator") < FEWEST_WINS).height
        if few:
            yield translate_plural(
                "Pipeline velocity: {count} agent has fewer than {wins} wins in a year (not enough data).",
                "Pipeline velocity: {count} agents have fewer than {wins} wins in a year (not enough data).",
                few,
                wins=FEWEST_WINS,
            )
    row = numbers.total.row(0, named=True)
    velocity, low, high = (row[f"pipeline_velocity{part}"] for part in ("", "_ci_low", "_ci_high"))
    realised, cycle = row.get("revenue_per_day"), row["sales_cycle_365"]
    if None in {velocity, low, high, realised} or not cycle or _hidden(row):
        return
    # Every deal open at any moment of the window counts. With a steady pipeline, velocity is the daily revenue
    # times (1 + days / cycle).
    days = (request.window.end - request.window.start).total_seconds() / 86_400
    expected = realised * (1 + days / cycle)
    if not low <= expected <= high:
        yield _velocity_sentence(velocity, expected, request.currency)


def _velocity_sentence(velocity: float, expected: float, currency: str) -> str:
    amounts = {"forecast": _per_day(velocity, currency), "actual": _per_day(expected, currency)}
    if velocity > expected:
        return translate(
            "Pipeline velocity: the forecast ({forecast}/day) is far above actual ({actual}/day). Check deal dates in"
            " your CRM.",
            **amounts,
        )
    return translate(
        "Pipeline velocity: the forecast ({forecast}/day) is far below actual ({actual}/day). Check deal dates in your"
        " CRM.",
        **amounts,
    )


def _per_day(amount: float, currency: str) -> str:
    return f"{digits(float(f'{amount:.2g}'))} {currency}"


def _hidden(row: Mapping[str, Any]) -> bool:
    """Whether pipeline velocity has too few won deals to be shown."""
    value, least = catalogue()["pipeline_velocity"].metric.shown_from or (None, 0)
    return value is not None and (row[value.column("n")] or 0) < least

"""The report request: valid parameters, with defaults for those that are missing.

The report repeats the defaults: the window, the zone, the breakdown, the goal, the models and the currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS, Dimension
from reports.catalogue.presets import PRESETS
from reports.measures.metric import Metric
from reports.model import windows
from reports.model.account import Account
from reports.model.answer_time import USUAL, AnswerTime
from reports.model.codes import Codes
from reports.model.compared_period import ComparedPeriod, Shift, compared_period
from reports.model.currencies import fault
from reports.model.lead_attributes import is_attribute
from reports.model.resolve_context import ResolveContext
from reports.model.times import TimeFormError, read_zone
from reports.model.windows import Window
from reports.query.lead_attributes import attribute_dimensions
from reports.query.parameters import InvalidRequest, ParameterParser, Parameters, shortened
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS

PARAMETERS = (
    "by",
    "from",
    "to",
    "tz",
    "as_of",
    "goal",
    "model",
    "currency",
    "compare",
    "matured",
    "stratify",
    "benchmarks",
    "curves",
)
# Filters change which rows count, so a drill-through must repeat them.
FILTERS = tuple(DIMENSIONS)
MOST_CODES = 1_000

# Two models at once, so readers do not take one model for the truth.
DEFAULT_MODELS = ("lead_creation", "linear")
MATURED = ("no", "yes")
BENCHMARKS = ("none", "all")
CURVES = ("none", "all")


@dataclass(frozen=True, eq=False, kw_only=True)
class ReportRequest:
    """A valid request.

    metrics: the requested metrics, each followed by its component metrics.
    requested: the names of the requested metrics, without the components.
    as_of: the moment of the rows (`rows_as_of`); None means the current rows. until: that moment, or now.
    compare: the earlier period to compare with; None without one. compare_by: the requested way to find it.
    matured: whether to add the numbers of the earlier period as they stand now.
    shift, stood_at: set in the request for the numbers of the earlier period. stood_at: the moment as of which its rows
    count, by the time at which things happened.
    stratify: the dimension of the strata for mix adjustment.
    attributes: the lead attributes among its dimensions and filters, by name. attribute_values: the leads that have
    them, each with its value; set once they are read.
    fewest_leads: with such attributes, numbers about fewer leads are withheld.
    left_out: the metrics that a preset leaves out, because they lack a dimension of the request.
    benchmarks: whether to add industry figures, targets and the account's history.
    curves: whether to add the whole curves of duration measures.
    """

    preset: str | None
    metrics: tuple[Metric, ...]
    by: tuple[Dimension, ...]
    window: Window
    filters: Mapping[str, tuple[str, ...]]
    as_of: datetime | None
    until: datetime
    account_zone: ZoneInfo
    goal: str = "sale"
    models: tuple[str, ...] = DEFAULT_MODELS
    currency: str = "USD"
    compare: ComparedPeriod | None = None
    compare_by: str = "none"
    matured: bool = False
    shift: Shift | None = None
    stood_at: datetime | None = None
    stratify: Dimension | None = None
    benchmarks: bool = False
    curves: bool = False
    requested: frozenset[str] = frozenset()
    attributes: Mapping[str, Dimension] = field(default_factory=dict[str, Dimension])
    attribute_values: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    fewest_leads: int = 0
    left_out: tuple[Metric, ...] = ()

    @property
    def displayed(self) -> list[Metric]:
        """The metrics on display: for a preset, its requested metrics; otherwise also their component metrics."""
        return [metric for metric in self.metrics if self.preset is None or metric.name in self.requested]

    @property
    def answer_time(self) -> AnswerTime:
        """How soon a call should be answered."""
        return next((metric.answer_time for metric in self.metrics if metric.answer_time), USUAL)

    @property
    def filtered_dimensions(self) -> list[Dimension]:
        """The dimensions that the report filters by."""
        return [self.dimension(name) for name in self.filters]

    def dimension(self, name: str) -> Dimension:
        """A dimension of this report by its name."""
        return self.attributes.get(name) or DIMENSIONS[name]

    def resolve_context(self, codes: Codes, window: Window, model: str | None) -> ResolveContext:
        """The context for resolving the facts of this request."""
        return ResolveContext(
            codes=codes,
            window=window,
            until=self.until,
            account_zone=self.account_zone,
            goal=self.goal,
            currency=self.currency,
            model=model,
            answer_time=self.answer_time,
        )


def read_request(
    preset: str | None, reader: ParameterParser, account: Account, codes: Codes, as_of: datetime | None
) -> ReportRequest:
    """The request of the parameters, for an account with these codes. Raises InvalidRequest with every fault."""
    attributes = attribute_dimensions(codes)
    reader.refuse_unknown((*([] if preset else ["metrics"]), *PARAMETERS, *FILTERS, *attributes))
    models = tuple(reader.names("model", MODELS, "model of attribution")) or DEFAULT_MODELS
    metrics = _metrics(reader, preset, models)
    known = DIMENSIONS | attributes
    by = tuple(known[name] for name in _by(reader, preset, known))
    filters = _filters(reader, codes, known)
    used = {name: known[name] for name in (*(dimension.name for dimension in by), *filters) if name in attributes}
    metrics, left_out = _without_unfit(reader, preset, metrics, [dimension.name for dimension in by], filters)
    goal = reader.choice("goal", tuple(GOALS), "sale")
    compare_by = "none" if (text := reader.single("compare")) is None else text
    matured = reader.choice("matured", MATURED, "no") == "yes"
    benchmarks = reader.choice("benchmarks", BENCHMARKS, "none") == "all"
    curves = reader.choice("curves", CURVES, "none") == "all"
    stratify = _strata(reader, by, used)
    currency = _currency(reader, account)
    until = as_of or account.taken_at
    window = _window(reader, _default_zone(filters, codes, account), until)
    compare = _compare(reader, compare_by, window, until)
    if reader.faults or window is None:
        raise InvalidRequest(reader.faults)
    return ReportRequest(
        preset=preset,
        metrics=tuple(_under_targets(metric, codes, window) for metric in with_components(metrics)),
        by=by,
        window=window,
        filters=filters,
        as_of=as_of,
        until=until,
        account_zone=account.zone,
        goal=goal,
        models=models,
        currency=currency,
        compare=compare,
        compare_by=compare_by,
        matured=matured and compare is not None,
        stratify=DIMENSIONS[stratify] if stratify else None,
        benchmarks=benchmarks,
        curves=curves,
        requested=frozenset(metric.name for metric in metrics),
        attributes=used,
        fewest_leads=max((codes.lead_attributes[name].fewest_leads for name in used), default=0),
        left_out=tuple(left_out),
    )


def _under_targets(metric: Metric, codes: Codes, window: Window) -> Metric:
    """The metric with the band and the answer time that the account has set for the last day of the window."""
    last_day = windows.day_of(window.end - timedelta(microseconds=1), window.zone)
    if metric.answer_time:
        return metric.within(codes.answer_time(last_day))
    band = codes.band_of(metric.name, last_day)
    return replace(metric, band=band) if metric.band and band else metric


def with_components(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """The metrics, each followed by its component metrics and those to read beside it, without repeats."""
    complete: dict[str, Metric] = {}
    for metric in metrics:
        for component in (metric, *with_components((*metric.components, *metric.beside))):
            complete.setdefault(component.name, component)
    return tuple(complete.values())


def _metrics(reader: ParameterParser, preset: str | None, models: Iterable[str]) -> list[Metric]:
    names = list(PRESETS[preset].metrics) if preset else reader.names("metrics", catalogue(), "metric")
    if not names and not reader.faults:
        reader.fault("metrics", "must name at least one metric")
    metrics: dict[str, Metric] = {}
    for name in names:
        metric = catalogue()[name].metric
        for model in models if metric.per_model else [""]:
            named = metric.under_model(model, MODELS[model].title) if model else metric
            metrics[named.name] = named
    return list(metrics.values())


def _by(reader: ParameterParser, preset: str | None, known: Mapping[str, Dimension]) -> list[str]:
    """The breakdown: from the parameter, which may be empty, or else the default of the preset."""
    if preset and "by" not in reader.parameters:
        return list(PRESETS[preset].by)
    return reader.names("by", known, "dimension")


def _without_unfit(
    reader: ParameterParser, preset: str | None, metrics: list[Metric], by: Sequence[str], filters: Iterable[str]
) -> tuple[list[Metric], list[Metric]]:
    """The metrics that have all these dimensions, and those that a preset leaves out for want of one.

    Metrics that lack a dimension are a fault where they were asked for by name, and where no other remains.
    """
    names = [*by, *filters]
    fitting = [metric for metric in metrics if all(has_dimension(metric, name) for name in names)]
    if preset and fitting:
        return fitting, [metric for metric in metrics if metric not in fitting]
    _refuse_foreign_dimensions(reader, metrics, "by", "broken down by", by)
    for name in filters:
        _refuse_foreign_dimensions(reader, metrics, name, "narrowed to", [name])
    return metrics, []


def has_dimension(metric: Metric, dimension: str) -> bool:
    """Whether a metric can be broken down by a dimension; by an attribute of leads, if all of its rows have a lead."""
    return metric.has_leads if is_attribute(dimension) else dimension in metric.dimensions


def _refuse_foreign_dimensions(
    reader: ParameterParser, metrics: Iterable[Metric], parameter: str, what: str, names: Sequence[str]
) -> None:
    for metric in metrics:
        for name in names:
            if not has_dimension(metric, name):
                only = f"; only {', '.join(metric.dimensions)}"
                reason = ": not all of its rows belong to a lead" if is_attribute(name) else only
                reader.fault(parameter, f"{metric.name} cannot be {what} {name}{reason}")


def _filters(reader: ParameterParser, codes: Codes, known: Mapping[str, Dimension]) -> dict[str, tuple[str, ...]]:
    """The filter values as the report shows them. An empty value selects rows with no value."""
    return {name: _values(reader, known[name], codes) for name in known if reader.parameters.get(name)}


def _values(reader: ParameterParser, dimension: Dimension, codes: Codes) -> tuple[str, ...]:
    values = dict.fromkeys(reader.parameters[dimension.name])
    if len(values) > MOST_CODES:
        reader.fault(dimension.name, f"must not be given more than {MOST_CODES} times")
        return ()
    if dimension.code:
        return _codes(reader, dimension, list(values), codes)
    for value in values:
        if fault := dimension.fault(value):
            reader.fault(dimension.name, fault)
    return tuple(values)


def _codes(reader: ParameterParser, dimension: Dimension, codes_asked: Sequence[str], codes: Codes) -> tuple[str, ...]:
    readings = {code: codes.reading(dimension.name, code) if code else "" for code in codes_asked}
    for code, reading in readings.items():
        if reading is None:
            title = dimension.label.lower()
            # Messages never repeat phone numbers, not even to their sender.
            named = f"such {title}" if dimension.name == "tracking_number" else f"{title} {shortened(code)}"
            reader.fault(dimension.name, f"there is no {named} in this account")
    return tuple(dict.fromkeys(reading for reading in readings.values() if reading is not None))


def _strata(reader: ParameterParser, by: Sequence[Dimension], attributes: Mapping[str, Dimension]) -> str:
    """The strata: as requested; else campaigns for a breakdown by source alone, otherwise none."""
    requested = reader.choice("stratify", tuple(DIMENSIONS), "")
    if attributes:
        # Strata are finer than the groups: too few leads are in them.
        if requested:
            reader.fault("stratify", "cannot be combined with an attribute of leads")
        return ""
    return requested or _usual_strata(by)


def _usual_strata(by: Sequence[Dimension]) -> str:
    """The default strata: campaigns for a breakdown by source alone, otherwise none."""
    return "campaign" if [dimension.name for dimension in by] == ["source"] else ""


def _currency(reader: ParameterParser, account: Account) -> str:
    text = reader.single("currency")
    if text is None:
        return account.currency
    if reason := fault(text):
        reader.fault("currency", reason)
    return text


def report_window(parameters: Parameters, account: Account, codes: Codes, as_of: datetime | None) -> Window:
    """The window of a report with these parameters, for the form of a page. Raises InvalidRequest."""
    reader = ParameterParser(parameters)
    campaigns = [codes.reading("campaign", code) or "" for code in parameters.get("campaign", ())]
    zone = _default_zone({"campaign": tuple(dict.fromkeys(campaigns))}, codes, account)
    window = _window(reader, zone, as_of or account.taken_at)
    if window is None:
        raise InvalidRequest(reader.faults)
    return window


def _default_zone(filters: Mapping[str, Sequence[str]], codes: Codes, account: Account) -> ZoneInfo:
    """The zone of the campaign, if the request filters by exactly one with its own zone; else the account's zone."""
    match filters.get("campaign", ()):
        case [campaign] if zone := codes.zone_of_campaign(campaign):
            return ZoneInfo(zone)
        case _:
            return account.zone


def _window(reader: ParameterParser, zone: ZoneInfo, now: datetime) -> Window | None:
    text = reader.single("tz")
    try:
        zone = read_zone(text) if text is not None else zone
    except TimeFormError as error:
        reader.fault("tz", str(error))
    start, end = reader.time("from", zone), reader.time("to", zone)
    if reader.faults:
        return None
    try:
        return windows.window(start, end, zone, now)
    except TimeFormError as error:
        reader.fault("to", str(error))
    return None


def _compare(reader: ParameterParser, compare_by: str, window: Window | None, until: datetime) -> ComparedPeriod | None:
    if window is None:
        return None
    try:
        return compared_period(compare_by, window, until)
    except TimeFormError as error:
        reader.fault("compare", str(error))
    return None

"""The parameters of reports, for the API document and the check for unknown parameters.

reports/query/request.py reads the values, and reports every fault in them at once.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from litestar.params import QueryParameter
from litestar.typing import FieldDefinition

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.model.compared_period import COMPARISONS
from reports.model.currencies import CURRENCIES
from reports.model.lead_attributes import PREFIX
from reports.model.vocabulary import STAFFING_FILTERS
from reports.query.drill_through import CELL_SIDES, MOST_ROWS, USUAL_LIMIT
from reports.query.request import BENCHMARKS, CURVES, MATURED
from reports.query.staffing.forecast import MOST_DAYS, MOST_WEEKS, USUAL_DAYS, USUAL_WEEKS
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS

Names = list[str] | None
Text = str | None
Parameters = dict[str, FieldDefinition]

ATTRIBUTE = f"^{PREFIX}[^,:/]+$"
_EDGE = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}


def _parameter(kind: Any, name: str, description: str, **schema: Any) -> FieldDefinition:
    marker = QueryParameter(name=name, description=description, schema_extra=schema)
    return FieldDefinition.from_annotation(Annotated[kind, marker], name=name, default=None)


def _any_of(names: Iterable[str]) -> dict[str, Any]:
    return {"items": {"type": "string", "enum": sorted(names)}, "uniqueItems": True}


def _by_name(*parameters: FieldDefinition) -> Parameters:
    return {parameter.name: parameter for parameter in parameters}


def _narrowed(name: str) -> FieldDefinition:
    dimension = DIMENSIONS[name]
    description = f"Only rows with this {dimension.title.lower()}; repeatable. Empty: only rows without one."
    if name == "hour":
        return _parameter(Names, name, f"{description} The start of a local hour, spelled as in the answer.")
    schema = {"items": {"type": "string", "enum": [*dimension.values, ""]}} if dimension.values else {}
    return _parameter(Names, name, description, **schema)


NARROWING = _by_name(*(_narrowed(name) for name in DIMENSIONS))

WINDOW = _by_name(
    _parameter(
        Text,
        "from",
        "Start of the window: a date (its first moment in the report's zone) or an RFC 3339 time. Default: seven days"
        " before `to`. Without `from` and `to`, the window is the last seven full days, which end with yesterday.",
        **_EDGE,
    ),
    _parameter(
        Text,
        "to",
        "End of the window, not included: a date or an RFC 3339 time. Default with `from`: the end of today.",
        **_EDGE,
    ),
    _parameter(
        Text,
        "tz",
        "IANA time zone of days and hours. Default: the zone of the only campaign in the report, or the account's.",
        format="time-zone",
    ),
    _parameter(Text, "as_of", "The answer as it would have been at this RFC 3339 time.", format="date-time"),
    _parameter(
        Text,
        "goal",
        "The goal of a call, for conversion and events. Default: a sale.",
        enum=sorted(GOALS),
    ),
    _parameter(
        Names,
        "model",
        "Attribution models for marketing metrics. Each model gives a number of its own, with the model in its name."
        " Default: lead_creation and linear.",
        **_any_of(MODELS),
    ),
    _parameter(
        Text,
        "currency",
        "The currency of all money. Money in other currencies is converted with the exchange rate of its day; without"
        " a rate it is in no number, and the report says how much there is. Default: the account's currency.",
        enum=sorted(CURRENCIES),
    ),
)

BREAKDOWN = _by_name(
    _parameter(
        Names,
        "by",
        "Dimensions of the breakdown, separated by commas or repeated. `attribute:` and a name: an attribute of leads,"
        " declared under /v1/lead-attributes. Default: the total only.",
        items={"anyOf": [{"type": "string", "enum": sorted(DIMENSIONS)}, {"type": "string", "pattern": ATTRIBUTE}]},
        uniqueItems=True,
    ),
    _parameter(
        Text,
        "compare",
        "Also an earlier period of the same length, at the age that this one has now; the difference and its verdict."
        " previous: the same number of days directly before. week: the same weekdays, whole weeks before. month: the"
        " month before, or the same days of it. year: the same dates last year. Or its first day, as a date.",
        anyOf=[{"enum": [*COMPARISONS]}, {"format": "date"}],
    ),
    _parameter(
        Text,
        "matured",
        "yes: with a comparison, also the numbers of the earlier period as they stand now. Default: no.",
        enum=[*MATURED],
    ),
    _parameter(
        Text,
        "stratify",
        "Dimension of mix adjustment: rates of a breakdown are also standardised to the same mix of it. Default for"
        " sources: campaign.",
        enum=sorted(DIMENSIONS),
    ),
    _parameter(
        Text,
        "benchmarks",
        "all: also industry benchmarks, the account's targets, and the four periods before.",
        enum=[*BENCHMARKS],
    ),
    _parameter(
        Text,
        "curves",
        "all: also the whole curve of each waiting time, such as that to the first call of a lead, with its interval."
        " Only in JSON.",
        enum=[*CURVES],
    ),
)

METRICS = _by_name(
    _parameter(
        Names,
        "metrics",
        "Names of metrics, separated by commas or repeated; at least one. /v1/metrics explains each.",
        **_any_of(catalogue()),
    )
)

PAGE = _by_name(
    _parameter(Text, "metric", "Metric of the rows.", enum=sorted(catalogue())),
    _parameter(Text, "part", "Numerator or denominator. Default: the numerator.", enum=[*CELL_SIDES]),
    _parameter(int | None, "limit", f"Most rows in the answer. Default: {USUAL_LIMIT}.", minimum=1, maximum=MOST_ROWS),
    _parameter(int | None, "offset", "Rows to skip first.", minimum=0),
)


def format_parameter(names: Iterable[str]) -> Parameters:
    """The parameter that names the format of the answer."""
    return _by_name(_parameter(Text, "format", "Default: the best for the Accept header.", enum=[*names]))


STAFFING = {
    **_by_name(
        _parameter(Text, "calls", "Calls that come in during one interval. Default: a forecast.", examples=["100"]),
        _parameter(Text, "agents", "Agents you have, to see their queue. Default: those needed.", examples=["13"]),
        _parameter(
            Text,
            "per",
            "Length of the interval, such as 30m or 1h; 15m, 30m or 1h in a forecast. Default: 30m.",
            examples=["30m"],
        ),
        _parameter(
            Text,
            "handle_time",
            "Average talk, hold and after-call work of a call, such as 180 (seconds) or 3m. Default in a forecast: that"
            " of the past calls.",
            examples=["180"],
        ),
        _parameter(
            Text,
            "target",
            "Service level: 80/20 is 80% of callers within 20 seconds. Default: that of the queue or account in a"
            " forecast, else 80/20.",
            examples=["80/20"],
        ),
        _parameter(
            Text,
            "patience",
            "Average time until callers hang up, such as 120 (seconds) or 2m, for Erlang A; none for Erlang C. Default"
            " in a forecast: from the median patience of the past callers; else none.",
            examples=["120"],
        ),
        _parameter(
            Text,
            "shrinkage",
            "Percentage of paid time away from calls: breaks, training, absence. Default: 0.",
            examples=["30"],
        ),
        _parameter(
            Text,
            "max_occupancy",
            "Highest percentage of their time that agents may be on calls. Default: the upper end of the account's band"
            " of occupancy in a forecast, else 90.",
            examples=["85"],
        ),
        _parameter(
            int | None, "weeks", f"Past weeks of a forecast. Default: {USUAL_WEEKS}.", minimum=1, maximum=MOST_WEEKS
        ),
        _parameter(Text, "from", "Start of a forecast: a date or an RFC 3339 time. Default: tomorrow.", **_EDGE),
        _parameter(
            Text,
            "to",
            f"End of a forecast, not included, up to {MOST_DAYS} days later. Default: {USUAL_DAYS} days after `from`.",
            **_EDGE,
        ),
    ),
    **{name: WINDOW[name] for name in ("tz", "as_of")},
    **{name: NARROWING[name] for name in STAFFING_FILTERS},
}
PRESET = {**BREAKDOWN, **WINDOW, **NARROWING}
REPORT = {**METRICS, **PRESET}
ROWS = {**PAGE, **WINDOW, **NARROWING}

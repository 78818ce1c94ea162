"""What may be asked of a report, as the document and the check for unknown parameters know it.

The values are read by reports/query/request.py, which tells everything that is wrong with them at once.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from litestar.params import QueryParameter
from litestar.typing import FieldDefinition

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from reports.query.drill_through import CELL_SIDES, MOST_ROWS, USUAL_LIMIT
from reports.query.request import BENCHMARKS, COMPARISONS, CURVES
from reports.rules.attribution_models import MODELS
from reports.rules.calls import GOALS

Names = list[str] | None
Text = str | None
Parameters = dict[str, FieldDefinition]

_EDGE = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}


def _parameter(kind: Any, name: str, description: str, **schema: Any) -> FieldDefinition:
    marker = QueryParameter(name=name, description=description, schema_extra=schema)
    return FieldDefinition.from_annotation(Annotated[kind, marker], name=name, default=None)


def _any_of(known: Iterable[str]) -> dict[str, Any]:
    return {"items": {"type": "string", "enum": sorted(known)}, "uniqueItems": True}


def _by_name(*parameters: FieldDefinition) -> Parameters:
    return {parameter.name: parameter for parameter in parameters}


def _narrowed(name: str) -> FieldDefinition:
    dimension = DIMENSIONS[name]
    what = f"Only what has this {dimension.title.lower()}; repeatable. Empty: only what has none."
    if name == "hour":
        return _parameter(Names, name, f"{what} The start of a local hour, as an answer spells it.")
    schema = {"items": {"type": "string", "enum": [*dimension.values, ""]}} if dimension.values else {}
    return _parameter(Names, name, what, **schema)


NARROWING = _by_name(*(_narrowed(name) for name in DIMENSIONS))

WINDOW = _by_name(
    _parameter(
        Text,
        "from",
        "First moment of the window: a date, meaning its start in the report's zone, or an RFC 3339 time."
        " Without it, the start of the seventh day before the last.",
        **_EDGE,
    ),
    _parameter(
        Text, "to", "End of the window, not included: a date or an RFC 3339 time. Without it, today's end.", **_EDGE
    ),
    _parameter(
        Text,
        "tz",
        "IANA time zone of days and hours. Without it, that of the one campaign asked for, or the account's.",
        format="time-zone",
    ),
    _parameter(Text, "as_of", "What the answer would have been at this RFC 3339 time.", format="date-time"),
    _parameter(
        Text,
        "goal",
        "What a call is meant to come to, for conversion and events. Without it, a sale.",
        enum=sorted(GOALS),
    ),
    _parameter(
        Names,
        "model",
        "Models of attribution, for marketing's numbers; each gives a number of its own, and the model's name is in the"
        " number's. Without it, lead_creation and linear.",
        **_any_of(MODELS),
    ),
    _parameter(
        Text,
        "currency",
        "Only money in this currency counts; money in others is counted as excluded. Without it, the account's.",
        pattern="^[A-Z]{3}$",
    ),
)

BREAKDOWN = _by_name(
    _parameter(
        Names,
        "by",
        "What to break it down by, separated by commas or repeated. Without it, the total only.",
        **_any_of(DIMENSIONS),
    ),
    _parameter(
        Text,
        "compare",
        "previous: also the period before, of the same length and weekdays, with the difference and its verdict.",
        enum=[*COMPARISONS],
    ),
    _parameter(
        Text,
        "stratify",
        "By what the mix of what is compared is made even: rates broken down by one thing come standardised. Sources"
        " are stratified by campaign without it.",
        enum=sorted(DIMENSIONS),
    ),
    _parameter(
        Text,
        "benchmarks",
        "all: also what others say, the account's targets, and the four periods before.",
        enum=[*BENCHMARKS],
    ),
    _parameter(
        Text,
        "curves",
        "all: also the whole curve of everything that is waited for, such as the first call to a lead, with its"
        " interval. Only in JSON.",
        enum=[*CURVES],
    ),
)

METRICS = _by_name(
    _parameter(
        Names,
        "metrics",
        "Names of metrics, separated by commas or repeated; at least one. /v1/metrics tells what they mean.",
        **_any_of(catalogue()),
    )
)

PAGE = _by_name(
    _parameter(Text, "metric", "The metric whose rows are wanted.", enum=sorted(catalogue())),
    _parameter(Text, "part", "Which part of it. Without it, the numerator.", enum=[*CELL_SIDES]),
    _parameter(int | None, "limit", f"How many rows at most. Without it, {USUAL_LIMIT}.", minimum=1, maximum=MOST_ROWS),
    _parameter(int | None, "offset", "How many rows to pass over first.", minimum=0),
)


def form(kinds: Iterable[str]) -> Parameters:
    """The format of an answer, by name."""
    return _by_name(_parameter(Text, "format", "Without it, what the Accept header prefers.", enum=[*kinds]))


PRESET = {**BREAKDOWN, **WINDOW, **NARROWING}
REPORT = {**METRICS, **PRESET}
ROWS = {**PAGE, **WINDOW, **NARROWING}

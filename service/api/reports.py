"""Asking for reports, and for what their numbers mean."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from reports.answer import answer
from reports.catalogue import Entry, catalogue
from reports.dimensions import DIMENSIONS
from reports.document import MetricDocument, ReportDocument, describe, to_json
from reports.export import to_csv
from reports.presets import PRESETS
from reports.reader import AskError
from reports.report import Report
from service.api.parts import Desk, DeskDependency
from service.db import account_transaction
from service.errors import Busy, Fault, InvalidParameter, NotFound
from service.requests import AnyRequest

Format = Literal["json", "csv"]
_MEDIA_TYPES: dict[Format, str] = {"json": "application/json", "csv": "text/csv"}

# Per process: what two cores can do at once, and as many again that are worth waiting for.
_AT_ONCE = 2
_MOST_WAITING = 8


def _parameter(name: str, description: str, **schema: Any) -> Any:
    return QueryParameter(name=name, description=description, schema_extra=schema)


def _any_of(known: Iterable[str]) -> dict[str, Any]:
    return {"items": {"type": "string", "enum": sorted(known)}, "uniqueItems": True}


def _narrowed(name: str) -> Any:
    return _parameter(name, f"Only calls with this {name}; repeatable. Empty: only calls without one.")


_EDGE = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}

# Every parameter stands in the signatures, for the document and so that an unknown one is refused; the values are read
# from the request by reports/ask.py, which tells everything that is wrong with them at once.
Names = list[str] | None
Metrics = Annotated[
    Names,
    _parameter(
        "metrics",
        "Names of metrics, separated by commas or repeated; at least one. /v1/metrics tells what they mean.",
        **_any_of(catalogue()),
    ),
]
By = Annotated[
    Names,
    _parameter(
        "by",
        "What to break it down by, separated by commas or repeated. Without it, the total only.",
        **_any_of(DIMENSIONS),
    ),
]
From = Annotated[
    str | None,
    _parameter(
        "from",
        "First moment of the window: a date, meaning its start in the report's zone, or an RFC 3339 time."
        " Without it, the start of the seventh day before the last.",
        **_EDGE,
    ),
]
To = Annotated[
    str | None,
    _parameter("to", "End of the window, not included: a date or an RFC 3339 time. Without it, today's end.", **_EDGE),
]
Zone = Annotated[
    str | None,
    _parameter(
        "tz",
        "IANA time zone of days and hours. Without it, that of the one campaign asked for, or the account's.",
        format="time-zone",
    ),
]
AsOf = Annotated[
    str | None, _parameter("as_of", "What the report would have been at this RFC 3339 time.", format="date-time")
]
Agent = Annotated[Names, _narrowed("agent")]
Team = Annotated[Names, _narrowed("team")]
Campaign = Annotated[Names, _narrowed("campaign")]
Source = Annotated[Names, _narrowed("source")]
TrackingNumber = Annotated[Names, _narrowed("tracking_number")]
Preset = Annotated[str, PathParameter(description="Which report.", schema_extra={"enum": sorted(PRESETS)})]
MetricName = Annotated[str, PathParameter(description="Which metric.", schema_extra={"enum": sorted(catalogue())})]
Form = Annotated[
    str | None,
    _parameter("format", "Without it, what the Accept header prefers.", enum=[*_MEDIA_TYPES]),
]


class CatalogueEntry(MetricDocument):
    """A metric in the catalogue: a sentence for anybody, then who is counted and what happens at the edges."""

    meaning: str
    definition: str
    frame: str
    dimensions: list[str]


class Turns:
    """Lets a few reports be computed at once and a few more wait; whoever comes after those is told to come back."""

    def __init__(self, at_once: int, most_waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + most_waiting
        self._here = 0

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[None]:
        """A turn, as soon as there is one. Raises Busy when too many wait already."""
        if self._here >= self._most:
            raise Busy("Too many reports are being computed; ask again in a moment.")
        self._here += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1


_TURNS = Turns(_AT_ONCE, _MOST_WAITING)


_SCOPES: dict[str, Any] = {"scopes": ("reports",)}
_ANSWERS = _SCOPES | {"media_types": tuple(_MEDIA_TYPES.values())}


@get("/reports", operation_id="read_report", summary="A report of chosen metrics", tags=["reports"], opt=_ANSWERS)
async def read_report(
    request: AnyRequest,
    desk: DeskDependency,
    _metrics: Metrics = None,
    _by: By = None,
    _from: From = None,
    _to: To = None,
    _tz: Zone = None,
    _as_of: AsOf = None,
    _agent: Agent = None,
    _team: Team = None,
    _campaign: Campaign = None,
    _source: Source = None,
    _tracking_number: TrackingNumber = None,
    _format: Form = None,
) -> Response[ReportDocument]:
    """Any metrics over a window, each with its numerator, denominator and 95 % interval."""
    return await _answer(request, desk, None)


@get(
    "/reports/{preset:str}",
    operation_id="read_preset",
    summary="A report with a name",
    tags=["reports"],
    opt=_ANSWERS,
)
async def read_preset(
    request: AnyRequest,
    desk: DeskDependency,
    preset: Preset,
    _by: By = None,
    _from: From = None,
    _to: To = None,
    _tz: Zone = None,
    _as_of: AsOf = None,
    _agent: Agent = None,
    _team: Team = None,
    _campaign: Campaign = None,
    _source: Source = None,
    _tracking_number: TrackingNumber = None,
    _format: Form = None,
) -> Response[ReportDocument]:
    """A named set of metrics over a window: `outbound` is what a sales manager reads first."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    return await _answer(request, desk, preset)


@get("/metrics", operation_id="list_metrics", summary="The catalogue of metrics", tags=["reports"], opt=_SCOPES)
async def list_metrics() -> dict[str, list[CatalogueEntry]]:
    """Every number there is, and what it means."""
    return {"items": [_entry(entry) for entry in catalogue().values()]}


@get(
    "/metrics/{name:str}",
    operation_id="read_metric",
    summary="What one metric means",
    tags=["reports"],
    opt=_SCOPES,
)
async def read_metric(name: MetricName) -> CatalogueEntry:
    """A metric's definition: population, formula, edge cases, and what it may be broken down by."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name; /v1/metrics lists them.")
    return _entry(catalogue()[name])


async def _answer(request: AnyRequest, desk: Desk, preset: str | None) -> Response[ReportDocument]:
    access = desk.access
    parameters = request.query_params.dict()
    form = _form(request, parameters.pop("format", []))
    async with (
        _TURNS.one(),
        account_transaction(desk.pool, access.account_id, readonly=True, isolation="repeatable_read") as connection,
    ):
        try:
            report = await answer(connection, access.account_id, preset, parameters)
        except AskError as error:
            raise InvalidParameter(faults=tuple(Fault(f.parameter, f.message) for f in error.faults)) from None
    content = await asyncio.to_thread(to_csv if form == "csv" else to_json, report)
    return Response(cast("Any", content), media_type=_MEDIA_TYPES[form], headers=_file_name(report, form))


def _form(request: AnyRequest, asked: list[str]) -> Format:
    """The format asked for by name, else by the Accept header, else JSON."""
    match asked:
        case []:
            best = request.accept.best_match(list(_MEDIA_TYPES.values()))
            return "csv" if best == _MEDIA_TYPES["csv"] else "json"
        case ["json" | "csv" as form]:
            return form
        case _:
            raise InvalidParameter(faults=(Fault("format", "must be json or csv, and given only once"),))


def _file_name(report: Report, form: Format) -> dict[str, str]:
    """What a browser calls the file it saves."""
    if form == "json":
        return {}
    day = report.ask.window.local(report.ask.window.start).date()
    return {"Content-Disposition": f'attachment; filename="calltally-{report.ask.preset or "report"}-{day}.csv"'}


def _entry(entry: Entry) -> CatalogueEntry:
    metric = entry.metric
    return CatalogueEntry(
        **describe(metric),
        meaning=entry.meaning,
        definition=entry.definition,
        frame=metric.frame,
        dimensions=list(metric.dimensions),
    )


HANDLERS: list[HTTPRouteHandler] = [read_report, read_preset, list_metrics, read_metric]

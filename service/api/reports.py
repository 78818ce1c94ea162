"""Asking for reports, for the rows behind their numbers, and for what the numbers mean."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.presets import PRESETS
from reports.query.drill_through import MOST_IN_A_FILE, USUAL_LIMIT, Rows, run_drill_through
from reports.query.engine import Report
from reports.query.parameters import InvalidRequest, Parameters
from reports.query.run import run_report
from reports.render.export import FORMATS, Format, rows_to_csv, write
from reports.render.json_document import MetricDocument, ReportDocument, RowsDocument, describe, rows_document
from reports.store.lake import Lake, LakeTables
from reports.store.ledger import Ledger
from service.api import query_parameters
from service.errors import Fault, InvalidParameter, NotFound
from service.platform.concurrency_limit import ConcurrencyLimit
from service.platform.db import Connection, account_transaction
from service.reporting.report_cache import CachedReport, Read, good_until, is_good, state_of
from service.web.requests import AnyRequest
from service.web.services import RequestContext, RequestContextDependency

R = TypeVar("R", bound=Read)
# What makes bytes of a report, with the headers that go with them.
Writing: TypeAlias = Callable[[Report], tuple[bytes, dict[str, str]]]
# What reads something of one snapshot of the ledger, with the lake.
Reading: TypeAlias = Callable[[Ledger, LakeTables], Awaitable[R]]

# Per process: what two cores can do at once, and as many again that are worth waiting for.
_TURNS = ConcurrencyLimit(at_once=2, most_waiting=8)

Preset = Annotated[str, PathParameter(description="Which report.", schema_extra={"enum": sorted(PRESETS)})]
MetricName = Annotated[str, PathParameter(description="Which metric.", schema_extra={"enum": sorted(catalogue())})]

_SCOPES: dict[str, Any] = {"scopes": ("reports",)}
_ANSWERS = _SCOPES | {
    "media_types": tuple(form.media_type for form in FORMATS.values()),
    "headers": {"ETag": "What tells this answer from any other. Send it as If-None-Match when asking again."},
}
_FORM = query_parameters.form(FORMATS)
_FORMS_OF_ROWS: tuple[Format, ...] = ("json", "csv")


class CatalogueEntry(MetricDocument):
    """A metric in the catalogue: a sentence for anybody, then who is counted and what happens at the edges.

    frame: what one row behind it is; null for a metric that is made of others. limit: what it must not pass by law or
    rule. band: between which values it is good.
    """

    meaning: str
    definition: str
    frame: str | None
    dimensions: list[str]
    per_model: bool
    limit: float | None
    band: list[float] | None


@get(
    "/reports",
    operation_id="read_report",
    summary="A report of chosen metrics",
    tags=["reports"],
    opt=_ANSWERS | {"query": query_parameters.REPORT | _FORM},
)
async def read_report(request: AnyRequest, context: RequestContextDependency) -> Response[ReportDocument]:
    """Any metrics over a window, each with its numerator, denominator, 95 % interval and rows."""
    return await _answer(request, context, None)


@get(
    "/reports/{preset:str}",
    operation_id="read_preset",
    summary="A report with a name",
    tags=["reports"],
    opt=_ANSWERS | {"query": query_parameters.PRESET | _FORM},
)
async def read_preset(
    request: AnyRequest, context: RequestContextDependency, preset: Preset
) -> Response[ReportDocument]:
    """A named set of metrics over a window: `outbound` is what a sales manager reads first."""
    if preset not in PRESETS:
        raise NotFound(f"There is no report of this name; there is: {', '.join(PRESETS)}.")
    return await _answer(request, context, preset)


@get(
    "/reports/rows",
    operation_id="read_rows",
    summary="The rows behind a number",
    tags=["reports"],
    opt={
        "scopes": ("rows",),
        "media_types": (FORMATS["json"].media_type, FORMATS["csv"].media_type),
        "query": query_parameters.ROWS | query_parameters.form(_FORMS_OF_ROWS),
    },
)
async def read_rows(request: AnyRequest, context: RequestContextDependency) -> Response[RowsDocument]:
    """The calls, leads or costs that a number was made of, in pages: they count or add up to it exactly.

    Every cell of a report links here. As CSV they come all at once, unless a limit is given.
    """
    parameters = request.query_params.dict()
    if _form(request, parameters.pop("format", []), _FORMS_OF_ROWS) == "json":
        return Response(rows_document(await rows_behind(context, parameters), request.url.query))
    rows = await rows_behind(context, parameters, MOST_IN_A_FILE)
    content = await asyncio.to_thread(rows_to_csv, rows)
    day = rows.request.window.local(rows.request.window.start).date()
    named = {"Content-Disposition": f'attachment; filename="calltally-{rows.metric.name}-rows-{day}.csv"'}
    return Response(cast("Any", content), media_type=FORMATS["csv"].media_type, headers=named)


async def rows_behind(context: RequestContext, parameters: Parameters, usual_limit: int = USUAL_LIMIT) -> Rows:
    """The rows that some parameters ask for. Raises InvalidParameter and Busy."""
    async with _TURNS.slot(), _snapshot(context) as (_, ledger, copies):
        return await run_drill_through(ledger, copies, parameters, usual_limit)


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


async def _answer(request: AnyRequest, context: RequestContext, preset: str | None) -> Response[ReportDocument]:
    parameters = request.query_params.dict()
    form = _form(request, parameters.pop("format", []))
    kept = await give(context, preset, parameters, FORMATS[form].media_type, partial(_written, form))
    headers = {**kept.headers, "ETag": kept.tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if _is_held(request, kept.tag):
        return Response(cast("Any", None), status_code=304, headers=headers)
    return Response(cast("Any", kept.content), media_type=FORMATS[form].media_type, headers=headers)


async def give(
    context: RequestContext, preset: str | None, parameters: Parameters, name: str, writing: Writing
) -> CachedReport:
    """An answer to some parameters: one that is kept, if it is as good as new, else a new one.

    name: tells this way of writing a report from any other. Raises InvalidParameter and Busy.
    """

    def reading(ledger: Ledger, copies: LakeTables) -> Awaitable[Report]:
        return run_report(ledger, copies, preset, parameters)

    return await give_read(context, (preset, name), parameters, reading, writing)


async def give_read(
    context: RequestContext,
    name: Hashable,
    parameters: Parameters,
    reading: Reading[R],
    writing: Callable[[R], tuple[bytes, dict[str, str]]],
) -> CachedReport:
    """Whatever else is read of a snapshot as a report is, kept like a report."""
    asked = tuple(sorted((parameter, tuple(values)) for parameter, values in parameters.items()))
    return await context.report_cache.get_or_compute(
        (context.access.account_id, name, asked),
        partial(_is_good, context),
        partial(_make, context, reading, writing),
    )


def _written(form: Format, report: Report) -> tuple[bytes, dict[str, str]]:
    return write(report, form), _file_name(report, form)


async def _is_good(context: RequestContext, kept: CachedReport) -> bool:
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        return await is_good(connection, account_id, kept)


async def _make(
    context: RequestContext, reading: Reading[R], writing: Callable[[R], tuple[bytes, dict[str, str]]]
) -> CachedReport:
    async with _TURNS.slot():
        begun = perf_counter()
        async with _snapshot(context) as (connection, ledger, copies):
            state = await state_of(connection, ledger.account_id)
            read = await reading(ledger, copies)
        content, headers = await asyncio.to_thread(writing, read)
    took = timedelta(seconds=perf_counter() - begun)
    return CachedReport(content, headers, state, good_until(read, took))


def _is_held(request: AnyRequest, tag: str) -> bool:
    """Whether the caller says that it has this very content already."""
    said = request.headers.get("if-none-match", "")
    return said.strip() == "*" or tag in {each.strip().removeprefix("W/") for each in said.split(",")}


@asynccontextmanager
async def _snapshot(context: RequestContext) -> AsyncGenerator[tuple[Connection, Ledger, LakeTables]]:
    """The lake and a snapshot to answer one question in; what is wrong with it is the asker's to hear."""
    account_id = context.access.account_id
    copies = await asyncio.to_thread(Lake(context.settings.lake_root).open_all, account_id)
    async with account_transaction(context.pool, account_id, readonly=True, isolation="repeatable_read") as connection:
        try:
            with Ledger(connection, account_id) as ledger:
                yield connection, ledger, copies
        except InvalidRequest as error:
            raise InvalidParameter(faults=tuple(Fault(f.parameter, f.message) for f in error.faults)) from None


def _form(request: AnyRequest, asked: list[str], known: Sequence[Format] = tuple(FORMATS)) -> Format:
    """The format asked for by name, else by the Accept header, else JSON."""
    by_type: dict[str, Format] = {FORMATS[name].media_type: name for name in known}
    match asked:
        case []:
            return by_type.get(request.accept.best_match(list(by_type)) or "", "json")
        case [name] if name in known:
            return cast("Format", name)
        case _:
            raise InvalidParameter(faults=(Fault("format", f"must be one of {', '.join(known)}, and given only once"),))


def _file_name(report: Report, form: Format) -> dict[str, str]:
    """What a browser calls the file it saves."""
    if form == "json":
        return {}
    day = report.request.window.local(report.request.window.start).date()
    name = f"calltally-{report.request.preset or 'report'}-{day}.{form}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _entry(entry: Entry) -> CatalogueEntry:
    metric = entry.metric
    return CatalogueEntry(
        **describe(metric),
        meaning=entry.meaning,
        definition=entry.definition,
        frame=metric.frame or None,
        dimensions=list(metric.dimensions),
        per_model=metric.per_model,
        limit=metric.limit,
        band=list(metric.band) if metric.band else None,
    )


HANDLERS: list[HTTPRouteHandler] = [read_report, read_rows, read_preset, list_metrics, read_metric]

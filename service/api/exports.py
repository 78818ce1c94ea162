"""Exports: all rows of a fact, or the new ones, as Parquet or Arrow for other programs."""

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from reports.model.tables import TABLES
from reports.model.times import TimeFormError
from reports.model.windows import read_instant
from reports.store.change_feed import RowSelection
from service.errors import Fault, InvalidParameter, NotFound
from service.reporting.row_exports import MEDIA_TYPES, ExportFormat, FileStream, export
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency
from service.web.trail import note

FACTS = {name.replace("_", "-"): name for name in TABLES}
_VERSIONS = ("current", "all")

Fact = Annotated[str, PathParameter(description="Name of the fact.", schema_extra={"enum": [*FACTS]})]
Since = Annotated[
    str | None,
    QueryParameter(
        description="Only rows recorded at this RFC 3339 time or later; with all versions, also those superseded since."
        " To continue after an export use `after`: a transaction may end later than the times of its rows.",
        schema_extra={"format": "date-time"},
    ),
]
After = Annotated[
    str | None,
    QueryParameter(
        description="Continue after an export, with the cursor from its `Link`: all rows that have changed since, as"
        " they are now. Some rows may come twice; none is missed."
    ),
]
Versions = Annotated[
    str | None,
    QueryParameter(
        description="current: the current rows. all: also their earlier versions, with the time when each was valid."
        " Default: current.",
        schema_extra={"enum": [*_VERSIONS]},
    ),
]
FormatName = Annotated[
    str | None,
    QueryParameter(
        name="format",
        description="Default: the best for the Accept header, else parquet.",
        schema_extra={"enum": [*MEDIA_TYPES]},
    ),
]


@get(
    "/exports/{fact:str}",
    operation_id="export_fact",
    summary="The rows of a fact",
    tags=["exports"],
    opt=RouteOptions(
        scopes=("rows",),
        answer=str,
        media_types=tuple(MEDIA_TYPES.values()),
        headers={"Link": 'The address of the next export, rel="next": it has all later changes.'},
    ).opt,
)
async def export_fact(
    request: AnyRequest,
    context: RequestContextDependency,
    fact: Fact,
    since: Since = None,
    after: After = None,
    versions: Versions = None,
    format_name: FormatName = None,
) -> Stream:
    """All rows of a fact at one moment, or only new ones, which replace older rows with the same key.

    The columns are those of the lake: times in UTC, money in ten-thousandths, ids in place of phone numbers.
    """
    if fact not in FACTS:
        raise NotFound(f"There is no fact with this name; the facts are: {', '.join(FACTS)}.")
    format_ = _format(request, format_name)
    selection = _selection(FACTS[fact], since, after, versions)
    out = FileStream(partial(_produce, context, selection, after, format_))
    next_query = {"after": await out.started(), "format": format_}
    if selection.all_versions:
        next_query["versions"] = "all"
    await note(context, "export", "exports", fact)
    headers = {
        "Link": f'</v1/exports/{fact}?{urlencode(next_query)}>; rel="next"',
        "Content-Disposition": f'attachment; filename="calltally-{fact}.{format_}"',
        "Cache-Control": "private, no-store",
    }
    return Stream(out.pieces(), media_type=MEDIA_TYPES[format_], headers=headers)


async def _produce(
    context: RequestContext, selection: RowSelection, after: str | None, format_: ExportFormat, out: FileStream
) -> None:
    async with context.export_limit.slot():
        await export(context.pool, context.access.account_id, selection, after, format_, out)


def _format(request: AnyRequest, name: str | None) -> ExportFormat:
    """The format that the parameter names, else the best for the Accept header, else Parquet."""
    if name is None:
        by_type: dict[str, ExportFormat] = {media_type: name for name, media_type in MEDIA_TYPES.items()}
        return by_type.get(request.accept.best_match(list(by_type)) or "", "parquet")
    if name not in MEDIA_TYPES:
        raise InvalidParameter(faults=(Fault("format", f"must be one of {', '.join(MEDIA_TYPES)}"),))
    return name


def _selection(name: str, since: str | None, after: str | None, versions: str | None) -> RowSelection:
    faults: list[Fault] = []
    if versions not in {None, *_VERSIONS}:
        faults.append(Fault("versions", f"must be one of {', '.join(_VERSIONS)}"))
    if since is not None and after is not None:
        faults.append(Fault("since", "cannot be combined with after, which continues with every change"))
    try:
        moment = read_instant(since) if since is not None else None
    except TimeFormError as error:
        faults.append(Fault("since", str(error)))
        moment = None
    if faults:
        raise InvalidParameter(faults=tuple(faults))
    return RowSelection(name=name, since=moment, all_versions=versions == "all")


HANDLERS: list[HTTPRouteHandler] = [export_fact]

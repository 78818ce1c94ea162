"""Taking the rows along: every fact as Parquet or Arrow, all of it or what is new, for programs of one's own."""

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
from service.platform.concurrency_limit import ConcurrencyLimit
from service.reporting.row_exports import MEDIA_TYPES, Form, Handover, export
from service.web.requests import AnyRequest
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

# Per process. Whoever reads slowly keeps a turn for long, so nobody waits for one.
_TURNS = ConcurrencyLimit(at_once=2, most_waiting=0, label="exports")

FACTS = {name.replace("_", "-"): name for name in TABLES}
_VERSIONS = ("current", "all")

Fact = Annotated[str, PathParameter(description="Which fact.", schema_extra={"enum": [*FACTS]})]
Since = Annotated[
    str | None,
    QueryParameter(
        description="Only what was recorded at this RFC 3339 time or later; with all versions, also those that were"
        " superseded then. Not for going on after an export: what is being written then may be recorded before it.",
        schema_extra={"format": "date-time"},
    ),
]
After = Annotated[
    str | None,
    QueryParameter(
        description="Go on where an export ended, by the cursor in its `Link`: all that has changed since, each row as"
        " it is now. Some may come twice; none is missed."
    ),
]
Versions = Annotated[
    str | None,
    QueryParameter(
        description="current: the rows that are believed now. all: also those that were believed before, each with when"
        " it was. Without it, current.",
        schema_extra={"enum": [*_VERSIONS]},
    ),
]
FormName = Annotated[
    str | None,
    QueryParameter(
        name="format",
        description="Without it, what the Accept header prefers, else parquet.",
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
        headers={"Link": 'The address of the next export, rel="next": what changes from here on.'},
    ).opt,
)
async def export_fact(
    request: AnyRequest,
    context: RequestContextDependency,
    fact: Fact,
    since: Since = None,
    after: After = None,
    versions: Versions = None,
    form_name: FormName = None,
) -> Stream:
    """All rows of a fact as of one moment, or those that are new, to be put in the place of those with the same key.

    The columns are those of the lake: moments in UTC, money in ten-thousandths, ids in place of phone numbers.
    """
    if fact not in FACTS:
        raise NotFound(f"There is no such fact to export; there are {', '.join(FACTS)}.")
    form = _form(request, form_name)
    selection = _selection(FACTS[fact], since, after, versions)
    out = Handover(partial(_make, context, selection, after, form))
    following = {"after": await out.begun(), "format": form} | ({"versions": "all"} if selection.all_versions else {})
    headers = {
        "Link": f'</v1/exports/{fact}?{urlencode(following)}>; rel="next"',
        "Content-Disposition": f'attachment; filename="calltally-{fact}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return Stream(out.pieces(), media_type=MEDIA_TYPES[form], headers=headers)


async def _make(context: RequestContext, selection: RowSelection, after: str | None, form: Form, out: Handover) -> None:
    async with _TURNS.slot():
        await export(context.pool, context.access.account_id, selection, after, form, out)


def _form(request: AnyRequest, name: str | None) -> Form:
    """The format asked for by name, else by the Accept header, else Parquet."""
    if name is None:
        by_type: dict[str, Form] = {media_type: form for form, media_type in MEDIA_TYPES.items()}
        return by_type.get(request.accept.best_match(list(by_type)) or "", "parquet")
    if name not in MEDIA_TYPES:
        raise InvalidParameter(faults=(Fault("format", f"must be one of {', '.join(MEDIA_TYPES)}"),))
    return name


def _selection(name: str, since: str | None, after: str | None, versions: str | None) -> RowSelection:
    faults: list[Fault] = []
    if versions not in {None, *_VERSIONS}:
        faults.append(Fault("versions", f"must be one of {', '.join(_VERSIONS)}"))
    if since is not None and after is not None:
        faults.append(Fault("since", "cannot be told together with after, which goes on with everything"))
    try:
        moment = read_instant(since) if since is not None else None
    except TimeFormError as error:
        faults.append(Fault("since", str(error)))
        moment = None
    if faults:
        raise InvalidParameter(faults=tuple(faults))
    return RowSelection(name=name, since=moment, all_versions=versions == "all")


HANDLERS: list[HTTPRouteHandler] = [export_fact]

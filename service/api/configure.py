"""Configuration of an account: create, read and list codes and tracking numbers."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from reports.model.times import TimeFormError, read_time
from service.errors import AlreadyAssigned, AlreadyRetired, Fault, InvalidParameter, NotFound
from service.ingest.agents import AgentCode
from service.ingest.attribution import assign, own_number, unassign
from service.ingest.configuration import AGENT, ASSIGNMENT, CODES, TRACKING_NUMBER, Assignment, Configured
from service.ingest.configured.authors import Change
from service.ingest.configured.items import ConfiguredItems, no_such_item
from service.ingest.configured.versions import read_versions
from service.ingest.fields import Code, Item
from service.web.request_bodies import (
    A_CODE,
    READ,
    WRITE,
    After,
    Limit,
    Page,
    check_after,
    check_code,
    in_path,
    read_model,
)
from service.web.requests import AnyRequest
from service.web.response_types import assignment_receipt, page, put_receipt, stored, versions
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_NUMBER = stored(TRACKING_NUMBER)

CodePath = Annotated[str, in_path("The code, with %2F for a slash.", **A_CODE)]
NumberPath = Annotated[str, in_path("Number in E.164, with a plus sign or %2B.", pattern=r"^\+[0-9]{2,15}$")]
FromAtPath = Annotated[str, in_path("Start of the assignment.", **{"$ref": "#/components/schemas/PlannedTime"})]
_CONFIRMED = {"true": True, "false": False, "any": None}
Confirmed = Annotated[
    Literal["true", "false", "any"], QueryParameter(description="Only confirmed codes, or only unconfirmed ones.")
]
Create = Annotated[
    Literal["true", "false"], QueryParameter(description="Register the number if the account does not know it.")
]


def _items(context: RequestContext) -> ConfiguredItems:
    return ConfiguredItems(context.pool, context.accounts, context.access.account_id)


async def _page(
    context: RequestContext, configured: Configured, *, confirmed: bool | None, after: str, limit: int
) -> Page:
    items = await _items(context).list_items(configured, confirmed=confirmed, after=after, limit=limit + 1)
    shown = items[:limit]
    return Page(shown, cast("str", shown[-1][configured.key]) if len(items) > limit else None)


async def _read(context: RequestContext, configured: Configured, key: str) -> dict[str, Any]:
    return await _items(context).read(configured, key)


async def _put(context: RequestContext, configured: Configured, key: str, form: Item) -> Response[Any]:
    status = await _items(context).put(configured, key, form, Change(context.access))
    stored = await _read(context, configured, key)
    return Response({"status": status, **stored}, status_code=201 if status == "created" else 200)


def _code_handlers(configured: Configured) -> list[HTTPRouteHandler]:
    name, words = configured.fact.table, configured.path.replace("-", " ")
    document = stored(configured)

    @put(
        f"/{configured.path}/{{code:str}}",
        operation_id=f"put_{name}",
        summary=f"Create or replace one of the {words}, and confirm it",
        description=f"{configured.form.__doc__}\n\nThe new values replace all old ones, also in fields left out.",
        tags=["configuration"],
        opt=RouteOptions(scopes=WRITE, body=configured.form, answer=put_receipt(document)).opt,
    )
    async def put_code(request: AnyRequest, context: RequestContextDependency, code: CodePath) -> Response[Any]:
        check_code("code", code, AgentCode if configured is AGENT else Code)
        return await _put(context, configured, code, await read_model(request, context, configured.form))

    @get(
        f"/{configured.path}/{{code:str}}",
        operation_id=f"read_{name}",
        summary=f"Read one of the {words}",
        description=configured.form.__doc__,
        tags=["configuration"],
        opt=RouteOptions(scopes=READ, answer=document).opt,
    )
    async def read_code(context: RequestContextDependency, code: CodePath) -> dict[str, Any]:
        check_code("code", code)
        return await _read(context, configured, code)

    @get(
        f"/{configured.path}",
        operation_id=f"list_{name}",
        summary=f"List the {words}",
        description=f"Confirmed and unconfirmed {words} in the order of their codes, in pages.",
        tags=["configuration"],
        opt=RouteOptions(scopes=READ, answer=page(document)).opt,
    )
    async def list_codes(
        context: RequestContextDependency, confirmed: Confirmed = "any", after: After = "", limit: Limit = 100
    ) -> Page:
        check_after(after)
        return await _page(context, configured, confirmed=_CONFIRMED[confirmed], after=after, limit=limit)

    @get(
        f"/{configured.path}/{{code:str}}/versions",
        operation_id=f"list_versions_of_{name}",
        summary=f"List the versions of one of the {words}",
        description="Up to a hundred versions, newest first, each with its author. To undo a change, put the values of"
        " an earlier version again.",
        tags=["configuration"],
        opt=RouteOptions(scopes=READ, answer=versions(configured), problems=(NotFound,)).opt,
    )
    async def list_versions(context: RequestContextDependency, code: CodePath) -> dict[str, Any]:
        check_code("code", code)
        listed = await read_versions(_items(context), configured, code)
        if not listed:
            raise no_such_item(configured)
        return {"items": [version.document() for version in listed]}

    return [put_code, read_code, list_codes, list_versions]


@put(
    "/tracking-numbers/{number:str}",
    operation_id="put_tracking_numbers",
    summary="Register a tracking number",
    tags=["configuration"],
    opt=RouteOptions(scopes=WRITE, body=TRACKING_NUMBER.form, answer=put_receipt(_NUMBER)).opt,
)
async def put_tracking_number(
    request: AnyRequest, context: RequestContextDependency, number: NumberPath
) -> Response[Any]:
    """Register a tracking number. Earlier calls through the number are attributed again.

    With `retired_at` the number retires: it has no holder from then on, and calls with it wait in the to-do list.
    Without it a retired number is in use again, with its assignments as they were.
    """
    account = await context.accounts.get(context.access.account_id)
    form = await read_model(request, context, TRACKING_NUMBER.form)
    return await _put(context, TRACKING_NUMBER, own_number(account, number), form)


@get(
    "/tracking-numbers/{number:str}",
    operation_id="read_tracking_numbers",
    summary="Read a tracking number and its assignments over time",
    tags=["configuration"],
    opt=RouteOptions(scopes=READ, answer=_NUMBER).opt,
)
async def read_tracking_number(context: RequestContextDependency, number: NumberPath) -> dict[str, Any]:
    """A tracking number with its owners over time."""
    account = await context.accounts.get(context.access.account_id)
    return await _read(context, TRACKING_NUMBER, own_number(account, number))


@get(
    "/tracking-numbers",
    operation_id="list_tracking_numbers",
    summary="List the tracking numbers and their assignments over time",
    tags=["configuration"],
    opt=RouteOptions(scopes=READ, answer=page(_NUMBER)).opt,
)
async def list_tracking_numbers(
    context: RequestContextDependency, confirmed: Confirmed = "any", after: After = "", limit: Limit = 100
) -> Page:
    """Tracking numbers in order, in pages."""
    check_after(after)
    return await _page(context, TRACKING_NUMBER, confirmed=_CONFIRMED[confirmed], after=after, limit=limit)


@post(
    "/tracking-numbers/{number:str}/assignments",
    operation_id="post_tracking_number_assignments",
    summary="Say whose a tracking number is from a moment on",
    tags=["configuration"],
    status_code=201,
    opt=RouteOptions(
        scopes=WRITE,
        body=ASSIGNMENT.form,
        answer=assignment_receipt(_NUMBER),
        problems=(NotFound, AlreadyAssigned, AlreadyRetired),
    ).opt,
)
async def post_assignment(
    request: AnyRequest, context: RequestContextDependency, number: NumberPath, create: Create = "false"
) -> Response[Any]:
    """Assign a number, or correct the assignment that starts at the same moment.

    An assignment without an end goes on until the next one begins. One with an end is an interim: after it the number
    returns to the holder it interrupted, and `afterwards` says so, or says that nobody has the number then. A number
    that the account does not know is refused with 404 unless the request says `create=true`.
    """
    account = await context.accounts.get(context.access.account_id)
    assignment = await read_model(request, context, Assignment)
    e164 = own_number(account, number)
    outcome = await assign(context.pool, account, e164, assignment, create=create == "true")
    stored = await _read(context, TRACKING_NUMBER, e164)
    status = outcome.receipt.status
    content = {"status": status, "afterwards": outcome.afterwards, **stored}
    return Response(content, status_code=201 if status == "created" else 200)


@delete(
    "/tracking-numbers/{number:str}/assignments/{from_at:str}",
    operation_id="delete_tracking_number_assignments",
    summary="Take back an assignment made in error",
    tags=["configuration"],
    status_code=200,
    opt=RouteOptions(scopes=WRITE, answer=_NUMBER).opt,
)
async def delete_assignment(
    context: RequestContextDependency, number: NumberPath, from_at: FromAtPath
) -> dict[str, Any]:
    """Delete the assignment that starts at this moment. The answer is the number with its other assignments."""
    account = await context.accounts.get(context.access.account_id)
    e164 = own_number(account, number)
    await unassign(context.pool, account, e164, _moment(from_at))
    return await _read(context, TRACKING_NUMBER, e164)


def _moment(text: str) -> datetime:
    try:
        return read_time(text)
    except TimeFormError as error:
        raise InvalidParameter(faults=(Fault("from_at", str(error)),)) from None


HANDLERS: list[HTTPRouteHandler] = [
    *(handler for configured in CODES for handler in _code_handlers(configured)),
    put_tracking_number,
    read_tracking_number,
    list_tracking_numbers,
    post_assignment,
    delete_assignment,
]

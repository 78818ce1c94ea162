"""Configuration of an account: create, read and list codes and tracking numbers."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from reports.model.times import TimeFormError, read_time
from service.accounts.accounts import Account
from service.errors import AlreadyAssigned, AlreadyRetired, Fault, InvalidItem, InvalidParameter, NotFound
from service.ingest.agents import AgentCode
from service.ingest.attribution import assign, own_number, unassign
from service.ingest.configuration import AGENT, ASSIGNMENT, CODES, TRACKING_NUMBER, Assignment, Configured, Mergeable
from service.ingest.fields import Code, Item
from service.ingest.parsing import Entry
from service.ingest.resources import Sender
from service.platform.db import account_transaction
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
from service.web.response_types import assignment_receipt, page, put_receipt, stored
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_QUERIES = load("configuration")

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


async def _list(
    context: RequestContext,
    configured: Configured,
    *,
    key: str | None = None,
    confirmed: bool | None = None,
    after: str = "",
    limit: int,
) -> list[dict[str, Any]]:
    access = context.access
    query = _QUERIES[f"list_{configured.fact.table}"]
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(query, access.account_id, key, confirmed, after, limit)
    return [dict(row) for row in rows]


async def _page(
    context: RequestContext, configured: Configured, *, confirmed: bool | None, after: str, limit: int
) -> Page:
    items = await _list(context, configured, confirmed=confirmed, after=after, limit=limit + 1)
    shown = items[:limit]
    return Page(shown, cast("str", shown[-1][configured.key]) if len(items) > limit else None)


async def _read(context: RequestContext, configured: Configured, key: str) -> dict[str, Any]:
    items = await _list(context, configured, key=key, limit=1)
    if not items:
        raise NotFound(f"There is none of that name among the {configured.path.replace('-', ' ')}.")
    return items[0]


async def _put(
    context: RequestContext, account: Account, configured: Configured, key: str, form: Item
) -> Response[Any]:
    resource = configured.resource(key, confirmed=True)
    entry = Entry(0, resource, key, tuple(resource.observe(form, Sender.of(account))))
    [receipt] = await context.capture.store_entries(account.account_id, [entry])
    context.accounts.forget(account.account_id)
    stored = await _read(context, configured, key)
    return Response({"status": receipt.status, **stored}, status_code=201 if receipt.status == "created" else 200)


async def _check_merge(context: RequestContext, configured: Configured, code: str, form: Mergeable) -> None:
    """Refuse a merge into an unknown code, or a chain of merges: reports follow one step. Raises InvalidItem."""
    if form.merged_into is None:
        return
    targets = await _list(context, configured, key=form.merged_into, limit=1)
    message = (
        "is the code itself"
        if form.merged_into == code
        else "is not known"
        if not targets
        else "is itself merged into another code"
        if targets[0]["merged_into"] is not None
        else "cannot be: other codes are merged into this one"
        if await _is_merged_into(context, configured, code)
        else None
    )
    if message:
        raise InvalidItem(faults=(Fault("/merged_into", message),))


async def _is_merged_into(context: RequestContext, configured: Configured, code: str) -> bool:
    account_id, table = context.access.account_id, configured.fact.table
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        return await connection.fetchval(_QUERIES["is_merged_into"], account_id, table, code)


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
        account = await context.accounts.get(context.access.account_id)
        check_code("code", code, AgentCode if configured is AGENT else Code)
        form = await read_model(request, context, configured.form)
        await _check_merge(context, configured, code, cast("Mergeable", form))
        return await _put(context, account, configured, code, form)

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

    return [put_code, read_code, list_codes]


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
    return await _put(context, account, TRACKING_NUMBER, own_number(account, number), form)


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

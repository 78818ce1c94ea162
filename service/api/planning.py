"""Planning: the working hours of teams, and targets for metrics."""

from inspect import getdoc
from typing import Annotated, Any

from litestar import Response, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from reports.catalogue.catalogue import catalogue
from service.errors import NotFound
from service.ingest.editing import plans
from service.ingest.editing.target_rules import check_target, metric_of
from service.ingest.fields import Item
from service.ingest.parsing import Entry
from service.ingest.planning import (
    Calendar,
    CalendarDocument,
    Target,
    TargetDocument,
    TargetsDocument,
    calendar_of,
    target_of,
)
from service.ingest.receipts import Status
from service.ingest.resources import Resource, Sender
from service.web.parameters import AfterId
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
from service.web.response_types import page, put_receipt
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_METRICS: dict[str, Any] = {"enum": sorted(catalogue())}

TeamPath = Annotated[str, in_path("Team of agents, or `default` for all teams without a calendar.", **A_CODE)]
MetricPath = Annotated[str, in_path("Name of the metric; /v1/metrics explains each.", **_METRICS)]
OfMetric = Annotated[str | None, QueryParameter(description="Only targets of this metric.", schema_extra=_METRICS)]


async def _put(context: RequestContext, resource: Resource, form: Item) -> Status:
    account = await context.accounts.get(context.access.account_id)
    entry = Entry(0, resource, None, tuple(resource.observe(form, Sender.of(account))))
    [receipt] = await context.capture.store_entries(account.account_id, [entry])
    return receipt.status


def _answer(status: Status, stored: dict[str, Any]) -> Response[Any]:
    return Response({"status": status, **stored}, status_code=201 if status == "created" else 200)


# Calendars -----------------------------------------------------------------------------------------------------------


async def _calendar(context: RequestContext, team: str) -> dict[str, Any]:
    calendars = await plans.list_calendars(context.pool, context.access.account_id, team=team, most=1)
    if not calendars:
        raise NotFound("This team has no calendar of its own.")
    return calendars[0]


@put(
    "/calendars/{team:str}",
    operation_id="put_calendars",
    summary="Say when a team works",
    description=getdoc(Calendar),
    tags=["planning"],
    opt=RouteOptions(scopes=WRITE, body=Calendar, answer=put_receipt(CalendarDocument)).opt,
)
async def put_calendar(request: AnyRequest, context: RequestContextDependency, team: TeamPath) -> Response[Any]:
    """Create or replace a team's calendar."""
    check_code("team", team)
    form = await read_model(request, context, Calendar)
    return _answer(await _put(context, calendar_of(team), form), await _calendar(context, team))


@get(
    "/calendars/{team:str}",
    operation_id="read_calendars",
    summary="Read when a team works",
    tags=["planning"],
    opt=RouteOptions(scopes=READ, answer=CalendarDocument).opt,
)
async def read_calendar(context: RequestContextDependency, team: TeamPath) -> dict[str, Any]:
    """The calendar of a team. A team without one works by the calendar of the team `default`."""
    check_code("team", team)
    return await _calendar(context, team)


@get(
    "/calendars",
    operation_id="list_calendars",
    summary="List the calendars of the teams",
    tags=["planning"],
    opt=RouteOptions(scopes=READ, answer=page(CalendarDocument)).opt,
)
async def list_calendars(context: RequestContextDependency, after: After = "", limit: Limit = 100) -> Page:
    """All calendars in the order of the teams, in pages."""
    check_after(after)
    items = await plans.list_calendars(context.pool, context.access.account_id, after=after, most=limit + 1)
    return Page(items[:limit], str(items[limit - 1]["team"]) if len(items) > limit else None)


# Targets -------------------------------------------------------------------------------------------------------------


@put(
    "/targets/{metric:str}",
    operation_id="put_targets",
    summary="Set, change or withdraw a target of a metric",
    description=getdoc(Target),
    tags=["planning"],
    opt=RouteOptions(scopes=WRITE, body=Target, answer=put_receipt(TargetDocument)).opt,
)
async def put_target(request: AnyRequest, context: RequestContextDependency, metric: MetricPath) -> Response[Any]:
    """Set a metric's target from a day on, for the account or for one code."""
    account, target_metric = await context.accounts.get(context.access.account_id), metric_of(metric)
    form = await read_model(request, context, Target)
    key = await check_target(context.pool, account, target_metric, form)
    status = await _put(context, target_of(key), form)
    return _answer(status, await plans.read_target(context.pool, account.account_id, key) or {})


@get(
    "/targets",
    operation_id="list_targets",
    summary="List the targets",
    tags=["planning"],
    opt=RouteOptions(scopes=READ, answer=TargetsDocument).opt,
)
async def list_targets(
    context: RequestContextDependency, metric: OfMetric = None, after: AfterId = 0, limit: Limit = 100
) -> dict[str, Any]:
    """All targets except withdrawn ones, past and future ones too, oldest first, in pages."""
    if metric is not None:
        metric_of(metric)
    account_id = context.access.account_id
    items = await plans.list_targets(context.pool, account_id, metric=metric, after=after, most=limit + 1)
    return {"items": items[:limit], "next": items[limit - 1]["id"] if len(items) > limit else None}


HANDLERS: list[HTTPRouteHandler] = [put_calendar, read_calendar, list_calendars, put_target, list_targets]

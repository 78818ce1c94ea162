"""Planning: the working hours of teams, and targets for metrics."""

from dataclasses import astuple
from decimal import Decimal
from difflib import get_close_matches
from inspect import getdoc
from typing import Annotated, Any

from litestar import Response, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from reports.catalogue.catalogue import catalogue
from reports.measures.durations import Within
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio, Share
from reports.model.answer_time import TARGET_METRIC
from service.errors import Fault, InvalidItem, InvalidParameter, NotFound
from service.ingest.fields import Item
from service.ingest.parsing import Entry
from service.ingest.planning import (
    Calendar,
    CalendarDocument,
    Target,
    TargetDocument,
    TargetKey,
    TargetsDocument,
    calendar_of,
    key_of,
    target_document,
    target_of,
)
from service.ingest.receipts import Status
from service.ingest.resources import Resource, Sender
from service.platform.db import account_transaction
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
from sql import load

_QUERIES = load("planning")
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


async def _calendars(context: RequestContext, team: str | None, after: str, most: int) -> list[dict[str, Any]]:
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_calendars"], access.account_id, team, after, most)
    return [dict(row) for row in rows]


async def _calendar(context: RequestContext, team: str) -> dict[str, Any]:
    calendars = await _calendars(context, team, "", 1)
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
    items = await _calendars(context, None, after, limit + 1)
    return Page(items[:limit], str(items[limit - 1]["team"]) if len(items) > limit else None)


# Targets -------------------------------------------------------------------------------------------------------------


def _metric(name: str) -> Metric:
    if name not in catalogue():
        close = get_close_matches(name, list(catalogue()), n=1)
        meant = f"did you mean {close[0]}?" if close else "/v1/metrics lists them"
        raise InvalidParameter(faults=(Fault("metric", f"is not the name of a metric; {meant}"),))
    return catalogue()[name].metric


def _check_level(metric: Metric, level: Decimal | None) -> None:
    """Refuse a share written in per cent: no rate could reach it. Raises InvalidItem."""
    if level is not None and isinstance(metric.measure, Ratio | Share | Within) and not 0 <= level <= 1:
        raise InvalidItem(faults=(Fault("/value", "must be a share from 0 to 1: 25% is 0.25"),))


def _check_band(metric: Metric, upper: Decimal | None) -> None:
    """Refuse a band of a metric that is better the higher, or the lower, it is. Raises InvalidItem."""
    if upper is not None and metric.band is None:
        raise InvalidItem(faults=(Fault("/upper", "is only for metrics with a band"),))


def _check_answer_time(metric: Metric, target: Target) -> None:
    """Refuse an answer time that no report would use. Raises InvalidItem."""
    if target.within_seconds is None:
        return
    if metric.name != TARGET_METRIC:
        raise InvalidItem(faults=(Fault("/within_seconds", f"is only for {TARGET_METRIC}; all its modes use it"),))
    if target.scope[0] not in ("", "queue"):
        raise InvalidItem(faults=(Fault("/within_seconds", "is for the whole account or for a queue"),))


async def _check_scope(context: RequestContext, metric: Metric, key: TargetKey) -> None:
    """Refuse a target that no report could compare: for an unknown code, or a dimension the metric does not have."""
    if key.dimension and key.dimension not in metric.dimensions:
        raise InvalidItem(faults=(Fault(f"/{key.dimension}", "is not a dimension of this metric"),))
    if key.dimension and not await _is_known(context, key):
        raise InvalidItem(faults=(Fault(f"/{key.dimension}", "is not known"),))


async def _is_known(context: RequestContext, key: TargetKey) -> bool:
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        return await connection.fetchval(_QUERIES["is_known"], access.account_id, key.dimension, key.code)


async def _target(context: RequestContext, key: TargetKey) -> dict[str, Any]:
    access = context.access
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        row = await connection.fetchrow(_QUERIES["read_target"], access.account_id, *astuple(key))
    return target_document(dict(row or {}))


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
    account, target_metric = await context.accounts.get(context.access.account_id), _metric(metric)
    form = await read_model(request, context, Target)
    key = key_of(metric, form, account.region)
    _check_level(target_metric, form.value)
    _check_band(target_metric, form.upper)
    _check_answer_time(target_metric, form)
    await _check_scope(context, target_metric, key)
    return _answer(await _put(context, target_of(key), form), await _target(context, key))


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
    access = context.access
    if metric is not None:
        _metric(metric)
    async with account_transaction(context.pool, access.account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_targets"], access.account_id, metric, after, limit + 1)
    items = [target_document(dict(row)) for row in rows[:limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > limit else None}


HANDLERS: list[HTTPRouteHandler] = [put_calendar, read_calendar, list_calendars, put_target, list_targets]

"""The attributes of leads that an account reports by: declare, change, list and withdraw them."""

from inspect import getdoc
from typing import Annotated, Any

import polars as pl
from litestar import Response, delete, get, put
from litestar.handlers import HTTPRouteHandler

from reports.model.lead_attributes import OTHER
from reports.model.lead_attributes import LeadAttribute as Reported
from service.errors import NotFound
from service.ingest.lead_attributes import (
    AttributeName,
    LeadAttribute,
    LeadAttributeDetails,
    LeadAttributeDocument,
    attribute_of,
)
from service.ingest.parsing import Entry
from service.ingest.receipts import Status
from service.ingest.resources import Resource, Sender
from service.platform.db import account_transaction
from service.web.request_bodies import READ, WRITE, After, Limit, Page, check_after, check_code, in_path, read_model
from service.web.requests import AnyRequest
from service.web.response_types import page, put_receipt
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency
from sql import load

_QUERIES = load("lead_attributes")
_NAME: dict[str, Any] = {"$ref": "#/components/schemas/AttributeName"}
_MOST_UNLISTED = 100

NamePath = Annotated[str, in_path("Name of the attribute, as leads have it.", **_NAME)]


async def _list(context: RequestContext, name: str | None, after: str, most: int) -> list[dict[str, Any]]:
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_lead_attributes"], account_id, name, after, most)
    return [dict(row) for row in rows]


async def _read(context: RequestContext, name: str) -> dict[str, Any]:
    check_code("name", name, AttributeName)
    attributes = await _list(context, name, "", 1)
    if not attributes:
        raise NotFound("The account does not report by an attribute of this name.")
    return attributes[0]


async def _put(context: RequestContext, resource: Resource, form: LeadAttribute) -> Status:
    account = await context.accounts.get(context.access.account_id)
    entry = Entry(0, resource, None, tuple(resource.observe(form, Sender.of(account))))
    [receipt] = await context.capture.store_entries(account.account_id, [entry])
    return receipt.status


async def _unlisted(context: RequestContext, attribute: dict[str, Any]) -> list[dict[str, Any]]:
    """The values that reports count as `other`, if enough leads have them."""
    account_id = context.access.account_id
    async with account_transaction(context.pool, account_id, readonly=True) as connection:
        rows = await connection.fetch(_QUERIES["list_values"], account_id, attribute["name"], attribute["fewest_leads"])
    values = pl.DataFrame([tuple(row) for row in rows], schema={"value": pl.String, "leads": pl.Int64}, orient="row")
    declared = Reported(
        name=attribute["name"],
        title="",
        values=tuple(attribute["values"] or ()),
        bands=tuple(attribute["bands"] or ()),
    )
    if not declared.labels:
        return []
    return values.filter(declared.label(pl.col("value")) == OTHER).head(_MOST_UNLISTED).to_dicts()


@put(
    "/lead-attributes/{name:str}",
    operation_id="put_lead_attributes",
    summary="Report by an attribute of leads",
    description=getdoc(LeadAttribute),
    tags=["lead attributes"],
    opt=RouteOptions(scopes=WRITE, body=LeadAttribute, answer=put_receipt(LeadAttributeDocument)).opt,
)
async def put_lead_attribute(request: AnyRequest, context: RequestContextDependency, name: NamePath) -> Response[Any]:
    """Declare an attribute, or change its declaration."""
    check_code("name", name, AttributeName)
    form = await read_model(request, context, LeadAttribute)
    status = await _put(context, attribute_of(name), form)
    content = {"status": status, **await _read(context, name)}
    return Response(content, status_code=201 if status == "created" else 200)


@get(
    "/lead-attributes/{name:str}",
    operation_id="read_lead_attributes",
    summary="Read how reports use an attribute of leads",
    tags=["lead attributes"],
    opt=RouteOptions(scopes=READ, answer=LeadAttributeDetails).opt,
)
async def read_lead_attribute(context: RequestContextDependency, name: NamePath) -> dict[str, Any]:
    """The declaration of an attribute, and the values of leads that it does not list."""
    attribute = await _read(context, name)
    return {**attribute, "unlisted": await _unlisted(context, attribute)}


@get(
    "/lead-attributes",
    operation_id="list_lead_attributes",
    summary="List the attributes of leads to report by",
    tags=["lead attributes"],
    opt=RouteOptions(scopes=READ, answer=page(LeadAttributeDocument)).opt,
)
async def list_lead_attributes(context: RequestContextDependency, after: After = "", limit: Limit = 100) -> Page:
    """All declared attributes in the order of their names, in pages."""
    check_after(after)
    items = await _list(context, None, after, limit + 1)
    return Page(items[:limit], str(items[limit - 1]["name"]) if len(items) > limit else None)


@delete(
    "/lead-attributes/{name:str}",
    operation_id="delete_lead_attributes",
    summary="Report by an attribute no longer",
    tags=["lead attributes"],
    status_code=200,
    opt=RouteOptions(scopes=WRITE, answer=LeadAttributeDocument).opt,
)
async def delete_lead_attribute(context: RequestContextDependency, name: NamePath) -> dict[str, Any]:
    """Withdraw the declaration. The answer is the declaration. Leads keep their attributes, and `as_of` finds it."""
    attribute = await _read(context, name)
    await _put(context, attribute_of(name, reported=False), LeadAttribute.model_validate({}))
    return attribute


HANDLERS: list[HTTPRouteHandler] = [
    put_lead_attribute,
    read_lead_attribute,
    list_lead_attributes,
    delete_lead_attribute,
]

"""The attributes of leads that an account reports by: declare, change, list and withdraw them."""

from inspect import getdoc
from typing import Annotated, Any

from litestar import Response, delete, get, put
from litestar.handlers import HTTPRouteHandler

from service.ingest.configured.attributes import LeadAttributes
from service.ingest.configured.authors import Change
from service.ingest.configured.items import ConfiguredItems
from service.ingest.lead_attributes import (
    LEAD_ATTRIBUTE,
    AttributeName,
    LeadAttribute,
    LeadAttributeDetails,
    LeadAttributeDocument,
)
from service.web.request_bodies import READ, WRITE, After, Limit, Page, check_after, check_code, in_path, read_model
from service.web.requests import AnyRequest
from service.web.response_types import page, put_receipt
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_NAME: dict[str, Any] = {"$ref": "#/components/schemas/AttributeName"}

NamePath = Annotated[str, in_path("Name of the attribute, as leads have it.", **_NAME)]


def _attributes(context: RequestContext) -> LeadAttributes:
    return LeadAttributes(ConfiguredItems(context.pool, context.accounts, context.access.account_id))


async def _read(context: RequestContext, name: str) -> dict[str, Any]:
    check_code("name", name, AttributeName)
    return await _attributes(context).read(name)


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
    status = await _attributes(context).items.put(LEAD_ATTRIBUTE, name, form, Change(context.access))
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
    return {**attribute, "unlisted": await _attributes(context).unlisted_values(attribute)}


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
    items = await _attributes(context).list_attributes(after, limit + 1)
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
    await _attributes(context).withdraw(name, Change(context.access))
    return attribute


HANDLERS: list[HTTPRouteHandler] = [
    put_lead_attribute,
    read_lead_attribute,
    list_lead_attributes,
    delete_lead_attribute,
]

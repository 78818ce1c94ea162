"""The page that lists all definitions, and the page that defines a metric, one click from each of its numbers."""

import re

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue.catalogue import Entry, catalogue
from reports.catalogue.definitions import by_heading
from reports.catalogue.dimensions import DIMENSIONS
from reports.model.language import translate
from reports.model.lead_attributes import LeadAttribute
from reports.store.ledger import Ledger
from service.errors import NotFound
from service.pages.components.layout import html_response, render
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.web.parameters import MetricName
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports", limited=True)

# A definition names its population first, then its edge cases, each in a paragraph.
_PARAGRAPH_START = re.compile(r"\n\n|\n(?=[A-Z][a-z ]+: )")


@get("/definitions", opt=_PAGE, before_request=admit)
async def definitions(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Every metric with its meaning, and the account's attributes of leads; `q` narrows the list of metrics."""
    search = request.query_params.get("q", "")
    words = search.lower().split()
    chapters = [
        (translate(title), matching)
        for title, entries in by_heading()
        if (matching := [entry for entry in entries if all(word in _text(entry) for word in words)])
    ]
    attributes = [] if words else await _attributes(context)
    return html_response(
        render("definitions.html", session=request.user, search=search, chapters=chapters, attributes=attributes)
    )


async def _attributes(context: RequestContext) -> list[LeadAttribute]:
    """The attributes of leads that the account reports by."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        codes = await Ledger(connection, context.access.account_id).codes(None)
    return list(codes.lead_attributes.values())


def _text(entry: Entry) -> str:
    metric = entry.metric
    own_words = f"{metric.label} {translate(entry.meaning)}"
    return f"{own_words} {metric.name} {metric.title} {entry.meaning} {entry.definition}".lower()


@get("/definitions/{name:str}", opt=_PAGE, before_request=admit)
async def definition(request: AnyRequest, name: MetricName) -> Response[str | bytes]:
    """The definition of one metric, as its file has it."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name.")
    entry = catalogue()[name]
    paragraphs = [" ".join(text.split()) for text in _PARAGRAPH_START.split(entry.definition) if text]
    dimensions = [DIMENSIONS[dimension].label.lower() for dimension in entry.metric.dimensions]
    dimensions += [translate("the attributes of leads")] if entry.metric.has_leads else []
    return html_response(
        render("definition.html", session=request.user, entry=entry, paragraphs=paragraphs, dimensions=dimensions)
    )


HANDLERS: list[HTTPRouteHandler] = [definitions, definition]

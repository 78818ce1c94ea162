"""The page that defines a metric, one click from each of its numbers."""

import re

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from service.errors import NotFound
from service.pages.components.layout import html_response, render
from service.pages.sign_in import admit
from service.web.parameters import MetricName
from service.web.requests import AnyRequest
from service.web.route_options import page_options

_PAGE = page_options("reports")

# A definition names its population first, then its edge cases, each in a paragraph.
_PARAGRAPH_START = re.compile(r"\n\n|\n(?=[A-Z][a-z ]+: )")


@get("/definitions/{name:str}", opt=_PAGE, before_request=admit)
async def definition(request: AnyRequest, name: MetricName) -> Response[str | bytes]:
    """The definition of one metric, as its file has it."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name.")
    entry = catalogue()[name]
    paragraphs = [" ".join(text.split()) for text in _PARAGRAPH_START.split(entry.definition) if text]
    dimensions = [DIMENSIONS[dimension].title.lower() for dimension in entry.metric.dimensions]
    return html_response(
        render("definition.html", session=request.user, entry=entry, paragraphs=paragraphs, dimensions=dimensions)
    )


HANDLERS: list[HTTPRouteHandler] = [definition]

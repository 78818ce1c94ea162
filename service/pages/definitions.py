"""What a number means, one click from wherever it stands."""

import re

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue.catalogue import catalogue
from reports.catalogue.dimensions import DIMENSIONS
from service.errors import NotFound
from service.pages.layout import render, shown
from service.pages.sign_in import admit
from service.web.parameters import MetricName
from service.web.requests import AnyRequest
from service.web.route_options import page_options

_PAGE = page_options("reports")

# A definition says who is counted, then what happens at the edges.
_BEGINNINGS = re.compile(r"\n\n|\n(?=[A-Z][a-z ]+: )")


@get("/definitions/{name:str}", opt=_PAGE, before_request=admit)
async def definition(request: AnyRequest, name: MetricName) -> Response[str | bytes]:
    """The definition of one metric, as its file has it."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name.")
    entry = catalogue()[name]
    paragraphs = [" ".join(each.split()) for each in _BEGINNINGS.split(entry.definition) if each]
    dimensions = [DIMENSIONS[each].title.lower() for each in entry.metric.dimensions]
    return shown(
        render("definition.html", session=request.user, entry=entry, paragraphs=paragraphs, dimensions=dimensions)
    )


HANDLERS: list[HTTPRouteHandler] = [definition]

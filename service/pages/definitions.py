"""What a number means, one click from wherever it stands."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.catalogue import catalogue
from reports.dimensions import DIMENSIONS
from service.api.reports import MetricName
from service.errors import NotFound
from service.pages.entrance import admit
from service.pages.site import render, shown
from service.requests import AnyRequest

_PAGE: dict[str, Any] = {"page": True, "scopes": ("reports",)}


@get("/definitions/{name:str}", opt=_PAGE, before_request=admit)
async def definition(request: AnyRequest, name: MetricName) -> Response[str | bytes]:
    """The definition of one metric, as its file has it."""
    if name not in catalogue():
        raise NotFound("There is no metric of this name.")
    entry = catalogue()[name]
    dimensions = [DIMENSIONS[each].title.lower() for each in entry.metric.dimensions]
    return shown(render("definition.html", session=request.user, entry=entry, dimensions=dimensions))


HANDLERS: list[HTTPRouteHandler] = [definition]

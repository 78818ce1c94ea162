"""Documents about the service: the API document, and a page for each kind of problem."""

from functools import cache
from typing import Annotated, Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from service.errors import NotFound
from service.openapi.files import DOCUMENT, PROBLEMS
from service.problems import TABLE, Kind, slug
from service.web.route_options import RouteOptions

_KINDS: dict[str, Kind] = {slug(error): kind for error, kind in TABLE.items()}
KindPath = Annotated[
    str, PathParameter(description="Kind, as in the `type` of a problem.", schema_extra={"enum": sorted(_KINDS)})
]


@get(
    "/openapi.json",
    operation_id="read_openapi",
    summary="This document",
    tags=["documents"],
    media_type="application/json",
    opt=RouteOptions(answer=dict[str, Any]).opt,
)
async def openapi() -> Response[bytes]:
    """Every address with its parameters, bodies and answers, as OpenAPI 3.1."""
    return Response(_openapi())


@cache
def _openapi() -> bytes:
    return DOCUMENT.read_bytes()


@get(
    "/problems/{kind:str}",
    operation_id="read_problem",
    summary="What a kind of problem means",
    tags=["documents"],
    media_type="text/markdown",
)
async def problem_page(kind: KindPath) -> str:
    """The meaning of a kind of problem, an example, and the remedy. The `type` of every problem leads here."""
    if kind not in _KINDS:
        raise NotFound("There is no problem of this kind.")
    return _page(kind)


@cache
def _page(kind: str) -> str:
    return (PROBLEMS / f"{kind}.md").read_text(encoding="utf-8")


HANDLERS: list[HTTPRouteHandler] = [openapi, problem_page]

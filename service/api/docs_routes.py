"""Documents about the service: a home page, the API document, and a page for each kind of problem."""

from functools import cache
from html import escape
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
_LINKS = {
    "/sign-in": "the numbers as pages, after signing in with a key",
    "/openapi.json": "the API document: every address, its parameters and its answers (OpenAPI 3.1)",
    "/health/ready": "health check: the ledger answers",
    "/health/live": "health check: the process runs",
}


@get("/", operation_id="read_home", summary="Where things are", tags=["documents"], media_type="text/html")
async def home() -> str:
    """A page for people with links to all documents that need no key."""
    return _home()


@cache
def _home() -> str:
    problems = {f"/problems/{name}": f"{kind.status}: {kind.title}" for name, kind in sorted(_KINDS.items())}
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>calltally</title><h1>calltally</h1>'
        "<p>The ledger and the arithmetic of an outbound sales floor. Post calls to <code>/v1/attempts</code> and"
        " read reports at <code>/v1/reports/outbound</code>, with a key from <code>calltally key create</code>."
        f"</p>{_links(_LINKS)}<h2>Kinds of problem</h2>{_links(problems)}</html>\n"
    )


def _links(links: dict[str, str]) -> str:
    lines = (f'<li><a href="{path}">{path}</a> {escape(about)}' for path, about in links.items())
    return f"<ul>{''.join(lines)}</ul>"


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


HANDLERS: list[HTTPRouteHandler] = [home, openapi, problem_page]

"""What all pages share: the templates, the headers, the style sheet, and what is said when something is wrong."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get

from service.errors import CalltallyError, NotAuthenticated
from service.problems import TABLE, problem
from service.requests import AnyRequest

SIGN_IN = "/sign-in"

# Nothing from elsewhere, no scripts, no frames: whatever text a caller's code holds, it stays text.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@cache
def templates() -> Environment:
    """The templates of the pages; whatever is put into one is escaped."""
    return Environment(
        loader=PackageLoader("service.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **told: Any) -> str:
    """A template with what it is told."""
    return templates().get_template(name).render(**told)


def shown(content: str | bytes, status: int = 200, **headers: str) -> Response[str | bytes]:
    """A page as it is sent."""
    return Response(content, status_code=status, media_type="text/html; charset=utf-8", headers=HEADERS | headers)


def moved(address: str) -> Response[str | bytes]:
    """Go on at another address, by GET."""
    return Response(b"", status_code=303, headers=HEADERS | {"Location": address})


def told_wrong(request: AnyRequest, error: CalltallyError) -> Response[str | bytes]:
    """What a page says in place of what was asked; whoever is not signed in is asked to."""
    if isinstance(error, NotAuthenticated):
        return moved(SIGN_IN)
    status = TABLE[type(error)].status
    scope: Mapping[str, Any] = {**request.scope}
    page = render("problem.html", session=scope.get("user"), problem=problem(error))
    return shown(page, status, **({"Retry-After": "2"} if status == 503 else {}))


@get("/assets/calltally.css", opt={"page": True}, media_type="text/css")
async def style() -> Response[bytes]:
    """How pages look: light or dark as the reader has it, on a phone and on a wall."""
    return Response(_style(), headers={"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"})


@cache
def _style() -> bytes:
    return (files("service.pages") / "templates" / "calltally.css").read_bytes()

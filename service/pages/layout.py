"""What all pages share: the templates, the headers, the style sheet, and what is said when something is wrong."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter
from litestar.response import Stream

from reports.catalogue.dimensions import DIMENSIONS
from reports.charting import PALETTES, theme
from reports.rules.calls import GOALS
from service.errors import CalltallyError, NotAuthenticated, NotFound
from service.problems import TABLE, problem
from service.web.requests import AnyRequest
from service.web.route_options import page_options

SIGN_IN = "/sign-in"
VEGA = "vega.js"

AssetName = Annotated[str, PathParameter(description="Which file.")]

_SCRIPT, _SHEET, _PICTURE = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "image/svg+xml"
# What the scripts of ours want of it.
_WANTED = "window.vegaEmbed = vegaEmbed;"
_ASSETS = {
    "calltally.css": _SHEET,
    "calltally.js": _SCRIPT,
    "calltally.svg": _PICTURE,
    "live.js": _SCRIPT,
    VEGA: _SCRIPT,
}

# Nothing from elsewhere, no script but our own files, no frames: whatever text a caller's code holds, it stays text.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}

_EVERYWHERE: dict[str, Any] = {
    "chart_themes": {name: theme(name) for name in PALETTES},
    "goal_names": list(GOALS),
    "result_names": DIMENSIONS["result"].values,
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
    return templates().get_template(name, globals=_EVERYWHERE).render(**told)


def shown(content: str | bytes, status: int = 200, **headers: str) -> Response[str | bytes]:
    """A page as it is sent."""
    return Response(content, status_code=status, media_type="text/html; charset=utf-8", headers=HEADERS | headers)


def streamed(pieces: AsyncGenerator[str]) -> Stream:
    """A page that is sent piece by piece, as it is made."""
    headers = HEADERS | {"X-Accel-Buffering": "no"}  # what a proxy holds back is no head start
    return Stream(pieces, media_type="text/html; charset=utf-8", headers=headers)


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


@get("/assets/{name:str}", opt=page_options())
async def asset(request: AnyRequest, name: AssetName) -> Response[bytes]:
    """The style sheet and the scripts of the pages; a browser keeps them, and asks whether they are still the same."""
    if name not in _ASSETS:
        raise NotFound("There is nothing at this address.")
    content, tag = await asyncio.to_thread(_asset, name)
    headers = {"Cache-Control": "public, max-age=600", "ETag": tag, "X-Content-Type-Options": "nosniff"}
    held = request.headers.get("if-none-match", "").strip().removeprefix("W/") == tag
    return Response(
        b"" if held else content, status_code=304 if held else 200, media_type=_ASSETS[name], headers=headers
    )


@cache
def _asset(name: str) -> tuple[bytes, str]:
    """A file of ours, or Vega as the installed package brings it, and what tells it from any other."""
    ours = files("service.pages") / "assets" / name
    content = vl_convert.javascript_bundle(_WANTED).encode() if name == VEGA else ours.read_bytes()
    return content, f'"{sha256(content).hexdigest()[:32]}"'


HANDLERS: list[HTTPRouteHandler] = [asset]

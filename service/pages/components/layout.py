"""What all pages share: the templates, the HTTP headers, the style sheet and the icon."""

import asyncio
from collections.abc import AsyncGenerator
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
from reports.model.compared_period import COMPARISONS
from reports.model.language import marked
from reports.model.times import zone_names
from reports.rules.calls import GOALS
from service.accounts.users import LANGUAGES
from service.errors import NotFound
from service.pages.components.wording import TEMPLATE_FILTERS, TEMPLATE_WORDS
from service.pages.navigation import menu_for, settings_for
from service.web.requests import AnyRequest
from service.web.route_options import page_options

SIGN_IN = "/sign-in"
ICON = "/assets/calltally.svg"
VEGA = "vega.js"

AssetName = Annotated[str, PathParameter(description="Which file.")]

_SCRIPT, _SHEET, _PICTURE = "text/javascript", "text/css", "image/svg+xml"
# The function of Vega that our scripts call.
_VEGA_EXPORT = "window.vegaEmbed = vegaEmbed;"
_ASSETS = {
    "calltally.css": _SHEET,
    "calltally.js": _SCRIPT,
    "calltally.svg": _PICTURE,
    "ui.js": _SCRIPT,
    "live.js": _SCRIPT,
    "follow.js": _SCRIPT,
    VEGA: _SCRIPT,
}

# Nothing from other hosts, no scripts but our own files, no frames: text in a caller's codes stays text.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}

# How the form names each way to find an earlier period.
_COMPARISON_WORDS = (
    marked("No comparison"),
    marked("Previous period"),
    marked("Same weekdays before"),
    marked("Same period last month"),
    marked("Same period last year"),
)

_GLOBALS: dict[str, Any] = {
    "chart_themes": {name: theme(name) for name in PALETTES},
    "goal_names": list(GOALS),
    "comparison_names": dict(zip(COMPARISONS, _COMPARISON_WORDS, strict=True)),
    "time_zones": sorted(zone for zone in zone_names() if "/" in zone and not zone.startswith("Etc/")),
    "result_names": DIMENSIONS["result"].values,
    "page_languages": LANGUAGES,
    "menu_for": menu_for,
    "settings_for": settings_for,
}


@cache
def templates() -> Environment:
    """The templates of the pages; every value put into one is escaped."""
    environment = Environment(
        loader=PackageLoader("service.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = vars(environment)
    tables["globals"].update(TEMPLATE_WORDS)
    tables["filters"].update(TEMPLATE_FILTERS)
    return environment


def render(name: str, **variables: Any) -> str:
    """A template filled with its variables."""
    return templates().get_template(name, globals=_GLOBALS).render(**variables)


def html_response(content: str | bytes, status: int = 200, **headers: str) -> Response[str | bytes]:
    """A page as it is sent."""
    return Response(content, status_code=status, media_type="text/html", headers=HEADERS | headers)


def streamed_response(pieces: AsyncGenerator[str]) -> Stream:
    """A page that is sent piece by piece while it is made."""
    headers = HEADERS | {"X-Accel-Buffering": "no"}  # a proxy that holds pieces back would undo the head start
    return Stream(pieces, media_type="text/html", headers=headers)


def redirect(address: str) -> Response[str | bytes]:
    """Continue at another address, by GET."""
    return Response(b"", status_code=303, headers=HEADERS | {"Location": address})


@get("/assets/{name:str}", opt=page_options())
async def asset(request: AnyRequest, name: AssetName) -> Response[bytes]:
    """The style sheet and the scripts of the pages; browsers cache them and ask whether they have changed."""
    if name not in _ASSETS:
        raise NotFound("There is nothing at this address.")
    content, tag = await asyncio.to_thread(_asset, name)
    headers = {"Cache-Control": "public, max-age=600", "ETag": tag, "X-Content-Type-Options": "nosniff"}
    unchanged = request.headers.get("if-none-match", "").strip().removeprefix("W/") == tag
    return Response(
        b"" if unchanged else content,
        status_code=304 if unchanged else 200,
        media_type=_ASSETS[name],
        headers=headers,
    )


@get("/favicon.ico", opt=page_options())
async def icon() -> Response[str | bytes]:
    """The icon, for browsers that look for it where no page names it."""
    return redirect(ICON)


@cache
def _asset(name: str) -> tuple[bytes, str]:
    """A file of ours, or Vega from its installed package, with its entity tag."""
    path = files("service.pages") / "assets" / name
    content = vl_convert.javascript_bundle(_VEGA_EXPORT).encode() if name == VEGA else path.read_bytes()
    return content, f'"{sha256(content).hexdigest()[:32]}"'


HANDLERS: list[HTTPRouteHandler] = [asset, icon]

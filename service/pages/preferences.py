"""How a person wants to see the pages: their language, and the statistics of numbers. The browser remembers it."""

from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from service.accounts.users import LANGUAGES
from service.errors import NotFound
from service.pages.components.error_pages import page_before
from service.pages.components.forms import read_form
from service.pages.components.layout import redirect
from service.pages.components.view import STATISTICS
from service.pages.sign_in import HOME, admit
from service.web.languages import COOKIE
from service.web.requests import AnyRequest
from service.web.route_options import page_options

LanguageCode = Annotated[str, PathParameter(description="Which language.")]

_LIFETIME_SECONDS = 365 * 24 * 3_600


@post("/preferences/statistics", opt=page_options("reports"), before_request=admit, status_code=200)
async def switch_statistics(request: AnyRequest) -> Response[str | bytes]:
    """Show or hide intervals, sample sizes and ranks below every number, and return to the page."""
    shown = (await read_form(request)).get("shown") == "yes"
    response = redirect(page_before(request) or HOME)
    response.set_cookie(
        Cookie(
            key=STATISTICS,
            value="shown" if shown else "hidden",
            max_age=_LIFETIME_SECONDS,
            httponly=True,
            samesite="lax",
        )
    )
    return response


@get("/language/{code:str}", opt=page_options())
async def choose_language(request: AnyRequest, code: LanguageCode) -> Response[str | bytes]:
    """Show the pages in a language from now on, and return to the page. Raises NotFound."""
    if code not in LANGUAGES:
        raise NotFound("There is nothing at this address.")
    response = redirect(page_before(request) or "/")
    response.set_cookie(Cookie(key=COOKIE, value=code, max_age=_LIFETIME_SECONDS, httponly=True, samesite="lax"))
    return response


HANDLERS: list[HTTPRouteHandler] = [switch_statistics, choose_language]

"""Settings, the first page: the checklist of a new account, and the way to every other page of Settings."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from service.pages.components.forms import read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.connecting.first_steps import first_steps, set_dismissed
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency

PATH = "/settings"
_PAGE = page_options("configure", "admin")


@get(PATH, opt=_PAGE, before_request=admit)
async def settings_home(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The steps that are open, and those that are done."""
    steps = await first_steps(context)
    return html_response(render("settings_home.html", session=request.user, steps=steps))


@post(f"{PATH}/first-steps", opt=_PAGE, before_request=admit, status_code=200)
async def change_first_steps(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Put the checklist away, or show it again."""
    fields = await read_form(request)
    await set_dismissed(context, is_dismissed=fields.get("show") != "yes")
    return redirect(PATH)


HANDLERS: list[HTTPRouteHandler] = [settings_home, change_first_steps]

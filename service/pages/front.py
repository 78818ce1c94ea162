"""The front page: what calltally is, and the way in. Who is signed in continues at the overview."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import HOME, current_session
from service.problems import TABLE, slug
from service.web.requests import AnyRequest
from service.web.route_options import page_options


@get("/", opt=page_options())
async def front(request: AnyRequest) -> Response[str | bytes]:
    """What calltally is, the sign-in, and the documents that need no key."""
    if await current_session(request):
        return redirect(HOME)
    problems = {f"/problems/{slug(error)}": f"{kind.status}: {translate(kind.title)}" for error, kind in TABLE.items()}
    return html_response(render("front.html", session=None, problems=sorted(problems.items())))


HANDLERS: list[HTTPRouteHandler] = [front]

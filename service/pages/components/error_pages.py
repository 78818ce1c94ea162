"""Errors as pages for people: what is wrong, and the way back. Programs get the problem document."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from litestar import Response

from reports.model.language import translate
from service.pages.components.layout import SIGN_IN, html_response, redirect, render
from service.web.requests import AnyRequest
from service.web.route_options import options_of

ErrorHandler = Callable[[AnyRequest, Any], Response[Any]]

_HTML = "text/html"
_FOR_PROGRAMS = ("/v1/", "/health/", "/openapi.json", "/problems/")


def with_pages(handlers: Mapping[int | type[Exception], ErrorHandler]) -> dict[int | type[Exception], ErrorHandler]:
    """The error handlers of the application, which answer people with a page."""
    return {kind: _with_page(handler) for kind, handler in handlers.items()}


def _with_page(handler: ErrorHandler) -> ErrorHandler:
    def answer(request: AnyRequest, error: Any) -> Response[Any]:
        response = handler(request, error)
        if response.status_code == 401 and _may_sign_in(request):
            return redirect(sign_in_link(request))
        return _page(request, response) if _is_for_people(request) else response

    return answer


def _page(request: AnyRequest, response: Response[Any]) -> Response[Any]:
    """The page of a problem document, with the headers of the document."""
    problem: Mapping[str, Any] = response.content
    page = render(
        "problem.html",
        session=cast("Mapping[str, Any]", request.scope).get("user"),
        problem=problem,
        ways=_ways_back(request, problem),
    )
    return html_response(page, problem["status"], **response.headers)


def _ways_back(request: AnyRequest, problem: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where a person can go on: the text and the address of each link."""
    ways = list[tuple[str, str]]()
    if problem["status"] == 503:
        ways.append((translate("Try again"), here(request)))
    if request.method == "GET" and (wrong := {fault["pointer"] for fault in problem.get("errors", ())}):
        right = [(name, value) for name, value in parse_qsl(request.url.query) if name not in wrong]
        path = quote(request.url.path)
        ways.append(
            (translate("Open this page without these filters"), f"{path}?{urlencode(right)}" if right else path)
        )
    if (before := page_before(request)) and before != here(request):
        ways.append((translate("Back to the previous page"), before))
    return [*ways, (translate("Back to Overview"), "/overview")]


def _is_for_people(request: AnyRequest) -> bool:
    """Whether the address is a page, or a browser asks for an address that is not of the API."""
    handler = cast("Mapping[str, Any]", request.scope).get("route_handler")
    if handler is not None and options_of(handler).page:
        return True
    return _accepts_html(request) and not request.url.path.startswith(_FOR_PROGRAMS)


def _may_sign_in(request: AnyRequest) -> bool:
    """Whether signing in helps: on a page, and in a browser that follows a link to a file of the API."""
    linked = request.method == "GET" and _accepts_html(request) and "authorization" not in request.headers
    return _is_for_people(request) or linked


def _accepts_html(request: AnyRequest) -> bool:
    return _HTML in request.headers.get("accept", "")


def sign_in_link(request: AnyRequest) -> str:
    """The sign-in page, which leads back here; a form leads back to its own page."""
    back = here(request) if request.method == "GET" else page_before(request)
    return f"{SIGN_IN}?{urlencode({'next': back})}" if back else SIGN_IN


def here(request: AnyRequest) -> str:
    """The address of a request on this service, as it was sent."""
    path = cast("Mapping[str, Any]", request.scope).get("raw_path", b"").decode("latin-1").partition("?")[0]
    path = path or quote(request.url.path)
    return f"{path}?{request.url.query}" if request.url.query else path


def page_before(request: AnyRequest) -> str | None:
    """The address of the page that led here, if it is a page of this service."""
    before = urlsplit(request.headers.get("referer", ""))
    if not before.path or before.netloc != request.headers.get("host"):
        return None
    return f"{before.path}?{before.query}" if before.query else before.path

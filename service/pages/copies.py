"""The page of operators: the lake and the store, how large and how far behind they are, and their last fault."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from service.pages.components.layout import html_response, render
from service.pages.sign_in import admit
from service.platform.db import acquire
from service.reporting.copy_status import moment_text, status_of
from service.reporting.snapshots import open_snapshot
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency


@get("/copies", opt=page_options("admin"), before_request=admit)
async def copies(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """The copies of the account's ledger that make reports fast, as they are now."""
    async with open_snapshot(acquire(context.pool), context.access.account_id, context.lake) as snapshot:
        status = await status_of(snapshot, context.lake)
    return html_response(render("copies.html", session=request.user, status=status, moment_text=moment_text))


HANDLERS: list[HTTPRouteHandler] = [copies]

"""The to-do list of the overview, with what to do about each entry; and the page of rejected items."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from service.ingest.to_do import list_rejected, to_do_without_uses
from service.pages.components.code_uses import Uses, code_uses
from service.pages.components.layout import html_response, render
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import PageView
from service.pages.settings.sections import SECTIONS
from service.pages.sign_in import admit
from service.web.parameters import AfterId
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContextDependency
from service.web.trail import note_numbers

# The dimension of a report for each kind of code.
_DIMENSIONS = {
    "campaigns": "campaign",
    "sources": "source",
    "agents": "agent",
    "disposition-codes": "disposition",
}
# The attempts of so many codes of a kind are counted, more than a person maps in a day.
_MAX_COUNTED_CODES = 50
_REJECTED_PER_PAGE = 50
# Keys with one of these scopes see rejected items.
_SEE_ITEMS = ("configure", "admin")
# The list is always about now and the whole account: only the window and the zone of the page apply.
_WINDOW_PARAMETERS = ("from", "to", "tz")


def to_do_fragment(view: PageView) -> FragmentMaker:
    """The to-do list as a fragment of a page."""
    return partial(_to_do_html, view)


async def _to_do_html(view: PageView) -> str:
    to_do = await to_do_without_uses(view.context.pool, view.context.access.account_id)
    codes: dict[str, list[str]] = {}
    for unconfirmed in to_do["unconfirmed"]:
        codes.setdefault(unconfirmed["kind"], []).append(unconfirmed["code"])
    uses = {kind: await _uses(view, _DIMENSIONS[kind], known[:_MAX_COUNTED_CODES]) for kind, known in codes.items()}
    scopes = view.context.access.scopes
    return render(
        "to_do.html",
        **to_do,
        codes=codes,
        uses=uses,
        may_see_items=not scopes.isdisjoint(_SEE_ITEMS),
        forms={section.configured.path: section.path for section in SECTIONS} if "configure" in scopes else {},
        page_request=view.page_request,
    )


async def _uses(view: PageView, dimension: str, codes: list[str]) -> Mapping[str, Uses]:
    """How many calls of the window use each code, and the link to them."""
    window = {name: view.parameters[name] for name in _WINDOW_PARAMETERS if name in view.parameters}
    window |= await view.through_today()
    return await code_uses(view.context, dimension, {**window, dimension: codes})


@get("/to-do/rejected", opt=page_options(*_SEE_ITEMS), before_request=admit)
async def rejected(request: AnyRequest, context: RequestContextDependency, after: AfterId = 0) -> Response[str | bytes]:
    """The rejected items, oldest first, each with its errors and their places."""
    access = context.access
    whole = "phone-numbers" in access.scopes
    rows, following = await list_rejected(context.pool, access.account_id, None, after, _REJECTED_PER_PAGE, whole=whole)
    if rows:
        await note_numbers(context, "rejected-items")
    items = [{**row, "text": None if row["item"] is None else _text(row["item"])} for row in rows]
    return html_response(render("rejected.html", session=request.user, items=items, next=following, whole=whole))


def _text(item: Any) -> str:
    return item if isinstance(item, str) else orjson.dumps(item, option=orjson.OPT_INDENT_2).decode()


HANDLERS: list[HTTPRouteHandler] = [rejected]

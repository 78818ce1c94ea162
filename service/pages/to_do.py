"""What waits for a person, each with what to do about it; and the items that could not be taken, one by one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from reports.query.report import Report
from service.ingest.to_do import list_rejected, to_do_without_uses
from service.pages.filters import PageRequest
from service.pages.layout import render, shown
from service.pages.numbers import told_of
from service.pages.sign_in import admit
from service.pages.streaming import Making
from service.web.parameters import AfterId
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

# Kinds of codes, as what a report can be broken down by.
_DIMENSIONS = {
    "campaigns": "campaign",
    "sources": "source",
    "agents": "agent",
    "disposition-codes": "disposition",
}
# The attempts of so many codes of a kind are counted; nobody maps more of them in a day.
_MOST_COUNTED = 50
_REJECTED_A_PAGE = 50
# What waits does so now, whatever else of the page is narrowed or as of another moment.
_KEPT = ("from", "to", "tz")


def to_do_part(context: RequestContext, page_request: PageRequest) -> Making:
    """What waits for a person, as a part of a page."""
    return partial(_to_do, context, page_request)


async def _to_do(context: RequestContext, page_request: PageRequest) -> str:
    waiting = await to_do_without_uses(context.pool, context.access.account_id)
    codes: dict[str, list[str]] = {}
    for one in waiting["unconfirmed"]:
        codes.setdefault(one["kind"], []).append(one["code"])
    uses = {
        kind: await _uses(context, page_request, _DIMENSIONS[kind], known[:_MOST_COUNTED])
        for kind, known in codes.items()
    }
    return render(
        "to_do.html",
        **waiting,
        codes=codes,
        uses=uses,
        may_see_items="ingest" in context.access.scopes,
        page_request=page_request,
    )


async def _uses(
    context: RequestContext, page_request: PageRequest, dimension: str, codes: list[str]
) -> Mapping[str, tuple[str, str | None]]:
    """How many attempts of the page's time use each code, and where they are."""
    question = {name: page_request.question[name] for name in _KEPT if name in page_request.question}
    question |= {"metrics": ["attempts"], "by": [dimension], dimension: codes}
    kept = await context.reports.cached_report(
        None, question, "uses", partial(_uses_written, PageRequest(page_request.path, question))
    )
    return orjson.loads(kept.content)


def _uses_written(page_request: PageRequest, report: Report) -> tuple[bytes, dict[str, str]]:
    [dimension] = report.request.by
    groups = told_of(report, page_request)["groups"]
    found = {group.key[dimension.name]: (group.numbers[0].value, group.numbers[0].rows) for group in groups}
    return orjson.dumps(found), {}


@get("/to-do/rejected", opt=page_options("ingest"), before_request=admit)
async def rejected(request: AnyRequest, context: RequestContextDependency, after: AfterId = 0) -> Response[str | bytes]:
    """Items that could not be taken, oldest first, each with what is wrong with it and where."""
    rejected_items, following = await list_rejected(
        context.pool, context.access.account_id, None, after, _REJECTED_A_PAGE
    )
    items = [{**item, "text": _text(item["item"])} for item in rejected_items]
    return shown(render("rejected.html", session=request.user, items=items, next=following))


def _text(item: Any) -> str:
    return item if isinstance(item, str) else orjson.dumps(item, option=orjson.OPT_INDENT_2).decode()


HANDLERS: list[HTTPRouteHandler] = [rejected]

"""The overview: the headline numbers against the period before, from attempt to sale, by source, and what waits."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from service.api.attention import waiting_of
from service.api.parts import DeskDependency
from service.pages.asking import asked_of, choices
from service.pages.assembling import assemble
from service.pages.entrance import admit
from service.pages.parts import chart_part, report_part
from service.requests import AnyRequest

_BY_SOURCE = "attempts,contacts,sales,conv_per_attempt,marketing_cost,marketing_roi"


@get("/overview", opt={"page": True, "scopes": ("reports",)}, before_request=admit)
async def overview(request: AnyRequest, desk: DeskDependency) -> Response[Any] | Stream:
    """What a sales manager looks at first."""
    asked = asked_of(request)
    parts = {
        "headlines": report_part(desk, asked, "headlines.html", "outbound", {"compare": ["previous"]}),
        "by_hour": chart_part(desk, asked, "attempts-by-hour"),
        "by_source": report_part(desk, asked, "table.html", None, {"metrics": [_BY_SOURCE], "by": ["source"]}),
    }
    return await assemble(
        "overview.html",
        parts,
        session=request.user,
        asked=asked,
        choices=await choices(desk),
        to_do=await waiting_of(desk),
    )


HANDLERS: list[HTTPRouteHandler] = [overview]

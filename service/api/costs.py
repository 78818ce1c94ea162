"""Costs as they were entered: list what marketing paid, and what the sales team costs."""

import re
from datetime import date
from typing import Annotated, Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from service.errors import Fault, InvalidParameter
from service.ingest.editing.costs import RunningCostsPage, SpendPage, list_costs
from service.web.parameters import FromDay, ToDay, read_day
from service.web.request_bodies import A_CODE, READ, Limit, check_code
from service.web.route_options import RouteOptions
from service.web.services import RequestContext, RequestContextDependency

_AFTER = r"^([0-9]{4}-[0-9]{2}-[0-9]{2} [^\u0000]{1,200})?$"

OfSource = Annotated[str | None, QueryParameter(description="Only of this source.", schema_extra=A_CODE)]
OfCampaign = Annotated[str | None, QueryParameter(description="Only of this campaign.", schema_extra=A_CODE)]
OfTeam = Annotated[str | None, QueryParameter(description="Only of this team.", schema_extra=A_CODE)]
AfterCost = Annotated[
    str,
    QueryParameter(
        description="Continue after this entry: the `next` of the previous page.", schema_extra={"pattern": _AFTER}
    ),
]


@get(
    "/spend",
    operation_id="list_spend",
    summary="List what marketing paid",
    tags=["capture"],
    opt=RouteOptions(scopes=READ, answer=SpendPage).opt,
)
async def list_spend(
    context: RequestContextDependency,
    source: OfSource = None,
    campaign: OfCampaign = None,
    from_on: FromDay = None,
    to_on: ToDay = None,
    after: AfterCost = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Spend as it is known now, the newest days first, in pages. The days find entries that touch them."""
    codes = {"source": source, "campaign": campaign}
    return await _page(context, "spend", codes, (from_on, to_on), after, limit)


@get(
    "/running-costs",
    operation_id="list_running_costs",
    summary="List what the sales team costs",
    tags=["capture"],
    opt=RouteOptions(scopes=READ, answer=RunningCostsPage).opt,
)
async def list_running_costs(
    context: RequestContextDependency,
    team: OfTeam = None,
    from_on: FromDay = None,
    to_on: ToDay = None,
    after: AfterCost = "",
    limit: Limit = 100,
) -> dict[str, Any]:
    """Running costs as they are known now, the newest days first, in pages. The days find entries that touch them."""
    return await _page(context, "running_costs", {"team": team}, (from_on, to_on), after, limit)


async def _page(
    context: RequestContext,
    table: str,
    codes: dict[str, str | None],
    days: tuple[str | None, str | None],
    after: str,
    limit: int,
) -> dict[str, Any]:
    for name, code in codes.items():
        if code is not None:
            check_code(name, code)
    items = await list_costs(
        context.pool,
        context.access.account_id,
        table,
        codes=codes,
        days=(read_day("from_on", days[0]), read_day("to_on", days[1])),
        after=_place(after),
        most=limit + 1,
    )
    shown = [item | {"amount": f"{item['amount']:f}"} for item in items[:limit]]
    return {"items": shown, "next": "{from_on} {external_id}".format(**shown[-1]) if len(items) > limit else None}


def _place(after: str) -> tuple[date, str] | None:
    """The entry that a page starts after: its first day and its id."""
    if not re.fullmatch(_AFTER, after):
        raise InvalidParameter(faults=(Fault("after", "must be the `next` of a page"),))
    if not after:
        return None
    on, _, external_id = after.partition(" ")
    day = read_day("after", on)
    return None if day is None else (day, external_id)


HANDLERS: list[HTTPRouteHandler] = [list_spend, list_running_costs]

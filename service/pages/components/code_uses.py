"""How many calls use each code, with the link to them, as pages show it beside codes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson

from reports.model.language import digits
from reports.query.parameters import Parameters
from reports.query.report import Report
from service.errors import Busy
from service.pages.components.numbers import table_groups
from service.pages.components.view import account_zone, cached_text
from service.web.services import RequestContext

# The longest window that a report takes, all but a few days.
_MOST_DAYS = timedelta(days=3650)


class Uses(NamedTuple):
    """The calls that use a code: how many, and the page of their rows for those who may see rows."""

    calls: int
    rows_link: str | None

    @property
    def text(self) -> str:
        """The count as people read it."""
        return digits(self.calls)


async def code_uses(context: RequestContext, dimension: str, parameters: Parameters) -> dict[str, Uses]:
    """The uses of each code of a dimension in a window. Raises InvalidParameter and Busy."""
    whole = {**parameters, "metrics": ["attempts"], "by": [dimension]}
    uses = orjson.loads(await cached_text(context, "uses", whole, _render_uses))
    return {code: Uses(*use) for code, use in uses.items()}


async def all_uses(context: RequestContext, dimension: str) -> Mapping[str, Uses]:
    """The uses of each code in the last ten years; none while the service is too busy to count them."""
    try:
        return await code_uses(context, dimension, await ten_years(context))
    except Busy:
        return {}


async def ten_years(context: RequestContext) -> Parameters:
    """The window of the last ten years, today among them."""
    tomorrow = (datetime.now(await account_zone(context)) + timedelta(days=1)).date()
    return {"from": [f"{tomorrow - _MOST_DAYS}"], "to": [f"{tomorrow}"]}


def _render_uses(report: Report) -> str:
    [dimension] = report.request.by
    groups = table_groups(report, report.groups, {})
    uses = {
        code: (int(group.numbers[0].cell["value"]), group.numbers[0].rows_link)
        for group in groups
        if (code := group.key[dimension.name]) is not None and group.numbers[0].cell["value"] is not None
    }
    return orjson.dumps(uses).decode()

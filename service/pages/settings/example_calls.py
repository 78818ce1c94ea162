"""A few calls with a disposition code, so that a person sees what it is used for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from reports.render import formatting
from service.errors import Busy
from service.pages.components.view import account_zone
from service.web.services import RequestContext

_FIRST_DAY = "2000-01-01"
_MOST = 5
_COLUMNS = ("dialed_at", "dialer", "external_id", "agent", "campaign", "talk_seconds")


async def example_calls(context: RequestContext, code: str) -> list[Mapping[str, Any]]:
    """The newest calls with a code; none while the service is too busy."""
    tomorrow = (datetime.now(await account_zone(context)) + timedelta(days=1)).date()
    parameters = {
        "metric": ["attempts"],
        "disposition": [code],
        "from": [_FIRST_DAY],
        "to": [f"{tomorrow}"],
        "limit": [f"{_MOST}"],
    }
    try:
        rows = await context.reports.drill_through(parameters, order=[-pl.col("dialed_at").dt.timestamp("us")])
    except Busy:
        return []
    calls = rows.items.select(name for name in _COLUMNS if name in rows.items.columns).to_dicts()
    return [{**call, "talk": _talk(call["talk_seconds"])} for call in calls]


def _talk(seconds: float | None) -> str:
    return formatting.NOTHING if seconds is None else formatting.duration(seconds, spaced=True)

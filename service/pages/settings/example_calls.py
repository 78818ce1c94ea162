"""A few calls with a disposition code, so that a person sees what it is used for."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from reports.render import formatting
from service.errors import Busy
from service.pages.components.code_uses import ten_years
from service.web.services import RequestContext

_MOST = 5
_COLUMNS = ("dialed_at", "dialer", "external_id", "agent", "campaign", "talk_seconds")


async def example_calls(context: RequestContext, code: str) -> list[Mapping[str, Any]]:
    """The newest calls with a code; none while the service is too busy."""
    parameters = {**await ten_years(context), "metric": ["attempts"], "disposition": [code], "limit": [f"{_MOST}"]}
    try:
        rows = await context.reports.drill_through(parameters, order=[-pl.col("dialed_at").dt.timestamp("us")])
    except Busy:
        return []
    calls = rows.items.select(name for name in _COLUMNS if name in rows.items.columns).to_dicts()
    return [{**call, "talk": _talk(call["talk_seconds"])} for call in calls]


def _talk(seconds: float | None) -> str:
    return formatting.NOTHING if seconds is None else formatting.duration(seconds)

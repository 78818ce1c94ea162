"""The queues of the live board: who waits now and for how long, and the service level of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import orjson

from reports.query.parameters import Parameters
from reports.query.report import Report
from service.pages.components.layout import render
from service.pages.components.live.fragment import Fragment, day_of_board, display_elapsed
from service.pages.components.numbers import report_context
from service.pages.components.view import account_zone, cached_text
from service.pages.filtering.filters import PageRequest
from service.web.services import RequestContext

WAITING = "waiting_calls"
_METRICS = (WAITING, "service_level", "offered_calls", "abandoned_calls")
# Callers who wait are few; of more, the longest wait is that of the first ones.
_MAX_WAITING = 1_000
_NO_QUEUE = ""


@dataclass(frozen=True)
class QueueLine:
    """A queue on the board: its numbers as text, each with the link to its rows, and since when a caller waits."""

    name: str
    numbers: list[tuple[str, str | None]]
    waiting_since: datetime | None


async def queues_fragment(context: RequestContext) -> Fragment:
    """Every queue that got a call today, the one with the longest wait first."""
    parameters = {
        "metrics": [",".join(_METRICS)],
        "by": ["queue"],
        **day_of_board(await account_zone(context), datetime.now(UTC)),
    }
    row_links = "rows" in context.access.scopes
    text = await cached_text(context, f"queues {row_links}", parameters, partial(_numbers, row_links=row_links))
    lines = orjson.loads(text)
    waiting = any(line["waiting"] for line in lines)
    since = await _waiting_since(context, parameters) if waiting else dict[str, datetime]()
    queues = [
        QueueLine(line["name"], [*map(tuple, line["numbers"])], since.get(line["queue"] or _NO_QUEUE)) for line in lines
    ]
    ordered = sorted(queues, key=lambda queue: (queue.waiting_since or datetime.max.replace(tzinfo=UTC), queue.name))
    html = render("live_queues.html", queues=ordered, now=datetime.now(UTC), display_elapsed=display_elapsed)
    return Fragment(html, str(ordered))


def _numbers(report: Report, *, row_links: bool) -> str:
    """The lines of the queues as JSON: name, code, calls waiting, and the numbers with their links."""
    groups = report_context(report, PageRequest("/live", {}))["groups"]
    shown = [
        {
            "name": group.names[0],
            "queue": group.key["queue"],
            "waiting": group.numbers[0].cell["value"],
            "numbers": [(number.value, number.rows_link if row_links else None) for number in group.numbers],
        }
        for group in groups
    ]
    return orjson.dumps(shown).decode()


async def _waiting_since(context: RequestContext, parameters: Parameters) -> Mapping[str, datetime]:
    """For each queue, since when its first caller waits."""
    day = {name: values for name, values in parameters.items() if name not in {"metrics", "by"}}
    rows = await context.reports.drill_through({**day, "metric": [WAITING], "limit": [str(_MAX_WAITING)]})
    since = dict[str, datetime]()
    for row in rows.items.iter_rows(named=True):
        queue, began = row["queue"] or _NO_QUEUE, row["queued_at"] or row["arrived_at"]
        since[queue] = min(since.get(queue, began), began)
    return since

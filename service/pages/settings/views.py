"""What the pages of Settings share: how they are sent, lists with a search, and the versions of an item."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response

from reports.model.language import marked
from reports.store.ledger import Ledger
from service.pages.components.layout import html_response, redirect, render
from service.platform.db import account_transaction
from service.web.requests import AnyRequest
from service.web.services import RequestContext

Listed = TypeVar("Listed")

# Rows of a list at first, and as many more each time.
STEP = 25
_MOST_SHOWN = 2_000

CHANGED_MEANWHILE = marked(
    "Somebody else changed this since you opened it, so nothing was saved. The form shows what you typed; the current"
    " values are below it. Compare both, then save again."
)


@dataclass(frozen=True)
class Listing(Generic[Listed]):
    """A list as it is shown: the rows found by a search, the first of them, and the address that shows more."""

    items: Sequence[Listed]
    search: str
    more_link: str | None


def settings_response(request: AnyRequest, template: str, status: int = 200, **variables: Any) -> Response[str | bytes]:
    """A page of Settings as it is sent. saved: what was saved last, from the address."""
    shared = {"session": request.user, "here": request.url.path, "saved": request.query_params.get("saved", "")}
    return html_response(render(template, **shared | variables), status)


def redirect_to(path: str, **parameters: str) -> Response[str | bytes]:
    """Continue at a page of Settings."""
    return redirect(f"{path}?{urlencode(parameters)}" if parameters else path)


def search_of(request: AnyRequest) -> str:
    """What a person looks for in a list."""
    return request.query_params.get("search", "").strip()[:200]


def shown_of(request: AnyRequest) -> int:
    """How many rows a list shows."""
    text = request.query_params.get("show", "")
    return min(max(int(text), STEP), _MOST_SHOWN) if text.isascii() and text.isdecimal() and len(text) < 6 else STEP


def found_in(request: AnyRequest, items: Sequence[Listed], text: Callable[[Listed], str]) -> Listing[Listed]:
    """The items that hold what is looked for. text: everything of an item that may be looked for."""
    words = search_of(request).lower().split()
    matching = [item for item in items if all(word in text(item).lower() for word in words)]
    return cut(request, matching)


def cut(request: AnyRequest, items: Sequence[Listed]) -> Listing[Listed]:
    """The first of some items, found already."""
    search, shown = search_of(request), shown_of(request)
    more = {"search": search} if search else {}
    link = f"{request.url.path}?{urlencode({**more, 'show': shown + STEP})}" if len(items) > shown else None
    return Listing(items[:shown], search, link)


def seen_of(fields: Mapping[str, str]) -> datetime | None:
    """The version of an item that a form was made from; None for a new item."""
    try:
        return datetime.fromisoformat(fields["seen"]) if "seen" in fields else None
    except ValueError:
        return datetime.max  # noqa: DTZ901  a version that never was


def seen_text(request: AnyRequest, fields: Mapping[str, str], stored: Mapping[str, Any] | None, status: int) -> str:
    """What a form says of the version it was made from: the stored one, unless it is shown again as it was sent."""
    if request.method == "POST" and status != 409:
        return fields.get("seen", "")
    return stored["recorded_at"].isoformat() if stored else ""


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the clock of the account."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


async def suggested_codes(context: RequestContext) -> dict[str, list[str]]:
    """The codes that a form suggests, by kind: campaign, source, agent, team."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        ledger = Ledger(connection, context.access.account_id)
        codes = await ledger.codes(None, "UTC")
    frames = {"campaign": codes.campaigns["reads"], "source": codes.sources["reads"], "agent": codes.agents["reads"]}
    teams = codes.agents["team"].drop_nulls()
    return {name: sorted(set(column)) for name, column in {**frames, "team": teams}.items()}

"""The floor as it is now: today's counters, what agents are doing, and the last attempts.

The page works without scripts: it comes anew every half minute. With them its parts follow by server-sent events.
"""

import time
from collections.abc import AsyncGenerator, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import structlog
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from reports.model.times import TimeFormError
from reports.model.windows import read_instant
from service.accounts.sessions import COOKIE, find_session
from service.errors import CalltallyError, Fault, InvalidParameter
from service.pages.event_streams import Streams, begun, event, streams_of
from service.pages.filters import page_request_of
from service.pages.layout import HEADERS, render
from service.pages.live_board import PATH, Boards, Part, counters, floor, zone_of
from service.pages.sign_in import admit
from service.pages.streaming import Making, assemble
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports")
# How often a board is looked at anew, by the clock, so that all that are open are made at once.
TICK_SECONDS = 5.0
# A stream ends by itself, so that none is open for ever; the browser comes again after so many milliseconds.
_LASTS_SECONDS = 15 * 60
_RETRY_MS = 3_000
# What passes: the ledger is away, or others are in the way.
_PASSING = (CalltallyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

_log = structlog.get_logger()


@get(PATH, opt=_PAGE, before_request=admit)
async def live(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Today so far; with as_of, the counters of that day as they were believed then."""
    page_request = page_request_of(request)
    as_of = _moment(page_request.question)
    parts: dict[str, Making] = {"counters": partial(counters, context, as_of)}
    if as_of is None:
        told = await floor(context)
        parts |= {name: partial(_html, told[name]) for name in ("agents", "attempts")}
    zone = await zone_of(context)
    return await assemble(
        "live.html",
        parts,
        session=request.user,
        page_request=page_request,
        as_of=as_of,
        zone=zone,
        now=datetime.now(zone),
    )


@get(f"{PATH}/events", opt=_PAGE, before_request=admit)
async def events(request: AnyRequest, context: RequestContextDependency) -> Stream:
    """The parts of the board, each whenever there is news in it."""
    token = request.cookies.get(COOKIE, "")
    stream = await begun(_events(streams_of(request.app), boards_of(request), context, token))
    headers = HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream, media_type="text/event-stream; charset=utf-8", headers=headers)


def boards_of(request: AnyRequest) -> Boards:
    """The boards of a running application."""
    return request.app.state.boards


async def _html(part: Part) -> str:
    return part.html


def _moment(question: Mapping[str, Sequence[str]]) -> datetime | None:
    """The moment that is asked for. Raises InvalidParameter for what is none, and for whatever else is asked."""
    faults = [Fault(name, "is not a parameter of the board") for name in question if name != "as_of"]
    as_of = None
    try:
        as_of = read_instant(question["as_of"][-1]) if "as_of" in question else None
    except TimeFormError as error:
        faults.append(Fault("as_of", str(error)))
    if faults:
        raise InvalidParameter(faults=tuple(faults))
    return as_of


async def _events(streams: Streams, boards: Boards, context: RequestContext, token: str) -> AsyncGenerator[str]:
    """What a browser is told, tick by tick, for as long as its session lasts."""
    with streams.one():
        ends, sent = time.monotonic() + _LASTS_SECONDS, dict[str, Hashable]()
        yield f"retry: {_RETRY_MS}\n\n"
        while not streams.over and time.monotonic() < ends:
            try:
                session = await find_session(context.pool, token)
                if session is None:
                    yield event("over", "You are signed out.")
                    return
                news = await _news(boards, replace(context, access=session.access.require("reports")), sent)
            except _PASSING as error:
                _log.warning("board_not_made", error=type(error).__name__)
                news = event("trouble", "The service cannot count right now; it tries again.")
            yield news
            await streams.pause(TICK_SECONDS - time.time() % TICK_SECONDS)


async def _news(boards: Boards, context: RequestContext, sent: dict[str, Hashable]) -> str:
    """The parts in which there is news, and when that was; else only a sign that somebody is there."""
    parts = await boards.make(context)
    news = {name: part for name, part in parts.items() if sent.get(name) != part.news}
    sent.update({name: part.news for name, part in news.items()})
    if not news:
        return ": nothing new\n\n"
    zone = await zone_of(context)
    made = render("live_made.html", now=datetime.now(zone))
    return "".join(event(name, part.html) for name, part in news.items()) + event("made", made)


HANDLERS: list[HTTPRouteHandler] = [live, events]

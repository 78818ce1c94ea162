"""The live board: today's counters, the state of every agent, and the last attempts.

The page works without scripts: it reloads every half minute. With scripts its fragments follow by server-sent events.
"""

import time
from collections.abc import AsyncGenerator, Hashable
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
from reports.query.parameters import Parameters
from service.accounts.sessions import COOKIE, find_session
from service.errors import CalltallyError, Fault, InvalidParameter
from service.pages.components.event_streams import Streams, event, started, streams_of
from service.pages.components.layout import HEADERS, render
from service.pages.components.live.board import PATH, Boards, counters_html, floor_fragments
from service.pages.components.live.fragment import Fragment
from service.pages.components.live.queues import queues_fragment
from service.pages.components.streaming import FragmentMaker
from service.pages.components.view import account_zone, open_page
from service.pages.filtering.filters import parse_page_request
from service.pages.sign_in import admit
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

_PAGE = page_options("reports", limited=True)
# How often a board is made again. The clock sets the ticks, so that one account's boards are made together.
TICK_SECONDS = 5.0
# A stream ends by itself, so that none stays open for ever; the browser returns after so many milliseconds.
_STREAM_SECONDS = 15 * 60
_RETRY_MS = 3_000
# Errors that pass: the ledger is away, or the service is busy.
_PASSING_ERRORS = (CalltallyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

_log = structlog.get_logger()


@get(PATH, opt=_PAGE, before_request=admit)
async def live(request: AnyRequest, context: RequestContextDependency) -> Response[Any] | Stream:
    """Today so far; with as_of, the counters of that day as of then."""
    view = open_page(request, context)
    as_of = _parse_moment(parse_page_request(request).parameters)
    fragments: dict[str, FragmentMaker] = {"counters": partial(counters_html, context, as_of)}
    if as_of is None:
        floor = {"queues": await queues_fragment(context), **await floor_fragments(context)}
        fragments |= {name: partial(_html, floor[name]) for name in ("queues", "agents", "attempts")}
    zone = await account_zone(context)
    return await view.respond("live.html", fragments, filters=(), as_of=as_of, zone=zone, now=datetime.now(zone))


@get(f"{PATH}/events", opt=_PAGE, before_request=admit)
async def events(request: AnyRequest, context: RequestContextDependency) -> Stream:
    """The fragments of the board, each as soon as it changes."""
    token = request.cookies.get(COOKIE, "")
    stream = await started(_events(streams_of(request.app), boards_of(request), context, token))
    headers = HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(stream, media_type="text/event-stream", headers=headers)


def boards_of(request: AnyRequest) -> Boards:
    """The boards of a running application."""
    return request.app.state.boards


async def _html(fragment: Fragment) -> str:
    return fragment.html


def _parse_moment(parameters: Parameters) -> datetime | None:
    """The moment in `as_of`. Raises InvalidParameter, also for every other parameter."""
    faults = [Fault(name, "is not a parameter of the board") for name in parameters if name != "as_of"]
    as_of = None
    try:
        as_of = read_instant(parameters["as_of"][-1]) if "as_of" in parameters else None
    except TimeFormError as error:
        faults.append(Fault("as_of", str(error)))
    if faults:
        raise InvalidParameter(faults=tuple(faults))
    return as_of


async def _events(streams: Streams, boards: Boards, context: RequestContext, token: str) -> AsyncGenerator[str]:
    """The events of one stream, tick by tick, for as long as its session lasts."""
    with streams.slot():
        ends, sent = time.monotonic() + _STREAM_SECONDS, dict[str, Hashable]()
        yield f"retry: {_RETRY_MS}\n\n"
        while not streams.stopping and time.monotonic() < ends:
            try:
                session = await find_session(context.pool, token)
                if session is None:
                    yield event("over", "You are signed out.")
                    return
                news = await _news(boards, replace(context, access=session.access.require("reports")), sent)
            except _PASSING_ERRORS as error:
                _log.warning("board_not_made", error=type(error).__name__)
                news = event("trouble", "The service cannot count right now; it tries again.")
            yield news
            await streams.pause(TICK_SECONDS - time.time() % TICK_SECONDS)


async def _news(boards: Boards, context: RequestContext, sent: dict[str, Hashable]) -> str:
    """The fragments that changed since they were sent, and the time; without changes, a comment as a sign of life."""
    fragments = await boards.make(context)
    changed = {name: fragment for name, fragment in fragments.items() if sent.get(name) != fragment.version}
    sent.update({name: fragment.version for name, fragment in changed.items()})
    if not changed:
        return ": nothing new\n\n"
    zone = await account_zone(context)
    updated = render("live_updated.html", now=datetime.now(zone))
    return "".join(event(name, fragment.html) for name, fragment in changed.items()) + event("made", updated)


HANDLERS: list[HTTPRouteHandler] = [live, events]

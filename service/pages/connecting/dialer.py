"""Settings, Dialers, one dialer: whether it delivers, what its deliveries became, and how its calls are read."""

import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated, Any

import asyncpg
import structlog
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter
from litestar.response import Stream

from reports.model.language import marked, translate
from service.accounts.sessions import COOKIE, find_session
from service.dialers import Dialer
from service.errors import CalltallyError
from service.hooks.dialer_choices import ready_text
from service.hooks.hooks import address, described_dialer, setup_text
from service.hooks.kinds import MAPPED
from service.hooks.vocabulary import STATUSES
from service.mapped.preview import as_text
from service.mapped.ready_mappings import ready
from service.pages.components.event_streams import Streams, event, started, streams_of
from service.pages.components.layout import HEADERS, html_response, render
from service.pages.connecting.deliveries import PAGE_LENGTH, delivery_id, live_state, recent_deliveries
from service.pages.connecting.dialers import PATH, SEE, read_hook, title_of
from service.pages.connecting.hook_forms import (
    ANSWERED_MEANS,
    DEFAULT_SECONDS,
    ConnectForm,
)
from service.pages.connecting.markdown import html_of
from service.pages.sign_in import admit
from service.web.parameters import LARGEST_ID
from service.web.requests import AnyRequest
from service.web.services import RequestContext, RequestContextDependency
from service.web.trail import note_numbers

Page = Response[str | bytes]
HookNumber = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]

# How often an open page looks for news, and for how long; the browser opens the stream again.
_TICK_SECONDS, _STREAM_SECONDS, _RETRY_MS = 2.0, 15 * 60, 3_000
_PASSING_ERRORS = (CalltallyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_SAVED = {
    "settings": marked(
        "Saved. New deliveries follow within seconds; parse stored ones again to apply it to earlier calls."
    ),
    "mapping": marked("Saved the mapping. Parse stored deliveries again to apply it to earlier calls."),
    "secret": marked("Saved the secret. New deliveries are checked with it within seconds."),
    "closed": marked("The address is closed. It stops accepting deliveries within seconds."),
}

_log = structlog.get_logger()


@get(f"{PATH}/{{hook_id:int}}", opt=SEE, before_request=admit)
async def dialer_page(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Page:
    """One dialer: its state, its settings and its latest deliveries."""
    return await page_of(
        request, context, hook_id, notice=translate(_SAVED.get(request.query_params.get("saved", ""), ""))
    )


@get(f"{PATH}/{{hook_id:int}}/events", opt=SEE, before_request=admit)
async def dialer_events(request: AnyRequest, context: RequestContextDependency, hook_id: HookNumber) -> Stream:
    """The state of the dialer and its latest deliveries, each time they change."""
    await read_hook(context, hook_id)
    events = _events(streams_of(request.app), context, hook_id, request.cookies.get(COOKIE, ""))
    headers = HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(await started(events), media_type="text/event-stream", headers=headers)


async def page_of(request: AnyRequest, context: RequestContext, hook_id: int, status: int = 200, **shown: Any) -> Page:
    """The page of one dialer. shown: forms with faults, a preview, a notice, the result of a replay."""
    hook = await read_hook(context, hook_id)
    dialer = described_dialer(hook)
    wanted_status = request.query_params.get("status")
    chosen = wanted_status if wanted_status in STATUSES else None
    before = delivery_id(request.query_params.get("before", ""))
    deliveries = await recent_deliveries(context, hook, chosen, before)
    if deliveries:
        await note_numbers(context, "deliveries", hook["code"])
    mapping: ConnectForm | None = shown.get("mapping") or _mapping_form(hook)
    page = render(
        "settings_dialer.html",
        session=request.user,
        **await live_state(context, hook),
        title=title_of(hook),
        dialer=dialer,
        steps=_steps(context, dialer),
        detection=html_of(dialer.answer_detection) if dialer else "",
        settings=shown.get("settings") or ConnectForm(_settings_values(hook)),
        answered_means=[(name, translate(words)) for name, words in ANSWERED_MEANS],
        mapping=mapping,
        secret=shown.get("secret"),
        secret_help=html_of(dialer.secret) if dialer and dialer.secret else None,
        preview="\n".join(as_text(mapping.preview)) if mapping and mapping.preview else None,
        deliveries=deliveries,
        statuses=STATUSES,
        chosen_status=chosen,
        older=deliveries[-1]["id"] if len(deliveries) == PAGE_LENGTH else None,
        limit=context.settings.hook_bytes_per_day,
        may_change="admin" in context.access.scopes,
        notice=shown.get("notice"),
        replayed=shown.get("replayed"),
        replayed_status=shown.get("replayed_status", ""),
    )
    return html_response(page, status)


def _steps(context: RequestContext, dialer: Dialer | None) -> str:
    """What to paste into the dialer; TOKEN stands for the secret end of the address, which is shown only once."""
    if dialer is None:
        return ""
    return html_of(setup_text(dialer, address(context.settings.public_root, dialer.name, "TOKEN")))


def _settings_values(hook: dict[str, Any]) -> dict[str, str]:
    """The fields of the form on how calls are read, as they are stored."""
    seconds = hook["person_after_seconds"]
    values = {"answered_means": hook["answered_means"], "person_after_seconds": DEFAULT_SECONDS}
    values |= {"person_after_seconds": f"{seconds:g}"} if seconds else {}
    return values | ({"match_leads": "yes"} if hook["match_leads"] else {})


def _mapping_form(hook: dict[str, Any]) -> ConnectForm | None:
    """The form of a mapped dialer's mapping; a ready mapping is shown as its text."""
    if hook["dialer"] != MAPPED:
        return None
    stored: str = hook["mapping"] or ""
    return ConnectForm({"mapping": ready_text(stored.strip()) if stored.strip() in ready() else stored})


async def _events(streams: Streams, context: RequestContext, hook_id: int, token: str) -> AsyncGenerator[str]:
    """The state of a dialer, each time it changes, for as long as its session lasts."""
    with streams.slot():
        ends, sent = time.monotonic() + _STREAM_SECONDS, ""
        yield f"retry: {_RETRY_MS}\n\n"
        while not streams.stopping and time.monotonic() < ends:
            try:
                session = await find_session(context.pool, token)
                if session is None:
                    yield event("over", translate("You are signed out."))
                    return
                html = await _state_html(replace(context, access=session.access.require("configure", "admin")), hook_id)
            except _PASSING_ERRORS as error:
                _log.warning("state_of_hook_not_made", error=type(error).__name__)
                html = sent
            yield event("state", html) if html != sent else ": nothing new\n\n"
            sent = html
            await streams.pause(_TICK_SECONDS)


async def _state_html(context: RequestContext, hook_id: int) -> str:
    return render("settings_dialer_state.html", **await live_state(context, await read_hook(context, hook_id)))


HANDLERS: list[HTTPRouteHandler] = [dialer_page, dialer_events]

"""All pages of the service."""

from litestar.handlers import HTTPRouteHandler

from service.pages import (
    agents,
    attempt,
    best_time,
    coaching,
    copies,
    definitions,
    inbound_call,
    lead_response,
    live,
    overview,
    people,
    personal,
    preferences,
    quality,
    report_pages,
    service,
    settings,
    sign_in,
    sources,
    staffing,
    to_do,
)
from service.pages.components import layout

HANDLERS: list[HTTPRouteHandler] = [
    *sign_in.HANDLERS,
    *personal.HANDLERS,
    *preferences.HANDLERS,
    *copies.HANDLERS,
    *overview.HANDLERS,
    *live.HANDLERS,
    *agents.HANDLERS,
    *sources.HANDLERS,
    *to_do.HANDLERS,
    *lead_response.HANDLERS,
    *best_time.HANDLERS,
    *service.HANDLERS,
    *quality.HANDLERS,
    *coaching.HANDLERS,
    *people.HANDLERS,
    *staffing.HANDLERS,
    *settings.HANDLERS,
    *report_pages.HANDLERS,
    *definitions.HANDLERS,
    *attempt.HANDLERS,
    *inbound_call.HANDLERS,
    *layout.HANDLERS,
]

"""Every page there is."""

from litestar.handlers import HTTPRouteHandler

from service.pages import (
    agents,
    attempt,
    best_time,
    definitions,
    entrance,
    lead_response,
    live,
    looking,
    overview,
    site,
    sources,
    todo,
)

HANDLERS: list[HTTPRouteHandler] = [
    *entrance.HANDLERS,
    *overview.HANDLERS,
    *live.HANDLERS,
    *agents.HANDLERS,
    *sources.HANDLERS,
    *todo.HANDLERS,
    *lead_response.HANDLERS,
    *best_time.HANDLERS,
    *looking.HANDLERS,
    *definitions.HANDLERS,
    *attempt.HANDLERS,
    *site.HANDLERS,
]

"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import calendars, numbers, targets

HANDLERS: list[HTTPRouteHandler] = [
    *numbers.HANDLERS,
    *calendars.HANDLERS,
    *targets.HANDLERS,
]

"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import numbers

HANDLERS: list[HTTPRouteHandler] = [
    *numbers.HANDLERS,
]

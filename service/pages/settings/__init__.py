"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import imports

HANDLERS: list[HTTPRouteHandler] = [*imports.HANDLERS]

"""One attempt's life: what was told of it, when, and by whom."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

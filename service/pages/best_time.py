"""When people are reached: every hour of the week, on the clock of whoever is called."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

"""Sources and campaigns side by side: as counted and as of one mix, under two models, tracking number by number."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

"""Sources and campaigns side by side: as counted and as of one mix, under two models of attribution, number by number."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

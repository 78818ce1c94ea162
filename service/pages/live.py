"""The floor as it is now: today's counters, what agents are doing, and the last attempts."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

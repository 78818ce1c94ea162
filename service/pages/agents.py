"""Agents side by side, each with the doubt about their numbers, and one agent's page."""

from litestar.handlers import HTTPRouteHandler

HANDLERS: list[HTTPRouteHandler] = []

"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import audit_log

HANDLERS: list[HTTPRouteHandler] = [*audit_log.HANDLERS]

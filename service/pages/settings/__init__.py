"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import audit_log, users

HANDLERS: list[HTTPRouteHandler] = [*users.HANDLERS, *audit_log.HANDLERS]

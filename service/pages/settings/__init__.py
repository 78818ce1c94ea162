"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages import connecting
from service.pages.settings import audit_log, users

HANDLERS: list[HTTPRouteHandler] = [*connecting.HANDLERS, *users.HANDLERS, *audit_log.HANDLERS]

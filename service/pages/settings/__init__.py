"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages import connecting
from service.pages.settings import account, audit_log, codes, lead_attributes, users

HANDLERS: list[HTTPRouteHandler] = [
    *connecting.HANDLERS,
    *account.HANDLERS,
    *codes.HANDLERS,
    *lead_attributes.HANDLERS,
    *users.HANDLERS,
    *audit_log.HANDLERS,
]

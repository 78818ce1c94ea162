"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import account, codes, lead_attributes

HANDLERS: list[HTTPRouteHandler] = [*account.HANDLERS, *codes.HANDLERS, *lead_attributes.HANDLERS]

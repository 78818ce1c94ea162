"""The pages of a person: invitations, forgotten passwords, the profile, and signed-in devices."""

from litestar.handlers import HTTPRouteHandler

from service.pages.personal import devices

HANDLERS: list[HTTPRouteHandler] = [*devices.HANDLERS]

"""The pages of a person: invitations, forgotten passwords, the profile, and signed-in devices."""

from litestar.handlers import HTTPRouteHandler

from service.pages.personal import devices, invitations, passwords, profile, provider, second_factor

HANDLERS: list[HTTPRouteHandler] = [
    *invitations.HANDLERS,
    *passwords.HANDLERS,
    *profile.HANDLERS,
    *devices.HANDLERS,
    *second_factor.HANDLERS,
    *provider.HANDLERS,
]

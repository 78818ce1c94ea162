"""The first steps of an account: its checklist, the dialers that deliver its calls, and the demo floor."""

from litestar.handlers import HTTPRouteHandler

from service.pages.connecting import demo, dialer, dialer_changes, dialers, home

HANDLERS: list[HTTPRouteHandler] = [
    *home.HANDLERS,
    *dialers.HANDLERS,
    *dialer.HANDLERS,
    *dialer_changes.HANDLERS,
    *demo.HANDLERS,
]

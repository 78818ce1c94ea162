"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages import connecting
from service.pages.settings import (
    account,
    audit_log,
    codes,
    imports,
    keys,
    lead_attributes,
    mail,
    numbers,
    security,
    targets,
    users,
)
from service.pages.settings.entries import kinds
from service.pages.settings.entries.pages import entry_handlers
from service.pages.settings.entries.pasting import pasting_handlers
from service.pages.settings.hours import pages as hours

HANDLERS: list[HTTPRouteHandler] = [
    *connecting.HANDLERS,
    *account.HANDLERS,
    *imports.HANDLERS,
    *codes.HANDLERS,
    *lead_attributes.HANDLERS,
    *numbers.HANDLERS,
    *hours.HANDLERS,
    *targets.HANDLERS,
    *(page for kind in kinds.KINDS for page in (*entry_handlers(kind), *pasting_handlers(kind))),
    *users.HANDLERS,
    *keys.HANDLERS,
    *security.HANDLERS,
    *mail.HANDLERS,
    *audit_log.HANDLERS,
]

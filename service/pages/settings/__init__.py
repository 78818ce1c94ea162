"""The pages of Settings, where people set up what calls are counted by."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings import calendars, entries, entry_kinds, keys, numbers, pasting, targets

_ENTRIES = (entry_kinds.SPEND, entry_kinds.RUNNING_COSTS, entry_kinds.EXCHANGE_RATES)

HANDLERS: list[HTTPRouteHandler] = [
    *numbers.HANDLERS,
    *calendars.HANDLERS,
    *targets.HANDLERS,
    *keys.HANDLERS,
    *(page for kind in _ENTRIES for page in (*entries.entry_handlers(kind), *pasting.pasting_handlers(kind))),
]

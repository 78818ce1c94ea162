"""Settings, Import: upload a file, choose how it is read, check its rows, import them, and mend what was rejected."""

from litestar.handlers import HTTPRouteHandler

from service.pages.settings.imports import columns, outcome, upload

HANDLERS: list[HTTPRouteHandler] = [*upload.HANDLERS, *columns.HANDLERS, *outcome.HANDLERS]

"""The application: its routes, what starts and stops with it, and how it answers errors."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib import import_module

from granian.utils.proxies import wrap_asgi_with_proxy_headers  # pyright: ignore[reportUnknownVariableType]
from litestar import Litestar, Router
from litestar.di import Provide

from service.accounts.audit_log import REMOVE_OLD
from service.api import (
    account,
    audit_log,
    capture,
    configure,
    costs,
    docs_routes,
    erasures,
    exchange_rates,
    exports,
    health,
    hooks,
    keys,
    lead_attributes,
    planning,
    reports,
    staffing,
    to_do,
    webhooks,
)
from service.config import Settings
from service.importing.uploads.runner import imports
from service.ingest.retention import DELIVERIES, REJECTED_ITEMS, retention
from service.pages import live, routes
from service.pages.components.error_pages import with_pages
from service.pages.components.event_streams import Streams
from service.pages.components.live.board import Boards
from service.platform.db import always_usable
from service.reporting.lake_sync import lake_sync, store_sync
from service.web.error_handlers import HANDLERS
from service.web.languages import in_the_readers_language
from service.web.requests import report_panics, trace
from service.web.services import admit, open_services, request_context

# Commands import these when they need them. A worker imports them before its first request, which then does not wait.
_PRELOADED = ("reports.render.xlsx", "reports.stats.drawn_ranks", "service.ingest.phone_places")


def _v1() -> Router:
    """The API: every route under /v1 needs a key."""
    return Router(
        "/v1",
        route_handlers=[
            *capture.HANDLERS,
            *configure.HANDLERS,
            *planning.HANDLERS,
            *lead_attributes.HANDLERS,
            *exchange_rates.HANDLERS,
            *costs.HANDLERS,
            *to_do.HANDLERS,
            *erasures.HANDLERS,
            *hooks.HANDLERS,
            *reports.HANDLERS,
            *staffing.HANDLERS,
            *exports.HANDLERS,
            *account.HANDLERS,
            *audit_log.HANDLERS,
            *keys.HANDLERS,
        ],
        dependencies={"context": Provide(request_context)},
        before_request=admit,
    )


def create_app(settings: Settings, url: str, is_usable: Callable[[], bool] = always_usable) -> Litestar:
    """The application of one worker process. url: the ledger, with a login that may become the service role.

    is_usable: whether the ledger is migrated. Until then requests are answered as if the ledger was away.
    """
    for name in _PRELOADED:
        import_module(name)

    @asynccontextmanager
    async def open_and_close(app: Litestar) -> AsyncGenerator[None]:
        async with (
            open_services(settings, url, is_usable) as app.state.services,
            lake_sync(app.state.services.pool, app.state.services.lake, settings.sync_seconds),
            store_sync(app.state.services.pool, app.state.services.lake, settings.sync_seconds),
            retention(app.state.services.pool, DELIVERIES, settings.inbox_days),
            retention(app.state.services.pool, REJECTED_ITEMS, settings.rejected_days),
            retention(app.state.services.pool, REMOVE_OLD, settings.audit_days),
            imports(app.state.services.pool, url, settings.home) as app.state.uploads_wait,
        ):
            yield

    pages = Router(
        "/",
        route_handlers=routes.HANDLERS,
        dependencies={"context": Provide(request_context)},
    )
    app = Litestar(
        [_v1(), pages, *webhooks.HANDLERS, *health.HANDLERS, *docs_routes.HANDLERS],
        lifespan=[open_and_close],
        exception_handlers=with_pages(HANDLERS),
        middleware=[report_panics],
        request_max_body_size=None,
        openapi_config=None,
        logging_config=None,  # the command sets up logs before any worker starts
    )
    app.state.streams, app.state.boards = Streams(), Boards(lasts=live.TICK_SECONDS / 2)
    # Around the whole application, because Litestar's middleware does not see requests for unknown addresses.
    app.asgi_handler = in_the_readers_language(trace(app.asgi_handler))
    if settings.trusted_proxies:
        app.asgi_handler = wrap_asgi_with_proxy_headers(app.asgi_handler, settings.trusted_proxies)
    return app

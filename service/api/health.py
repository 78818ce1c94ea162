"""Health checks: whether the process runs, and whether the ledger answers."""

from litestar import get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from service.errors import Busy, LedgerUnavailable
from service.web.response_types import LiveDocument, ReadyDocument
from service.web.route_options import RouteOptions


@get("/health/live", operation_id="health_live", summary="Is the process alive?", tags=["health"])
async def live() -> LiveDocument:
    """Answers 200 while the process runs. Restart the process when this fails."""
    return LiveDocument(status="live")


@get(
    "/health/ready",
    operation_id="health_ready",
    summary="Can the service do its work?",
    tags=["health"],
    opt=RouteOptions(problems=(Busy, LedgerUnavailable)).opt,
)
async def ready(state: State) -> ReadyDocument:
    """Answers 200 while the ledger answers too, else 503. Send no traffic while this fails."""
    async with state.services.pool.acquire(timeout=5) as connection:
        await connection.fetchval("SELECT 1")
    return ReadyDocument(status="ready")


HANDLERS: list[HTTPRouteHandler] = [live, ready]

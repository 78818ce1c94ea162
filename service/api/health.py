"""Whether the service lives and whether it can do its work."""

from typing import Any

from litestar import Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler


@get("/health/live", operation_id="health_live", summary="Is the process alive?", tags=["health"])
async def live() -> dict[str, str]:
    """Answers while the process runs; restart it when this fails."""
    return {"status": "live"}


@get("/health/ready", operation_id="health_ready", summary="Can the service do its work?", tags=["health"])
async def ready(state: State) -> Response[Any]:
    """Answers 200 when the ledger answers too; send no traffic while this fails. Raises LedgerUnavailable."""
    async with state.parts.pool.acquire(timeout=5) as connection:
        await connection.fetchval("SELECT 1")
    return Response({"status": "ready"})


HANDLERS: list[HTTPRouteHandler] = [live, ready]

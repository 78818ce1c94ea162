"""Handlers that answer every error of a request with a problem document."""

from typing import Any, cast

import structlog
from asyncpg.exceptions import (
    InterfaceError,
    InternalClientError,
    LockNotAvailableError,
    PostgresError,
    TransactionRollbackError,
)
from litestar import Request, Response
from litestar.exceptions import HTTPException

from service import errors
from service.errors import CalltallyError, Fault
from service.problems import MEDIA_TYPE, SERVER_TABLE, TABLE, problem, unforeseen

RETRY_AFTER_SECONDS = 2

# Classes of PostgreSQL errors that end once the server is back: connection, resources, operator intervention.
_GONE = frozenset({"08", "28", "3D", "53", "57"})

_log = structlog.get_logger()


def _answer(document: dict[str, Any], headers: dict[str, str] | None = None) -> Response[dict[str, Any]]:
    return Response(document, status_code=document["status"], media_type=MEDIA_TYPE, headers=headers)


def answer_error(_request: Request[Any, Any, Any], error: CalltallyError) -> Response[dict[str, Any]]:
    """Answer one of our own errors."""
    headers: dict[str, str] = {}
    if TABLE[type(error)].status == 401:
        scheme = "Bearer" if isinstance(error, errors.NotAuthenticated) else "Signature"
        headers["WWW-Authenticate"] = f'{scheme} realm="calltally"'
    if TABLE[type(error)].status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, errors.TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return _answer(problem(error), headers)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """Answer a refusal of the server itself: an unknown path, a wrong method, a parameter of the wrong type."""
    if faults := tuple(_parameter_faults(error.extra)):
        return answer_error(request, errors.InvalidParameter(faults=faults))
    kind = SERVER_TABLE.get(error.status_code, SERVER_TABLE[500])
    document = {"type": "about:blank", "title": kind.title, "status": kind.status, "detail": kind.title}
    return _answer(document, {k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"})


def _parameter_faults(extra: Any) -> list[Fault]:
    faults = cast("list[dict[str, Any]]", extra) if isinstance(extra, list) else []
    return [Fault(str(fault.get("key", "")), str(fault.get("message", "is not valid"))) for fault in faults]


def answer_ledger(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answer that the ledger cannot be reached. A statement that the ledger refuses is a fault in calltally."""
    if isinstance(error, PostgresError) and (error.sqlstate or "")[:2] not in _GONE:
        return answer_unexpected(request, error)
    _log.debug("ledger_unavailable", error=type(error).__name__)  # the pool of connections logs each outage once
    return answer_error(request, errors.LedgerUnavailable())


def answer_busy(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answer that a connection was not free, or rows were locked, for too long."""
    _log.warning("ledger_busy", error=type(error).__name__)
    return answer_error(request, errors.Busy())


def answer_unexpected(_request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answer a fault in calltally: the log gets the traceback, the caller gets the request id to quote."""
    _log.error("unforeseen", error=type(error).__name__, exc_info=error)
    return _answer(unforeseen())


HANDLERS: dict[int | type[Exception], Any] = {
    CalltallyError: answer_error,
    HTTPException: answer_http,
    PostgresError: answer_ledger,
    LockNotAvailableError: answer_busy,
    TransactionRollbackError: answer_busy,
    InterfaceError: answer_ledger,
    InternalClientError: answer_ledger,  # the driver had not yet noticed a dead connection
    OSError: answer_ledger,
    TimeoutError: answer_busy,
    Exception: answer_unexpected,
}

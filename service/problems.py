"""Errors over HTTP (RFC 9457): handlers, documents and tests share one table of statuses and titles."""

import re
from dataclasses import dataclass
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

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

# Classes of PostgreSQL errors that end once the server is back: connection, resources, operator intervention.
_GONE = frozenset({"08", "28", "3D", "53", "57"})

_log = structlog.get_logger()


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its HTTP status and its title."""

    status: int
    title: str


TABLE: dict[type[CalltallyError], Kind] = {
    errors.InvalidItem: Kind(422, "The item is not valid"),
    errors.MalformedBody: Kind(400, "The body cannot be read"),
    errors.UnsupportedMediaType: Kind(415, "The media type is not supported"),
    errors.BodyTooLarge: Kind(413, "The body is too large"),
    errors.BatchTooLarge: Kind(413, "The batch holds too many items"),
    errors.InvalidParameter: Kind(400, "A parameter is not valid"),
    errors.NotAuthenticated: Kind(401, "The API key is missing or not valid"),
    errors.NotAllowed: Kind(403, "The API key may not do this"),
    errors.NotProven: Kind(401, "The delivery proves nothing"),
    errors.WronglyProven: Kind(403, "The delivery is not the dialer's own"),
    errors.NotFound: Kind(404, "There is no such thing"),
    errors.AlreadyAssigned: Kind(409, "The tracking number is already assigned"),
    errors.AlreadyRetired: Kind(409, "The tracking number is retired"),
    errors.Busy: Kind(503, "The service is busy"),
    errors.LedgerUnavailable: Kind(503, "The ledger cannot be reached"),
}

# Refusals by the server itself, before the request reaches calltally's own code.
SERVER_TABLE: dict[int, Kind] = {
    400: Kind(400, "The request is not valid"),
    404: Kind(404, "There is nothing at this address"),
    405: Kind(405, "The method is not allowed here"),
    413: TABLE[errors.BodyTooLarge],
    500: Kind(500, "Something went wrong in the service"),
}


def slug(error: type[CalltallyError]) -> str:
    """The last part of a problem's type: the name of its kind.

    >>> slug(errors.InvalidItem)
    'invalid-item'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def problem(error: CalltallyError) -> dict[str, Any]:
    """The problem document of an error."""
    kind = TABLE[type(error)]
    document: dict[str, Any] = {
        "type": f"/problems/{slug(type(error))}",
        "title": kind.title,
        "status": kind.status,
        "detail": error.detail or (type(error).__doc__ or "").strip(),
    }
    if error.faults:
        document["errors"] = [{"pointer": fault.pointer, "message": fault.message} for fault in error.faults]
    return document


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


def unforeseen() -> dict[str, Any]:
    """The problem document of a fault in calltally, with the request id that its log line has."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    kind = SERVER_TABLE[500]
    detail = f"This is a fault in calltally. The log has it under request id {request_id}."
    return {"type": "about:blank", "title": kind.title, "status": kind.status, "detail": detail}


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

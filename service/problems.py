"""Errors over HTTP (RFC 9457): handlers, documents and tests share one table of statuses and titles.

Commands use it too, so it knows no web framework; the handlers are in service/web/error_handlers.py.
"""

import re
from dataclasses import dataclass
from typing import Any

import structlog

from reports.model.language import marked
from service import errors
from service.errors import CalltallyError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its HTTP status and its title."""

    status: int
    title: str


TABLE: dict[type[CalltallyError], Kind] = {
    errors.InvalidItem: Kind(422, marked("The item is not valid")),
    errors.MalformedBody: Kind(400, marked("The body cannot be read")),
    errors.UnsupportedMediaType: Kind(415, marked("The media type is not supported")),
    errors.BodyTooLarge: Kind(413, marked("The body is too large")),
    errors.BatchTooLarge: Kind(413, marked("The batch holds too many items")),
    errors.InvalidParameter: Kind(400, marked("A parameter is not valid")),
    errors.NotAuthenticated: Kind(401, marked("The API key is missing or not valid")),
    errors.NotAllowed: Kind(403, marked("This is not allowed")),
    errors.NotProven: Kind(401, marked("The delivery proves nothing")),
    errors.WronglyProven: Kind(403, marked("The delivery is not the dialer's own")),
    errors.NotFound: Kind(404, marked("There is no such thing")),
    errors.AlreadyAssigned: Kind(409, marked("The tracking number is already assigned")),
    errors.AlreadyRetired: Kind(409, marked("The tracking number is retired")),
    errors.TooManyAttempts: Kind(429, marked("There were too many attempts")),
    errors.ChangedMeanwhile: Kind(409, marked("It was changed in the meantime")),
    errors.Busy: Kind(503, marked("The service is busy")),
    errors.LedgerUnavailable: Kind(503, marked("The ledger cannot be reached")),
}

# Refusals by the server itself, before the request reaches calltally's own code.
SERVER_TABLE: dict[int, Kind] = {
    400: Kind(400, marked("The request is not valid")),
    404: Kind(404, marked("There is nothing at this address")),
    405: Kind(405, marked("The method is not allowed here")),
    413: TABLE[errors.BodyTooLarge],
    500: Kind(500, marked("Something went wrong in the service")),
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


def unforeseen() -> dict[str, Any]:
    """The problem document of a fault in calltally, with the request id that its log line has."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    kind = SERVER_TABLE[500]
    detail = f"This is a fault in calltally. The log has it under request id {request_id}."
    return {"type": "about:blank", "title": kind.title, "status": kind.status, "detail": detail}

"""Errors that a caller can act on. service/problems.py gives each its HTTP status and title."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault in a request. pointer: a JSON pointer, or the name of a parameter."""

    pointer: str
    message: str


class CalltallyError(Exception):
    """The base of all errors that a caller can act on. The docstring of each kind states its meaning."""

    def __init__(self, detail: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


class InvalidItem(CalltallyError):
    """The item breaks rules of its resource; each fault names a field."""


class MalformedBody(CalltallyError):
    """The body is not JSON in the announced form, so its items cannot be separated."""


class UnsupportedMediaType(CalltallyError):
    """The Content-Type is neither JSON nor NDJSON, or the Content-Encoding is neither gzip nor deflate."""


class BodyTooLarge(CalltallyError):
    """The body is larger than the service takes at once; send an NDJSON stream or smaller batches."""


class BatchTooLarge(CalltallyError):
    """The array holds more items than one request may; send smaller batches or an NDJSON stream."""


class InvalidParameter(CalltallyError):
    """A query or path parameter is unknown or has an invalid value; each fault names one parameter."""


class NotAuthenticated(CalltallyError):
    """The request has no API key, or the key is unknown, expired or revoked."""


class NotAllowed(CalltallyError):
    """The API key, or the role of the person, lacks a scope that this request needs."""


class NotProven(CalltallyError):
    """The delivery carries no proof that it comes from the dialer."""


class WronglyProven(CalltallyError):
    """The proof in the delivery does not fit: another secret, another address, or another body."""


class NotFound(CalltallyError):
    """The account has nothing under this name or id."""


class AlreadyAssigned(CalltallyError):
    """The tracking number has another owner at that time; a number has one owner at any moment."""


class AlreadyRetired(CalltallyError):
    """The tracking number is retired at that time; a retired number has no holder."""


class TooManyAttempts(CalltallyError):
    """There were too many attempts to sign in; try again after Retry-After seconds."""

    retry_after_seconds: int = 1

    @classmethod
    def after(cls, seconds: int) -> "TooManyAttempts":
        """The error for attempts that may go on after some seconds."""
        wait = f"{seconds} seconds" if seconds < 60 else f"{-(-seconds // 60)} min"
        error = cls(f"There were too many attempts to sign in. Try again in {wait}.")
        error.retry_after_seconds = seconds
        return error


class ChangedMeanwhile(CalltallyError):
    """Somebody else has changed this since you opened it; look at the new values and save again."""


class Busy(CalltallyError):
    """The service has more work than it can do now; try again after Retry-After seconds."""


class LedgerUnavailable(CalltallyError):
    """The ledger cannot be reached now; send the request again, because an item sent twice counts once."""

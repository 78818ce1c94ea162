"""What can go wrong, in the words of the trade; how it is answered over HTTP is said in service/problems.py."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where (a JSON pointer, or the name of a parameter), and what."""

    pointer: str
    message: str


class CalltallyError(Exception):
    """Something the caller can understand and act on. The docstring of each kind says what it means."""

    def __init__(self, detail: str = "", faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


class InvalidItem(CalltallyError):
    """The item breaks the rules of its resource; each fault names a field."""


class MalformedBody(CalltallyError):
    """The body is not JSON of the announced form, so no item could be told from another."""


class UnsupportedMediaType(CalltallyError):
    """The body is announced as something other than JSON or NDJSON."""


class BodyTooLarge(CalltallyError):
    """The body is larger than this service takes in one piece; send an NDJSON stream or smaller batches."""


class BatchTooLarge(CalltallyError):
    """The array holds more items than one request may; send smaller batches or an NDJSON stream."""


class InvalidParameter(CalltallyError):
    """A query or path parameter is unknown or has a value that cannot be used; each fault names one."""


class NotAuthenticated(CalltallyError):
    """There is no API key, or it is unknown, expired or revoked."""


class NotAllowed(CalltallyError):
    """The API key is good but lacks the scope this needs."""


class NotProven(CalltallyError):
    """The delivery brings no proof that it is the dialer's own."""


class WronglyProven(CalltallyError):
    """What the delivery brings as proof is not the dialer's: another secret, another address, or another body."""


class NotFound(CalltallyError):
    """There is no such thing in this account."""


class AlreadyAssigned(CalltallyError):
    """The tracking number belongs to someone else at that time; a number has one owner at any moment."""


class Busy(CalltallyError):
    """More is asked at this moment than the service can do; ask again after Retry-After seconds."""


class LedgerUnavailable(CalltallyError):
    """The ledger cannot be reached right now; send it again, for what is taken twice counts once."""

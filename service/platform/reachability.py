"""Whether this process reaches the ledger: one log line when it goes away, and one when it is back."""

from dataclasses import dataclass

import asyncpg
import structlog

_log = structlog.stdlib.get_logger(__name__)

# Classes of errors of a server that cannot serve now: connection, login, database, resources, operator intervention.
_AWAY = frozenset({"08", "28", "3D", "53", "57"})


def is_away(error: Exception) -> bool:
    """Whether an error of connecting means that the server is away, or refuses connections for now."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in _AWAY
    if isinstance(error, asyncpg.exceptions.ClientConfigurationError):  # an address that can never be right
        return False
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)


def reason(error: Exception) -> str:
    """An error in a few words, without values."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    message = error.strerror if isinstance(error, OSError) else getattr(error, "message", None)
    return message or type(error).__name__


@dataclass
class Reachability:
    """The last known state of the ledger, as one process sees it."""

    away: bool = False

    def lost(self, error: Exception) -> None:
        """Note that no connection could be made."""
        if not self.away:
            self.away = True
            _log.warning("the ledger is away; requests get status 503 until it is back", reason=reason(error))

    def reached(self) -> None:
        """Note that a connection was made."""
        if self.away:
            self.away = False
            _log.info("the ledger is back")

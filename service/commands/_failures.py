"""Errors of a command that the user can correct, each as one line. Every other error is a fault in calltally."""

import errno
import socket

import asyncpg

from service.config import SetupError
from service.errors import CalltallyError
from sql.migrate import MigrationError

# Classes of PostgreSQL errors about connections, logins, names of databases, room, operators and the server's disk.
_SERVER_CLASSES = frozenset({"08", "28", "3D", "53", "57", "58"})
_READ_ONLY, _NOT_PERMITTED = "25006", "42501"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# Errors of the lake's storage come as these kinds, with the reason in the text.
_LAKE_MODULES = ("deltalake", "_internal", "polars")
_STORAGE_SIGNS = ("os error", "error sending request", "Generic S3", "LocalFileSystem")


def explain(error: BaseException) -> str | None:
    """The line that says what to correct; None for a fault in calltally."""
    match error:
        case BaseExceptionGroup():
            parts: tuple[BaseException, ...] = error.exceptions
            line = next((line for part in parts if (line := explain(part))), None)
        case CalltallyError() | SetupError() | MigrationError():
            line = str(error) or (type(error).__doc__ or "").strip()
        case asyncpg.PostgresError():
            line = _server(error)
        case asyncpg.exceptions.ClientConfigurationError():
            line = f"CALLTALLY_DATABASE_URL is not valid: {error}"
        case asyncpg.InterfaceError() | asyncpg.InternalClientError():
            line = "The connection to the PostgreSQL server failed; run the command again."
        case OSError():
            line = _machine(error)
        case _:
            line = _lake(str(error)) if _is_storage(error) else None
    return line


def _is_storage(error: BaseException) -> bool:
    """Whether an error of the engine or of the lake's library is about the storage."""
    engine = type(error).__module__.startswith(_LAKE_MODULES)
    return engine and any(sign in str(error) for sign in _STORAGE_SIGNS)


def _server(error: asyncpg.PostgresError) -> str | None:
    """An error of the PostgreSQL server that is not about a statement."""
    state = error.sqlstate or ""
    if state in {_READ_ONLY, _NOT_PERMITTED}:
        return f"The PostgreSQL server does not permit this: {error.message}"
    if state[:2] not in _SERVER_CLASSES:
        return None
    refused = state[:2] in {"28", "3D"}
    return f"The PostgreSQL server {'refused the connection' if refused else 'cannot do this now'}: {error.message}"


def _machine(error: OSError) -> str:
    """An error of the network or of a file."""
    if isinstance(error, socket.gaierror):
        return "The host in CALLTALLY_DATABASE_URL is not known; correct its name."
    if error.errno in _NO_ROOM:
        return f"There is no room left on the disk{_of(error)}; make room and run the command again."
    if isinstance(error, ConnectionError | TimeoutError):
        return f"The PostgreSQL server cannot be reached: {error.strerror or str(error) or 'it does not answer'}"
    if error.errno is None:  # the lake's storage says everything in the text
        return _lake(str(error))
    if error.filename is None:  # of a connection: the folder of its socket, or the file of a certificate
        return f"A file or folder in CALLTALLY_DATABASE_URL cannot be used: {error.strerror}"
    return f"Cannot use {error.filename}: {error.strerror}"


def _of(error: OSError) -> str:
    return f" of {error.filename}" if error.filename else ""


def _lake(text: str) -> str:
    """An error of the lake's storage: a folder without permission, an unknown host, no access to a bucket."""
    first = text.strip().splitlines()[0].rstrip(".") if text.strip() else "without a reason"
    return f"The lake cannot be read or written ({first}); correct CALLTALLY_LAKE or the access to it."

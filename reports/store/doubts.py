"""Copies in doubt: what cannot be read counts as no copy until a sync has checked it.

The lake and the store are only copies. A report that cannot read one of their tables reads the ledger instead. The next
sync of this process checks every file of the table, and writes the table again if one is broken.
"""

from collections.abc import Generator
from contextlib import contextmanager

import structlog

_log = structlog.stdlib.get_logger(__name__)

# The addresses of tables that a report or a sync could not read, in this process.
_doubted: set[str] = set()


class EngineError(Exception):
    """The engine that reads and computes rows failed; the cause says more."""


@contextmanager
def panics_as_errors() -> Generator[None]:
    """Raise a panic of the engine as EngineError. A panic is no Exception: it would pass every handler of errors.

    Polars and deltalake each raise a class of their own with the same name.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise EngineError from error


def doubt(address: str, reason: str) -> None:
    """Note that a table cannot be read. The first time, a log line says so."""
    if address not in _doubted:
        _doubted.add(address)
        _log.warning("a copy of the ledger cannot be read; the ledger serves instead", copy=address, reason=reason)


def is_doubted(address: str) -> bool:
    """Whether a table could not be read."""
    return address in _doubted


def trust(address: str) -> None:
    """Note that a table was checked, or written again."""
    _doubted.discard(address)

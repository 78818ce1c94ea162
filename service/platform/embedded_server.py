"""The ledger without a separate database server: an embedded PostgreSQL under the home folder.

The server runs while at least one command uses it. Every command that uses the ledger holds a shared lock on
`ledger.users` for as long as it runs. The last command stops the server. The kernel drops the lock of a killed
command, so no list of users can go stale. A second lock, `ledger.start`, lets one command at a time check, start or
stop the server.
"""

import asyncio
import fcntl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import asyncpg

from service.config import Settings, SetupError
from service.platform.db import SERVICE_ROLE
from service.platform.patience import Patience, Tell, stating, tell_on_stderr
from service.platform.postgres_server import NAME, Server
from service.platform.system_user import make_home
from sql import load
from sql.migrate import migrate


@contextmanager
def ledger_url(settings: Settings, *, migrated: bool = True, tell: Tell = tell_on_stderr) -> Generator[str]:
    """The URL of the ledger for as long as the block runs: the configured server, else the embedded server.

    The ledger is first migrated to this version's schema, unless `migrated` is False.
    """
    if settings.database_url is not None:
        yield _migrated(settings.database_url, tell, migrated=migrated)
        return
    with running_ledger(settings.home, tell=tell) as url:
        yield _migrated(url, tell, migrated=migrated)


def service_url(settings: Settings, url: str) -> str:
    """The service's URL of a ledger. url: the owner's URL of the same ledger.

    On the embedded ledger the service logs in with its own role and cannot switch to another. On an external server
    the service switches to that role after any login in the configured URL.
    """
    if settings.database_url is not None:
        return url
    asyncio.run(_let_service_log_in(url))
    return url.replace(f"//{NAME}@", f"//{SERVICE_ROLE}@", 1)


async def _let_service_log_in(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(load("migrations")["let_service_log_in"])
    finally:
        await connection.close()


def _migrated(url: str, tell: Tell, *, migrated: bool) -> str:
    if migrated:
        with stating(tell, "Waiting for the ledger: connecting, and upgrading it if needed ..."):
            asyncio.run(migrate(url))
    return url


@contextmanager
def running_ledger(
    home: Path, *, extra: Mapping[str, str] | None = None, tell: Tell = tell_on_stderr
) -> Generator[str]:
    """The owner's URL of the embedded ledger under this home. Creates and starts the ledger when needed.

    `extra` are PostgreSQL settings for this run of the server (tests switch fsync off). Raises SetupError.
    """
    home = home.resolve()
    try:
        make_home(home)
        users = (home / "ledger.users").open("ab")
    except OSError as error:
        raise SetupError(f"{home} cannot be used ({error.strerror}): set CALLTALLY_HOME to a folder of yours") from None
    with users:
        server = None
        try:
            with _alone(home, tell):
                fcntl.flock(users, fcntl.LOCK_SH)
                server = Server.under(home, extra or {}, tell)
                server.start()
            yield server.url
        finally:
            # A command that was told to end while it waited for another one has nothing to stop.
            if server is not None:
                with _alone(home, tell):
                    # A change of lock releases it for a moment. The start lock keeps other commands out meanwhile.
                    if _lock(users):
                        server.stop()


@contextmanager
def _alone(home: Path, tell: Tell) -> Generator[None]:
    """Exclusive access: while the block runs, no other command checks, starts or stops this ledger."""
    with (home / "ledger.start").open("ab") as file:
        patience = Patience(tell, "Waiting for another calltally command to start or stop the ledger ...")
        while not _lock(file):
            patience.wait()
        yield


@contextmanager
def alone_if_free(home: Path) -> Generator[bool]:
    """Exclusive access as long as the block runs, or False if another command has it. Raises OSError."""
    with (home / "ledger.start").open("ab") as file:
        yield _lock(file)


def _lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

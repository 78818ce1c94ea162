"""Keeps the ledger usable while the service runs.

An embedded server that ended is started again. A ledger that was away when the service started is migrated when it
comes. A ledger that was restored while the service runs is put right.
"""

import asyncio
import time
from ctypes import c_bool
from multiprocessing.sharedctypes import RawValue

import structlog

from service.config import Settings, SetupError
from service.platform.embedded_server import alone_if_free
from service.platform.patience import Tell, stating
from service.platform.postgres_server import Server
from service.platform.reachability import Reachability, is_away
from sql.migrate import MigrationError, migrate
from sql.restored import adopt_restored_rows

_LOOK_SECONDS = 60.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 10.0
_APPEARS_WITHIN = 3.0  # seconds until a launched server has its file, at most
_ORPHANS_END_WITHIN = 5.0

_log = structlog.stdlib.get_logger(__name__)


class LedgerKeeper:
    """The keeper of one service, in the process that spawns the workers. url: the owner's URL of the ledger."""

    def __init__(self, settings: Settings, url: str, tell: Tell) -> None:
        self._url = url
        self._tell = tell
        self._server = None if settings.database_url else RevivedServer(Server.under(settings.home, {}, tell))
        self._reachability = Reachability()
        self._due = 0.0
        # Workers read it; a worker that is killed in the middle of that must leave no lock behind.
        self._usable = RawValue(c_bool)

    def is_usable(self) -> bool:
        """Whether the ledger has this version's schema. Workers do not connect before."""
        return bool(self._usable.value)

    def open(self) -> None:
        """Migrate the ledger, before the workers start. An external ledger that is away may come later."""
        try:
            with stating(self._tell, "Waiting for the ledger: connecting, and upgrading it if needed ..."):
                asyncio.run(migrate(self._url))
        except Exception as error:
            if self._server is not None or not is_away(error):
                raise
            self._reachability.lost(error)
            return
        self._usable.value = True

    def tend(self) -> None:
        """Do what is due. It takes a moment, or as long as a migration."""
        if self._server is not None:
            self._server.revive()
        if time.monotonic() < self._due:
            return
        try:
            asyncio.run(self._look())
        except (MigrationError, SetupError) as error:
            _log.error("the ledger cannot be used", reason=str(error))
        except Exception as error:  # noqa: BLE001  after any error, the next look may succeed
            if is_away(error):
                self._reachability.lost(error)
            else:
                _log.exception("the ledger could not be looked after")
        self._due = time.monotonic() + (_LOOK_SECONDS if self.is_usable() else _SHORTEST_PAUSE)

    async def _look(self) -> None:
        if self.is_usable():
            for table, rows in (await adopt_restored_rows(self._url)).items():
                _log.info("restored rows were put right", table=table, rows=rows)
        else:
            await migrate(self._url)
            self._usable.value = True
        self._reachability.reached()


class RevivedServer:
    """An embedded server that is started again whenever it ends."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ended_at: float | None = None
        self._next_at = 0.0
        self._pause = _SHORTEST_PAUSE
        self._reason = ""

    def revive(self) -> None:
        """Start the server if it has ended, unless another command does so. Failures are repeated with a pause."""
        if self._server.process() is not None:
            self._note_return()
        elif time.monotonic() >= self._next_at:
            with alone_if_free(self._server.folder.parent) as is_ours:
                if is_ours and self._server.process() is None:
                    self._launch()

    def _note_return(self) -> None:
        if self._ended_at is not None and self._server.state() == "ready":
            _log.info("the ledger's server is back", seconds=round(time.monotonic() - self._ended_at, 1))
            self._ended_at, self._pause, self._reason = None, _SHORTEST_PAUSE, ""

    def _launch(self) -> None:
        now = time.monotonic()
        if self._ended_at is None:
            self._ended_at = now
            _log.warning("the ledger's server has ended; it is started again", log=str(self._server.log))
        else:
            self._explain()
        if now - self._ended_at > _ORPHANS_END_WITHIN:
            self._server.end_orphans()
        try:
            self._server.launch()
        except (OSError, ValueError) as error:
            _log.warning("the ledger's server could not be started", error=type(error).__name__)
        # Until it has written its file, another command would start a second server.
        while self._server.process() is None and time.monotonic() < now + _APPEARS_WITHIN:
            time.sleep(0.02)
        self._next_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _explain(self) -> None:
        """Log why the last start failed, once for each reason."""
        reason = self._server.last_words().rpartition("FATAL:")[2].strip()
        if reason != self._reason:
            self._reason = reason
            _log.warning("the ledger's server does not start; calltally tries again", reason=reason)

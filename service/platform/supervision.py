"""The worker processes of the service: a worker that ends is started again, as often as needed.

The server that spawns them gives up after two deaths within seconds. The service does not: a worker that keeps dying
only waits longer for its next start.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from granian.server.mp import MPServer

# Seconds between two looks at the workers and at the ledger.
TICK_SECONDS = 0.5
# A worker that lived for less than this waits before its next start: twice as long at each further early death.
_EARLY_SECONDS = 10.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0

_log = structlog.stdlib.get_logger(__name__)


class Supervisor(MPServer):
    """Serves with worker processes until a signal to stop.

    tend: runs between two looks at the workers, in the process that spawns them. A thread could hold a lock or a pipe
    at the moment of a fork, and the new worker would hold it forever.
    """

    def __init__(self, *arguments: Any, tend: Callable[[], None], **options: Any) -> None:
        super().__init__(*arguments, **options)  # pyright: ignore[reportUnknownMemberType]
        self._tend = tend
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Replace the loop of the server, which ends the service after two early deaths of a worker."""
        while not self.interrupt_signal:
            self._respawn_dead(spawn_target, target_loader)
            self._tend()
            self.main_loop_interrupt.wait(TICK_SECONDS)
            self.main_loop_interrupt.clear()
        # A worker that died and was replaced is no failure of the service.
        self.interrupt_children.clear()  # pyright: ignore[reportUnknownMemberType]

    def _respawn_dead(self, spawn_target: Any, target_loader: Any) -> None:
        now = time.monotonic()
        for worker in [worker for worker in self.wrks if not worker.is_alive()]:
            due = self._due.setdefault(worker.idx, now + self._pause(worker.idx, now - worker.birth))
            if now >= due:
                del self._due[worker.idx]
                self._respawn(worker.idx, spawn_target, target_loader)

    def _pause(self, place: int, lived: float) -> float:
        """Seconds to wait before the next start of a worker."""
        if lived >= _EARLY_SECONDS:
            self._pauses.pop(place, None)
            return 0
        pause = self._pauses.get(place, 0.0)
        self._pauses[place] = min(max(_SHORTEST_PAUSE, pause * 2), _LONGEST_PAUSE)
        return pause

    def _respawn(self, place: int, spawn_target: Any, target_loader: Any) -> None:
        worker = self._spawn_worker(  # pyright: ignore[reportUnknownMemberType]
            idx=place, target=spawn_target, callback_loader=target_loader
        )
        try:
            worker.start()
        except OSError as error:  # no memory or no process is free: the dead one stays, and the next look tries again
            _log.warning("a worker could not be started", worker=place + 1, error=error.strerror)
            return
        self.wrks[place] = worker
        _log.warning("a worker ended and was started again", worker=place + 1)

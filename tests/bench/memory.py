"""The private memory of processes: what they hold themselves, without the pages of files that they map.

psutil's USS would count the pages of a mapped file as private as long as only one process has read them.
"""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_EVERY_SECONDS = 0.1


def private_mb(process: psutil.Process) -> float:
    """The private memory of a process in MB; 0 once it has ended. Without /proc it is the USS."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    with suppress(OSError):
        for line in rollup.read_text().splitlines():
            if line.startswith("Anonymous:"):
                return int(line.split()[1]) / 1024
    return unique_mb(process)


def unique_mb(process: psutil.Process) -> float:
    """The USS of a process in MB: its private memory, and the pages of files that only it has read."""
    with suppress(psutil.NoSuchProcess):
        return process.memory_full_info().uss / 2**20
    return 0


def family(pid: int) -> list[psutil.Process]:
    """A process and its children, without the server of the ledger."""
    with suppress(psutil.NoSuchProcess):
        main = psutil.Process(pid)
        return [member for member in [main, *main.children(recursive=True)] if _name(member) != "postgres"]
    return []


def _name(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return process.name()
    return ""


class Peak:
    """The most private memory of the largest process of a family, watched until the block ends."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self.mb = max([self.mb, *map(private_mb, family(self._pid))])

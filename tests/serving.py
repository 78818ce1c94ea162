"""A real `calltally serve` with its own processes; a test may send requests, stop it or kill it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import psutil

_STARTS_WITHIN_SECONDS = 60
_names = count(1)


@dataclass
class Service:
    """A service that can start again after any end.

    settings: its CALLTALLY_ variables. folder: the place of its logs, one per start.
    module: the program to run; the benchmarks run the same commands with an additional handler.
    """

    settings: dict[str, str]
    folder: Path
    module: str = "service"
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings['PORT']}"

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        return self.processes[-1]

    def start(self, announcement: str = "is ready") -> None:
        """Start the service, and return when it announces that it is ready, or something else."""
        log = self.folder / f"service-{next(_names)}.log"
        with log.open("wb") as output:
            self.logs.append(log)
            self.processes.append(
                subprocess.Popen(_command(self.module, "serve"), env=self._environment(), stderr=output)
            )
        deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
        while announcement not in log.read_text():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)

    def stop(self) -> int:
        """Ask the service to end in order; returns its exit code."""
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        """Kill all processes of the service at once. The ledger's server lives on."""
        main = psutil.Process(self.process.pid)
        for process in [main, *main.children(recursive=True)]:
            process.kill()
        self.process.wait()

    def run(self, *arguments: str) -> str:
        """The output of another command with the same settings."""
        done = subprocess.run(
            _command(self.module, *arguments),
            env=self._environment(),
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def logged(self) -> str:
        """The full text of its logs."""
        return "".join(log.read_text() for log in self.logs)

    def client(self, key: str) -> httpx.AsyncClient:
        """A client with the permissions of the key."""
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, limits=limits, timeout=30)

    def _environment(self) -> dict[str, str]:
        return os.environ | {f"CALLTALLY_{name}": value for name, value in self.settings.items()}


@contextmanager
def serving(folder: Path, announcement: str = "is ready", **settings: str) -> Iterator[Service]:
    """A service that is ready, on a free port and with its own home; it ends with the block.

    announcement: the text in its log to wait for.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = Service({"PORT": str(port), "WORKERS": "2", "HOME": str(folder / f"home-{port}"), **settings}, folder)
    service.start(announcement)
    try:
        yield service
    finally:
        if service.process.poll() is None and service.stop() != 0:
            raise AssertionError(service.logged())


def _command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]

"""The service of the demo: a process of its own, started like `calltally serve` and stopped when the demo ends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.config import PREFIX, Settings, SetupError
from service.platform.listening import address, check_port_is_free, is_ready

OWNER = "owner@demo.example"

_STARTS_WITHIN_SECONDS = 90
_LINES_OF_LOG = 15


@dataclass(frozen=True)
class Running:
    """A running service: its address and its log."""

    settings: Settings
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """The address it answers at."""
        return address(self.settings)

    @property
    def log(self) -> Path:
        """The file it logs to."""
        return log_of(self.settings)

    def failure(self, what: str) -> SetupError:
        """An error that names the failure and shows the end of the service's log."""
        ended = self.process.poll()
        how = f" It ended with exit code {ended}." if ended is not None else ""
        return SetupError(f"{what}{how}\n{log_tail(self.log)}")


def pid_of(home: Path) -> Path:
    """The file with the process id of the service, for a user who finds the folder in use."""
    return home / "service.pid"


def log_of(settings: Settings) -> Path:
    """The log of the demo's service."""
    return settings.home / "service.log"


def log_tail(log: Path) -> str:
    """The last lines of a log, with its path."""
    try:
        last = log.read_text(errors="replace").strip().splitlines()[-_LINES_OF_LOG:]
    except FileNotFoundError:
        last = []
    shown = "\n".join(f"  {line}" for line in last) or "  (it is empty)"
    return f"The end of the service's log, {log}:\n{shown}"


def settings_with_a_free_port(settings: Settings, *, insisted: bool) -> Settings:
    """The settings, with another port if theirs is taken. insisted: refuse instead. Raises SetupError."""
    try:
        check_port_is_free(settings)
    except SetupError:
        if insisted:
            raise
        with socket.create_server((settings.host, 0)) as probe:
            return settings.model_copy(update={"port": probe.getsockname()[1]})
    return settings


@contextmanager
def running_service(settings: Settings) -> Generator[Running]:
    """The service, ready for requests while the block runs. Raises SetupError with the end of its log."""
    with log_of(settings).open("ab") as log:
        process = subprocess.Popen(
            calltally("serve"),
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches us, and we stop the service in order
        )
    running = Running(settings, process)
    pid_of(settings.home).write_text(str(process.pid))
    try:
        _wait_until_ready(running)
        yield running
    finally:
        stop(process, settings.shutdown_seconds)
        pid_of(settings.home).unlink(missing_ok=True)


def calltally(*arguments: str) -> list[str]:
    """The command line of another calltally command, independent of the current folder."""
    return [sys.executable, "-P", "-m", "service", *arguments]


def environment(settings: Settings) -> dict[str, str]:
    """The environment of the demo's commands, without any setting of the real installation."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    ours = {"HOME": settings.home, "HOST": settings.host, "PORT": settings.port, "WORKERS": settings.workers}
    # A demo is over within a minute.
    ours |= {"SYNC_SECONDS": 5}
    return others | {f"{PREFIX}{name}": str(value) for name, value in ours.items()}


def _wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while not is_ready(running.settings):
        if running.process.poll() is not None:
            raise running.failure("The service did not start.")
        if time.monotonic() > deadline:
            raise running.failure(f"The service was not ready within {_STARTS_WITHIN_SECONDS} seconds.")
        time.sleep(0.1)


def stop(process: subprocess.Popen[bytes], patience: float) -> None:
    """End the service: requests in flight are finished, then the ledger is closed."""
    process.terminate()
    try:
        process.wait(patience + 30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def make_key(settings: Settings) -> str:
    """An API key of the demo's ledger, made by the command that users run."""
    scopes = [f"--scope={scope}" for scope in ("ingest", "configure", "reports", "rows", "phone-numbers")]
    return _done(settings, "The demo's API key could not be made", "key", "create", "--name=demo", *scopes)


def make_link(settings: Settings) -> str:
    """A link that signs in once as the owner of the demo."""
    options = ("--role=owner", "--name=Demo Owner", "--link")
    return _done(settings, "The demo's owner could not be made", "user", "create", OWNER, *options)


def set_zone(settings: Settings, zone: str) -> None:
    """Let pages show the days of the simulated team, as the printed reports do."""
    _done(settings, "The demo's time zone could not be set", "account", "set", "default", f"--zone={zone}")


def _done(settings: Settings, failure: str, *arguments: str) -> str:
    """What a command prints. Raises SetupError with the failure and the command's reason."""
    done = subprocess.run(calltally(*arguments), env=environment(settings), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(f"{failure}: {done.stderr.strip()}")
    return done.stdout.strip()

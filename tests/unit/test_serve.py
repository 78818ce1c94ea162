"""`calltally serve` announces that it is ready, finishes the requests it has begun, and leaves no process behind."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import psutil
import pytest

from service.platform.embedded_server import running_ledger
from tests.conftest import FAST

ATTEMPT = b'{"external_id": "call-1", "campaign": "spring", "dialed_at": "2026-03-02T10:00:00Z"}'


@pytest.fixture
def port() -> int:
    """A free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(home: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A service that is ready."""
    with calltally(home, "serve", "--port", str(port)) as process:
        lines = iter(cast("IO[str]", process.stderr).readline, "")
        announcement = next((line for line in lines if "is ready" in line), "")
        assert announcement == f"calltally is ready at http://127.0.0.1:{port} with 2 workers. Ctrl-C stops it.\n"
        try:
            yield process
        finally:
            process.kill()


def calltally(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    """The command on this home, as a process of its own session."""
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        env=os.environ | {"CALLTALLY_HOME": str(home), "CALLTALLY_SHUTDOWN_SECONDS": "10"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def status_of(port: int, path: str) -> int | None:
    """The status of an answer, or None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def make_key(home: Path) -> str:
    """A key of the default account."""
    with calltally(home, "key", "create") as process:
        return process.communicate()[0].strip()


def trouble(errors: str) -> list[str]:
    """What a service complained of. The server takes a worker for stuck that is on its way out a moment longer than it
    looks: a millisecond after its files are closed.
    """
    return [line for line in errors.splitlines() if "after it refused to gracefully stop" not in line]


def is_running(home: Path) -> bool:
    """Whether the home's server runs."""
    return (home / "ledger/data/postmaster.pid").exists()


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs, or a thread of it still holds its files; its number may exist longer."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
    except psutil.NoSuchProcess:
        return False


def test_the_service_is_ready_when_it_says_so_and_ends_with_its_ledger(home: Path, port: int) -> None:
    with started(home, port) as service:
        assert status_of(port, "/health/ready") == 200
        assert is_running(home)
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=30)
        assert (service.returncode, trouble(errors)) == (0, [])
    assert status_of(port, "/health/live") is None
    assert not is_running(home)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_reach_all_processes_and_end_them_in_order(
    home: Path, port: int, number: signal.Signals
) -> None:
    with started(home, port) as service:
        os.killpg(service.pid, number)
        _, errors = service.communicate(timeout=30)
        assert (service.returncode, trouble(errors)) == (0, [])
    assert not is_running(home)


def test_a_request_in_flight_is_answered_before_the_service_ends(home: Path, port: int) -> None:
    with running_ledger(home, extra=FAST), started(home, port) as service:
        head = (
            f"POST /v1/attempts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {make_key(home)}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(ATTEMPT)}\r\nExpect: 100-continue\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(head.encode())
            assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")  # the handler waits for the body
            service.send_signal(signal.SIGTERM)
            while status_of(port, "/health/live") is not None:
                time.sleep(0.05)
            connection.sendall(ATTEMPT)
            assert connection.recv(4096).startswith(b"HTTP/1.1 201 ")
        service.communicate(timeout=30)
        assert service.returncode == 0


def test_workers_whose_parent_was_killed_end_too_and_the_ledger_goes_with_its_next_user(home: Path, port: int) -> None:
    with started(home, port) as service:
        while len(workers := psutil.Process(service.pid).children()) < 2:  # one is enough to be ready
            time.sleep(0.05)
        service.kill()
        service.wait()
        while any(is_alive(worker) for worker in workers):
            time.sleep(0.05)
    assert is_running(home)
    with running_ledger(home):
        pass
    assert not is_running(home)


def test_a_killed_worker_is_replaced(home: Path, port: int) -> None:
    with running_ledger(home, extra=FAST), started(home, port) as service:
        parent = psutil.Process(service.pid)
        victim = parent.children()[0]
        victim.kill()
        while sum(is_alive(child) for child in parent.children()) < 2:
            time.sleep(0.05)
        while status_of(port, "/health/ready") != 200:  # the other one may only just have started itself
            time.sleep(0.05)


def test_a_port_in_use_is_said_so_and_no_ledger_is_touched(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with calltally(home, "serve", "--port", str(port)) as process:
            _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert f"Cannot listen on 127.0.0.1:{port}" in errors
    assert not home.exists()


def test_a_command_that_waits_for_another_says_so_and_ends_on_a_signal(home: Path) -> None:
    home.mkdir(mode=0o755)
    with (home / "ledger.start").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with calltally(home, "key", "list") as process:
            line = cast("IO[str]", process.stderr).readline()
            assert line == "Waiting for another calltally command to start or stop the ledger ...\n"
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
